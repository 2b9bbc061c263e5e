"""How far a run is: a table for a terminal, a line for a log."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Final

from rich.cells import cell_len
from rich.filesize import decimal
from rich.table import Table
from rich.text import Text

from reports.plain import printable


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A stage of a run, or a source that a stage reads; None stands for what is not known.

    `bytes` are done ones, of `total_bytes`; `seconds` is the time it took so far, `left` what it will take
    yet, if it goes on like this.
    """

    name: str
    items: int | None = None
    rejects: int = 0
    bytes: int | None = None
    total_bytes: int | None = None
    seconds: float = 0.0
    left: float | None = None
    running: bool = False


def line(step: Step) -> str:
    """What is known of a stage, in one plain line.

    >>> line(Step(name="reading", items=1500, rejects=2, bytes=500_000, total_bytes=2_000_000, seconds=3, left=9))
    'reading: 1,500 items (2 rejects), 500/s, 500.0 kB of 2.0 MB, 0:00:03, about 0:00:09 left'
    """
    facts = []
    if step.items is not None:
        facts.append(f"{step.items:,} items" + (f" ({step.rejects:,} rejects)" if step.rejects else ""))
    facts += filter(None, [_rate(step), _bytes(step), _time(step.seconds)])
    if step.left is not None:
        facts.append(f"about {_time(step.left)} left")
    return f"{printable(step.name)}: {', '.join(facts)}"


def render(stages: Sequence[Step], sources: Sequence[Step], *, width: int, plain_letters: bool = False) -> Table:
    """A table of the stages so far, the last with its `sources` below it, no wider than `width` columns.

    `plain_letters` are for terminals that have only ASCII.
    """
    columns = [column for column in _COLUMNS if width >= column.from_width]
    rows = [(*_mark(step, plain_letters=plain_letters), step) for step in stages]
    rows += [("  ", "dim", step) for step in sources]
    cells = [[column.show(step) for column in columns] for _, _, step in rows]
    taken = sum(
        max(cell_len(text) for text in (column.name, *(shown[place] for shown in cells))) + _GAP
        for place, column in enumerate(columns)
    )
    room = max(width - taken - _GAP, _NARROWEST)
    table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style="dim")
    table.add_column("", no_wrap=True, max_width=room)
    for column in columns:
        table.add_column(column.name, justify="right", no_wrap=True)
    for (mark, style, step), shown in zip(rows, cells, strict=True):
        name = printable(step.name)
        if plain_letters:
            name = name.encode("ascii", "replace").decode()
        short = end_of(name, room - cell_len(mark), ellipsis="..." if plain_letters else "…")
        table.add_row(Text(mark + short), *shown, style=style)
    return table


def end_of(text: str, width: int, ellipsis: str = "…") -> str:
    """The text, or as much of its end as fits in `width` columns: paths differ in their ends.

    >>> end_of("/archive/2026/wires.jsonl", 15)
    '…26/wires.jsonl'
    """
    if cell_len(text) <= width:
        return text
    cut = text[-max(width, 1) :]
    while cut and cell_len(ellipsis + cut) > width:
        cut = cut[1:]
    return ellipsis + cut


def _mark(step: Step, *, plain_letters: bool) -> tuple[str, str]:
    """What stands before a stage's name, and the style of its row."""
    if step.running:
        return ("> " if plain_letters else "▸ "), "bold"
    return ("+ " if plain_letters else "✓ "), ""


def _items(step: Step) -> str:
    return "" if step.items is None else f"{step.items:,}"


def _rate(step: Step) -> str:
    return f"{step.items / step.seconds:,.0f}/s" if step.items and step.seconds >= 1 else ""


def _bytes(step: Step) -> str:
    if not step.bytes and not step.total_bytes:
        return ""
    done = decimal(step.bytes or 0)
    return f"{done} of {decimal(step.total_bytes)}" if step.total_bytes else done


def _time(seconds: float | None) -> str:
    return "" if seconds is None else str(dt.timedelta(seconds=int(seconds)))


@dataclasses.dataclass(frozen=True, slots=True)
class _Column:
    name: str
    show: Callable[[Step], str]
    from_width: int


_COLUMNS: Final = (
    _Column("items", _items, 0),
    _Column("rate", _rate, 56),
    _Column("bytes", _bytes, 76),
    _Column("elapsed", lambda step: _time(step.seconds), 46),
    _Column("left", lambda step: _time(step.left), 36),
)
"""In their order; each is left out of terminals with fewer columns than it needs."""
_NARROWEST: Final = 6
_GAP: Final = 2
