"""What is said at the end of a run."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Final, get_args

import orjson
from rich.filesize import decimal

from articles import DuplicateKind

_KINDS: Final = get_args(DuplicateKind)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A run in figures. `totals` is its ledger: `read` is the sum of the others; `bytes` are written ones."""

    run_id: str
    sequence: int
    output: str
    seconds: float
    totals: Mapping[str, int]
    rejects_by_reason: Mapping[str, int]
    duplicates: Mapping[str, int]
    released: int
    feeds: Mapping[str, int]
    alarms: tuple[str, ...]
    files: int
    bytes: int
    recovered: tuple[str, ...]


def as_json(summary: Summary) -> bytes:
    """One JSON object."""
    return orjson.dumps(dataclasses.asdict(summary))


def brief(summary: Summary) -> str:
    """One line."""
    totals = ", ".join(f"{number:,} {name}" for name, number in summary.totals.items() if number)
    alarms = f"; ALARM {'; '.join(summary.alarms)}" if summary.alarms else ""
    return f"{summary.run_id}: {totals or 'feed states'}{alarms}"


def as_lines(summary: Summary) -> Iterator[str]:
    """A few plain lines that add up."""
    totals = dict(summary.totals)
    read = totals.pop("read")
    parts = " + ".join(f"{number:,} {name}" for name, number in totals.items())
    rate = f", {read / summary.seconds:,.0f} items/s" if read else ""
    yield f"run {summary.run_id}: {summary.seconds:.1f} s{rate}"
    yield f"  {read:,} read = {parts}"
    if summary.feeds:
        more = f"; newsbeam feeds {summary.output} says more" if any("error" in name for name in summary.feeds) else ""
        yield "  feeds: " + ", ".join(f"{number:,} {outcome}" for outcome, number in summary.feeds.items()) + more
    yield from (f"  ALARM {line}" for line in summary.alarms)
    if summary.rejects_by_reason:
        reasons = sorted(summary.rejects_by_reason.items(), key=lambda item: (-item[1], item[0]))
        yield "  rejected: " + ", ".join(f"{number:,} {reason}" for reason, number in reasons)
    if kinds := [f"{number:,} {kind}" for kind, number in summary.duplicates.items() if kind in _KINDS and number]:
        yield "  duplicates: " + ", ".join(kinds)
    if summary.released:
        yield f"  released from held: {summary.released:,}"
    if summary.files:
        yield f"  wrote {summary.files:,} files, {decimal(summary.bytes)}, to {summary.output}"
    else:
        yield f"  nothing new for {summary.output}"
    if summary.files and summary.sequence == 1:
        yield f"  newsbeam show {summary.output} tells what is in it"
