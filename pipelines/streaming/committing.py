"""One commit a window: what the batch run does with all it has read, done with the deliveries of a window."""

import dataclasses
import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import apache_beam as beam
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from apache_beam.metrics.metric import Metrics

from articles import FeedState
from pipelines.settlement import Past, Staged, settle, write_here
from pipelines.streaming.delivery import Delivery, Place, name_run
from sinks.commit import abandon, publish, recover
from sinks.layout import staging_path
from sinks.lock import locked
from sinks.manifest import LEDGER, Manifest, find_run
from sinks.staging import ROW_GROUP_ROWS, StagedFile, container
from storage.files import write_whole
from transforms.duplicates.compare import Rules
from transforms.stages import Run

KEPT: Final = dt.timedelta(hours=24)
"""How long staged files are kept beyond their window: what a job restored to an earlier time may name again."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What all commits of a stream have in common."""

    place: Place
    rules: Rules
    max_duplicate_rate: float
    lock_wait: float
    run: Run


class Commit(beam.DoFn):
    """The deliveries of a window to the name of the run that committed them, if one did."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def process(self, element: tuple[int, Iterable[Delivery]]) -> Iterator[str]:
        deliveries = list(element[1])
        if not deliveries:  # Beam tells of a window once more when it is forgotten
            return
        manifest = commit_window(deliveries, self._settings)
        if manifest:
            Metrics.counter("stream", "commits").inc()
            for name, number in manifest.totals.items():
                Metrics.counter("committed", name).inc(number)
            for delivery in deliveries:
                if delivery.files:
                    age = dt.datetime.now(dt.UTC) - delivery.seen
                    Metrics.distribution("stream", "seen_to_committed_ms").update(round(age.total_seconds() * 1000))
            yield manifest.run_id
        for delivery in deliveries:
            if delivery.last is not None:
                name = hashlib.blake2b(delivery.last.encode(), digest_size=16).hexdigest()
                write_whole(self._settings.place.ended / name, b"")


def commit_window(deliveries: Sequence[Delivery], settings: Settings) -> Manifest | None:
    """Make the deliveries part of the tables, once: None where they are already, or hold nothing.

    A run is named by what it commits: the very same deliveries again find their run among the manifests; others with
    the same items find these among the signatures, where they are unchanged.
    """
    deliveries = sorted(deliveries, key=lambda delivery: (delivery.seen, delivery.id))
    begin = deliveries[0].seen
    run_id = name_run(deliveries, settings.place.name)
    output = settings.place.output
    with locked(output, run_id, settings.lock_wait):
        recover(output)
        if find_run(output, run_id, begin):
            Metrics.counter("stream", "committed_before").inc()
            return None
        staging = staging_path(output, run_id)
        staging.mkdir(parents=True)
        try:
            manifest = _prepare(deliveries, run_id, staging, settings)
        except BaseException:
            abandon(output, run_id)
            raise
        if manifest is None:
            abandon(output, run_id)
        else:
            publish(output, manifest)
    _clear(settings.place.rows, begin)
    return manifest


def _prepare(deliveries: Sequence[Delivery], run_id: str, staging: Path, settings: Settings) -> Manifest | None:
    past = Past.read(settings.place.output)
    whole = [delivery for delivery in deliveries if all(Path(file.path).exists() for file in delivery.files)]
    lost = len(deliveries) - len(whole)
    if lost:
        # Restored to a time so long ago that what was staged is cleared up. The feeds' states go with the rows.
        Metrics.counter("stream", "deliveries_lost").inc(lost)
    read, repeated, outcomes = Counter[str](), Counter[str](), Counter[str]()
    for delivery in whole:
        read.update(delivery.read)
        repeated.update(delivery.repeated)
        outcomes.update(delivery.outcomes)
    run = dataclasses.replace(settings.run, run_id=run_id, ingested_at=dt.datetime.now(dt.UTC))
    files, left_out = _restamp(whole, run_id, staging / "rows")
    learned = _learned(whole, past)
    manifest = settle(
        past,
        Staged(files, read - left_out, lambda _: learned, dict(sorted(outcomes.items()))),
        staging,
        run,
        write_here,
        rules=settings.rules,
        max_duplicate_rate=settings.max_duplicate_rate,
    )
    manifest = _count_repeated(manifest, left_out + repeated)
    if lost:
        line = f"{lost} deliveries of the stream {settings.place.name} are lost: their staged rows were cleared up"
        manifest = dataclasses.replace(manifest, alarms=(*manifest.alarms, line))
    idle = not (manifest.files or manifest.removed or manifest.totals["read"] or learned or lost)
    return None if idle else manifest


def _learned(deliveries: Sequence[Delivery], past: Past) -> list[FeedState]:
    """The newest state of each feed; none that is older than what is committed."""
    newest = {state.url: state for delivery in deliveries for state in delivery.feeds}
    known = past.feed_states() if newest else {}
    return [state for url, state in newest.items() if url not in known or _polled(known[url]) <= _polled(state)]


def _polled(state: FeedState) -> float:
    return state.last_poll_at.timestamp() if state.last_poll_at else 0.0


_IDENTITY: Final = {
    "articles": ("article_id", "revision"),
    "rejects": ("source_uri", "item_index", "payload_sha256", "reason"),
}
"""What tells that two rows are one item read twice."""


def _restamp(deliveries: Sequence[Delivery], run_id: str, folder: Path) -> tuple[list[StagedFile], Counter[str]]:
    """Copies whose rows belong to the run, which had no name when they were staged.

    What a delivery has of those before it is left out, and counted by source: a feed that is polled several times
    in a window gives most of its entries several times.
    """
    folder.mkdir()
    copies, repeated = [], Counter[str]()
    seen: set[tuple[object, ...]] = set()
    for delivery in deliveries:
        new = set[tuple[object, ...]]()
        for file in delivery.files:
            rows = pq.read_table(file.path, partitioning=None)
            keys = list(zip(*(rows[name].to_pylist() for name in _IDENTITY[file.kind]), strict=True))
            first = [key not in seen for key in keys]
            new.update(keys)
            repeated.update(container(uri) for uri in rows.filter(pc.invert(pa.array(first)))["source_uri"].to_pylist())
            rows = rows.filter(pa.array(first))
            if not len(rows):
                continue
            place = rows.column_names.index("run_id")
            rows = rows.set_column(place, rows.schema.field(place), pa.array([run_id] * len(rows), pa.string()))
            path = folder / Path(file.path).name
            pq.write_table(rows, path, compression="lz4", row_group_size=ROW_GROUP_ROWS, write_statistics=False)
            sources = Counter(container(uri) for uri in rows["source_uri"].to_pylist())
            copies.append(StagedFile(file.kind, str(path), len(rows), dict(sources)))
        seen |= new
    return copies, repeated


def _count_repeated(manifest: Manifest, repeated: Mapping[str, int]) -> Manifest:
    """The manifest with what was passed over counted where it belongs: read, and unchanged."""
    sources = {name: dict(ledger) for name, ledger in manifest.sources.items()}
    for source, number in repeated.items():
        ledger = sources.setdefault(source, dict.fromkeys(LEDGER, 0))
        ledger["read"] += number
        ledger["unchanged"] += number
    totals = {name: sum(ledger[name] for ledger in sources.values()) for name in LEDGER}
    return dataclasses.replace(manifest, sources=sources, totals=totals)


def _clear(folder: Path, begin: dt.datetime) -> None:
    """Delete staged files of long ago: committed, or left by a bundle that was tried again."""
    until = (begin - KEPT).timestamp()
    for path in folder.glob("*"):
        try:
            if path.stat().st_mtime < until:
                path.unlink()
        except FileNotFoundError:
            continue
