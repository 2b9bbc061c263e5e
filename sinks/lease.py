"""One run at a time on one output in an object store: a lease, which runs out where it is not renewed.

It spares two runs the work that one of them would lose, and tells the second who is at it. That tables stay whole does
not depend on it, nor on clocks that agree (`sinks.commit_objects`).
"""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any, Final

import orjson

from sinks.layout import LOCK
from storage.objects import ObjectPath, ObjectStat

LEASE_SECONDS: Final = 60.0
"""How long a run that died keeps others waiting."""
RENEWED_EACH: Final = 15.0
_ASK_EACH: Final = 2.0


class Lease:
    """A lease that is held, and renewed by a thread until it is given back."""

    def __init__(self, path: ObjectPath, run_id: str) -> None:
        self._path = path
        self._holder = f"run {run_id} (process {os.getpid()} on {socket.gethostname()})"
        self._seen: ObjectStat | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True, name="lease")

    def acquire(self) -> str | None:
        """Take the lease; who holds it, where another run does."""
        try:
            self._path.create(self._content())
            self._seen = self._path.stat()
        except FileExistsError:
            try:
                seen = self._path.stat()
                holder, until = _read(self._path.read_bytes())
            except FileNotFoundError:  # given back just now
                return self.acquire()
            left = until - time.time()
            if left > 0:
                return f"{holder}, whose lease ends in {left:.0f} s unless it is renewed"
            self._seen = self._exchange(seen)
            if self._seen is None:
                return "another run, which was faster"
        self._thread.start()
        return None

    def release(self) -> None:
        """Give the lease back, if it is still held."""
        self._stop.set()
        self._thread.join()
        with contextlib.suppress(OSError):
            if self._seen and self._path.stat().version == self._seen.version:
                self._path.unlink(missing_ok=True)

    def _content(self) -> bytes:
        return orjson.dumps({"holder": self._holder, "until": time.time() + LEASE_SECONDS})

    def _exchange(self, seen: ObjectStat) -> ObjectStat | None:
        """Put an end of our own in the place of what was seen; None where that is another's now."""
        content = self._content()
        found = self._path.exchange(content, seen)
        if found is None:  # or our own, where the answer to a request was lost and it was sent again
            with contextlib.suppress(FileNotFoundError):
                if _read(self._path.read_bytes())[0] == self._holder:
                    return self._path.stat()
        return found

    def _renew(self) -> None:
        while not self._stop.wait(RENEWED_EACH):
            with contextlib.suppress(OSError):  # tried again; what counts is decided when the run publishes
                if self._seen:
                    self._seen = self._exchange(self._seen)


def _read(content: bytes) -> tuple[str, float]:
    """Holder and end of a lease. What is none, such as the lock of a directory that was copied there, has ended."""
    try:
        found: dict[str, Any] = orjson.loads(content)
        return str(found["holder"]), float(found["until"])
    except (ValueError, KeyError, TypeError):
        return "", 0.0


@contextlib.contextmanager
def leased(output: ObjectPath, run_id: str, wait_seconds: float) -> Iterator[str | None]:
    """Hold the lease while the block runs; gives None, or who holds it after `wait_seconds`."""
    lease = Lease(output / LOCK, run_id)
    deadline = time.monotonic() + wait_seconds
    while holder := lease.acquire():
        if time.monotonic() >= deadline:
            yield holder
            return
        time.sleep(_ASK_EACH)
    try:
        yield None
    finally:
        lease.release()
