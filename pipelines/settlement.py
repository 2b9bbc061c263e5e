"""What is staged becomes files of the tables, and a manifest that says so: all of a run after its last item is read."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Self

import pyarrow as pa

from articles import FeedState
from pipelines.polling import alarms
from pipelines.progress import WRITING
from pipelines.routing import History, Routing, route
from sinks.feeds import read_feeds, write_feeds
from sinks.held import stage_due
from sinks.layout import FINAL
from sinks.manifest import CommittedFile, Manifest, last_manifest
from sinks.merge import MergeTask, plan_merge, write_merge
from sinks.staging import StagedFile
from sinks.state import extend_signatures, scan_signatures
from storage.paths import Location
from transforms.duplicates.compare import Rules
from transforms.stages import Run

FEW_DUPLICATES: Final = 1_000
"""Below so many a high rate is no alarm: three new entries of a feed may well all be syndicated."""

Writer = Callable[[Sequence[MergeTask], Location], list[CommittedFile]]
"""Writes the tables' files below a folder."""


class DuplicateRateError(Exception):
    """A run that would make duplicates of nearly all it read: a wrong threshold or a source that repeats itself."""


@dataclasses.dataclass(frozen=True, slots=True)
class Past:
    """What an output directory has committed, as the holder of its lock finds it."""

    output: Location
    previous: Manifest | None
    signatures: tuple[CommittedFile, ...]
    feeds: tuple[CommittedFile, ...]

    @classmethod
    def read(cls, output: Location) -> Self:
        """The state that the newest manifest names."""
        previous = last_manifest(output)
        state = previous.state if previous else ()
        tables = {name: tuple(file for file in state if file.table == name) for name in ("signatures", "feeds")}
        return cls(output, previous, **tables)

    def history(self, days: tuple[dt.date, dt.date] | None = None) -> Iterable[pa.Table]:
        """The signatures of all rows, a piece at a time, with the sketches of these days."""
        return scan_signatures(self.output, self.signatures, days)

    def feed_states(self) -> dict[str, FeedState]:
        """What is known of each feed, by its URL."""
        return read_feeds(self.output, self.feeds)


@dataclasses.dataclass(frozen=True, slots=True)
class Staged:
    """All that a run has read: staged rows, how many items each source gave, and how polls ended.

    `learn` tells the feeds' new states from the run's items (columns source_uri, table, published_at).
    """

    files: Sequence[StagedFile]
    read: Mapping[str, int]
    learn: Callable[[pa.Table], list[FeedState]] = lambda _: []
    outcomes: Mapping[str, int] = dataclasses.field(default_factory=dict)


def settle(  # noqa: PLR0913
    past: Past,
    staged: Staged,
    staging: Location,
    run: Run,
    write: Writer,
    *,
    rules: Rules,
    max_duplicate_rate: float,
    recall: History | None = None,
    stage: Callable[[str], None] = lambda _: None,
) -> Manifest:
    """Decide on all staged rows, write the files they go to; the manifest that will make them part of the tables.

    Everything is written below `staging`. Raises `DuplicateRateError`, and `pipelines.routing.LedgerError`
    where the run does not add up. `recall` reads the history for the items; unless given, all of it is read here.
    `stage` is told what begins: deciding, writing.
    """
    now = run.ingested_at
    stage("deciding")
    moved, replaced = stage_due(past.output, past.history, now, staging / "held")
    history = recall or (lambda _, days: past.history(days))
    routing = route(staged.files, moved, history, staged.read, now, rules)
    _check_duplicates(routing, max_duplicate_rate)
    stage(WRITING)
    paths = [file.path for file in (*staged.files, *moved)]
    tasks = plan_merge(routing.routes, paths, staging / "routes", newsbeam_version=run.newsbeam_version)
    written = write(tasks, staging / FINAL) if tasks else []
    signatures, merged = extend_signatures(past.output, past.signatures, routing.signatures, staging / FINAL)
    learned = staged.learn(routing.items)
    feeds = _extend_feeds(past, learned, staging / FINAL)
    outdated = {file.path for file in past.feeds} - {file.path for file in feeds}
    return Manifest(
        sequence=past.previous.sequence + 1 if past.previous else 1,
        run_id=run.run_id,
        started_at=now.isoformat(),
        finished_at=dt.datetime.now(dt.UTC).isoformat(),
        newsbeam_version=run.newsbeam_version,
        schema_version=run.schema_version,
        totals=routing.totals,
        sources=routing.sources,
        rejects_by_reason=routing.rejects_by_reason,
        released=routing.released,
        files=tuple(sorted(written, key=lambda file: file.path)),
        # A held file all of whose rows stay is written again under its own name.
        removed=(*sorted({*replaced} - {file.path for file in written}), *merged, *sorted(outdated)),
        state=(*signatures, *feeds),
        feeds=dict(staged.outcomes),
        alarms=alarms(learned),
        duplicates=routing.duplicates,
    )


def write_here(tasks: Sequence[MergeTask], folder: Location) -> list[CommittedFile]:
    """Write the tables' files in this process, for who is at work in a cluster already."""
    return [file for task in tasks for file in write_merge(task, folder)]


def _extend_feeds(past: Past, learned: Sequence[FeedState], folder: Location) -> tuple[CommittedFile, ...]:
    if not learned:
        return past.feeds
    states = past.feed_states() | {state.url: state for state in learned}
    written = write_feeds(states.values(), folder)
    if written.path in {file.path for file in past.feeds}:  # nothing has changed
        (folder / written.path).unlink()
        return past.feeds
    return (written,)


def _check_duplicates(routing: Routing, max_rate: float) -> None:
    removed, kept = routing.removed, routing.totals["articles"]
    if removed >= FEW_DUPLICATES and removed > max_rate * (removed + kept):
        msg = (
            f"{removed:,} of {removed + kept:,} new articles would be duplicates of others, more than "
            f"--max-duplicate-rate {max_rate:g} allows: nothing was committed. If that is right, raise it"
        )
        raise DuplicateRateError(msg)
