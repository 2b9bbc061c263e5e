"""The server: a thread a connection, bytes as scripted, a record of who asked what when.

A script is a function of the request that yields what goes over the wire: bytes, or a float, seconds to wait. It may
break every rule of HTTP. The connection closes when it ends.
"""

import contextlib
import dataclasses
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Self

MAX_HEAD = 65_536


@dataclasses.dataclass(frozen=True)
class Request:
    """What was asked. `attempt` counts from 1 the requests for this path at this host.

    `started` and `ended`, in monotonic seconds, lie within what the client sees, however busy the machine: after the
    connection came in, before the last bytes went out. `broken_off` says that the client left in the middle of the
    answer: then `ended` may be later.
    """

    method: str
    path: str
    headers: dict[str, str]
    attempt: int
    started: float
    ended: float = 0.0
    broken_off: bool = False

    @property
    def host(self) -> str:
        return self.headers.get("host", "").rpartition(":")[0]


Script = Callable[[Request], Iterable[bytes | float]]


class FeedServer:
    """Serves scripts by path until it is closed; paths without one get a 404."""

    def __init__(self, family: socket.AddressFamily = socket.AF_INET, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1" if family == socket.AF_INET else "::1", 0), family=family)
        self.port: int = self._listener.getsockname()[1]
        self.requests: list[Request] = []
        self.connections = 0
        self._scripts: dict[str, Script] = {}
        self._attempts: dict[tuple[str, str], int] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def serve(self, path: str, script: Script | bytes) -> str:
        """Answer `path` with a script or with the same bytes every time; its URL."""
        fixed = script if callable(script) else None
        self._scripts[path] = fixed or (lambda _: [script])
        return self.url(path)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def asked(self, path: str) -> list[Request]:
        """The requests for `path` so far."""
        with self._lock:
            return [request for request in self.requests if request.path == path]

    def close(self) -> None:
        self._closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def _converse(self, accepted: socket.socket) -> None:
        started = time.monotonic()
        with contextlib.suppress(OSError), self._secured(accepted) as connection:
            connection.settimeout(10)
            request = self._read(connection, started)
            if request is None:
                return
            script = self._scripts.get(request.path.partition("?")[0], _missing)
            broken_off, ended = True, started
            try:
                for piece in _paced(script(request), self._closing):
                    ended = time.monotonic()
                    connection.sendall(piece)
                broken_off = False
            finally:
                with self._lock:
                    index = self.requests.index(request)
                    self.requests[index] = dataclasses.replace(request, ended=ended, broken_off=broken_off)
                # Half-close and wait for the client: a close over unread bytes would reset what was sent.
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_WR)
                    connection.settimeout(1)
                    connection.recv(1)

    def _secured(self, connection: socket.socket) -> socket.socket:
        if self._tls is None:
            return connection
        connection.settimeout(10)
        return self._tls.wrap_socket(connection, server_side=True)

    def _read(self, connection: socket.socket, started: float) -> Request | None:
        head = b""
        while b"\r\n\r\n" not in head and len(head) < MAX_HEAD:
            piece = connection.recv(4096)
            if not piece:
                return None
            head += piece
        first, *lines = head.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        with self._lock:
            key = (headers.get("host", ""), path)
            attempt = self._attempts[key] = self._attempts.get(key, 0) + 1
            request = Request(method, path, headers, attempt, started)
            self.requests.append(request)
        return request


def _paced(pieces: Iterable[bytes | float], closing: threading.Event) -> Iterator[bytes]:
    for piece in pieces:
        if isinstance(piece, bytes):
            yield piece
        elif closing.wait(piece):
            return


def _missing(_: Request) -> list[bytes]:
    return [b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"]
