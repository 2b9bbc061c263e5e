"""Options of `newsbeam stream`: those of `ingest` that mean something there, and its own."""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Self

from pipelines.options import IngestOptions, UsageError, option
from pipelines.values import count, run_name, seconds

_OF_ONE_RUN: Final = frozenset({"run_id", "history_shards", "max_reject_rate", "full_text", "json_summary", "detach"})
"""What means something to a run that ends."""


def positive(text: str | float) -> float:
    """Seconds, more than none."""
    value = seconds(text)
    if value <= 0:
        msg = f"{text} is no span: give seconds, more than 0"
        raise ValueError(msg)
    return value


def whole(text: str | int) -> int:
    """Whole seconds, more than none."""
    value = count(str(text))
    if value == 0:
        msg = f"{text} is no span: give whole seconds, more than 0"
        raise ValueError(msg)
    return value


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class StreamOptions(IngestOptions):
    """Options of `newsbeam stream`; the TOML file has the same names, with underscores."""

    name: str = option("stream", run_name, "stream", "NAME", "name of the stream among those of the tables (stream)")
    window: int = option(60, whole, "stream", "SECONDS", "one commit for what came in so many seconds (60)")
    tick: float = option(2.0, positive, "stream", "SECONDS", "look for what is due every so many seconds (2)")
    poll_interval: float = option(
        900.0, positive, "feeds", "SECONDS", "poll a feed at most every so many seconds; it may ask for more (900)"
    )
    settle: float = option(
        2.0, seconds, "input", "SECONDS", "read a file once it has not changed for so many seconds (2)"
    )
    checkpoint_interval: float = option(
        10.0, positive, "stream", "SECONDS", "the engine notes where it is every so many seconds (10)"
    )
    lock_wait: float = option(
        300.0, seconds, "limits", "SECONDS", "a commit waits so long for a run that uses the same tables (300)"
    )

    @classmethod
    def settable(cls) -> dict[str, dataclasses.Field[Any]]:
        """The options that have a flag of their own name."""
        return {
            field.name: field
            for field in dataclasses.fields(cls)
            if "parse" in field.metadata and field.name not in _OF_ONE_RUN
        }

    @classmethod
    def combine(cls, flags: Mapping[str, Any], config: Path | None, beam: Sequence[str]) -> Self:
        """Options from flags and an optional TOML file; flags win."""
        options = super(StreamOptions, cls).combine(flags, config, beam)
        if options.window < options.tick:
            raise UsageError(f"--window {options.window:g} is shorter than --tick {options.tick:g}: nothing would come")
        return options
