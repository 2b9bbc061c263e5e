"""Sentences that stand in the body twice."""

import re
from collections.abc import Iterator

from articles import Span
from transforms.artifacts.text import Text
from transforms.artifacts.tokens import fold

STOPS = re.compile(r"[.!?。！？\n][\s\"”]")
WIDE_STOPS = frozenset("。！？")
HEAD = 30
ENOUGH_LETTERS = 45
ENOUGH_IDEOGRAPHS = 14


def repeated_sentence(text: Text) -> Iterator[Span]:
    """A whole sentence said again, as decoders and scrapers do; not a refrain such as "Nobody knows".

    The later one is tagged. Figures in tables repeat: a sentence must be letters, mostly.
    """
    if text.field != "body":
        return
    string = text.string
    if not has_twin(text):
        return
    seen: set[str] = set()
    for start, end in text.sentences:
        if end - start < ENOUGH_IDEOGRAPHS:
            continue
        folded = fold(string[start:end])
        if len(folded) < (ENOUGH_LETTERS if string[start:end].isascii() or text.english else ENOUGH_IDEOGRAPHS):
            continue
        if folded in seen and sum(map(str.isdigit, folded)) < len(folded) / 4:
            begin = end - len(string[start:end].lstrip())
            yield Span(begin, end, "", 0.8)
        seen.add(folded)


def has_twin(text: Text) -> bool:
    """Whether two stretches between full stops begin alike: cheaper than folding every sentence."""
    pieces = STOPS.split(text.string) if WIDE_STOPS & set(text.exotic) else text.pieces
    heads = [piece.strip()[:HEAD].casefold() for piece in pieces]
    long = [head for head in heads if len(head) >= ENOUGH_IDEOGRAPHS]
    return len(set(long)) < len(long)
