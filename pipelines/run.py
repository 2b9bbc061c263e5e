"""`newsbeam ingest` as a command: a run, what it says, and its exit status."""

import os
import re
import sys
import time
from pathlib import Path
from typing import Final

from pipelines.ingest import VERSION, Outcome, ingest
from pipelines.logs import JsonReporter, in_json
from pipelines.options import IngestOptions, UsageError
from pipelines.progress import Reporter
from pipelines.routing import LedgerError
from pipelines.settlement import DuplicateRateError
from pipelines.statuses import EXIT_FAILED, EXIT_OK, EXIT_REJECTS, EXIT_USAGE
from reports.metrics import Ended, write_metrics
from reports.plain import printable
from reports.summary import Summary, as_json, as_lines
from sinks.commit import CommitError
from sinks.lock import OutputBusyError

_SYSTEM_ERROR: Final = re.compile(
    r"\b(?:OS|Permission|FileNotFound|Timeout)Error: (\[Errno \d+\] [^\n]*?)(?: \[while running|$)", re.MULTILINE
)


def run(options: IngestOptions) -> int:
    """Carry out a run and say what came of it; the command's exit status.

    An error that is nobody's input but a bug passes through, with its traceback.
    """
    if options.metrics_file and not options.metrics_file.parent.is_dir():
        msg = (
            f"--metrics-file {options.metrics_file}: there is no directory {options.metrics_file.parent}; make it first"
        )
        raise UsageError(msg)
    if not options.log_json:
        return _run(options, Reporter(quiet=options.quiet))
    reporter = JsonReporter(quiet=options.quiet)
    with in_json(reporter, {UsageError: EXIT_USAGE}):
        return _run(options, reporter)


def _run(options: IngestOptions, reporter: Reporter) -> int:
    outcome, status = None, EXIT_FAILED
    try:
        outcome = _ingest(options, reporter)
        if outcome:
            status = _conclude(outcome, options, reporter)
    except UsageError:
        status = EXIT_USAGE
        raise
    finally:
        if options.metrics_file:
            _measure(options.metrics_file, options, outcome, status, reporter)
    return status


def _ingest(options: IngestOptions, reporter: Reporter) -> Outcome | None:
    """Carry out the run; None where it failed for a reason that was said."""
    try:
        return ingest(options, reporter)
    except (OSError, OutputBusyError, CommitError, DuplicateRateError) as error:
        reporter.fail(str(error))
    except RuntimeError as error:
        # The runner wraps what happens in a stage: Ctrl-C or a full disk is no bug, and needs no traceback.
        if str(error).startswith(KeyboardInterrupt.__name__):
            raise KeyboardInterrupt from error
        if not (found := _SYSTEM_ERROR.search(str(error))):
            raise
        reporter.fail(f"{found[1]}; nothing was committed")
    except LedgerError as error:
        reporter.fail(f"the run does not add up, nothing was committed: {error}")
    return None


def _conclude(outcome: Outcome, options: IngestOptions, reporter: Reporter) -> int:
    """Say what came of a run that committed; its exit status."""
    summary = summarize(outcome, options)
    try:
        if options.json_summary:
            sys.stdout.write(as_json(summary).decode() + "\n")
        elif not options.quiet:
            sys.stdout.writelines(printable(line) + "\n" for line in as_lines(summary))
        sys.stdout.flush()
    except OSError as error:
        # The run is committed, whoever reads of it.
        reporter.fail(f"the summary could not be written: {error}")
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  # else Python's exit tries again
    status = _status(summary, options, reporter)
    reporter.finish(summary, status)
    return status


def _status(summary: Summary, options: IngestOptions, reporter: Reporter) -> int:
    read, rejects = summary.totals["read"], summary.totals["rejects"]
    if rejects > options.max_reject_rate * read:
        reporter.fail(
            f"{rejects:,} of {read:,} items were rejected, more than --max-reject-rate "
            f"{options.max_reject_rate:g} allows; newsbeam show {options.output} says why"
        )
        return EXIT_REJECTS
    return EXIT_OK


def _measure(path: Path, options: IngestOptions, outcome: Outcome | None, exit_status: int, reporter: Reporter) -> None:
    """Write the metrics file; that it can't be written makes no run fail."""
    ended = Ended(
        output=str(options.output.resolve()),
        version=VERSION,
        finished=time.time(),
        seconds=outcome.seconds if outcome else reporter.elapsed,
        exit_status=exit_status,
        summary=summarize(outcome, options) if outcome else None,
        sources=outcome.manifest.sources if outcome else {},
    )
    try:
        write_metrics(path, ended)
    except OSError as error:
        reporter.fail(f"the metrics could not be written: {error}")


def summarize(outcome: Outcome, options: IngestOptions) -> Summary:
    """The run in figures."""
    manifest = outcome.manifest
    return Summary(
        run_id=manifest.run_id,
        sequence=manifest.sequence,
        output=str(options.output),
        seconds=outcome.seconds,
        totals=manifest.totals,
        rejects_by_reason=manifest.rejects_by_reason,
        duplicates=manifest.duplicates,
        released=sum(manifest.released.values()),
        feeds=manifest.feeds,
        alarms=manifest.alarms,
        files=len(manifest.files),
        bytes=sum(file.bytes for file in manifest.files),
        recovered=outcome.recovered,
    )
