"""Servers that break every rule: each must end as an outcome, in bounded time and memory."""

import datetime as dt
import gzip
import itertools
import socket
import ssl
import time
import tracemalloc
import zlib
from collections.abc import Iterable, Iterator

import brotli
import pytest
import trustme
import zstandard
from feed_server import FeedServer, Request, answer, rss
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from urllib3.util import create_urllib3_context

from articles import FeedState
from sources.feeds import Client, Limits, Manners, Poll, poll
from sources.polling import connections

NOW = dt.datetime(2025, 3, 3, 12, 0, tzinfo=dt.UTC)
MEGABYTE = 1_048_576
HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def ask(url: str, *, resolver: connections.Resolver = connections.resolve, tls=None, **manners: object) -> Poll:
    """Poll `url` with tight limits."""
    chosen = {"allow_private_hosts": True, "host_delay": 0.0, "read_robots": False} | manners
    limits = Limits(connect_timeout=5, read_timeout=1.0, total_timeout=2.0, max_bytes=MEGABYTE)
    return poll(FeedState(url=url), Client(limits, Manners(**chosen), resolver=resolver, tls=tls), NOW)


# Framing.


def flood(start: bytes, piece: bytes, times: int = 200):
    """A script that sends `start` and then up to 200 times a `piece`, of 64 KiB mostly."""
    return lambda _: itertools.chain([start], itertools.repeat(piece, times))


BLOCK = b"x" * 65_536

BROKEN: dict[str, tuple[object, set[str]]] = {
    "closes at once": (lambda _: [], {"connect"}),
    "closes in the status line": (b"HTTP/1", {"bad-response", "connect"}),
    "closes in the headers": (HEAD + b"Content-Le", {"empty", "bad-response"}),
    "is no HTTP": (b"220 ftp.example ready\r\n", {"bad-response"}),
    "status is a word": (b"HTTP/1.1 fine OK\r\n\r\n", {"bad-response"}),
    "status is 1000": (b"HTTP/1.1 1000 OK\r\n\r\n", {"bad-response"}),
    "many headers": (flood(HEAD, b"X-Filler: 1\r\n" * 4000), {"bad-response"}),
    "one endless header": (flood(HEAD + b"X: ", BLOCK), {"bad-response"}),
    "endless status line": (flood(b"HTTP/1.1 200 ", BLOCK), {"bad-response"}),
    "endless 100 Continue": (flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 3000), {"too-large", "timeout"}),
    "body longer than the limit": (flood(HEAD + b"\r\n", BLOCK), {"too-large"}),
    "declared longer than the limit": (flood(HEAD + b"Content-Length: 99999999\r\n\r\n", BLOCK), {"too-large"}),
    "body shorter than declared": (answer(body=rss(), Content_Length="9999"), {"truncated"}),
    "two different lengths": (HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", {"bad-response"}),
    "chunk size is garbage": (CHUNKED + b"zz\r\nabc\r\n0\r\n\r\n", {"truncated", "bad-response"}),
    "chunk size is negative": (flood(CHUNKED + b"-1\r\n", BLOCK), {"too-large", "truncated", "bad-response"}),
    "chunk size is huge": (flood(CHUNKED + b"ffffffffffffffffff\r\n", BLOCK), {"too-large"}),
    "chunk header never ends": (flood(CHUNKED + b"5;", BLOCK), {"truncated", "bad-response"}),
    "chunk is cut off": (CHUNKED + b"ff\r\nabc", {"truncated"}),
    "last chunk is missing": (CHUNKED + b"3\r\nabc\r\n", {"truncated"}),
    "trailers never end": (flood(CHUNKED + b"3\r\nabc\r\n0\r\n", b"X: 1\r\n" * 10_000), {"too-large", "timeout"}),
    "unknown coding": (answer(body=b"x", Content_Encoding="rot13"), {"bad-encoding"}),
    "too many codings": (answer(body=b"x", Content_Encoding="gzip, gzip, gzip"), {"bad-encoding"}),
    "coding is broken": (answer(body=b"\x1f\x8b" + BLOCK, Content_Encoding="gzip"), {"bad-encoding"}),
    "brotli is broken": (answer(body=BLOCK, Content_Encoding="br"), {"bad-encoding"}),
    "zstd is broken": (answer(body=BLOCK, Content_Encoding="zstd"), {"bad-encoding"}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_answer_is_an_error_with_a_kind(feed_server: FeedServer, name: str) -> None:
    script, kinds = BROKEN[name]
    tracemalloc.start()
    result = ask(feed_server.serve("/rss", script))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert result.outcome.removeprefix("error:") in kinds
    assert result.payload is None
    assert peak < 12 * MEGABYTE, "the test server's own buffers included"


def test_chunks_are_joined(feed_server: FeedServer) -> None:
    body = rss()
    chunks = b"".join(b"%x;ext=1\r\n%b\r\n" % (len(body[i : i + 7]), body[i : i + 7]) for i in range(0, len(body), 7))
    result = ask(feed_server.serve("/rss", CHUNKED + chunks + b"0\r\nX-Trailer: 1\r\n\r\n"))
    assert (result.outcome, result.payload) == ("fetched", body)


def test_body_longer_than_declared_is_cut(feed_server: FeedServer) -> None:
    result = ask(feed_server.serve("/rss", answer(body=rss() + b"next answer?", Content_Length=str(len(rss())))))
    assert result.payload == rss()


@pytest.mark.parametrize("length", ["abc", "-5", "1e3", ""])
def test_unreadable_length_is_ignored(feed_server: FeedServer, length: str) -> None:
    result = ask(feed_server.serve("/rss", answer(body=rss(), Content_Length=length)))
    assert result.payload == rss()


def test_lines_without_carriage_return_are_read(feed_server: FeedServer) -> None:
    result = ask(feed_server.serve("/rss", answer(body=rss()).replace(b"\r\n", b"\n")))
    assert result.payload == rss()


def drip(pieces: Iterable[bytes]) -> Iterator[bytes | float]:
    """A few bytes at a time, each well within the read timeout."""
    for piece in pieces:
        yield piece
        yield 0.05


@pytest.mark.parametrize(
    ("name", "pieces"),
    [
        ("status line", lambda: (b"H" for _ in range(2000))),
        ("headers", lambda: itertools.chain([HEAD], (b"x" for _ in range(2000)))),
        ("body", lambda: itertools.chain([HEAD + b"\r\n"], (b"<" for _ in range(2000)))),
        ("chunks", lambda: itertools.chain([CHUNKED], (b"1\r\n<\r\n" for _ in range(2000)))),
    ],
)
def test_slow_drip_ends_with_the_total_time(feed_server: FeedServer, name: str, pieces) -> None:
    started = time.monotonic()
    result = ask(feed_server.serve("/rss", lambda _: drip(pieces())))
    assert result.outcome == "error:timeout", name
    assert 1.5 < time.monotonic() - started < 20


def test_total_time_is_of_all_redirects_together(feed_server: FeedServer) -> None:
    started = time.monotonic()
    slow = lambda request: [0.7, answer(302, Location=f"/rss?{request.path}")]  # noqa: E731
    assert ask(feed_server.serve("/rss", slow)).outcome == "error:timeout"
    assert time.monotonic() - started < 20


def test_silence_ends_with_the_read_timeout(feed_server: FeedServer) -> None:
    assert ask(feed_server.serve("/rss", lambda _: [HEAD, 8.0])).outcome == "error:timeout"


def test_nobody_listening_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    assert ask(f"http://127.0.0.1:{port}/rss").outcome == "error:connect"


# Content codings.


CODINGS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
    "gzip, br": lambda data: brotli.compress(gzip.compress(data)),
    "identity": bytes,
}

BROTLI_BOMB = {
    "br": lambda: brotli.compress(bytes(200 * MEGABYTE), quality=2),
    "gzip, br": lambda: brotli.compress(gzip.compress(bytes(200 * MEGABYTE))),
}


@pytest.mark.parametrize("coding", CODINGS)
def test_content_coding_is_undone(feed_server: FeedServer, coding: str) -> None:
    body = rss(500)
    result = ask(feed_server.serve("/rss", answer(body=CODINGS[coding](body), Content_Encoding=coding)))
    assert (result.outcome, result.payload) == ("fetched", body)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, br"])
def test_bomb_is_refused_in_bounded_memory(feed_server: FeedServer, coding: str) -> None:
    bomb = CODINGS[coding](bytes(200 * MEGABYTE)) if "br" not in coding else BROTLI_BOMB[coding]()
    assert len(bomb) < MEGABYTE
    url = feed_server.serve("/rss", answer(body=bomb, Content_Encoding=coding))
    tracemalloc.start()
    result = ask(url)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert result.outcome == "error:too-large"
    assert peak < 16 * MEGABYTE


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_truncated_coding_is_an_error(feed_server: FeedServer, coding: str) -> None:
    body = CODINGS[coding](rss(50))
    result = ask(feed_server.serve("/rss", answer(body=body[:-5], Content_Encoding=coding)))
    assert result.outcome == "error:truncated"


def test_body_that_only_claims_to_be_gzip_is_taken_as_it_is(feed_server: FeedServer) -> None:
    assert ask(feed_server.serve("/rss", answer(body=rss(), Content_Encoding="gzip"))).payload == rss()


# Redirects.


def test_redirect_loops_and_chains_end(feed_server: FeedServer) -> None:
    own = feed_server.serve("/self", answer(301, Location="/self"))
    two = feed_server.serve("/one", answer(302, Location="/two"))
    feed_server.serve("/two", answer(302, Location="/one"))
    endless = feed_server.serve(
        "/x", lambda request: [answer(301, Location=f"/x?{len(request.path)}{request.path[2:]}")]
    )
    assert ask(own).outcome == "error:redirect-loop"
    assert ask(two).outcome == "error:redirect-loop"
    assert ask(endless).outcome == "error:redirect-limit"
    assert len([request for request in feed_server.requests if request.path.startswith("/x")]) == 9


@pytest.mark.parametrize(
    ("location", "outcome"),
    [
        ("", "error:redirect-bad"),
        ("ftp://wire.example/rss", "error:bad-url"),
        ("file:///etc/passwd", "error:bad-url"),
        ("javascript:alert(1)", "error:bad-url"),
        ("http://", "error:redirect-loop"),
        ("http://[::1", "error:bad-url"),
        ("//[", "error:bad-url"),
        ("http://wire.example:99999/", "error:bad-url"),
        ("/" + "a" * 9000, "error:bad-url"),
        ("/\x01", "error:bad-url"),
        ("next", "fetched"),
        ("/next#part", "fetched"),
        ("?page=caf\xc3\xa9 au lait", "fetched"),
        ("  /next  ", "fetched"),
    ],
)
def test_location_is_input(feed_server: FeedServer, location: str, outcome: str) -> None:
    def script(request: Request) -> list[bytes]:
        return [answer(body=rss()) if "?" in request.path else answer(302, Location=location)]

    feed_server.serve("/next", answer(body=rss()))
    assert ask(feed_server.serve("/rss", script)).outcome == outcome


# Addresses.


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "017700000001",
        "0",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::]",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "[fe80::1]",
        "[64:ff9b::7f00:1]",
        "[fd00::1]",
        "224.0.0.1",
    ],
)
def test_private_address_is_refused_however_it_is_written(feed_server: FeedServer, host: str) -> None:
    result = ask(f"http://{host}:{feed_server.port}/rss", allow_private_hosts=False)
    # Forms that the platform's resolver doesn't read lead nowhere either.
    assert result.outcome in ("error:address-refused", "error:dns", "error:bad-url")
    assert feed_server.connections == 0


@pytest.fixture
def public_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """127.0.0.1 counts as public, so that a guarded client reaches the test server; every other address is judged."""
    judge = connections.refusal
    monkeypatch.setattr(connections, "refusal", lambda ip: None if ip == "127.0.0.1" else judge(ip))


@pytest.mark.usefixtures("public_loopback")
@pytest.mark.parametrize("host", ["127.0.0.2", "10.0.0.1", "169.254.169.254", "[::1]", "localhost.localdomain"])
def test_redirect_to_a_private_address_is_refused(feed_server: FeedServer, host: str) -> None:
    url = feed_server.serve("/rss", answer(302, Location=feed_server.url("/secret", host=host)))

    def resolver(name: str, port: int) -> list[tuple[int, str]]:
        return [(socket.AF_INET, "127.0.0.3")] if name.startswith("localhost") else connections.resolve(name, port)

    result = ask(url, allow_private_hosts=False, resolver=resolver)
    assert result.outcome == "error:address-refused"
    assert not feed_server.asked("/secret")


@pytest.mark.usefixtures("public_loopback")
def test_rebound_name_is_refused(feed_server: FeedServer) -> None:
    """A name that is public the first time and private the second: what is judged is what is connected to."""
    feed_server.serve("/rss", lambda _: [answer(302, Location="/secret")])
    answers = iter([[(socket.AF_INET, "127.0.0.1")], [(socket.AF_INET, "127.0.0.2")]])
    url = feed_server.url("/rss", host="rebind.example")
    result = ask(url, allow_private_hosts=False, resolver=lambda *_: next(answers))
    assert result.outcome == "error:address-refused"
    assert [request.path for request in feed_server.requests] == ["/rss"]


@pytest.mark.usefixtures("public_loopback")
def test_public_one_of_several_addresses_is_taken(feed_server: FeedServer) -> None:
    feed_server.serve("/rss", answer(body=rss()))
    found = [(socket.AF_INET, "10.0.0.1"), (socket.AF_INET6, "::1"), (socket.AF_INET, "127.0.0.1")]
    url = feed_server.url("/rss", host="mixed.example")
    result = ask(url, allow_private_hosts=False, resolver=lambda *_: found)
    assert result.outcome == "fetched"
    assert feed_server.requests[0].host == "mixed.example"


def test_connected_socket_is_judged_again(feed_server: FeedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where the first judgement was wrong."""
    answers = iter([None, "loopback"])
    monkeypatch.setattr(connections, "refusal", lambda _: next(answers))
    assert ask(feed_server.url("/rss"), allow_private_hosts=False).outcome == "error:address-refused"
    assert not feed_server.requests


@pytest.mark.parametrize("error", [socket.gaierror(-2, "unknown"), UnicodeError("label too long")])
def test_name_that_does_not_resolve_is_an_error(error: Exception) -> None:
    def resolver(*_: object) -> list[tuple[int, str]]:
        raise error

    assert ask("http://nowhere.example/rss", resolver=resolver).outcome == "error:dns"


@pytest.mark.parametrize(
    "url",
    ["", "rss", "ftp://a.example/", "http://", "http:///rss", "http://a.example\r\nX: 1/", "http://a b/", "file:///x"],
)
def test_unusable_address_is_an_error(url: str) -> None:
    assert ask(url, resolver=lambda *_: []).outcome in ("error:bad-url", "error:address-refused")


def test_ipv6_server_is_reached() -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    try:
        server = FeedServer(socket.AF_INET6)
    except OSError:
        pytest.skip("no IPv6 loopback here")
    with server:
        server.serve("/rss", answer(body=rss()))
        assert ask(server.url("/rss", host="[::1]")).outcome == "fetched"
        assert ask(server.url("/rss", host="[::1]"), allow_private_hosts=False).outcome == "error:address-refused"


# Proxies and TLS.


def test_proxies_of_the_environment_are_ignored(feed_server: FeedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert ask(feed_server.serve("/rss", answer(body=rss()))).outcome == "fetched"


def test_given_proxy_is_asked_and_may_be_private(feed_server: FeedServer) -> None:
    feed_server.serve("http://wire.example/rss", answer(body=rss()))
    proxied = {"proxy": feed_server.url(""), "allow_private_hosts": False}
    assert ask("http://wire.example/rss", **proxied).outcome == "fetched"
    assert ask("http://169.254.169.254/rss", **proxied).outcome == "error:address-refused"
    assert len(feed_server.requests) == 1


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls(authority: trustme.CA, tmp_path) -> ssl.SSLContext:
    """A client's context that trusts the test's authority."""
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return connections.guard(create_urllib3_context(), str(tmp_path / "ca.pem"))


@pytest.fixture
def secure_server(authority: trustme.CA) -> Iterator[FeedServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("wire.example").configure_cert(context)
    with FeedServer(tls=context) as server:
        yield server


def local(_: str, port: int) -> list[tuple[int, str]]:
    return [(socket.AF_INET, "127.0.0.1")]


def test_tls_is_verified(secure_server: FeedServer, tls: ssl.SSLContext) -> None:
    secure_server.serve("/rss", answer(body=rss()))
    url = secure_server.url("/rss", host="wire.example")
    assert ask(url, resolver=local, tls=tls).outcome == "fetched"
    assert ask(url, resolver=local).outcome == "error:tls", "an authority nobody knows"
    wrong = secure_server.url("/rss", host="other.example")
    assert ask(wrong, resolver=local, tls=tls).outcome == "error:tls", "another's certificate"


def test_slow_drip_over_tls_ends_with_the_total_time(secure_server: FeedServer, tls: ssl.SSLContext) -> None:
    secure_server.serve("/rss", lambda _: drip(itertools.chain([HEAD], (b"x" for _ in range(2000)))))
    started = time.monotonic()
    result = ask(secure_server.url("/rss", host="wire.example"), resolver=local, tls=tls)
    assert result.outcome == "error:timeout"
    assert time.monotonic() - started < 20


def test_flood_over_tls_is_refused(secure_server: FeedServer, tls: ssl.SSLContext) -> None:
    secure_server.serve("/rss", flood(CHUNKED + b"-1\r\n", BLOCK))
    result = ask(secure_server.url("/rss", host="wire.example"), resolver=local, tls=tls)
    assert result.outcome in ("error:too-large", "error:truncated", "error:bad-response")


def test_handshake_that_stalls_ends(feed_server: FeedServer) -> None:
    """The server waits for a request head that never comes; the client for a handshake."""
    result = ask(f"https://127.0.0.1:{feed_server.port}/rss")
    assert result.outcome in ("error:timeout", "error:tls")


def test_https_does_not_redirect_to_http(
    secure_server: FeedServer, feed_server: FeedServer, tls: ssl.SSLContext
) -> None:
    plain = feed_server.serve("/rss", answer(body=rss()))
    secure_server.serve("/rss", answer(301, Location=plain))
    url = secure_server.url("/rss", host="wire.example")
    assert ask(url, resolver=local, tls=tls).outcome == "error:redirect-downgrade"
    assert ask(url, resolver=local, tls=tls, allow_downgrade=True).outcome == "fetched"


# Anything at all.


PIECES = st.one_of(
    st.binary(max_size=40),
    st.sampled_from(
        [
            HEAD,
            CHUNKED,
            b"HTTP/1.1 ",
            b"301 Moved\r\n",
            b"304 \r\n",
            b"226 IM Used\r\n",
            b"\r\n",
            b"\r\n\r\n",
            b"5\r\n",
            b":",
            b"0\r\n\r\n",
            b"Location: /\xff\xfe\r\n",
            b"Location: //@:/\r\n",
            b"Location: http://%zz\r\n",
            b"Content-Length: 3\r\n",
            b"Content-Encoding: gzip\r\n",
            b"Content-Encoding: br, zstd\r\n",
            b"Transfer-Encoding: chunked, gzip\r\n",
            b"Retry-After: Fri, 99 Foo 2025\r\n",
            b"Expires: -1\r\n",
            b"Date: Mon, 03 Mar 99999\r\n",
            b"Age: 1e9\r\n",
            b"Cache-Control: max-age=99999999999999\r\n",
            b'ETag: "\x00"\r\n',
            b"Link: <;;>; rel=license, <\r\n",
            b"Link: <http://[>; rel=license\r\n",
            b"<rss>",
            b"{}",
            b'{"items": 5}',
            b"[]",
            b"<!DOCTYPE html>",
            b"\xff\xfe<\x00",
            b"<?xml version='1.0' encoding='nonsense'?>",
        ]
    ),
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(PIECES, max_size=12))
def test_nothing_a_server_sends_raises(feed_server: FeedServer, pieces: list[bytes]) -> None:
    result = ask(feed_server.serve("/rss", b"".join(pieces)))
    assert isinstance(result, Poll)
    assert result.feed.next_poll_at is not None or result.outcome == "retired"


ODD_URLS = st.one_of(
    st.sampled_from(
        ["http://[", "//[::1", "http://[]/", "http://a]b/", "http://\u2100.example/", "http://a:99999/", "/ok"]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="<>&'\"\r\n"), max_size=12),
)
DIGITS = st.text(st.characters(categories=["Nd"]), max_size=12)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(link=ODD_URLS, href=ODD_URLS, robots=ODD_URLS, rule=ODD_URLS, number=DIGITS)
def test_nothing_a_feed_says_of_itself_raises(
    feed_server: FeedServer, link: str, href: str, robots: str, rule: str, number: str
) -> None:
    text = f"License: {robots}\nUser-agent: *\nDisallow: {rule}\nAllow: {rule}$\nCrawl-delay: {rule}{number}"
    feed_server.serve("/robots.txt", answer(body=text.encode()))
    head = f'<ttl>{number}</ttl><link rel="license" href="{href}"/><skipHours><hour>{number}</hour></skipHours>'
    start = (
        f"HTTP/1.1 200 OK\r\nLink: <{link}>; rel=license\r\nAge: {number}\r\nCache-Control: max-age={number}\r\n\r\n"
    )
    result = ask(feed_server.serve("/rss", start.encode() + rss(head=head)), read_robots=True)
    assert result.feed.next_poll_at is not None
    assert result.feed.license_url is None or result.feed.license_url.startswith("http")


def test_message_holds_nothing_that_a_terminal_would_obey(feed_server: FeedServer) -> None:
    result = ask(feed_server.serve("/rss", b"HTTP/1.1 \x1b[2J\x07 no\r\n\r\n"))
    assert result.message.isprintable()
    assert result.feed.last_message == result.message


@settings(max_examples=200, deadline=None)
@given(
    location=st.text(st.characters(codec="utf-8"), max_size=40),
    prefix=st.sampled_from(["", "http://", "//", "/", "https://a"]),
)
def test_no_address_raises(location: str, prefix: str) -> None:
    result = ask(prefix + location, resolver=lambda *_: [])
    assert result.outcome.startswith("error:")
