import gzip
import io

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import Article, Origin, ParseError
from sources.formats import warc

ORIGIN = Origin(uri="crawl.warc.gz")
RESPONSE = "application/http; msgtype=response"
URL = "https://gazette.example/bridge"
PAGE = (
    "<html><head><meta property='og:type' content='article'></head><body><h1>Harbour bridge to close</h1>"
    + "<p>The harbour bridge will be shut to all traffic from the first of April, the council said.</p>" * 2
).encode()


def record(kind, block, *, ctype=RESPONSE, url=URL, number=1):
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number}>\r\nWARC-Date: 2025-03-05T00:00:00Z\r\n"
        f"WARC-Target-URI: {url}\r\nContent-Type: {ctype}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def http(body, *headers, ctype="text/html", status="200 OK"):
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {ctype}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def chunked(body, size=50):
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def read(payload):
    return list(warc.parse(payload, ORIGIN))


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (PAGE, []),
        (gzip.compress(PAGE), ["Content-Encoding: gzip"]),
        (brotli.compress(PAGE), ["Content-Encoding: br"]),
        (zstandard.compress(PAGE), ["Content-Encoding: zstd"]),
        (chunked(PAGE), ["Transfer-Encoding: chunked"]),
        (chunked(gzip.compress(PAGE)), ["Transfer-Encoding: chunked", "Content-Encoding: gzip"]),
        (PAGE, ["Content-Encoding: gzip"]),
    ],
    ids=["plain", "gzip", "br", "zstd", "chunked", "chunked-gzip", "falsely-gzip"],
)
def test_a_page_is_read_whatever_its_http_coding(body, headers):
    (found,) = read(record("response", http(body, *headers)))
    assert isinstance(found, Article)
    assert found.title == "Harbour bridge to close"
    assert (found.source_uri, found.source_format) == ("crawl.warc.gz!/<urn:uuid:1>", "html")
    assert found.url == URL
    assert found.published_raw is None
    assert len(found.payload_sha256) == 64


def test_records_that_are_no_news_are_skipped_and_counted():
    payload = (
        record("warcinfo", b"software: x\r\n", ctype="application/warc-fields")
        + record("request", b"GET / HTTP/1.1\r\n\r\n", ctype="application/http; msgtype=request")
        + record("response", http(PAGE, status="404 Not Found"))
        + record("response", http(b"\xff\xd8\xff", ctype="image/jpeg"))
        + record("response", http(b"User-agent: *\nDisallow: /\n", ctype="text/plain"))
        + record("response", http(b'{"a": 1}', ctype="application/json"))
        + record("revisit", b"HTTP/1.1 200 OK\r\n\r\n")
        + record("response", http(PAGE))
    )
    assert [item.item_index for item in read(payload)] == [7]


def test_a_feed_is_read_by_its_parser():
    items = b"<item><title>A</title></item><item><title>B</title></item>"
    feed = b"<rss version='2.0'><channel><title>G</title>" + items + b"</channel></rss>"
    found = read(record("response", http(feed, ctype="application/rss+xml")))
    assert [(item.title, item.source_format, item.item_index) for item in found] == [("A", "rss", 0), ("B", "rss", 1)]


def test_a_record_that_fails_does_not_stop_the_next(monkeypatch):
    monkeypatch.setattr(warc, "MAX_RECORD", 5_000)
    bomb = gzip.compress(b"x" * 50_000)
    payload = (
        record("response", http(PAGE + b" " * 5_000))
        + record("response", http(bomb, "Content-Encoding: gzip"))
        + record("response", http(b"\x1f\x8b\x08broken", "Content-Encoding: gzip"))
        + record("response", b"no http at all")
        + record("response", http(b"<html><body></body></html>"))
        + record("response", http(PAGE))
    )
    *errors, last = read(payload)
    assert [error.reason for error in errors if isinstance(error, ParseError)] == [
        "too-large", "too-large", "malformed", "malformed", "no-article",
    ]  # fmt: skip
    assert isinstance(last, Article)


def test_a_cut_archive_gives_what_came_before_the_cut():
    whole = record("response", http(PAGE), number=1) + record("response", http(PAGE), number=2)
    first, second = read(whole[:-100])
    assert isinstance(first, Article)
    assert (second.reason, second.item_index) == ("truncated", 1)
    packed = gzip.compress(record("response", http(PAGE))) + gzip.compress(record("response", http(PAGE)))[:-100]
    first, second = warc.iterate(io.BytesIO(packed), ORIGIN)
    assert isinstance(first, Article)
    assert (second.reason, second.item_index) == ("truncated", 1)


def test_gzip_by_records_is_read_from_a_stream():
    packed = b"".join(gzip.compress(record("response", http(PAGE), number=n)) for n in range(3))
    assert [item.item_index for item in warc.iterate(io.BytesIO(packed), ORIGIN)] == [0, 1, 2]


def test_a_stream_that_can_not_seek_is_read():
    class Pipe(io.BytesIO):
        def seekable(self):
            return False

        def seek(self, *args):
            raise io.UnsupportedOperation("seek")

    stream = io.BufferedReader(Pipe(gzip.compress(record("response", http(PAGE)))))
    assert [item.item_index for item in warc.iterate(stream, ORIGIN)] == [0]


def test_errors_of_the_disk_pass_through():
    class Failing(io.BytesIO):
        def read(self, *args):
            raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output error"):
        list(warc.iterate(Failing(), ORIGIN))


WHOLE = record("response", http(chunked(PAGE), "Transfer-Encoding: chunked")) + record("response", http(PAGE))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 40), st.binary(max_size=8)), max_size=4))
def test_only_parse_errors_leave_the_parser(edits):
    payload = WHOLE
    for at, cut, put in edits:
        payload = payload[:at] + put + payload[at + cut :]
    try:
        found = read(payload)
    except ParseError:
        return
    assert all(isinstance(item, Article | ParseError) for item in found)
