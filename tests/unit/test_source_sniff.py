"""Content decides on the format, whatever stands around it."""

import contextlib
import time

import pytest

from articles import Origin, ParseError, Reject
from sources.formats import FORMATS
from sources.markup_root import Root, find_root
from sources.parse import parse
from sources.sniff import RULES, sniff


def with_parity(payload: bytes) -> bytes:
    """As a line of seven bits and even parity sends it."""
    return bytes(byte | (byte.bit_count() & 1) << 7 for byte in payload)


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
        (b"<groupSet root='G1'>", "newsml-g2"),
        (b"<catalogItem xmlns='http://iptc.org/std/nar/2006-10-01/'>", "newsml-g2"),
        (b"<NewsML Version='1.2'>", "newsml-1"),
        (b"<NewsItem Duid='n'>", "newsml-1"),
        (b"<nitf>", "nitf"),
        (b'{"uri": "urn:x", "headline": "h"}', "ninjs"),
        (b'[{"uri": "urn:x"}]', "ninjs"),
        (b'{"guid": "7", "versioncreated": "2026-01-02", "title": "t"}', "ninjs"),
        (b'[{"guid": "7", "headline": "h"}]', "ninjs"),
        (b'{"guid": "7", "body_html": "<p>"}', "ninjs"),
        (b'{"guid": "7", "title": "t", "body": "b"}', "jsonl"),
        (b'{"uri": "urn:x", "headline": "h"}\n{"uri": "urn:y"}', "jsonl"),
        (b'{"uri": "urn:x", "body_nitf": "<nitf><body>"}', "ninjs"),
        (b'{"title": "t", "body": "<?xml version=\'1.0\'?><rss>"}', "jsonl"),
        (b'[\n{"title": "on <feed> elements"}]', "json"),
        (b"[notice] on line 3\n<?xml version='1.0'?><rss>", "rss"),
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
        (b"\x01<?xml version='1.0'?><nitf>", "nitf"),
        (with_parity(b"\x16\x16\x01a0001"), "anpa1312"),
        (with_parity(b"\x01xna014 4 pl 171 XNA 1\r\n"), "iptc7901"),
        (b"\r\neca0003 3 i 380  dpa 0045\r\n\r\nFog/ships/", "iptc7901"),
        (b"B2 a new 5 star hotel opens", "text"),
        ("「霧で船が止まる」と港の話".encode("shift_jis"), "text"),
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


@pytest.mark.parametrize(
    "name",
    ["catalogItem", "conceptItem", "contentMeta", "contentSet", "groupSet", "itemMeta", "itemSet", "knowledgeItem",
     "newsItem", "newsMessage", "packageItem", "planningItem"],
)  # fmt: skip
def test_every_root_taken_for_newsml_g2_is_one_its_parser_knows(name: str) -> None:
    payload = f"<{name}><newsItem/></{name}>".encode()
    assert sniff(payload) == "newsml-g2"
    assert {item.reason for item in parse(payload, Origin(uri="f")) if isinstance(item, Reject)} <= {
        "no-text",
        "not-text",
    }


def test_the_name_space_of_the_root() -> None:
    assert find_root('<x:a y="1" xmlns:x="urn:n">') == Root("a", "urn:n")
    assert find_root("no markup") is None


@pytest.mark.parametrize(
    "unit",
    [
        b"<!---->",
        b"<?xml ?><b>",
        b"<!DOCTYPE a [",
        b'{"\\',
        b"[",
        b"<rss xmlns:a='",
        b"From: x\n",
        b"<b><br>",
        b"{}\r",
        b"ab12 ",
    ],
)
def test_hostile_starts_take_no_time(unit: bytes) -> None:
    started = time.process_time()
    with contextlib.suppress(ParseError):
        sniff(unit * (1 << 18))
    assert time.process_time() - started < 1
