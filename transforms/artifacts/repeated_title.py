"""The title once more at the head of the body."""

import re
from collections.abc import Iterator

from articles import Span
from transforms.artifacts.text import Text
from transforms.artifacts.tokens import fold

OPENING_PARAGRAPHS = 4
LABEL = re.compile(r"\A[\[(【（]?[A-Za-z ]{0,20}(?:caption|title|headline|原标题|标题) ?[:：] ?", re.IGNORECASE)
ENOUGH_LETTERS = 12
TAIL = 12
"""Letters compared before all of a paragraph is."""


def repeated_title(text: Text) -> Iterator[Span]:
    """The title once more as a paragraph of its own at the top, "Original title: Talks end"; no longer sentence.

    Compared without case, blanks and punctuation, so that typography does not matter.
    """
    title = text.other
    if text.field != "body" or title is None:
        return
    folded = fold(title.string)
    if len(folded) < ENOUGH_LETTERS and not (len(folded) >= 5 and not folded.isascii()):
        return
    for start, end in text.paragraphs[:OPENING_PARAGRAPHS]:
        if end - start > 3 * len(title.string) + 60:
            continue
        paragraph = text.string[start:end]
        tail = fold(paragraph[-TAIL:])
        if not (folded.endswith(tail) or tail.endswith(folded)):
            continue
        label = LABEL.match(paragraph)
        begin = label.end() if label else 0
        if fold(paragraph[begin:]) == folded:
            yield Span(start + begin, end, "")
