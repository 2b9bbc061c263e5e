"""Where newsrooms put their credits: the first and the last lines of a text."""

from typing import NamedTuple

HEAD_LINES, HEAD_LENGTH = 8, 1_600
TAIL_LINES, TAIL_LENGTH = 10, 2_000
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
    lines: list[Line] = []
    start, stop, opens = 0, min(len(body), HEAD_LENGTH), True
    while start < stop and len(lines) < HEAD_LINES:
        end = body.find("\n", start, stop)
        end = stop if end < 0 else end
        line = _line(body, start, end, opens=opens)
        lines += [line] if line is not None else []
        opens = line is None
        start = end + 1
    return lines


def tail(body: str) -> list[Line]:
    """Return the last lines of the body. One that is longer than the tail is cut at its start."""
    lines: list[Line] = []
    end, stop = len(body), max(0, len(body) - TAIL_LENGTH)
    below: Line | None = None
    while end > stop and len(lines) < TAIL_LINES:
        start = body.rfind("\n", stop, end) + 1 or stop
        line = _line(body, start, end, opens=start == 0)
        if below is not None:
            lines.append(below if line is not None or below.opens else below._replace(opens=True))
        below = line
        end = start - 1
    lines += [below] if below is not None else []
    return lines[::-1]


def _line(body: str, start: int, end: int, *, opens: bool) -> Line | None:
    raw = body[start:end]
    text = raw.strip()
    if not text:
        return None
    indent = 0 if raw[0] == text[0] else raw.index(text[0])
    return Line(start + indent, text, opens or indent > 1)
