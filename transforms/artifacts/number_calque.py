"""Numbers in another language's form."""

import re
from collections.abc import Iterator

from articles import Span
from transforms.artifacts.text import Text
from transforms.artifacts.wordforms import DIGIT, trait_where

MYRIADS = re.compile(
    r"(?<![\w.,])\d[\d,]*(?:\.\d+)? ?"
    r"(?:(?:ten|hundred) thousand|(?:ten|hundred|thousand) million|thousand billion)\b"
)
THOUSANDS = re.compile(r"(?<![\w.,/-])(\d{1,3})(?:\.(\d{1,3}))? thousand\b(?! ?(?:-|oaks|islands))", re.IGNORECASE)
DECIMAL_COMMA = re.compile(
    r"(?<![\w.,])(\d{1,3}),(\d{1,2}) "
    r"(?=(?:million|billion|trillion|percent|per cent|degrees|kilomet|met(?:er|re)s|times)\b)"
)
COMMA = re.compile(r",\d{1,2} [mbtpdk]")
COUNTED = (
    "house|session|congress|century|anniversary|meeting|summit|floor|plenary|army|division|amendment|committee"
    "|conference|birthday|edition|parliament|government|president|place|round|olympics|symphony|regiment"
)
COUNTED_WORDS = frozenset(COUNTED.split("|"))
COUNTED_NOUN = trait_where(lambda word: word.removesuffix("'s").removesuffix("’s") in COUNTED_WORDS)
LARGE = trait_where(lambda word: "housand" in word or "million" in word)
ORDINAL = re.compile(rf"he (?<=[Tt]he )([2-9]|[1-9]\d) (?:{COUNTED})\b(?!-| \d)")
SUFFIXES = {1: "st", 2: "nd", 3: "rd"}


def number_calque(text: Text) -> Iterator[Span]:
    """A number as another language counts: "the 18 house", "30 ten thousand people", "3,5 percent".

    Not "the 18 houses", "the 20-year sentence", "3.5 percent" or a list "3, 5 percent".
    """
    if not text.english or not text.traits & DIGIT:
        return
    string = text.string
    for match in ORDINAL.finditer(string) if text.traits & COUNTED_NOUN else ():
        yield Span(match.start() - 1, match.end(), text.string[match.start() - 1] + ordinal(match), 0.85)
    if text.traits & LARGE and ("thousand" in string or "ten million" in string or "hundred million" in string):
        for match in MYRIADS.finditer(string):
            yield Span(match.start(), match.end(), None, 0.9)
    if text.traits & LARGE and "housand" in string:
        for match in THOUSANDS.finditer(string):
            yield Span(match.start(), match.end(), thousands(match), 0.7)
    for match in DECIMAL_COMMA.finditer(string) if b",0" in text.shape and COMMA.search(string) else ():
        yield Span(match.start(), match.end(2), f"{match[1]}.{match[2]}", 0.8)


def ordinal(match: re.Match[str]) -> str:
    """The same words with an ordinal number."""
    number = int(match[1])
    suffix = "th" if number // 10 == 1 else SUFFIXES.get(number % 10, "th")
    return match[0].replace(match[1], f"{match[1]}{suffix}", 1)


def thousands(match: re.Match[str]) -> str:
    """The number in digits.

    >>> thousands(THOUSANDS.search("about 4.5 thousand soldiers"))
    '4,500'
    """
    return f"{int(match[1]) * 1000 + int((match[2] or '0').ljust(3, '0')):,}"
