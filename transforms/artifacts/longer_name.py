"""Whether a small word is part of a longer name, or the short form of a title, that the text elsewhere has."""

import functools
import itertools
import re
from collections.abc import Iterator

from articles import Span
from transforms.artifacts.lexicon import function_words, names, speech
from transforms.artifacts.text import Text

PERSON = re.compile(r"(?:er|or|ist|man|woman|ian|ee)s?\Z")
SHORT_FORMS = frozenset(word.lower() for word in function_words("company"))
MOST_PHRASES = 20
ENOUGH_TITLED = 2
NOT_BEFORE = frozenset("’'@#/.:&<-")
NOT_AFTER = frozenset("@/-")


def in_phrase(text: Text, word: str, name: str) -> Iterator[Span]:
    """The places where a small word stands within a name that the text has whole: "New york" beside "New York".

    A singular noun that is no name by the lexicon ("the Finance committee") is often written small on purpose.
    """
    if is_rarely_common(word, name) and text.own_names[name] > text.counts[word]:
        yield from (Span(start, end, name, 0.85) for start, end in occurrences(text, word))
        return
    places = list(itertools.islice(occurrences(text, word), MOST_PHRASES))
    if len(places) == 1 and is_titled(text, word, name, *places[0]):
        yield Span(*places[0], name, 0.7)
        return
    ranked = name not in names() and speech(word) and (text.counts[word] > 1 or is_rank(word))
    for start, end in places:
        if is_in_long_name(text, name, start, end) or (not ranked and is_in_name(text, word, name, start, end)):
            yield Span(start, end, name, 0.85)


def is_titled(text: Text, word: str, name: str, start: int, end: int) -> bool:
    """Whether "the commission", small but once, is what the text else calls "the Commission"."""
    if text.word_before(start).lower() != "the" or not is_phrase_end(text, end):
        return False
    return count_titled(text, name) >= (1 if word in function_words("body") else ENOUGH_TITLED)


def is_in_name(text: Text, word: str, name: str, start: int, end: int) -> bool:
    """Whether the word and the capitalized one beside it are a name that the text has."""
    before, after = text.word_before(start), text.word_after(end)
    if after[:1].isupper() and name in names() and "j" not in speech(word) and has_phrase(text, f"{name} {after}"):
        return True
    joined = before[:1].isupper() and not after[:1].isupper() and before.lower() not in function_words("determiner")
    return joined and has_phrase(text, f"{before} {name}")


def is_in_long_name(text: Text, name: str, start: int, end: int) -> bool:
    """Whether the word and a capitalized one parted by "of" are a name that the text has: "Bank of china"."""
    before, after = text.word_before(start), text.word_after(end)
    if before == "of":
        first = text.word_before(start - len(" of"))
        return first[:1].isupper() and has_phrase(text, f"{first} of {name}")
    if after == "of":
        last = text.word_after(end + len(" of"))
        return last[:1].isupper() and has_phrase(text, f"{name} of {last}", whole=False)
    return False


def has_phrase(text: Text, phrase: str, *, whole: bool = True) -> bool:
    """Whether title or body, where capitals mean something, has a phrase; `whole`: one that no capital continues."""
    return any(
        not (whole and field.word_after(at + len(phrase))[:1].isupper())
        for field in text.fields
        if not field.is_headline_case
        for at in itertools.islice(field.find_word(phrase), MOST_PHRASES)
    )


def count_titled(text: Text, name: str) -> int:
    """How often title or body speaks of "the Commission" without more to the name."""
    return sum(
        field.word_before(at).lower() == "the" and is_phrase_end(field, at + len(name))
        for field in text.fields
        if not field.is_headline_case
        for at in itertools.islice(field.find_word(name), MOST_PHRASES)
    )


def is_phrase_end(text: Text, end: int) -> bool:
    """Whether no longer name goes on: "the Commission said", but not "the Commission of Inquiry"."""
    following = text.word_after(end)
    return not following[:1].isupper() and following not in ("of", "for", "on")


def is_rank(word: str) -> bool:
    """Whether a word names a rank or a kind of body, which many write small after a name: "Finance committee"."""
    kinds = ("body", "rank-of-person", "rank")
    return bool(PERSON.search(word)) or any(word in function_words(kind) for kind in kinds) or word in SHORT_FORMS


@functools.cache
def is_rarely_common(word: str, name: str) -> bool:
    """Whether only the largest lexicon knows a small sense of a name: "york", "french"."""
    return name in names() and speech(word) == "o"


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
