"""Content decides on the format, whatever stands around it."""

import contextlib
import time

import pytest

from articles import ParseError
from sources.formats import FORMATS
from sources.markup_root import Root, find_root
from sources.sniff import RULES, sniff


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        (b'<rss version="2.0">', "rss"),
        (b"\xef\xbb\xbf\n<!-- <feed> -->\n<?xml-stylesheet href='x'?><rdf:RDF>", "rss"),
        (b"<!DOCTYPE rss [<!ENTITY a '<feed>'> ]><rss>", "rss"),
        (b"<!DOCTYPE html><rss>", "rss"),
        (
            "<?xml version='1.0' encoding='utf-16'?><a:feed xmlns:a='http://www.w3.org/2005/Atom'>".encode("utf-16"),
            "atom",
        ),
        (b"Warning: x on line 3\n<?xml version='1.0'?><feed>", "atom"),
        (b"<br />\n<b>Notice</b>: y<?xml version='1.0'?><rss>", "rss"),
        (b"<newsMessage xmlns='http://iptc.org/std/nar/2006-10-01/'>", "newsml-g2"),
        (b"<NewsML Version='1.2'>", "newsml-1"),
        (b"<nitf>", "nitf"),
        (b'{"uri": "urn:x", "headline": "h"}', "ninjs"),
        (b'[{"uri": "urn:x"}]', "ninjs"),
        (b'{"items": [{"uri": "urn:x"}]}', "ninjs"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "json-feed"),
        (b'{"title": "t"}\n{"title": "u"}', "jsonl"),
        (b'\n{"title": "cut', "jsonl"),
        (b'{\n "title": "t"}', "json"),
        (b' [\n {"title": "t"}]', "json"),
        ('{"title": "t"}\n{"title": "u"}'.encode("utf-16"), "json"),
        (b"<!doctype html><html>", "html"),
        (b"<p>fragment</p>", "html"),
        (b"From: a@b.example\nSubject: s\nDate: d\n\nbody", "email"),
        (b"WARC/1.0\r\nWARC-Type: response", "warc"),
        (b"\x16\x16\x01a0001", "anpa1312"),
        (b"\x01abc0001", "iptc7901"),
        (b"A title\n\nA body", "text"),
        (b"Subject: to change\n\nA body", "text"),
        ("标题\n正文".encode("gb18030"), "text"),
    ],
)
def test_formats(payload: bytes, found: str) -> None:
    assert sniff(payload) == found


@pytest.mark.parametrize(
    "payload", [b"\x89PNG\r\n\x1a\n", b"%PDF-1.4 text", bytes(range(256)) * 9, b"<svg xmlns='x'>", b"<!-- -->"]
)
def test_unknown(payload: bytes) -> None:
    with pytest.raises(ParseError, match="unknown-format"):
        sniff(payload)


@pytest.mark.parametrize("payload", [b"", b" \n\t", b"\xef\xbb\xbf"])
def test_empty(payload: bytes) -> None:
    with pytest.raises(ParseError, match="empty"):
        sniff(payload)


def test_a_name_decides_only_where_content_does_not() -> None:
    assert sniff(b"broken first line", "a.jsonl.gz") == "jsonl"
    assert sniff(b"<rss>", "a.txt") == "rss"


def test_every_format_that_is_read_can_be_recognised() -> None:
    assert set(FORMATS) <= set(RULES)


def test_the_name_space_of_the_root() -> None:
    assert find_root('<x:a y="1" xmlns:x="urn:n">') == Root("a", "urn:n")
    assert find_root("no markup") is None


@pytest.mark.parametrize(
    "unit", [b"<!---->", b"<?xml ?><b>", b"<!DOCTYPE a [", b'{"\\', b"[", b"<rss xmlns:a='", b"From: x\n", b"<b><br>"]
)
def test_hostile_starts_take_no_time(unit: bytes) -> None:
    started = time.process_time()
    with contextlib.suppress(ParseError):
        sniff(unit * (1 << 18))
    assert time.process_time() - started < 1
