"""Quotation marks without their partner."""

from collections.abc import Iterator

from articles import Span
from transforms.artifacts.text import Text


def unbalanced_quotes(text: Text) -> Iterator[Span]:
    """A mark that opens and never closes, or closes what never opened: 'the "reform was approved. He said'.

    Not a quotation over several paragraphs, each opened anew and closed once, and not the inches of 'a 12" disc'.
    """
    for at in sorted(text.quotes.unclosed + text.quotes.unopened):
        yield Span(at, at + 1, None, 0.7)
