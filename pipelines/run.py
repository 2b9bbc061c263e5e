"""`newsbeam ingest` as a command: a run, what it says, and its exit status."""

import functools
import os
import re
import sys
from collections.abc import Callable
from typing import Final, TypeVar

from pipelines.beam_flags import checked_options
from pipelines.conclusion import check_metrics_file, measure, summarize
from pipelines.ingest import Outcome, ingest, start
from pipelines.logs import JsonReporter, in_json
from pipelines.options import IngestOptions, UsageError
from pipelines.progress import Reporter
from pipelines.routing import LedgerError
from pipelines.runners import is_job, job_name
from pipelines.settlement import DuplicateRateError
from pipelines.statuses import EXIT_FAILED, EXIT_OK, EXIT_REJECTS, EXIT_USAGE
from reports.plain import printable
from reports.summary import Summary, as_json, as_lines
from sinks.lock import OutputBusyError
from sinks.manifest import CommitError, find_run

_Result = TypeVar("_Result")

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
        if options.detach:
            return EXIT_OK if _carry_out(functools.partial(_start, options, reporter), reporter) else EXIT_FAILED
        outcome = _carry_out(functools.partial(_ingest, options, reporter), reporter)
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


def _ingest(options: IngestOptions, reporter: Reporter) -> Outcome:
    """Carry out the run, in this process or as a job that is waited for."""
    if not is_job(checked_options(options.beam)):
        return ingest(options, reporter)
    job, run_id, started = start(options, reporter)
    reporter.stage("waiting for the job")
    failure = None
    try:
        ended = f"ended as {job.wait_until_finish()}"
    except Exception as error:  # noqa: BLE001  # engines raise what they like; whether it has committed is what counts
        ended, failure = f"failed: {error}", error
    if not (manifest := find_run(options.output.resolve(), run_id, started)):
        raise CommitError(f"the job {ended}; nothing of run {run_id} was committed") from failure
    return Outcome(manifest, reporter.elapsed, ())


def _start(options: IngestOptions, reporter: Reporter) -> str:
    """Begin the run and say so; its name."""
    job, run_id, _ = start(options, reporter)
    reporter.say(f"run {run_id}: {job_name(job)} is submitted, and commits by itself")
    return run_id


def _carry_out(step: Callable[[], _Result], reporter: Reporter) -> _Result | None:
    """What the step gives; None where it failed for a reason that was said."""
    try:
        return step()
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
