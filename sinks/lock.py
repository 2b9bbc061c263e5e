"""One run at a time on one output directory."""

import contextlib
import fcntl
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from sinks.layout import LOCK


class OutputBusyError(Exception):
    """Another run holds the output directory."""


@contextlib.contextmanager
def locked(output: Path, run_id: str, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the output directory for a run; the kernel lets go of it when the process ends, however it ends.

    Waits up to `wait_seconds` for the run that holds it, then raises `OutputBusyError`, which names it.
    """
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
                    msg = f"{output} is in use by {holder}; try again later, or wait for it with --lock-wait SECONDS"
                    raise OutputBusyError(msg) from None
                time.sleep(0.2)
        file.truncate(0)
        file.write(f"run {run_id} (process {os.getpid()} on {socket.gethostname()})\n")
        file.flush()
        yield
        file.truncate(0)
