"""Possessives and contractions without their apostrophe."""

import re
from collections.abc import Callable, Iterator

from articles import Span
from transforms.artifacts.lexicon import function_words, names, speech, word_list
from transforms.artifacts.phrases import find_all
from transforms.artifacts.possessive import (
    CALENDAR,
    CLOSED_WORDS,
    NOT_BEFORE,
    is_known,
    is_noun,
    is_other_name,
    is_possessive,
)
from transforms.artifacts.text import Text
from transforms.artifacts.wordforms import trait_of, trait_where

NOT_AFTER = (" s ", " s\n")
TIME = trait_of(f"{word}s" for word in function_words("time"))
BARE = trait_of(word_list("bare-contractions"))
DETACHED = re.compile(r"(?<![\w’'&.-])([A-Z][A-Za-zÀ-ÿ]{2,}) s(?= \w)")
BEFORE_TIME = frozenset(
    form for word in ("this", "last", "next", "each", "every", "a") for form in (word, word.title())
)
VOWELS = "aeiou"
Y_PLURAL = re.compile(r"\b(?<![’'&.-])([a-z]{2,}[^aeiou\W])ys(?= [a-z])")
LONGEST = 40
MOST_WORDS = 5000


def dropped_apostrophe(text: Text) -> Iterator[Span]:
    """A possessive or contraction that lost its apostrophe: "Trumps request", but not "Reuters reported".

    A possessive is a name (one the text uses bare elsewhere, or one English writes with a capital)
    plus "s", itself no word, before what continues a noun phrase rather than a verb: "Trumps
    request", but not "the Trumps attend". "Russias s" and "Russia s" are the same loss with a
    different scar.
    """
    if not text.english or text.is_headline_case:
        return
    for word in text.having(OWNER)[:MOST_WORDS]:
        yield from possessives(text, word)
    yield from detached(text)
    yield from times(text)
    yield from owners_in_y(text)
    yield from contractions(text)


def is_owner(word: str) -> bool:
    """Whether a form can be the possessive of a name: a capitalized word in -s, and no noun of the lexicon."""
    if word[-1] != "s" or not word[0].isupper() or len(word) <= 3 or not word.isalpha():
        return False
    small = word.lower()
    return small not in CLOSED_WORDS and (is_name_in_s(word) or "s" not in speech(small))


def is_name_in_s(word: str) -> bool:
    """Whether a form in -s is itself a name of the lexicon, and neither a day's nor a body's possessive."""
    return word in names() and word not in CALENDAR and word[:-1].lower() not in function_words("body")


OWNER = trait_where(is_owner)


def choose_judge(text: Text, word: str) -> Callable[[Text, str, int], bool] | None:
    """What tells whether a capitalized word in -s is a possessive at a place; None where it can be none at any."""
    if is_name_in_s(word):
        return is_other_name if word[:-1] in text.bare_names or word[:-1] in word_list("places") else None
    return is_possessive


def possessives(text: Text, word: str) -> Iterator[Span]:
    """The places where a capitalized word in -s is a possessive."""
    string, judge = text.string, choose_judge(text, word)
    if judge is None:
        return
    for start in text.find_word(word):
        end = start + len(word)
        if string[start - 1 : start] in NOT_BEFORE or string[end : end + 1] != " " or string.startswith(NOT_AFTER, end):
            continue
        if judge(text, word, start):
            yield Span(start, end, f"{word[:-1]}'s", 0.95)


def detached(text: Text) -> Iterator[Span]:
    """An "s" that stands alone after a name: "Russia s S-400", "Russias s S-400"."""
    if " s " not in text.string:
        return
    for match in DETACHED.finditer(text.string):
        name = match[1]
        stem = name[:-1] if name.endswith("s") and name not in names() and is_known(text, name[:-1]) else name
        if stem in text.own_names or stem in names():
            yield Span(match.start(), match.end(), f"{stem}'s", 0.95)


def times(text: Text) -> Iterator[Span]:
    """A time that owns: "last years results"."""
    for word in text.having(TIME):
        for start in text.find_word(word):
            end = start + len(word)
            following = text.word_after(end)
            if following[:1].islower() and text.word_before(start) in BEFORE_TIME and is_noun(following):
                yield Span(start, end, f"{word[:-1]}'s", 0.9)


def owners_in_y(text: Text) -> Iterator[Span]:
    """A common noun in -y that owns, told by a plural that would be written -ies: "the partys plans"."""
    for at in find_all(text.string, "ys "):
        match = None if text.string[at - 1] in VOWELS else Y_PLURAL.search(text.string, max(0, at - LONGEST), at + 4)
        if match and not speech(match[0]) and "s" in speech(match[1] + "y"):
            yield Span(match.start(), match.end(), f"{match[1]}y's", 0.95)


def contractions(text: Text) -> Iterator[Span]:
    """Contractions that are no word without their apostrophe: "dont", but not "wont" or "its"."""
    for word in text.having(BARE):
        for start in text.find_word(word):
            if text.string[start - 1 : start] not in NOT_BEFORE and text.word_after(start + len(word))[:1].islower():
                yield Span(start, start + len(word), expand(word), 0.9)


def expand(word: str) -> str:
    """The contraction with its apostrophe."""
    for ending, whole in (("nt", "n't"), ("ve", "'ve"), ("re", "'re"), ("ll", "'ll"), ("m", "'m"), ("s", "'s")):
        if word.endswith(ending):
            return word.removesuffix(ending) + whole
    return word
