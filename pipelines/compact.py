"""`newsbeam compact`: few files of many, and kills carried out, in one commit like that of any run."""

import argparse
import dataclasses
import datetime as dt
import importlib.metadata
import secrets
import sys
from typing import Final

import orjson

from pipelines.options import UsageError
from pipelines.statuses import EXIT_FAILED, EXIT_OK
from reports.plain import printable
from sinks.columnar import read_parquet
from sinks.commit import abandon, publish, recover
from sinks.compact import Plan, count_dropped, plan_compaction, write_task
from sinks.compact_state import Sketches, compact_signatures
from sinks.layout import COMMITS, FINAL, staging_path
from sinks.lock import OutputBusyError, locked
from sinks.manifest import LEDGER, CommitError, CommittedFile, Manifest, last_sequence, live_files, manifests
from sinks.removals import Edits, find_edits
from sinks.rows import article
from sinks.schema import SCHEMA_VERSION, TABLES
from storage.paths import Location
from transforms.duplicates.sketch import sketch

_PROGRESS_EVERY: Final = 50
"""Files written between two lines that say how far it is."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a compaction did, or, as a dry run, would do. Sizes are bytes as stored; None where not yet known."""

    output: str
    run_id: str | None
    files_before: int
    files_after: int
    bytes_before: int
    bytes_after: int | None
    killed: int
    """Killed articles with rows that go."""
    removed: dict[str, int]
    """Rows that go for good, by table."""
    blanked: int
    """Kills whose own row loses its text."""
    promoted: int
    """Rows of other publishers that become articles."""
    signature_files: int
    recovered: tuple[str, ...] = ()


def compact(options: argparse.Namespace) -> int:
    """Compact the tables of a directory; the command's exit status."""
    output = options.directory.resolve()
    if not (output / COMMITS).is_dir() or not last_sequence(output):
        raise UsageError(f"{options.directory}: no newsbeam tables here")
    run_id = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
    try:
        with locked(output, run_id, options.lock_wait):
            summary = _preview(output, options) if options.dry_run else _compact(output, run_id, options)
    except (OSError, OutputBusyError, CommitError) as error:
        sys.stderr.write(f"newsbeam: {printable(str(error))}\n")
        return EXIT_FAILED
    if options.json_summary:
        sys.stdout.write(orjson.dumps(dataclasses.asdict(summary)).decode() + "\n")
    elif not options.quiet:
        sys.stdout.writelines(printable(line) + "\n" for line in _lines(summary, dry=options.dry_run))
    return EXIT_OK


@dataclasses.dataclass(frozen=True, slots=True)
class _Work:
    """A compaction thought through: the files there are, and what is to become of them."""

    last: Manifest
    files: list[CommittedFile]
    signatures: list[CommittedFile]
    edits: Edits
    plan: Plan


def _think(output: Location, options: argparse.Namespace) -> _Work:
    try:
        history = list(manifests(output))
    except ValueError as error:
        raise CommitError(str(error)) from error
    files = [file for file in live_files(history).values() if file.table in TABLES]
    signatures = [file for file in history[-1].state if file.table == "signatures"]
    edits = find_edits(output, files, drop_superseded=options.drop_superseded)
    plan = plan_compaction(output, files, edits, options.target_size)
    return _Work(history[-1], files, signatures, edits, plan)


def _preview(output: Location, options: argparse.Namespace) -> Summary:
    """What would be done. Reads only; an interrupted commit is as if it had not begun."""
    work = _think(output, options)
    return _summarize(output, work, None, bytes_after=None, written=len(work.plan.tasks))


def _compact(output: Location, run_id: str, options: argparse.Namespace) -> Summary:
    recovered = tuple(recover(output))
    for line in recovered:
        _say(line, quiet=options.quiet)
    started = dt.datetime.now(dt.UTC)
    work = _think(output, options)
    try:
        written = _write(output, run_id, work, quiet=options.quiet)
        folder, sketches = staging_path(output, run_id) / FINAL, _sketch_promoted(output, work.edits)
        signatures = compact_signatures(output, work.signatures, work.edits, sketches, folder)
    except BaseException:
        abandon(output, run_id)
        raise
    outdated = sorted({file.path for file in work.signatures} - {file.path for file in signatures})
    if not (written or work.plan.removed or outdated):
        abandon(output, run_id)
        size = sum(file.bytes for file in work.files)
        summary = _summarize(output, work, None, bytes_after=size, written=0)
        return dataclasses.replace(summary, recovered=recovered)
    manifest = Manifest(
        sequence=work.last.sequence + 1,
        run_id=run_id,
        started_at=started.isoformat(),
        finished_at=dt.datetime.now(dt.UTC).isoformat(),
        newsbeam_version=importlib.metadata.version("newsbeam"),
        schema_version=SCHEMA_VERSION,
        totals=dict.fromkeys(LEDGER, 0),
        sources={},
        rejects_by_reason={},
        released={},
        files=tuple(sorted(written, key=lambda file: file.path)),
        removed=(*(file.path for file in work.plan.removed), *outdated),
        state=(*signatures, *(file for file in work.last.state if file.table != "signatures")),
        kind="compact",
        dropped=count_dropped(output, work.plan),
    )
    publish(output, manifest)
    size = sum(file.bytes for file in (*work.files, *written)) - sum(file.bytes for file in work.plan.removed)
    summary = _summarize(output, work, run_id, bytes_after=size, written=len(written))
    return dataclasses.replace(summary, recovered=recovered)


def _sketch_promoted(output: Location, edits: Edits) -> Sketches:
    """What later texts are compared with, of the rows that become articles."""
    sketches = {}
    for path, edit in edits.files.items():
        if edit.promoted:
            rows = read_parquet(output / path, schema=TABLES["articles"])
            for row in rows.take(sorted(edit.promoted)).to_pylist():
                found = sketch(article(row)).sketch
                sketches[bytes.fromhex(row["article_id"]), row["version"]] = dataclasses.asdict(found) if found else {}
    return sketches


def _write(output: Location, run_id: str, work: _Work, *, quiet: bool) -> list[CommittedFile]:
    folder = staging_path(output, run_id) / FINAL
    folder.mkdir(parents=True)
    taken = {file.path for file in work.files}
    written = []
    for count, task in enumerate(work.plan.tasks, start=1):
        if file := write_task(task, work.edits, output, folder, taken):
            written.append(file)
        if count % _PROGRESS_EVERY == 0:
            _say(f"compacting: {count:,} of {len(work.plan.tasks):,} files written", quiet=quiet)
    return written


def _say(line: str, *, quiet: bool) -> None:
    if not quiet:
        sys.stderr.write(printable(line) + "\n")


def _summarize(output: Location, work: _Work, run_id: str | None, *, bytes_after: int | None, written: int) -> Summary:
    removed = dict.fromkeys(("articles", "duplicates", "held"), 0)
    blanked = promoted = 0
    for file in work.plan.removed:
        if edit := work.edits.files.get(file.path):
            removed[file.table] += len(edit.removed)
            blanked += len(edit.blanked)
            promoted += len(edit.promoted)
    return Summary(
        output=str(output),
        run_id=run_id,
        files_before=len(work.files),
        files_after=len(work.files) - len(work.plan.removed) + written,
        bytes_before=sum(file.bytes for file in work.files),
        bytes_after=bytes_after,
        killed=work.edits.carried_out,
        removed=removed,
        blanked=blanked,
        promoted=promoted,
        signature_files=len(work.signatures),
    )


def _lines(summary: Summary, *, dry: bool) -> list[str]:
    if not dry and summary.run_id is None:
        return [f"{summary.output}: nothing to compact, {summary.files_before:,} files"]
    verb = "would compact" if dry else "compacted"
    files = f"{summary.files_before:,} files to {summary.files_after:,}"
    lines = [f"{verb} {summary.output}: {files}, {summary.signature_files:,} of signatures to one"]
    if summary.bytes_after is not None:
        lines.append(f"  {summary.bytes_before / 1e6:,.1f} MB to {summary.bytes_after / 1e6:,.1f} MB")
    gone = " + ".join(f"{number:,} {table}" for table, number in summary.removed.items() if number)
    if gone:
        lines.append(f"  rows removed for good: {gone}; kills carried out: {summary.killed:,}")
    if summary.promoted:
        lines.append(f"  copies by other publishers that are articles now: {summary.promoted:,}")
    return lines
