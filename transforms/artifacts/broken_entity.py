"""HTML entities that reached the reader."""

import html
import re
from collections.abc import Iterator

from articles import Span
from transforms.artifacts.text import Text
from transforms.artifacts.wordforms import trait_where

WHOLE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,20});")
NAMES = {
    "mdash": "—", "ndash": "–", "nbsp": " ", "rsquo": "’", "lsquo": "‘", "rdquo": "”", "ldquo": "“", "hellip": "…",
    "raquo": "»", "laquo": "«", "bull": "•", "middot": "·", "quot": '"', "amp": "&",
}  # fmt: skip
BARE = re.compile(r"(?<![\w&])&?(mdash|ndash|nbsp|rsquo|lsquo|rdquo|ldquo|hellip|raquo|laquo|middot)\b;?")
GLUED = re.compile(r"(?<=[\w-])(?:-|&)?(mdash|ndash|nbsp|rsquo|lsquo|rdquo|ldquo|hellip)(?=[\W\d]|\Z);?")
PARTS = ("dash", "nbsp", "squo", "dquo", "aquo", "hellip", "middot")
PART = trait_where(lambda word: any(map(word.__contains__, PARTS)))
CUT = ("quot;", "amp;", "lt;", "gt;")
WITH_SEMICOLON = re.compile(r"(?<![\w&])(quot|amp|lt|gt);")


def broken_entity(text: Text) -> Iterator[Span]:
    """An entity, whole or in pieces, in running text: "Q&amp;A", "1-mdash in 2023"; not "AT&T" or the word "amp"."""
    string = text.string
    if ";" in text.marks:
        for match in WHOLE.finditer(string):
            plain = html.unescape(match[0])
            if plain != match[0]:
                yield Span(match.start(), match.end(), plain, 0.95)
        for match in WITH_SEMICOLON.finditer(string) if any(map(string.__contains__, CUT)) else ():
            yield Span(match.start(), match.end(), html.unescape(f"&{match[0]}"), 0.9)
    if not text.traits & PART:
        return
    seen = -1
    for match in sorted([*BARE.finditer(string), *GLUED.finditer(string)], key=lambda found: found.start()):
        is_whole = string[match.start() : match.start() + 1] == "&" and string[match.end() - 1] == ";"
        if match.start() >= seen and not is_whole and string[max(0, match.start() - 1) : match.start()] != "&":
            yield Span(match.start(), match.end(), NAMES.get(match[1]), 0.9)
            seen = match.end()
