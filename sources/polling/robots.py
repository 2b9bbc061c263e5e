"""robots.txt (RFC 9309) and the licence terms it names (RSL)."""

import dataclasses
import datetime as dt
import re
import threading
from collections.abc import Callable

from protego import Protego

from sources.polling.errors import FetchError
from sources.polling.headers import host_of, origin_of, web_url

PRODUCT = "newsbeam"
"""The token that robots.txt files call us by."""

MAX_BYTES = 512_000
"""Read of a robots.txt; RFC 9309, section 2.5, asks for 500 KiB at least."""

KEPT = dt.timedelta(hours=24)
"""How long a robots.txt holds (RFC 9309, section 2.4)."""

MAX_ORIGINS = 10_000
"""Origins remembered at once."""

_AGENT = re.compile(r"\s*user[- ]?agent\s*:?\s*([^\s#]*)", re.IGNORECASE)
_LICENSE = re.compile(r"\s*license\s*:\s*(\S+)", re.IGNORECASE)


Slow = Callable[[str, float], None]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one origin asks of robots. `problem` says why nobody knows, which RFC 9309 reads as a no."""

    problem: str | None = None
    rules: Protego | None = None
    crawl_delay: float | None = None
    license_url: str | None = None

    def allow(self, url: str) -> bool | None:
        """Whether `url` may be fetched; None where nobody knows."""
        if self.problem:
            return None
        return self.rules is None or bool(self.rules.can_fetch(url, PRODUCT))


class Robots:
    """The robots.txt of each origin, read once a day; safe to share between threads.

    `get` fetches a robots.txt: its status and body, FetchError where there is none. `slow_down` is told of every
    crawl delay that a host asks for, in seconds.
    """

    def __init__(self, get: Callable[[str, dt.datetime], tuple[int, bytes]], slow_down: Slow) -> None:
        self._get = get
        self._slow_down = slow_down
        self._known: dict[str, tuple[dt.datetime, Rules]] = {}
        self._lock = threading.Lock()
        self._reading: dict[str, threading.Lock] = {}

    def rules(self, url: str, now: dt.datetime) -> Rules:
        """The rules for the origin of `url`, fetched where they aren't known."""
        origin = origin_of(url)
        with self._lock:
            reading = self._reading.setdefault(origin, threading.Lock())
        with reading:
            known = self._known.get(origin)
            if known and now - known[0] < KEPT:
                return known[1]
            rules = self._read(origin, now)
            with self._lock:
                if len(self._known) >= MAX_ORIGINS:
                    self._known.clear()
                    self._reading.clear()
                self._known[origin] = (now, rules)
        if rules.crawl_delay:
            self._slow_down(host_of(url), rules.crawl_delay)
        return rules

    def check(self, url: str, now: dt.datetime) -> None:
        """Raise FetchError where robots.txt forbids `url`, or can't be asked."""
        rules = self.rules(url, now)
        if rules.problem:
            raise FetchError("robots-unreachable", f"no robots.txt, which counts as a no: {rules.problem}")
        if not rules.allow(url):
            raise FetchError("robots", f"robots.txt forbids {url[:200]}")

    def _read(self, origin: str, now: dt.datetime) -> Rules:
        address = origin + "/robots.txt"
        try:
            status, body = self._get(address, now)
        except FetchError as error:
            return Rules(problem=str(error))
        if status >= 500 or status == 429:
            return Rules(problem=f"{address} answered {status}")
        return read(body, address) if 200 <= status < 300 else Rules()


def read(payload: bytes, address: str) -> Rules:
    """Read a robots.txt that lies at `address`."""
    text = payload.decode("utf-8", "replace").removeprefix("\ufeff")
    lines = [_ours(line) for line in text.splitlines()]
    rules = Protego.parse("\n".join(lines))
    licenses = (match[1] for line in lines if (match := _LICENSE.match(line)))
    return Rules(
        rules=rules,
        crawl_delay=rules.crawl_delay(PRODUCT),
        license_url=next(filter(None, (web_url(url, address) for url in licenses)), None),
    )


def _ours(line: str) -> str:
    """Give agents that are neither us nor everybody one name.

    The parser keeps every rule for every agent of a group: thousands of both would fill the memory.
    """
    match = _AGENT.match(line)
    return "User-agent: another" if match and match[1].lower() not in ("*", PRODUCT) else line
