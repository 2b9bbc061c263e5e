"""A word followed by itself, or by its synonym, in brackets."""

import re
from collections.abc import Iterator

from articles import Span
from transforms.artifacts.lexicon import speech
from transforms.artifacts.text import Text

SAME = re.compile(r"(?<![\w-])([^\W\d_][\w.'’-]*(?: [\w.'’-]+){0,4}?) ?[(（] ?\1 ?[)）]", re.IGNORECASE)
SYNONYM = re.compile(r"(?<![\w-])([a-z]{3,}) \(([a-z]{3,})\)(?=[ .,;])")
UNITS = re.compile(
    r"(?:met(?:er|re)|kilomet|mile|pound|kilogram|ounce|feet|foot|inch|acre|hectare|ton|litre|liter|gallon|degree)"
)
MARKS = frozenset(
    "sic both left right top bottom file above below pictured centre center see fob cif net gross nil unquoted unchanged same none".split()
)


def doubled_gloss(text: Text) -> Iterator[Span]:
    """A word glossed by itself, "Steny Hoyer (Steny Hoyer)", or by its synonym, "terms (prices)".

    Not an abbreviation "trade organization (WTO)", an aside "workers (mostly)", a unit "miles (km)".
    """
    string = text.string
    if "(" not in string and "（" not in string:
        return
    for match in SAME.finditer(string):
        if not match[1].isupper() and match[1] not in MARKS:
            yield Span(match.start(), match.end(), match[1], 0.95)
    if text.english:
        for match in SYNONYM.finditer(string):
            if is_pair(match[1], match[2]):
                yield Span(match.start(), match.end(), None, 0.7)


def is_pair(word: str, gloss: str) -> bool:
    """Whether both are nouns in one number, and only nouns, so that one may render the other."""
    if word == gloss or gloss in MARKS or UNITS.match(word) or UNITS.match(gloss):
        return False
    first, second = set(speech(word)), set(speech(gloss))
    number = first & second & set("sp")
    return bool(number) and not (first | second) & set("jrxdg")
