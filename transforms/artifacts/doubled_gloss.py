"""A word followed by itself, or by its synonym, in brackets."""

import re
from collections.abc import Iterator

from articles import Span
from transforms.artifacts.lexicon import speech, word_list
from transforms.artifacts.text import Text

BRACKETS = re.compile(r"[(（] ?([^()（）\n]{2,60}?) ?[)）]")
SYNONYM = re.compile(r"(?<![\w-])([a-z]{3,}) \(([a-z]{3,})\)(?=[ .,;])")
WORD_GLOSS = re.compile(r" \([a-z]{3,}\)")
UNITS = re.compile(
    r"(?:met(?:er|re)|kilomet|mile|pound|kilogram|ounce|feet|foot|inch|acre|hectare|ton|litre|liter|gallon|degree)"
)
MARKS = word_list("aside-words")


def doubled_gloss(text: Text) -> Iterator[Span]:
    """A word glossed by itself, "Steny Hoyer (Steny Hoyer)", or by its synonym, "terms (prices)".

    Not an abbreviation "trade organization (WTO)", an aside "workers (mostly)", a unit "miles (km)".
    """
    string = text.string
    if "(" not in text.marks and "（" not in text.marks:
        return
    for match in BRACKETS.finditer(string):
        end = match.start() - string.startswith(" ", max(0, match.start() - 1))
        start = end - len(match[1])
        before = string[max(0, start) : end]
        if before.casefold() == match[1].casefold() and is_gloss(before) and not string[start - 1 : start].isalnum():
            yield Span(start, match.end(), before, 0.95)
    if text.english and WORD_GLOSS.search(string):
        for match in SYNONYM.finditer(string):
            if is_pair(match[1], match[2]):
                yield Span(match.start(), match.end(), None, 0.7)


def is_gloss(words: str) -> bool:
    """Whether words that stand twice are a gloss: no ticker, no "nil (nil)" of a table, no figures."""
    return words[0].isalpha() and not words.isupper() and words not in MARKS


def is_pair(word: str, gloss: str) -> bool:
    """Whether both are nouns in one number, and only nouns, so that one may render the other."""
    if word == gloss or gloss in MARKS or UNITS.match(word) or UNITS.match(gloss):
        return False
    first, second = set(speech(word)), set(speech(gloss))
    number = first & second & set("sp")
    return bool(number) and not (first | second) & set("jrxdg")
