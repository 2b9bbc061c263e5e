"""Attributions rendered word for word."""

from collections.abc import Iterator

from articles import Span
from transforms.artifacts.lexicon import read_lines
from transforms.artifacts.phrases import Headed, compile_headed
from transforms.artifacts.text import Text


def read_patterns() -> list[tuple[frozenset[str], Headed]]:
    """Patterns, each with the words one of which must be in a text before the pattern is tried."""
    rows = (line.split("\t") for line in read_lines("calqued-attributions.txt"))
    return [(frozenset(guards.split("|")), compile_headed(pattern)) for guards, pattern, _ in rows]


PATTERNS = read_patterns()


def calqued_attribution(text: Text) -> Iterator[Span]:
    """An attribution as another language says it: "Russia today news that", "According to foreign media reports".

    Not "according to the report", nor "Reuters reported that", which English says too.
    """
    if not text.english:
        return
    used = text.vocabulary.keys()
    found = [span for guards, headed in PATTERNS if not used.isdisjoint(guards) for span in headed.find(text.string)]
    taken = -1
    for start, end in sorted(found):
        if start >= taken and not text.is_quoted(start):
            yield Span(start, end, None, 0.8)
            taken = end
