"""Where newsrooms put their credits: the first and the last lines of a text."""

from typing import NamedTuple

HEAD_LINES, HEAD_LENGTH = 8, 1_200
TAIL_LINES, TAIL_LENGTH = 8, 1_400
"""Lines that aren't blank, and code points, that are looked at from either end of a body."""


class Line(NamedTuple):
    """A line of the body that isn't blank, without the blanks around it; offsets into the body.

    `opens` is false for a line that goes on with the paragraph of the line above it, as it does in wires
    that are broken to a screen's width.
    """

    start: int
    text: str
    opens: bool = True

    @property
    def end(self) -> int:
        """Where the line ends, half-open."""
        return self.start + len(self.text)


def head(body: str) -> list[Line]:
    r"""Return the first lines of the body, as many as may come before the story itself.

    >>> [line.text for line in head("By A B\n\n ROME, May 1 - It rained.")]
    ['By A B', 'ROME, May 1 - It rained.']
    """
    return _lines(body[:HEAD_LENGTH], 0, opens=True)[:HEAD_LINES]


def tail(body: str) -> list[Line]:
    """Return the last lines of the body. One that is longer than the tail is cut at its start."""
    start = max(0, len(body) - TAIL_LENGTH)
    return _lines(body[start:], start, opens=start == 0)[-TAIL_LINES:]


def _lines(text: str, start: int, *, opens: bool) -> list[Line]:
    found = []
    for raw in text.split("\n"):
        line = raw.strip()
        if line:
            indent = 0 if raw[0] == line[0] else raw.index(line[0])
            found.append(Line(start + indent, line, opens or indent > 1))
        opens = not line
        start += len(raw) + 1
    return found
