"""One GET over the open internet, as if every server were hostile; redirects followed one by one.

urllib3 directly rather than requests: what a session would add (cookies, netrc, environment proxies, redirects, content
decoding) is what a poller must do otherwise or not at all, and pools, unlike sessions, are made for threads.
"""

import dataclasses
import datetime as dt
import http.client
import importlib.metadata
import ssl
import time
from collections.abc import Callable, Iterator, Mapping

import urllib3
from urllib3 import exceptions

from sources.polling import connections
from sources.polling.addresses import refusal
from sources.polling.decoding import ACCEPT_ENCODING, PIECE, decode
from sources.polling.errors import FetchError
from sources.polling.headers import authorization, host_of, origin_of, public_url, request_url, retry_after
from sources.polling.hosts import Hosts
from sources.polling.robots import MAX_BYTES as ROBOTS_BYTES
from sources.polling.robots import Robots
from sources.polling.schedule import Schedule

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
HEADER_ALLOWANCE = 1_048_576
"""Bytes of headers and framing that may come on top of a body's limit."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one fetch may use up. Seconds and bytes; `max_bytes` holds before and after decompression."""

    connect_timeout: float = 10.0
    read_timeout: float = 20.0
    total_timeout: float = 60.0
    max_bytes: int = 32 * 1024 * 1024
    max_redirects: int = 8


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How a guest behaves. `contact` is a URL or an e-mail address for the operators of servers: give one.

    robots.txt always binds `fetch_page`. A feed is published for machines to poll and subscribed to by hand, so for
    feeds it is recorded, and binds where `robots_bind_feeds` says so. `allow_downgrade` lets https redirect to http.
    """

    contact: str = ""
    host_concurrency: int = 1
    host_delay: float = 1.0
    max_crawl_delay: float = 30.0
    read_robots: bool = True
    robots_bind_feeds: bool = False
    allow_private_hosts: bool = False
    allow_downgrade: bool = False
    proxy: str | None = None

    @property
    def user_agent(self) -> str:
        """What the User-Agent header says."""
        product = f"newsbeam/{importlib.metadata.version('newsbeam')}"
        return f"{product} (+{self.contact})" if self.contact else product


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer, its body whole and decompressed (empty unless the status is 2xx). `url` is free of credentials.

    `permanent_url` is where permanent redirects alone lead from the address asked; None where there are none.
    `seconds` is what the exchange took.
    """

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes = b""
    permanent_url: str | None = None
    seconds: float = 0.0


HeadersFor = Callable[[str], Mapping[str, str]]
"""Which headers go to which URL (free of credentials)."""


class Client:
    """Everything that polls of one process share: limits, manners, turns at hosts, robots.txt files.

    Safe to share between threads.

    `clock` and `sleep` pace the requests; `resolver` turns names into addresses; `tls` is made by
    `connections.guard`.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        manners: Manners | None = None,
        schedule: Schedule | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        resolver: connections.Resolver = connections.resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.manners = manners or Manners()
        self.schedule = schedule or Schedule()
        self.clock = clock
        self.sleep = sleep
        self.hosts = Hosts(self.manners.host_concurrency, self.manners.host_delay, clock, sleep)
        self.robots = Robots(self._robots_txt, self._slow_down)
        self._resolver = resolver
        self._tls = tls or connections.tls_context()
        self._user_agent = self.manners.user_agent
        if not self._user_agent.isprintable() or not self._user_agent.isascii():
            raise ValueError(f"contact {self.manners.contact!r} must be printable ASCII: it is sent in a header")
        if self.manners.proxy and not self.manners.proxy.startswith("http://"):
            raise ValueError("proxy must be an http:// URL: an https one would hide the sockets from the guards")

    def fetch(
        self,
        url: str,
        now: dt.datetime,
        headers_for: HeadersFor,
        *,
        before: Callable[[str], None] | None = None,
        max_bytes: int | None = None,
        cut: bool = False,
    ) -> Response:
        """GET `url`, following redirects.

        `before` sees each URL first and may raise FetchError. `cut` shortens a longer body to `max_bytes` rather than
        refuse it. The status may be any but a redirect's. Raises FetchError where no whole answer came.
        """
        current = request_url(url)
        credentials, home = authorization(current), origin_of(current)
        permanent, only_permanent = None, True
        seen: set[str] = set()
        seconds = self.limits.total_timeout
        while True:
            current = public_url(current)
            if current in seen:
                raise FetchError("redirect-loop", f"the redirects lead back to {current[:200]}")
            if len(seen) > self.limits.max_redirects:
                raise FetchError("redirect-limit", f"more than {self.limits.max_redirects} redirects")
            seen.add(current)
            if before:
                before(current)
            headers = dict(headers_for(current))
            if credentials and origin_of(current) == home:
                headers["Authorization"] = credentials
            response = self.get(current, now, headers, seconds=seconds, max_bytes=max_bytes, cut=cut)
            seconds -= response.seconds
            if response.status not in REDIRECTS:
                return dataclasses.replace(response, permanent_url=permanent)
            current = self._next(current, response)
            only_permanent = only_permanent and response.status in PERMANENT
            permanent = public_url(current) if only_permanent else permanent

    def get(
        self,
        url: str,
        now: dt.datetime,
        headers: Mapping[str, str],
        *,
        seconds: float,
        max_bytes: int | None = None,
        cut: bool = False,
    ) -> Response:
        """One GET, in its turn, no redirects followed.

        `url` is as `request_url` gives it, without credentials; `seconds` is the time for the exchange, not counting
        the wait for the turn.

        A 429, or a 503 that says for how long, is remembered for every feed of the host.
        """
        limit = max_bytes or self.limits.max_bytes
        sent = {"User-Agent": self._user_agent, "Accept-Encoding": ACCEPT_ENCODING, "Connection": "close", **headers}
        with self.hosts.turn(host_of(url)):
            started = time.monotonic()
            passage = connections.Passage(
                deadline=started + seconds,
                bytes_left=limit + HEADER_ALLOWANCE,
                connect_timeout=self.limits.connect_timeout,
                read_timeout=self.limits.read_timeout,
                resolver=self._resolver,
                allow_private=self.manners.allow_private_hosts,
            )
            try:
                response = self._exchange(url, sent, passage, limit, cut=cut)
            except (exceptions.HTTPError, http.client.HTTPException, OSError, ValueError) as error:
                raise _explain(error) from error
            response = dataclasses.replace(response, seconds=time.monotonic() - started)
        wait = retry_after(response.headers.get("Retry-After"), now)
        if response.status == 429 or (response.status == 503 and wait is not None):
            until = now + self.schedule.peace(wait)
            self.hosts.leave_alone(host_of(url), until)
        return response

    def _robots_txt(self, url: str, now: dt.datetime) -> tuple[int, bytes]:
        response = self.fetch(url, now, lambda _: {"Accept": "text/plain"}, max_bytes=ROBOTS_BYTES, cut=True)
        return response.status, response.body

    def _slow_down(self, host: str, delay: float) -> None:
        self.hosts.slow_down(host, min(delay, self.manners.max_crawl_delay))

    def _exchange(
        self, url: str, headers: dict[str, str], passage: connections.Passage, limit: int, *, cut: bool
    ) -> Response:
        if self.manners.proxy and not self.manners.allow_private_hosts:
            _judge_literal(url)
        with connections.manager(self._tls, self.manners.proxy) as pools:
            pools.connection_from_url(url).conn_kw["passage"] = passage
            raw = pools.urlopen(
                "GET",
                url,
                headers=headers,
                preload_content=False,
                decode_content=False,
                redirect=False,
                timeout=urllib3.Timeout(passage.seconds_left(passage.connect_timeout), passage.read_timeout),
            )
            try:
                coding = raw.headers.get("Content-Encoding", "")
                body = decode(_pieces(raw), coding, limit, cut=cut) if 200 <= raw.status < 300 else b""
            finally:
                raw.close()
        return Response(status=raw.status, url=url, headers=raw.headers, body=body)

    def _next(self, url: str, response: Response) -> str:
        location = response.headers.get("Location", "")
        if not location.strip():
            raise FetchError("redirect-bad", f"status {response.status} without a Location", status=response.status)
        # http.client reads header bytes as Latin-1; what isn't ASCII in them is UTF-8 in practice.
        location = location.encode("latin-1", "replace").decode("utf-8", "replace")
        target = request_url(location, base=url)
        if url.startswith("https:") and target.startswith("http:") and not self.manners.allow_downgrade:
            raise FetchError("redirect-downgrade", f"an https address redirects to {public_url(target)[:200]}")
        return target


def _pieces(raw: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    # `read` leaves chunks to http.client, whose lines are limited in length; `stream` reads them without a limit.
    while piece := raw.read(PIECE, decode_content=False):
        yield piece


def _judge_literal(url: str) -> None:
    """Behind a proxy only the proxy sees addresses; a URL that names one is judged here all the same."""
    host = host_of(url)
    if (":" in host or host.replace(".", "").isdigit()) and (reason := refusal(host)):
        raise FetchError("address-refused", f"{host} is {reason}")


def _explain(error: Exception) -> FetchError:
    """Sort what urllib3, http.client, ssl and the sockets raise into our kinds."""
    chain: list[BaseException] = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) and cause not in chain:
        chain.append(cause)
    text = str(chain[-1])[:200]
    for classes, kind, message in KINDS:
        if any(isinstance(link, classes) for link in chain):
            return FetchError(kind, f"{message} ({text})")
    return FetchError("connect", f"the connection failed ({text})")


KINDS: tuple[tuple[tuple[type[Exception], ...], str, str], ...] = (
    ((TimeoutError, exceptions.TimeoutError), "timeout", "the server took too long"),
    ((exceptions.ProxyError,), "proxy", "the proxy failed"),
    ((exceptions.SSLError, ssl.SSLError), "tls", "no secure connection"),
    ((exceptions.IncompleteRead, http.client.IncompleteRead), "truncated", "the body ended before its time"),
    ((ConnectionResetError, BrokenPipeError), "connect", "the server broke the connection off"),
    ((exceptions.HTTPError, http.client.HTTPException, ValueError), "bad-response", "the answer is not valid HTTP"),
)
"""Exception classes, the kind they make, and how to say it; the first that matches any link of the chain."""
