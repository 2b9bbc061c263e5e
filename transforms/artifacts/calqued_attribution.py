"""Attributions rendered word for word."""

from collections.abc import Iterator
from typing import NamedTuple

from articles import Span
from transforms.artifacts.lexicon import read_lines
from transforms.artifacts.phrases import Headed, compile_headed, find_near
from transforms.artifacts.text import Text
from transforms.artifacts.wordforms import trait_of


class Row(NamedTuple):
    """A pattern; a text must have one of `words`, and one of `others` if there are any, before it is tried."""

    words: frozenset[str]
    others: frozenset[str]
    headed: Headed


def read_rows() -> list[Row]:
    """The patterns of the data file."""
    found = []
    for line in read_lines("calqued-attributions.txt"):
        guard, pattern, _ = line.split("\t")
        words, _, others = guard.partition("&")
        found.append(
            Row(frozenset(words.split("|")), frozenset(filter(None, others.split("|"))), compile_headed(pattern))
        )
    return found


ROWS = read_rows()
WORDS = frozenset[str]().union(*(row.words | row.others for row in ROWS))
GUARD = trait_of(WORDS)


def calqued_attribution(text: Text) -> Iterator[Span]:
    """An attribution as another language says it: "Russia today news that", "According to foreign media reports".

    Not "according to the report", nor "Reuters reported that", which English says too.
    """
    used = set(text.having(GUARD)) if text.english else set()
    if not used:
        return
    found = [
        span
        for words, others, headed in ROWS
        if not used.isdisjoint(words) and not (others and used.isdisjoint(others))
        for span in find(text, words, headed)
    ]
    taken = -1
    for start, end in sorted(found):
        if start >= taken and not text.is_quoted(start):
            yield Span(start, end, None, 0.8)
            taken = end


def find(text: Text, words: frozenset[str], headed: Headed) -> Iterator[tuple[int, int]]:
    """What a pattern finds: at the phrases it begins with, else around the words that it holds one of."""
    if headed.phrases:
        return headed.find(text.string)
    anchors = [at for word in text.having(GUARD) if word in words for at in text.find_word(word)]
    return find_near(headed.pattern, text.string, anchors)
