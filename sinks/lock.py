"""One run at a time on one output directory."""

import contextlib
import fcntl
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from sinks.layout import LOCK
from sinks.lease import leased
from storage.objects import ObjectPath
from storage.paths import Location


class OutputBusyError(Exception):
    """Another run holds the output directory."""


@contextlib.contextmanager
def locked(output: Location, run_id: str, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the output for a run.

    Waits up to `wait_seconds` for the run that holds it, then raises `OutputBusyError`, which names it. A directory is
    let go of by the kernel when the process ends, however it ends; an object store, when a lease runs out.
    """
    if isinstance(output, ObjectPath):
        with leased(output, run_id, wait_seconds) as holder:
            if holder:
                raise _busy(output, holder)
            yield
    else:
        with _flocked(output, run_id, wait_seconds):
            yield


def _busy(output: Location, holder: str) -> OutputBusyError:
    return OutputBusyError(f"{output} is in use by {holder}; try again later, or wait for it with --lock-wait SECONDS")


@contextlib.contextmanager
def _flocked(output: Path, run_id: str, wait_seconds: float) -> Iterator[None]:
    path = output / LOCK
    deadline = time.monotonic() + wait_seconds
    with path.open("a+", encoding="utf-8") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    file.seek(0)
                    holder = file.read().strip() or "another run"
                    raise _busy(output, holder) from None
                time.sleep(0.2)
        file.truncate(0)
        file.write(f"run {run_id} (process {os.getpid()} on {socket.gethostname()})\n")
        file.flush()
        yield
        file.truncate(0)
