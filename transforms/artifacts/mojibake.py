"""Text decoded with the wrong character set."""

import re
from collections.abc import Iterator

import ftfy

from articles import Span
from transforms.artifacts.text import Text

LOST = re.compile("\ufffd+")
TRAIL = (
    "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122"
)
"""What bytes 0x80 to 0xBF are in Latin-1 and in windows-1252."""
DOUBLED = re.compile(rf"(?:[\u00c2-\u00df][{TRAIL}]|[\u00e0-\u00ef][{TRAIL}]{{2}}|\u00f0[{TRAIL}]{{3}})+")
LEADS = re.compile("[\u00c2-\u00df\u00e0-\u00f0]")
QUESTION_MARK = re.compile(r"\?(?<=[a-z]\?)(?=(?:s|t|re|ve|ll|d|m) [a-z])")
KNOWN = re.compile("锟斤拷|烫烫烫|屯屯屯|ï¿½")
KNOWN_HEADS = frozenset("锟烫屯ï")


def mojibake(text: Text) -> Iterator[Span]:
    """UTF-8 read as a one-byte character set, "Trumpâ€™s", a replacement character, or "Trump?s"; not "São Paulo".

    The suggestion is the text that the same bytes spell in UTF-8, where they do.
    """
    string = text.string
    if text.english and "?" in text.marks:
        for match in QUESTION_MARK.finditer(string):
            yield Span(match.start(), match.end(), "'", 0.9)
    if not text.exotic:
        return
    for match in LOST.finditer(string) if "\ufffd" in text.exotic else ():
        yield Span(match.start(), match.end(), None, 1.0)
    for match in KNOWN.finditer(string) if not KNOWN_HEADS.isdisjoint(text.exotic) else ():
        yield Span(match.start(), match.end(), None, 1.0)
    if not LEADS.search(text.exotic):
        return
    for match in DOUBLED.finditer(string):
        repaired = ftfy.fix_encoding(match[0])
        if repaired != match[0]:
            yield Span(match.start(), match.end(), repaired, 0.95)
