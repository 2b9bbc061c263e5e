"""`newsbeam replay`: rejects again, with today's code; what can be read now becomes rows, in one commit.

A reject is tried with its payload where the row has all of it, else with its source, where that is still a
file. What is tried goes through the same pipeline as any input; a reject that is settled so leaves the
tables by the same commit, and stands in the manifest as dropped.
"""

import argparse
import dataclasses
import datetime as dt
import hashlib
import secrets
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import orjson

from articles import ParseError, Reject
from pipelines.beam_flags import checked_options
from pipelines.ingest import VERSION
from pipelines.options import IngestOptions, UsageError
from pipelines.progress import Reporter
from pipelines.routing import LedgerError
from pipelines.statuses import EXIT_FAILED, EXIT_OK
from pipelines.work import Work
from reports.plain import printable
from sinks.columnar import open_parquet
from sinks.commit import abandon, publish, recover
from sinks.compact import count_dropped, plan_compaction, write_task
from sinks.layout import COMMITS, FINAL, staging_path
from sinks.lock import OutputBusyError, locked
from sinks.manifest import CommitError, CommittedFile, Manifest, last_sequence, live_files, manifests
from sinks.removals import Edits, FileEdits
from sinks.schema import SCHEMA_VERSION
from sinks.staging import container
from sources.plan import plan
from sources.read import open_uri
from sources.unit import Unit, read_unit
from storage.paths import Location
from transforms.normalize import normalize
from transforms.stages import Run, reject

_NOTHING: Final = hashlib.sha256(b"").hexdigest()
"""Digest of the payload of an input that could not be read at all."""
_TRIED: Final = ("source_uri", "source_format", "item_index", "stage", "reason", "payload_sha256")


@dataclasses.dataclass(frozen=True, slots=True)
class Case:
    """A row of rejects, without its payload, and where it stands."""

    path: str
    row: int
    source_uri: str
    source_format: str | None
    item_index: int
    stage: str
    reason: str
    payload_sha256: str


@dataclasses.dataclass(slots=True)
class Trial:
    """What has become of the rejects: units that are to be read, and the cases that are settled by that."""

    units: list[Unit] = dataclasses.field(default_factory=list)
    settled: list[Case] = dataclasses.field(default_factory=list)
    failed: int = 0
    """Tried, and rejected again."""
    lost: int = 0
    """Not tried: the payload was cut, and the source is gone."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Reading:
    """What reading again gives: items by source, place and digest of their payload; and rejects, with their reason."""

    items: set[tuple[str, int, str]]
    sources: set[str]
    formats: set[str]
    rejects: set[tuple[str, int, str, str]]

    @classmethod
    def of(cls, units: Sequence[Unit]) -> "_Reading":
        reading = cls(set(), set(), set(), set())
        for item in (item for unit in units for item in read_unit(unit, open_uri)):
            found = item
            if not isinstance(found, Reject):
                try:
                    normalize(found)
                except ParseError as error:
                    found = reject(found, error)
            place = (found.source_uri, found.item_index, found.payload_sha256)
            if isinstance(found, Reject):
                reading.rejects.add((*place, found.reason))
            else:
                reading.items.add(place)
                reading.sources.add(found.source_uri)
                reading.formats.add(found.source_format)
        return reading

    def fails(self, case: Case) -> bool:
        """Whether the very same reject has come again."""
        return (case.source_uri, case.item_index, case.payload_sha256, case.reason) in self.rejects


def replay(options: argparse.Namespace) -> int:
    """Try the rejects of a directory again; the command's exit status."""
    output = options.directory.resolve()
    if not (output / COMMITS).is_dir() or not last_sequence(output):
        raise UsageError(f"{options.directory}: no newsbeam tables here")
    run_id = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
    reporter = Reporter(quiet=options.quiet)
    try:
        with locked(output, run_id, options.lock_wait):
            for line in recover(output):
                reporter.say(line)
            try:
                trial, manifest = _replay(output, run_id, reporter, dry=options.dry_run)
            except BaseException:
                abandon(output, run_id)
                raise
            if manifest:
                publish(output, manifest)
            else:
                abandon(output, run_id)
    except (OSError, OutputBusyError, CommitError, LedgerError) as error:
        sys.stderr.write(f"newsbeam: {printable(str(error))}\n")
        return EXIT_FAILED
    if options.json_summary:
        summary = {
            "run_id": manifest.run_id if manifest else None,
            "settled": len(trial.settled),
            "rejected_again": trial.failed,
            "not_tried": trial.lost,
            "totals": manifest.totals if manifest else None,
        }
        sys.stdout.write(orjson.dumps(summary).decode() + "\n")
    elif not options.quiet:
        sys.stdout.writelines(line + "\n" for line in _lines(trial, manifest, dry=options.dry_run))
    return EXIT_OK


def _replay(output: Location, run_id: str, reporter: Reporter, *, dry: bool) -> tuple[Trial, Manifest | None]:
    """Try everything; the manifest of the run, None where there is nothing to commit."""
    try:
        live = list(live_files(manifests(output)).values())
    except ValueError as error:
        raise CommitError(str(error)) from error
    staging = staging_path(output, run_id)
    staging.mkdir(parents=True)
    trial = _try_all(output, [file for file in live if file.table == "rejects"], staging / "payloads")
    if dry or not trial.settled:
        return trial, None
    run = Run(run_id, dt.datetime.now(dt.UTC), VERSION, SCHEMA_VERSION)
    work = Work(IngestOptions(inputs=(), output=output), checked_options(()), reporter, staging, run)
    return trial, _without_settled(output, live, trial, work.prepare(output, (), {}, trial.units), staging)


def _without_settled(
    output: Location, live: Sequence[CommittedFile], trial: Trial, manifest: Manifest, staging: Path
) -> Manifest:
    """Add to what the run commits that the settled rejects go."""
    gone: defaultdict[str, FileEdits] = defaultdict(FileEdits)
    for case in trial.settled:
        gone[case.path].removed.add(case.row)
    edits = Edits(gone, {}, frozenset(), frozenset(), {})
    changes = plan_compaction(output, [file for file in live if file.path in gone], edits)
    taken = {file.path for file in (*live, *manifest.files)}
    written = [write_task(task, edits, output, staging / FINAL, taken) for task in changes.tasks]
    return dataclasses.replace(
        manifest,
        kind="replay",
        files=tuple(sorted((*manifest.files, *filter(None, written)), key=lambda file: file.path)),
        removed=(*manifest.removed, *(file.path for file in changes.removed)),
        dropped=count_dropped(output, changes),
    )


def _try_all(output: Location, files: Sequence[CommittedFile], folder: Path) -> Trial:
    """Try every reject: alone where its payload is whole, with its source where that is a file."""
    trial = Trial()
    by_source: defaultdict[str, list[Case]] = defaultdict(list)
    for file in files:
        for case, payload in _cases(output, file):
            if not payload or hashlib.sha256(payload).hexdigest() != case.payload_sha256:
                by_source[container(case.source_uri)].append(case)
                continue
            unit = _put_aside(case, payload, folder)
            if _settles(unit, case):
                trial.units.append(unit)
                trial.settled.append(case)
            else:
                trial.failed += 1
                Path(unit.uri).unlink()
    for source, cases in sorted(by_source.items()):
        if not Path(source).is_file():
            trial.lost += len(cases)
            continue
        units = list(plan(source, Path(source).stat().st_size, open_uri))
        reading = _Reading.of(units)
        settled = [case for case in cases if not reading.fails(case) and _is_there(case, reading)]
        trial.settled += settled
        trial.failed += len(cases) - len(settled)
        trial.units += units if settled else []
    if not trial.units:
        shutil.rmtree(folder, ignore_errors=True)
    return trial


def _cases(output: Location, file: CommittedFile) -> Iterator[tuple[Case, bytes]]:
    with open_parquet(output / file.path) as rejects:
        number = 0
        for batch in rejects.iter_batches(512, columns=[*_TRIED, "payload"]):
            for row in batch.to_pylist():
                values: dict[str, Any] = {name: row[name] for name in _TRIED}
                yield Case(file.path, number, **values), row["payload"]
                number += 1


def _put_aside(case: Case, payload: bytes, folder: Path) -> Unit:
    """The payload as a file, to be read as it was read then: as lines, as what a feed's server said, as a file."""
    name = hashlib.sha256(repr((case.path, case.row)).encode()).hexdigest()[:20]
    path = folder / f"{name}.payload"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(payload)
    is_line = case.source_format == "jsonl"
    return Unit(
        uri=str(path),
        source_uri=case.source_uri,
        source_format="jsonl" if is_line else None,
        first_item=case.item_index if is_line else 0,
        size=len(payload),
        polled=case.source_uri.startswith(("http://", "https://")),
    )


def _settles(unit: Unit, case: Case) -> bool:
    """Whether a payload gives an item now, in the format it was taken for, and not the same reject beside it."""
    reading = _Reading.of([unit])
    same_format = (
        case.source_format is None or case.reason == "unknown-format" or reading.formats == {case.source_format}
    )
    return bool(reading.items) and same_format and not reading.fails(case)


def _is_there(case: Case, reading: _Reading) -> bool:
    """Whether the item that was rejected is one that is read now: the same place, the same bytes.

    An input that could not be read at all had no bytes: anything that it gives now will do.
    """
    if case.payload_sha256 == _NOTHING:
        return any(source == case.source_uri or source.startswith(f"{case.source_uri}!/") for source in reading.sources)
    return (case.source_uri, case.item_index, case.payload_sha256) in reading.items


def _lines(trial: Trial, manifest: Manifest | None, *, dry: bool) -> Iterator[str]:
    tried = len(trial.settled) + trial.failed
    verb = "can be read now" if dry else "settled"
    yield f"{tried + trial.lost:,} rejects: {len(trial.settled):,} {verb}, {trial.failed:,} rejected again"
    if trial.lost:
        yield f"  {trial.lost:,} were not tried: their payload was cut, and their source is no file here"
    if manifest:
        counts = " + ".join(f"{manifest.totals[name]:,} {name}" for name in list(manifest.totals)[1:])
        yield f"  {manifest.totals['read']:,} items read = {counts}"
