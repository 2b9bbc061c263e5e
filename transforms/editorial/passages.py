"""Where newsrooms put their credits: the first and the last lines of a text."""

import dataclasses

HEAD_LINES, HEAD_LENGTH = 12, 1_600
TAIL_LINES, TAIL_LENGTH = 12, 2_000


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A line of the body that isn't blank, without the blanks around it; offsets into the body.

    `opens` is false for a line that goes on with the paragraph of the line above it, as it does in wires
    that are broken to a screen's width.
    """

    start: int
    text: str
    opens: bool = True

    @property
    def end(self) -> int:
        """Return where the line ends, half-open."""
        return self.start + len(self.text)


def head(body: str) -> list[Line]:
    r"""Return the first lines of the body, as many as may come before the story itself.

    >>> [line.text for line in head("By A B\n\n ROME, May 1 - It rained.")]
    ['By A B', 'ROME, May 1 - It rained.']
    """
    return _lines(body, 0, min(len(body), HEAD_LENGTH))[:HEAD_LINES]


def tail(body: str) -> list[Line]:
    """Return the last lines of the body. The first of them is cut where it is longer than the tail."""
    return _lines(body, max(0, len(body) - TAIL_LENGTH), len(body))[-TAIL_LINES:]


def _lines(body: str, start: int, end: int) -> list[Line]:
    found = []
    opens = start == 0
    for raw in body[start:end].splitlines(keepends=True):
        text = raw.strip()
        if text:
            indent = raw.index(text[0])
            found.append(Line(start + indent, text, opens or indent > 1))
        opens = not text
        start += len(raw)
    return found
