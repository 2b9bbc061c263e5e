"""Names inside an output directory."""

import datetime as dt
from pathlib import Path
from typing import Final

COMMITS: Final = "_commits"
"""One JSON manifest a run, named by its number. A file no manifest names does not exist."""
STAGING: Final = "_staging"
"""One folder a run in progress; gone when the run is committed."""
SIGNATURES: Final = "_state/signatures"
FEEDS: Final = "_state/feeds"
"""One file with every feed; each run that polls writes it anew."""
LOCK: Final = "_lock"


def partition_path(table: str, date: dt.date, name: str) -> str:
    """Path of a file below the output directory: `articles/date=2026-11-23/NAME`."""
    return f"{table}/date={date.isoformat()}/{name}"


def staging_path(output: Path, run_id: str) -> Path:
    """The folder a run works in before it commits."""
    return output / STAGING / run_id
