"""Names that lost their capital."""

import functools
import itertools
import re
from collections.abc import Iterator, Mapping

from articles import Span
from transforms.artifacts.lexicon import function_words, names, names_lowered, speech, word_list
from transforms.artifacts.text import Text

MOST_NAMES = 2000
CLOSED = ("determiner", "preposition", "auxiliary", "number", "conjunction", "pronoun", "adverb")
MONTH = re.compile(
    r"(?:\b(?:in|since|last|until|by|of|from|next|late|early|end|ending|ended) (?=\w+(?:[,.]| \d| and | to [a-z]+ \d))"
    r"|(?<=, )(?=\w+ \d{1,2}[ ,])|\b(?:on|to|and|before|after) (?=\w+ \d{1,2}[ ,.]))(march|august)\b"
)
NOT_BEFORE = frozenset("’'@#/.:&<-")
NOT_AFTER = frozenset("@/-")


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
    for match in MONTH.finditer(text.string) if {"march", "august"} & text.vocabulary.keys() else ():
        yield Span(match.start(1), match.end(1), match[1].capitalize(), 0.85)
    for word, name in from_text(text):
        if word not in lexical:
            yield from attested(text, word, name)


def attested(text: Text, word: str, name: str) -> Iterator[Span]:
    """The places where a word that the text itself uses as a name is one, though small.

    One place where only a name can stand decides for those where either could.
    """
    found = list(occurrences(text, word))
    common = bool(speech(word))
    if name not in names() and (common or text.own_names[name] < len(found)):
        return
    if common and not any(is_clause_subject(text, *place) for place in found):
        other = text.other
        if other is None or not any(is_clause_subject(other, *place) for place in occurrences(other, word)):
            return
    for start, end in found:
        if not common or is_clause_subject(text, start, end) or is_bare_object(text, start, end):
            yield Span(start, end, name, 0.85)


def occurrences(text: Text, word: str) -> Iterator[tuple[int, int]]:
    """Where a word stands as a word of running text: no address, handle, tag or part of a compound."""
    string = text.string
    for start in text.find_word(word):
        end = start + len(word)
        after = string[end : end + 2]
        if string[start - 1 : start] in NOT_BEFORE or after[:1] in NOT_AFTER:
            continue
        if after[:1] in (".", ":") and after[1:].isalnum():
            continue
        yield start, end


@functools.cache
def names_and_places() -> Mapping[str, str]:
    """Names that are no word when small, and places whose common sense is rare: "brazil", "japan"."""
    places = {place.lower(): place for place in word_list("places") - word_list("places-also-words")}
    return {**names_lowered(), **places}


def from_lexicon(text: Text) -> Iterator[tuple[str, str]]:
    """Small words of this text that the lexicon knows as names alone."""
    lowered = names_and_places()
    for word in sorted((text.vocabulary.keys() | possessors(text)) & lowered.keys())[:MOST_NAMES]:
        if len(word) > 3 and not word.startswith("euro") and word not in word_list("written-small"):
            yield word, lowered[word]


def from_text(text: Text) -> Iterator[tuple[str, str]]:
    """Small words of this text that are capitalized, standing alone, inside its sentences."""
    owners = possessors(text)
    for name in itertools.islice(text.bare_names, MOST_NAMES):
        small = name.lower()
        if len(small) < 4 or small == name or small + "s" in text.vocabulary:
            continue
        if small not in text.vocabulary and small not in owners:
            continue
        if not any(small in function_words(kind) for kind in CLOSED):
            yield small, name


def possessors(text: Text) -> set[str]:
    """Small words that stand in the possessive: "ankara" of "ankara's"."""
    return {word[:-2] for word in text.vocabulary if word.endswith(("'s", "’s")) and word[0].islower()}


def is_clause_subject(text: Text, start: int, end: int) -> bool:
    """Whether a noun stands without article before a finite verb: "trump met", "turkey can"."""
    before = text.word_before(start).lower()
    if before and not is_boundary(before):
        return False
    following = text.word_after(end)
    if following in function_words("singular-auxiliary"):
        return True
    letters = set(speech(following))
    return "d" in letters and not letters & set("vsj")


def is_bare_object(text: Text, start: int, end: int) -> bool:
    """Whether a noun stands without article between a preposition or "that" and the phrase's end: "with trump,"."""
    before = text.word_before(start).lower()
    following = text.word_after(end)
    if before not in function_words("preposition") and before != "that":
        return False
    return not following or any(following in function_words(kind) for kind in ("preposition", "conjunction"))


def is_boundary(before: str) -> bool:
    """Whether a noun phrase can begin after this word."""
    return any(before in function_words(kind) for kind in ("preposition", "conjunction"))
