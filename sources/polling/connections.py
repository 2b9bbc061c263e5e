"""Sockets that keep to a deadline and a byte budget, and connections that refuse private addresses.

The checks sit on the socket, under urllib3, http.client and ssl: a slow drip of headers, an endless chunk header or a
name that resolves otherwise the second time can't get past them.
"""

import dataclasses
import functools
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from typing import Any

import certifi
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util import create_urllib3_context

from sources.polling.addresses import refusal
from sources.polling.errors import FetchError

Resolver = Callable[[str, int], Sequence[tuple[int, str]]]
"""Host and port → (address family, IP address) in order of preference. Raises OSError."""

Buffer = bytearray | memoryview

MAX_ADDRESSES = 4
"""Addresses of one name that are tried."""


def resolve(host: str, port: int) -> list[tuple[int, str]]:
    """Ask the system's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, str(address[0])) for family, _, _, _, address in found]


@dataclasses.dataclass(slots=True)
class Passage:
    """What one request may use up, and where it may go. Times are in seconds, `deadline` on `time.monotonic`.

    `bytes_left` counts everything that comes over the wire: status lines, headers, chunk headers, body.
    """

    deadline: float
    bytes_left: int
    connect_timeout: float
    read_timeout: float
    resolver: Resolver
    allow_private: bool = False

    def seconds_left(self, at_most: float) -> float:
        """How long the next blocking call may take."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time for the whole request is used up")
        return min(left, at_most)

    def count(self, received: int) -> int:
        """Take received bytes off the budget."""
        self.bytes_left -= received
        if self.bytes_left < 0:
            raise FetchError("too-large", "the answer is larger than the limit")
        return received


class PassageSocket(socket.socket):
    """A TCP socket whose every read and write keeps to a passage."""

    passage: Passage

    def recv_into(self, buffer: Buffer, nbytes: int = 0, flags: int = 0) -> int:  # type: ignore[override]
        """Receive, within the time and the bytes left."""
        self.settimeout(self.passage.seconds_left(self.passage.read_timeout))
        return self.passage.count(super().recv_into(buffer, nbytes, flags))

    def sendall(self, data: Buffer, flags: int = 0) -> None:  # type: ignore[override]
        """Send, within the time left."""
        self.settimeout(self.passage.seconds_left(self.passage.read_timeout))
        super().sendall(data, flags)


class PassageTLSSocket(ssl.SSLSocket):
    """The same over TLS. `passage` is set once the handshake, which has a timeout of its own, is done."""

    passage: Passage | None = None

    def recv_into(self, buffer: Buffer, nbytes: int | None = None, flags: int = 0) -> int:  # type: ignore[override]
        """Receive, within the time and the bytes left."""
        if self.passage is None:
            return super().recv_into(buffer, nbytes, flags)
        self.settimeout(self.passage.seconds_left(self.passage.read_timeout))
        return self.passage.count(super().recv_into(buffer, nbytes, flags))

    def sendall(self, data: Buffer, flags: int = 0) -> None:  # type: ignore[override]
        """Send, within the time left."""
        if self.passage is not None:
            self.settimeout(self.passage.seconds_left(self.passage.read_timeout))
        super().sendall(data, flags)


@functools.cache
def tls_context() -> ssl.SSLContext:
    """Verify against the system's authorities (SSL_CERT_FILE is honoured) and certifi's.

    One for all clients of a process: reading the authorities takes a fifth of a second.
    """
    return guard(create_urllib3_context(), certifi.where())


def guard(context: ssl.SSLContext, authorities: str) -> ssl.SSLContext:
    """Make `context` trust the authorities in a file beside the system's, and its sockets keep to a passage."""
    context.load_default_certs()
    context.load_verify_locations(authorities)
    context.sslsocket_class = PassageTLSSocket
    return context


class GuardedHTTPConnection(HTTPConnection):
    """Connects only where its passage allows."""

    def __init__(self, host: str, port: int | None = None, *, passage: Passage, **options: Any) -> None:  # noqa: ANN401
        super().__init__(host, port, **options)
        self.passage = passage

    def _new_conn(self) -> socket.socket:
        return connect(self.host, self.port, self.passage, guarded=self.proxy is None)


class GuardedHTTPSConnection(HTTPSConnection):
    """The same over TLS."""

    def __init__(self, host: str, port: int | None = None, *, passage: Passage, **options: Any) -> None:  # noqa: ANN401
        super().__init__(host, port, **options)
        self.passage = passage

    def _new_conn(self) -> socket.socket:
        return connect(self.host, self.port, self.passage, guarded=self.proxy is None)

    def connect(self) -> None:
        """Connect and shake hands; from then on the socket keeps to the passage."""
        super().connect()
        if isinstance(self.sock, PassageTLSSocket):
            self.sock.passage = self.passage


class GuardedHTTPPool(HTTPConnectionPool):
    """Pool of such connections."""

    ConnectionCls = GuardedHTTPConnection


class GuardedHTTPSPool(HTTPSConnectionPool):
    """Pool of such connections."""

    ConnectionCls = GuardedHTTPSConnection


def connect(host: str, port: int, passage: Passage, *, guarded: bool) -> socket.socket:
    """Resolve once, connect to an address that was judged, judge again what the socket is connected to.

    Raises FetchError where the name doesn't resolve, leads to refused addresses only, or no address answers.
    """
    bare = host.strip("[]")
    try:
        found = passage.resolver(bare, port)
    except (OSError, UnicodeError) as error:
        raise FetchError("dns", f"{bare}: the name does not resolve ({error})") from error
    guarded = guarded and not passage.allow_private
    allowed = [(family, ip) for family, ip in found if not (guarded and refusal(ip))]
    if not allowed:
        reasons = ", ".join(f"{ip} is {refusal(ip)}" for _, ip in found) or "it has no address"
        raise FetchError("address-refused", f"{bare}: {reasons}")
    failure: OSError | None = None
    for family, ip in allowed[:MAX_ADDRESSES]:
        sock = PassageSocket(family, socket.SOCK_STREAM)
        sock.passage = passage
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(passage.seconds_left(passage.connect_timeout))
            sock.connect((ip, port))
            _recheck(sock, guarded=guarded)
        except FetchError:
            sock.close()
            raise
        except OSError as error:
            sock.close()
            failure = error
        else:
            return sock
    kind = "timeout" if isinstance(failure, TimeoutError) else "connect"
    raise FetchError(kind, f"{bare}:{port}: no connection ({failure})") from failure


def _recheck(sock: socket.socket, *, guarded: bool) -> None:
    peer = str(sock.getpeername()[0])
    if guarded and (reason := refusal(peer)):
        raise FetchError("address-refused", f"connected to {peer}, which is {reason}")


def manager(context: ssl.SSLContext, proxy: str | None) -> urllib3.PoolManager:
    """Connections for one request.

    Nothing is kept alive: what a server leaves in a socket can't be taken for the next answer, and every request is
    judged anew.
    """
    options: dict[str, Any] = {"ssl_context": context, "num_pools": 1, "maxsize": 1, "retries": False}
    made = urllib3.ProxyManager(proxy, **options) if proxy else urllib3.PoolManager(**options)
    made.pool_classes_by_scheme = {"http": GuardedHTTPPool, "https": GuardedHTTPSPool}
    return made
