"""Names that lost their capital."""

import functools
import itertools
import re
from collections.abc import Iterator, Mapping

from articles import Span
from transforms.artifacts.lexicon import function_words, names, names_lowered, speech, word_list
from transforms.artifacts.longer_name import in_phrase, is_rarely_common, occurrences
from transforms.artifacts.text import Text
from transforms.artifacts.wordforms import trait_of, trait_where

AFTER_PHRASE = ("preposition", "conjunction", "auxiliary", "adverb")
ENOUGH_ALONE = 2
MOST_NAMES = 2000
CLOSED = frozenset().union(
    *(
        function_words(kind)
        for kind in ("determiner", "preposition", "auxiliary", "number", "conjunction", "pronoun", "adverb")
    )
)
NUMBERS = "|".join(sorted(function_words("number")))
MONTH = re.compile(
    r"(?:\b(?i:in|since|until|by|from|during|through|ending|ended|last|next|late|early|of|end) "
    r"(?=\w+(?:[,.)]| \d| to [a-z]+ \d"
    r"| (?:and|next|last|this|after|before|when|because|as|but|through|until|for|with)\b))"
    r"|\b(?=\w+ \d{1,2}(?:[,.)/-]|\Z| (?!(?:miles|km|kilometres|kilometers|metres|yards|blocks|people|days|hours)\b)))"
    r"|\b(?:that|if|and|but|think|thinks|said|says|seems) (?=\w+ (?:is|was|has|will|would)\b)"
    rf"|\b(?=\w+ (?:{NUMBERS})(?:[,.]|\Z| (?!hundred|thousand))))"
    r"(march|august)\b"
)
STOPS = frozenset(",.;")
DEMONYM = re.compile(r"(?:an|ese|ish|ch|ine)\Z")


def lowercase_name(text: Text) -> Iterator[Span]:
    """A name written small: "trump said", "turkey can buy", but not "a trump card" or "roast turkey".

    A word that is nothing but a name by the lexicon needs no more. One that has a common sense, or
    that the lexicon lacks, must be a name in this text (capitalized inside its sentences, more often
    than small) and stand where the common noun could not.
    """
    if not text.english or (text.is_headline_case and text.string.isupper()):
        return
    lexical = dict(from_lexicon(text))
    for word, name in lexical.items():
        for start, end in occurrences(text, word):
            yield Span(start, end, name, 0.9)
    for match in MONTH.finditer(text.string) if text.traits & SMALL_MONTH else ():
        yield Span(match.start(1), match.end(1), match[1].capitalize(), 0.85)
    seen = set[int]()
    attested_names = [pair for pair in from_phrases(text) if pair[0] not in lexical]
    for word, name in attested_names:
        if is_used_alone(text, word, name):
            spans = list(attested(text, word, name))
            seen.update(span.start for span in spans)
            yield from spans
    for word, name in attested_names:
        yield from (span for span in in_phrase(text, word, name) if span.start not in seen)


def attested(text: Text, word: str, name: str) -> Iterator[Span]:
    """The places where a word that the text itself uses as a name is one, though small.

    One place where only a name can stand decides for those where either could.
    """
    common = bool(speech(word)) and not is_rarely_common(word, name)
    if name not in names() and common and text.bare_names[name] < ENOUGH_ALONE:
        return
    found = list(occurrences(text, word))
    if name not in names() and text.own_names[name] < len(found):
        return
    alone = text.bare_names[name] >= 2 * len(found) and all(is_without_article(text, start) for start, _ in found)
    if name not in names() and common and not alone:
        return
    if common and not alone and not any(is_only_name(text, *place) for place in found):
        other = text.other
        if other is None or not any(is_clause_subject(other, *place) for place in occurrences(other, word)):
            return
    for start, end in found:
        if (
            not common
            or is_clause_subject(text, start, end)
            or is_bare_object(text, start, end)
            or is_owner(text, start, end)
            or (name in names() and follows_first_name(text, start, end))
        ):
            yield Span(start, end, name, 0.85)


def from_phrases(text: Text) -> Iterator[tuple[str, str]]:
    """Small words that the text elsewhere writes with a capital inside a longer name."""
    used, owners = text.vocabulary, text.possessors
    for name, small in itertools.islice(text.lowered_names.items(), MOST_NAMES):
        if (small in used or small in owners) and len(small) > 3 and small not in CLOSED:
            yield small, name


def is_used_alone(text: Text, word: str, name: str) -> bool:
    """Whether a small word is capitalized, standing alone, inside the text's sentences."""
    return (name in text.bare_names or not speech(word)) and word + "s" not in text.vocabulary


@functools.cache
def names_and_places() -> Mapping[str, str]:
    """Names that are no word when small, and places whose common sense is rare: "brazil", "japan"."""
    places = {place.lower(): place for place in word_list("places") - word_list("places-also-words")}
    return {**names_lowered(), **places}


def is_small_name(word: str) -> bool:
    """Whether the lexicon knows a form, or what it is the possessive of, as a name that is no word when small."""
    return word in names_and_places() or (word.endswith(("'s", "’s")) and word[:-2] in names_and_places())


SMALL_NAME = trait_where(is_small_name)
SMALL_MONTH = trait_of(["march", "august"])


def from_lexicon(text: Text) -> Iterator[tuple[str, str]]:
    """Small words of this text that the lexicon knows as names alone."""
    lowered = names_and_places()
    used = text.having(SMALL_NAME)
    found = {word if word in lowered else word[:-2] for word in used}
    for word in sorted(found)[:MOST_NAMES]:
        if (
            len(word) > 3
            and not (word.startswith("euro") and set(speech(word[4:])) - {"o"})
            and word not in word_list("written-small")
        ):
            yield word, lowered[word]


def is_clause_subject(text: Text, start: int, end: int) -> bool:
    """Whether a noun stands without article before a finite verb: "trump met", "turkey can"."""
    before = text.word_before(start).lower()
    if before and not is_boundary(before) and before != "that" and before not in function_words("clause-verb"):
        return False
    following = text.word_after(end)
    if following in function_words("singular-auxiliary"):
        return True
    letters = set(speech(following))
    return "d" in letters and not letters & set("vsj")


def is_only_name(text: Text, start: int, end: int) -> bool:
    """Whether no reading but the name is left: the subject of a clause, or what ends a phrase after a first name."""
    if is_clause_subject(text, start, end):
        return True
    before, ended = text.word_before(start), text.string[end : end + 1] in STOPS or text.word_after(end) == "said"
    named = before not in word_list("places") and not DEMONYM.search(before)
    return ended and named and follows_first_name(text, start, end)


def is_bare_object(text: Text, start: int, end: int) -> bool:
    """Whether a noun stands without article between a preposition or "that" and the phrase's end: "with trump,"."""
    before = text.word_before(start).lower()
    following = text.word_after(end)
    verb = set(speech(before)) and not set(speech(before)) & set("spj")
    if not (
        verb or before in function_words("preposition") or before in function_words("clause-verb") or before == "that"
    ):
        return False
    if text.string[end : end + 1] in ("'", "’"):
        return False
    return not following or any(following in function_words(kind) for kind in AFTER_PHRASE)


def is_owner(text: Text, start: int, end: int) -> bool:
    """Whether a noun stands in the possessive where a phrase begins: "to turkey's ambassador"."""
    return text.string.startswith(("'s ", "’s "), end) and is_boundary(text.word_before(start).lower())


def follows_first_name(text: Text, start: int, end: int) -> bool:
    """Whether a noun stands after a name and before no noun: "James baker said", not "Reuters trump cards"."""
    before, following = text.word_before(start), text.word_after(end)
    if not before[:1].isupper() or before not in names() or speech(before.lower()):
        return False
    return not set(speech(following)) & set("sp") and not following[:1].isupper()


def is_without_article(text: Text, start: int) -> bool:
    """Whether no article, adjective or other noun leads to a word, so that a countable noun could not stand."""
    before = text.word_before(start)
    return before not in function_words("determiner") and (before[:1].isupper() or not set(speech(before)) & set("j"))


def is_boundary(before: str) -> bool:
    """Whether a noun phrase can begin after this word."""
    return any(before in function_words(kind) for kind in ("preposition", "conjunction"))
