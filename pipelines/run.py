"""`newsbeam ingest` as a command: a run, what it says, and its exit status."""

import sys
from typing import Final

from pipelines.ingest import Outcome, ingest
from pipelines.options import IngestOptions
from pipelines.progress import Reporter
from pipelines.routing import LedgerError
from reports.summary import Summary, as_json, as_lines
from sinks.lock import OutputBusyError

EXIT_OK: Final = 0
EXIT_FAILED: Final = 1
EXIT_REJECTS: Final = 3


def run(options: IngestOptions) -> int:
    """Carry out a run and say what came of it; the command's exit status.

    An error that is nobody's input but a bug passes through, with its traceback.
    """
    reporter = Reporter(quiet=options.quiet)
    try:
        outcome = ingest(options, reporter)
    except (OSError, OutputBusyError) as error:
        print(f"newsbeam: {error}", file=sys.stderr)
        return EXIT_FAILED
    except LedgerError as error:
        print(f"newsbeam: the run does not add up, nothing was committed: {error}", file=sys.stderr)
        return EXIT_FAILED
    summary = summarize(outcome, options)
    if options.json_summary:
        sys.stdout.write(as_json(summary).decode() + "\n")
    elif not options.quiet:
        sys.stdout.writelines(line + "\n" for line in as_lines(summary))
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
