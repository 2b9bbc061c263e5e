"""`newsbeam ingest` as a command: a run, what it says, and its exit status."""

import os
import re
import sys
from typing import Final

from pipelines.ingest import Outcome, ingest
from pipelines.options import IngestOptions
from pipelines.progress import Reporter
from pipelines.routing import LedgerError
from reports.plain import printable
from reports.summary import Summary, as_json, as_lines
from sinks.commit import CommitError
from sinks.lock import OutputBusyError

EXIT_OK: Final = 0
EXIT_FAILED: Final = 1
EXIT_REJECTS: Final = 3
_SYSTEM_ERROR: Final = re.compile(
    r"\b(?:OS|Permission|FileNotFound|Timeout)Error: (\[Errno \d+\] [^\n]*?)(?: \[while running|$)", re.MULTILINE
)


def run(options: IngestOptions) -> int:
    """Carry out a run and say what came of it; the command's exit status.

    An error that is nobody's input but a bug passes through, with its traceback.
    """
    reporter = Reporter(quiet=options.quiet)
    try:
        outcome = ingest(options, reporter)
    except (OSError, OutputBusyError, CommitError) as error:
        print(f"newsbeam: {printable(str(error))}", file=sys.stderr)
        return EXIT_FAILED
    except RuntimeError as error:
        # The runner wraps what happens in a stage: a full disk is no bug, and needs no traceback.
        if not (found := _SYSTEM_ERROR.search(str(error))):
            raise
        print(f"newsbeam: {printable(found[1])}; nothing was committed", file=sys.stderr)
        return EXIT_FAILED
    except LedgerError as error:
        print(f"newsbeam: the run does not add up, nothing was committed: {printable(str(error))}", file=sys.stderr)
        return EXIT_FAILED
    summary = summarize(outcome, options)
    try:
        if options.json_summary:
            sys.stdout.write(as_json(summary).decode() + "\n")
        elif not options.quiet:
            sys.stdout.writelines(printable(line) + "\n" for line in as_lines(summary))
        sys.stdout.flush()
    except OSError as error:
        # The run is committed, whoever reads of it.
        print(f"newsbeam: the summary could not be written: {error}", file=sys.stderr)
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  # else Python's exit tries again
    return _status(summary, options)


def _status(summary: Summary, options: IngestOptions) -> int:
    read, rejects = summary.totals["read"], summary.totals["rejects"]
    if rejects > options.max_reject_rate * read:
        print(
            f"newsbeam: {rejects:,} of {read:,} items were rejected, more than --max-reject-rate "
            f"{options.max_reject_rate:g} allows; {options.output}/rejects says why",
            file=sys.stderr,
        )
        return EXIT_REJECTS
    return EXIT_OK


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
        released=sum(manifest.released.values()),
        feeds=manifest.feeds,
        alarms=manifest.alarms,
        files=len(manifest.files),
        bytes=sum(file.bytes for file in manifest.files),
        recovered=outcome.recovered,
    )
