"""Names inside an output directory."""

import datetime as dt
import errno
import hashlib
import os
import secrets
import stat
import tempfile
from pathlib import Path
from typing import Final

from storage.objects import ObjectPath
from storage.paths import Location

COMMITS: Final = "_commits"
"""One JSON manifest a run, named by its number. A file no manifest names does not exist."""
STAGING: Final = "_staging"
"""One folder a run in progress; gone when the run is committed."""
JOBS: Final = "_jobs"
"""One folder a run that is a job of a cluster, until it has committed."""
SIGNATURES: Final = "_state/signatures"
FEEDS: Final = "_state/feeds"
"""One file with every feed; each run that polls writes it anew."""
LOCK: Final = "_lock"
INTENT: Final = "intent.json"
"""In a run's staging folder: the manifest that it is about to publish."""
FINAL: Final = "final"
"""Folder in the staging folder that mirrors the output directory: what is to become part of the tables."""


def partition_path(table: str, date: dt.date, name: str) -> str:
    """Path of a file below the output directory: `articles/date=2026-11-23/NAME`."""
    return f"{table}/date={date.isoformat()}/{name}"


def name_attempt(output: Location, run_id: str) -> str:
    """The name of the folder that an attempt of a run stages in.

    In an object store no two attempts share a name: one that has lost its lease may still be at it.
    """
    return f"{run_id}.{secrets.token_hex(4)}" if isinstance(output, ObjectPath) else run_id


def staging_path(output: Location, attempt: str) -> Path:
    """The folder of this machine that a run works in before it commits: below the output, where that is here too."""
    return local_staging(output) / attempt if isinstance(output, ObjectPath) else output / STAGING / attempt


def shared_staging(output: Location, attempt: str) -> Location:
    """The folder that a run works in together with other machines: below the output, wherever that is."""
    return output / STAGING / attempt


def local_staging(output: ObjectPath) -> Path:
    """Where this machine keeps what runs stage for an output in an object store.

    Raises `PermissionError` where others may write there: what is staged is trusted.
    """
    digest = hashlib.blake2b(str(output).encode(), digest_size=8).hexdigest()
    folder = Path(tempfile.gettempdir()) / f"newsbeam-{os.getuid()}-{digest}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise PermissionError(errno.EPERM, "others may write to this folder: remove it, or set TMPDIR", str(folder))
    return folder
