"""The report over HTTP, live: a WSGI application that only reads.

It is meant for one machine's own browser. A page elsewhere must not read through it, so names other
than the ones it was started for are refused (DNS rebinding), and every answer carries headers that
keep it from being framed, embedded, sniffed or kept.
"""

import dataclasses
import ipaddress
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl

import orjson

from reports.html.page import PLOT_STYLE, SCRIPTS, STYLES, asset, digest, shell
from reports.plain import printable

MAX_QUERY: Final = 2_000
"""Characters of a query string."""
TYPES: Final = {"css": "text/css", "js": "text/javascript"}
HEADERS: Final = (
    (
        "Content-Security-Policy",
        "; ".join(
            [
                "default-src 'none'",
                "script-src 'self'",
                f"style-src 'self' {digest(PLOT_STYLE)}",
                "img-src data:",
                "connect-src 'self'",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
                "require-trusted-types-for 'script'",
            ]
        ),
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Cache-Control", "no-store"),
)

Parameters = Mapping[str, str]


class BadRequestError(Exception):
    """A request that asks for what can't be; the message says why."""


@dataclasses.dataclass(frozen=True, slots=True)
class Reply:
    """An answer."""

    status: HTTPStatus
    content_type: str
    body: bytes


@dataclasses.dataclass(frozen=True, slots=True)
class Tables:
    """What the application asks of the tables; every call sees the newest commit."""

    sequence: Callable[[], int]
    data: Callable[[], bytes]
    """The report's data, as JSON."""
    search: Callable[[Parameters], dict[str, Any]]
    """Raises `BadRequestError`."""
    article: Callable[[str], dict[str, Any] | None]


@dataclasses.dataclass(frozen=True, slots=True)
class Application:
    """The WSGI application; `host` is the name or address it was told to listen on."""

    tables: Tables
    host: str
    complain: Callable[[str], object]

    def __call__(self, environ: Mapping[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        """Answer a request."""
        reply = self._reply(environ)
        headers = [*HEADERS, ("Content-Type", reply.content_type), ("Content-Length", str(len(reply.body)))]
        if reply.status == HTTPStatus.METHOD_NOT_ALLOWED:
            headers.append(("Allow", "GET, HEAD"))
        start_response(f"{reply.status.value} {reply.status.phrase}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [reply.body]

    def _reply(self, environ: Mapping[str, Any]) -> Reply:
        if not is_own(environ.get("HTTP_HOST", ""), self.host):
            return _text(HTTPStatus.MISDIRECTED_REQUEST, "This server answers to its own name and address alone.")
        if environ.get("HTTP_SEC_FETCH_SITE") in {"cross-site", "same-site"} and environ.get("PATH_INFO") != "/":
            return _text(HTTPStatus.FORBIDDEN, "Pages of other sites get nothing from here.")
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return _text(HTTPStatus.METHOD_NOT_ALLOWED, "This server only shows.")
        query = environ.get("QUERY_STRING", "")
        if len(query) > MAX_QUERY:
            return _text(HTTPStatus.REQUEST_URI_TOO_LONG, "The query is too long.")
        try:
            return self._route(environ.get("PATH_INFO", ""), dict(parse_qsl(query, max_num_fields=20)))
        except (BadRequestError, UnicodeError) as error:
            return _text(HTTPStatus.BAD_REQUEST, str(error))
        except (OSError, ValueError) as error:
            self.complain(printable(str(error)))
            return _text(HTTPStatus.SERVICE_UNAVAILABLE, "The tables could not be read: see the server's messages.")

    def _route(self, path: str, parameters: Parameters) -> Reply:
        match path.split("/")[1:]:
            case [""]:
                return Reply(HTTPStatus.OK, "text/html; charset=utf-8", "".join(shell(live=True)).encode())
            case ["static", name] if name in {*SCRIPTS, *STYLES}:
                kind = TYPES[name.rpartition(".")[2]]
                return Reply(HTTPStatus.OK, f"{kind}; charset=utf-8", asset(name).encode())
            case ["data.json"]:
                return Reply(HTTPStatus.OK, "application/json", self.tables.data())
            case ["sequence"]:
                return _json(self.tables.sequence())
            case ["search"]:
                return _json(self.tables.search(parameters))
            case ["article", article_id]:
                found = self.tables.article(article_id)
                return _text(HTTPStatus.NOT_FOUND, "No such article.") if found is None else _json(found)
        return _text(HTTPStatus.NOT_FOUND, "Nothing is here.")


def is_own(header: str, host: str) -> bool:
    """Whether a Host header names this server: the name it was told, this machine, or a bare address.

    A page of another site reaches a server on this machine only under a name (that site's, pointed
    here); so an address is safe whatever it is.

    >>> [is_own(header, "127.0.0.1") for header in ("127.0.0.1:8765", "[::1]:8765", "localhost", "evil.example:8765")]
    [True, True, True, False]
    """
    name = header.rpartition(":")[0] if header.rpartition(":")[2].isdecimal() else header
    name = name.removeprefix("[").removesuffix("]").lower()
    if name in {"localhost", host.lower()}:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _json(value: object) -> Reply:
    return Reply(HTTPStatus.OK, "application/json", orjson.dumps(value))


def _text(status: HTTPStatus, message: str) -> Reply:
    return Reply(status, "text/plain; charset=utf-8", (message + "\n").encode())
