"""Names cut or turned to something else on the way through another language."""

import re
from collections.abc import Iterator

from articles import Span
from transforms.artifacts.lexicon import read_lines
from transforms.artifacts.text import Text
from transforms.artifacts.wordforms import trait_of

LEAD = re.compile(r"\b(?:President|Premier|Prime Minister|Foreign Minister|Defense Minister|the) \Z")
LONGEST_LEAD = 20
ENDS = (re.compile(r"(?![\w’'-]| [A-Z])"), re.compile(r" (?:side|army|military|government|troops|media)\b"))
"""What follows the name of a head of state, and that of a side."""


def calqued_name(text: Text) -> Iterator[Span]:
    """A country cut to its first Chinese syllable and taken for a name: "President Tu" (of 土耳其).

    Not "President Xi": the syllable must be one that Chinese headlines use for a country that this
    text names, and must not be a name that the text uses in full.
    """
    if not text.english:
        return
    for syllable in text.having(SYLLABLE):
        for at in text.find_word(syllable):
            lead = LEAD.search(text.string, max(0, at - LONGEST_LEAD), at)
            match = ENDS[lead[0] == "the "].match(text.string, at + len(syllable)) if lead else None
            if lead and match and stands_for_country(text, syllable):
                yield Span(lead.start(), match.end(), None, 0.85)


def stands_for_country(text: Text, syllable: str) -> bool:
    """Whether the text names a country that the syllable abbreviates, and nobody of that name."""
    countries = SYLLABLES.get(syllable)
    if not countries:
        return False
    fields = [field.string for field in (text, text.other) if field is not None]
    full_name = re.compile(
        rf"\b{syllable} [A-Z][a-z]|(?<!President )(?<!Minister )(?<!Premier )(?<!the )\b{syllable}\b"
    )
    if any(full_name.search(field) for field in fields):
        return False
    return any(country in field for field in fields for country in countries)


def read_syllables() -> dict[str, tuple[str, ...]]:
    """Syllable to the countries it stands for."""
    rows = (line.split("\t") for line in read_lines("country-syllables.txt"))
    return {syllable: tuple(countries.split(",")) for syllable, _, countries in rows}


SYLLABLES = read_syllables()
SYLLABLE = trait_of(SYLLABLES)
