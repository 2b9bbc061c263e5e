"""Turns at a host: at most so many requests at once, so far apart, and none while it asked to be left alone."""

import contextlib
import dataclasses
import datetime as dt
import threading
from collections.abc import Callable, Iterator


@dataclasses.dataclass(slots=True)
class _Host:
    gate: threading.BoundedSemaphore
    delay: float
    free_at: float = float("-inf")
    left_alone_until: dt.datetime | None = None


class Hosts:
    """Who may ask which host when; safe to share between threads.

    `clock` and `delay` are in seconds, and `sleep` waits by the same clock.
    """

    def __init__(
        self, concurrency: int, delay: float, clock: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        self.concurrency = concurrency
        self._delay = delay
        self._clock = clock
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Wait for a turn at `host`.

        The delay runs from one request's end to the next one's start, and with more than one at once also from start
        to start.
        """
        entry = self._entry(host)
        with entry.gate:
            with self._lock:
                start = max(self._clock(), entry.free_at)
                entry.free_at = start + entry.delay
            if (wait := start - self._clock()) > 0:
                self._sleep(wait)
            try:
                yield
            finally:
                with self._lock:
                    entry.free_at = max(entry.free_at, self._clock() + entry.delay)

    def wait(self, host: str) -> float:
        """Seconds until a turn at `host` could start, were nobody else asking."""
        entry = self._entry(host)
        with self._lock:
            return max(entry.free_at - self._clock(), 0.0)

    def slow_down(self, host: str, delay: float) -> None:
        """Keep at least `delay` seconds between requests to `host` from now on."""
        entry = self._entry(host)
        with self._lock:
            entry.delay = max(entry.delay, delay)

    def leave_alone(self, host: str, until: dt.datetime) -> None:
        """Remember that `host` asked for peace until then."""
        entry = self._entry(host)
        with self._lock:
            entry.left_alone_until = max(until, entry.left_alone_until or until)

    def left_alone_until(self, host: str, now: dt.datetime) -> dt.datetime | None:
        """Until when `host` is to be left alone; None where it may be asked at `now`."""
        until = self._entry(host).left_alone_until
        return until if until and until > now else None

    def _entry(self, host: str) -> _Host:
        with self._lock:
            entry = self._hosts.get(host)
            if entry is None:
                entry = _Host(threading.BoundedSemaphore(self.concurrency), self._delay)
                self._hosts[host] = entry
            return entry
