"""Whatever the bytes, a parser yields articles and errors, raises nothing else, and never breaks a text."""

import contextlib
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import Article, Origin, ParseError, Reject
from sources.charset import decode
from sources.formats import FORMATS, Parser, feed, json_feed, jsonl, text
from sources.parse import parse
from sources.sniff import sniff

PIECES = [
    b"<rss version='2.0'>",
    b"<channel>",
    b"<item>",
    b"</item>",
    b"<title>",
    b"</title>",
    b"<description>",
    b"<link>",
    b"<guid>",
    b"<feed xmlns='http://www.w3.org/2005/Atom'>",
    b"<entry>",
    b"<content type='xhtml'>",
    b"<content type='a/b'>",
    b"<div>",
    b"</div>",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b"&a;",
    b"&#xD800;",
    b"&#99999999999;",
    b"&amp;lt;",
    b"<author>",
    b"<pubDate>",
    b"a@b.cc (N)",
    b"xml:base='::'",
    b"<?xml version='1.0' encoding='utf-16'?>",
    b"\x00",
    b"\xff\xfe",
    b"\xe9",
    b"<media:credit role='x'>",
    b"<category/>",
    b"<source url='u'>",
    b"<dc:date>",
    b"<image>",
    b"<textinput>",
    b"<svg>",
    b"<url>",
    b"<georss:point>",
    b"<psc:chapter start='x'/>",
    b"<itunes:duration>",
    b"<width>",
    b"text ",
    b"{",
    b"}",
    b"[",
    b"]",
    b'"title": ',
    b'"items": ',
    b'"x"',
    b",",
    b"1e999",
    b"\n",
    b'{"version": "https://jsonfeed.org/version/1", "items": [',
    b'{"id": 1, "title": "t", "authors": ',
    b"null",
]
SOUP = st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=6)), max_size=40).map(b"".join)
OURS = {
    "feed": feed.parse,
    "json_feed": json_feed.parse,
    "jsonl": jsonl.parse,
    "json": jsonl.parse_document,
    "text": text.parse,
}
FEED = (
    b"<?xml version='1.0' encoding='utf-8'?><rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
    b"<channel><title>T</title>"
    b"<item><title>One &amp; two</title><link>http://a.example/1</link><dc:creator>A. B.</dc:creator><guid>1</guid>"
    b"<description><![CDATA[<p>Body \xe2\x80\x94 one</p>]]></description>"
    b"<pubDate>Tue, 05 Mar 2024 08:15:00 +0100</pubDate></item>"
    b"<item><title>Three</title><description>Body two</description></item></channel></rss>"
)


def check(items: Iterable[Article | ParseError]) -> None:
    for item in items:
        if isinstance(item, Article):
            assert item.title.strip() or item.body.strip()
            assert item.markup <= {"title", "summary", "body"}
            repr(item).encode()
            (item.title + item.body + (item.summary or "")).encode()


@pytest.mark.parametrize("parser", OURS.values(), ids=OURS)
@settings(deadline=None)
@given(payload=SOUP)
def test_only_parse_errors_leave(parser: Parser, payload: bytes) -> None:
    with contextlib.suppress(ParseError):
        check(parser(payload, Origin(uri="https://x.example/f")))


@settings(deadline=None)
@given(payload=SOUP)
def test_every_payload_is_accounted_for(payload: bytes) -> None:
    try:
        known = sniff(payload) in OURS or sniff(payload) in FORMATS
    except ParseError:
        known = False
    items = list(parse(payload, Origin(uri="f")))
    assert known or (len(items) == 1 and isinstance(items[0], Reject))


@pytest.mark.parametrize("end", range(0, len(FEED), 10))
def test_a_feed_cut_anywhere(end: int) -> None:
    items = list(parse(FEED[:end], Origin(uri="f"), "rss"))
    assert items, "a cut feed is never silence"


@given(payload=st.binary(max_size=300), content_type=st.none() | st.text(max_size=40))
def test_decoding_never_fails(payload: bytes, content_type: str | None) -> None:
    decoded, encoding = decode(payload, content_type)
    decoded.encode()
    assert encoding.used


@given(written=st.text(min_size=1).map(lambda words: words.encode("utf-8", "ignore").decode()))
def test_utf8_is_read_as_it_was_written(written: str) -> None:
    assert decode(written.encode("utf-8-sig"))[0] == written
