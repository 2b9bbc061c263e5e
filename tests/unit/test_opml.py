import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import FeedState, ParseError
from sources.opml import parse_opml


def opml(*outlines: str) -> bytes:
    return f"<opml version='2.0'><head><title>Mine</title></head><body>{''.join(outlines)}</body></opml>".encode()


def urls(payload: bytes) -> list[str]:
    return [feed.url for feed in parse_opml(payload) if isinstance(feed, FeedState)]


def test_subscriptions_in_folders_become_feeds() -> None:
    payload = opml(
        "<outline text='Asia'><outline text='Ports'>",
        "<outline type='rss' text='short' title='Quay News' xmlUrl='https://q.example/rss' htmlUrl='https://q.example'/>",
        "</outline><outline text='Tide' xmlUrl='https://t.example/atom'/></outline>",
        "<outline text='Alone' xmlUrl='https://a.example/'/>",
    )
    assert list(parse_opml(payload)) == [
        FeedState(url="https://q.example/rss", publisher="Quay News", category="Asia / Ports"),
        FeedState(url="https://t.example/atom", publisher="Tide", category="Asia"),
        FeedState(url="https://a.example/", publisher="Alone"),
    ]


@pytest.mark.parametrize(
    ("attributes", "url"),
    [
        ("XMLURL='https://a.example/rss'", "https://a.example/rss"),
        ("xmlurl=' https://a.example/rss '", "https://a.example/rss"),
        ("xmlUrl='feed://a.example/rss'", "http://a.example/rss"),
        ("xmlUrl='feed:https://a.example/rss'", "https://a.example/rss"),
        ("xmlUrl='https://a.example/rss#new'", "https://a.example/rss"),
        ("xmlUrl='https://a.example/?a=1&amp;b=2'", "https://a.example/?a=1&b=2"),
        ("type='rss' url='https://a.example/rss'", "https://a.example/rss"),
    ],
)
def test_addresses_are_taken_in_every_spelling(attributes: str, url: str) -> None:
    assert urls(opml(f"<outline text='A' {attributes}/>")) == [url]


def test_links_and_inclusions_are_no_feeds() -> None:
    other = opml(
        "<outline type='link' url='https://a.example/'/><outline type='include' url='https://b.example/x.opml'/>"
    )
    assert urls(other) == []


def test_same_address_counts_once_and_its_first_name_stays() -> None:
    one = "<outline text='{}' xmlUrl='https://a.example/rss{}'/>"
    feeds = list(parse_opml(opml(one.format("First", ""), one.format("Second", ""), one.format("Third", "#x"))))
    assert [feed.publisher for feed in feeds] == ["First"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://a.example/", "rss", "http://"])
def test_unusable_address_is_an_error_in_its_place(url: str) -> None:
    good = "<outline text='A' xmlUrl='https://a.example/'/>"
    first, error, last = parse_opml(opml(good, f"<outline text='Bad' xmlUrl='{url}'/>", good.replace("a.ex", "b.ex")))
    assert isinstance(error, ParseError)
    assert (error.reason, error.item_index) == ("bad-feed-url", 1)
    assert "Bad" in error.message
    assert isinstance(first, FeedState)
    assert isinstance(last, FeedState)


def test_list_that_is_no_xml_loses_no_address() -> None:
    payload = opml(
        "<outline text='Folder'>",
        '<outline text="The "Morning" Quay" title="The "Morning" Quay" xmlUrl="https://q.example/?a=1&b=2" />',
        '<outline text="T" description="By <a href="//x.example" rel="me">us</a>." xmlUrl="https://t.example/rss" />',
        '<outline text="R&amp;D" description=""\'Tides\' to survive." - A. Reader" xmlUrl="https://r.example/rss"/>',
        "</outline>",
        '<outline text="Last" xmlUrl="https://l.example/rss"/>',
    )
    feeds = [feed for feed in parse_opml(payload) if isinstance(feed, FeedState)]
    assert [(feed.publisher, feed.url, feed.category) for feed in feeds] == [
        ('The "Morning" Quay', "https://q.example/?a=1&b=2", "Folder"),
        ("T", "https://t.example/rss", "Folder"),
        ("R&D", "https://r.example/rss", "Folder"),
        ("Last", "https://l.example/rss", None),
    ]


def test_declared_encoding_of_a_broken_list_holds() -> None:
    text = '<?xml version="1.0" encoding="windows-1251"?><opml><outline text="Газета & Ко" xmlUrl="https://g.example/"/></opml>'
    (feed,) = parse_opml(text.encode("windows-1251"))
    assert isinstance(feed, FeedState)
    assert feed.publisher == "Газета & Ко"


@pytest.mark.parametrize(
    "payload", [b"", b"<rss/>", b"plain text", b"<html><outline xmlUrl='https://a.example/'", b"\x00\xff"]
)
def test_what_is_no_opml_is_refused(payload: bytes) -> None:
    with pytest.raises(ParseError, match="not-opml"):
        list(parse_opml(payload))


def test_entities_reach_neither_files_nor_network() -> None:
    bomb = '<!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    payload = bomb.encode() + opml("<outline text='x&b;' xmlUrl='https://a.example/'/><outline>&f;</outline>")
    assert "root" not in repr(list(parse_opml(payload)))


@pytest.mark.parametrize(
    "payload",
    [
        b"<opml>" + b"<outline text='a'>" * 40_000,
        b"<opml>" + b"<outline " * 100_000,
        b"<opml><outline " + b'text="' * 100_000,
        b"<opml><outline text='" + b"' " * 400_000,
        b"<opml><outline " + b" " * 3_000_000,
        b"<opml>" + b"</outline>" * 60_000,
    ],
)
def test_hostile_list_takes_no_longer(payload: bytes) -> None:
    started = time.process_time()
    list(parse_opml(payload))
    assert time.process_time() - started < 8


@given(
    st.lists(
        st.sampled_from(
            [
                "<opml>",
                "<outline ",
                "</outline>",
                'xmlUrl="',
                "https://a.example/",
                '"',
                "'",
                "/>",
                ">",
                " text=",
                "&",
                "\x00",
            ]
        )
    )
)
def test_only_parse_errors_leave_the_parser(pieces: list[str]) -> None:
    try:
        for feed in parse_opml("".join(pieces).encode()):
            assert isinstance(feed, FeedState | ParseError)
    except ParseError:
        pass
