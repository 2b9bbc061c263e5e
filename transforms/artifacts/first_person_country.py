"""A wire that calls its country "my country"."""

import re
from collections.abc import Iterator

from articles import Span
from transforms.artifacts.text import Text
from transforms.artifacts.wordforms import trait_where

COUNTRY = re.compile(r"\b[Mm]y country(?:['’]s)?\b")
ABROAD = trait_where(lambda word: word.startswith("country"))
SINGULAR = re.compile(r"\bI(?:['’](?:m|ve|d|ll))?\b")


def first_person_country(text: Text) -> Iterator[Span]:
    """我国 rendered word for word: "the epidemic in my country"; not 'I love my country' or a quotation.

    Fires where no one says "I" outside quotation marks.
    """
    if not text.english or not text.traits & ABROAD or "y country" not in text.string:
        return
    if any(not text.is_quoted(match.start()) for match in SINGULAR.finditer(text.string)):
        return
    for match in COUNTRY.finditer(text.string):
        if not text.is_quoted(match.start()):
            yield Span(match.start(), match.end(), None, 0.8)
