"""`newsbeam ingest` as a command: a run, what it says, and its exit status."""

import os
import re
import sys
from typing import Final

from pipelines.conclusion import check_metrics_file, measure, summarize
from pipelines.ingest import Outcome, ingest
from pipelines.logs import JsonReporter, in_json
from pipelines.options import IngestOptions, UsageError
from pipelines.progress import Reporter
from pipelines.routing import LedgerError
from pipelines.settlement import DuplicateRateError
from pipelines.statuses import EXIT_FAILED, EXIT_OK, EXIT_REJECTS, EXIT_USAGE
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
    check_metrics_file(options.metrics_file)
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
        measure(
            options.metrics_file,
            options.output,
            outcome.manifest if outcome else None,
            seconds=outcome.seconds if outcome else reporter.elapsed,
            exit_status=status,
            reporter=reporter,
        )
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
    summary = summarize(outcome.manifest, options.output, outcome.seconds, outcome.recovered)
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
