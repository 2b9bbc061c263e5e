"""What came of a run, told: its figures, and the file of metrics."""

import time
from pathlib import Path

from pipelines.ingest import VERSION
from pipelines.options import UsageError
from pipelines.progress import Reporter
from reports.metrics import Ended, write_metrics
from reports.summary import Summary
from sinks.manifest import Manifest
from storage.paths import Location


def summarize(manifest: Manifest, output: Location, seconds: float, recovered: tuple[str, ...] = ()) -> Summary:
    """A committed run in figures."""
    return Summary(
        run_id=manifest.run_id,
        sequence=manifest.sequence,
        output=str(output),
        seconds=seconds,
        totals=manifest.totals,
        rejects_by_reason=manifest.rejects_by_reason,
        duplicates=manifest.duplicates,
        released=sum(manifest.released.values()),
        feeds=manifest.feeds,
        alarms=manifest.alarms,
        files=len(manifest.files),
        bytes=sum(file.bytes for file in manifest.files),
        recovered=recovered,
    )


def check_metrics_file(path: Path | None) -> None:
    """Raise `UsageError` where there is no directory for the file of metrics."""
    if path and not path.parent.is_dir():
        raise UsageError(f"--metrics-file {path}: there is no directory {path.parent}; make it first")


def measure(
    path: Path | None,
    output: Location,
    manifest: Manifest | None,
    *,
    seconds: float,
    exit_status: int,
    reporter: Reporter,
) -> None:
    """Write the file of metrics, where there is to be one; without a manifest, of a run that failed.

    That it can't be written makes no run fail.
    """
    if path is None:
        return
    ended = Ended(
        output=str(output.resolve()),
        version=VERSION,
        finished=time.time(),
        seconds=seconds,
        exit_status=exit_status,
        summary=summarize(manifest, output, seconds) if manifest else None,
        sources=manifest.sources if manifest else {},
    )
    try:
        write_metrics(path, ended)
    except OSError as error:
        reporter.fail(f"the metrics could not be written: {error}")
