import datetime as dt
import time

import pytest
from feed_server import atom, json_feed, rss
from hypothesis import given
from hypothesis import strategies as st

from sources.polling.contents import examine, is_html

URL = "https://wire.example/feeds/rss"
HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("head", "interval"),
    [
        ("<ttl>90</ttl>", 1.5 * HOUR),
        ("<ttl> 60\n</ttl>", HOUR),
        ("<ttl>often</ttl>", None),
        ("<ttl>0</ttl>", None),
        (
            '<s:updatePeriod xmlns:s="x">daily</s:updatePeriod><s:updateFrequency xmlns:s="x">4</s:updateFrequency>',
            6 * HOUR,
        ),
        ("<updatePeriod>hourly</updatePeriod><updateFrequency>0</updateFrequency>", HOUR),
        ("", None),
    ],
)
def test_wished_interval_is_read(head: str, interval: dt.timedelta | None) -> None:
    assert examine(rss(head=head), URL).wishes.interval == interval


def test_skipped_hours_and_days_are_read() -> None:
    hours = "<skipHours><hour>0</hour><hour>24</hour><hour>5</hour></skipHours>"
    head = hours + "<skipDays><day>Sunday</day><day>Never</day></skipDays>"
    wishes = examine(rss(head=head + "<hour>7</hour>"), URL).wishes
    assert (wishes.skip_hours, wishes.skip_days) == ({0, 5}, {6})


def test_only_the_feeds_own_elements_count() -> None:
    assert examine(rss(after="<ttl>90</ttl>").replace(b"</item>", b"<ttl>90</ttl></item>"), URL).wishes.interval is None


@pytest.mark.parametrize(
    ("payload", "url"),
    [
        (atom(head='<link rel="license" href="../terms"/>'), "https://wire.example/terms"),
        (
            rss(
                head='<c:license xmlns:c="http://backend.userland.com/creativeCommonsRssModule">https://cc.example/by</c:license>'
            ),
            "https://cc.example/by",
        ),
        (rss(head='<r:content xmlns:r="https://rslstandard.org/rsl"><r:license/></r:content>'), URL),
        (
            rss(
                head='<r:content xmlns:r="https://rslstandard.org/rsl"><r:terms>https://t.example/</r:terms></r:content>'
            ),
            "https://t.example/",
        ),
        (atom(head='<link rel="license" href="javascript:x"/>'), None),
        (rss(head="<license>MIT</license>"), None),
    ],
)
def test_licence_terms_of_the_feed_are_found(payload: bytes, url: str | None) -> None:
    assert examine(payload, URL).license_url == url


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_entries_are_counted_in_wide_encodings(encoding: str) -> None:
    body = rss(5).decode().replace('<?xml version="1.0"?>', "").encode(encoding)
    assert examine(body, URL).item_count == 5


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (b"<newsItem><item>not a feed's</item></newsItem>", None),
        (b"<rdf:RDF><r:item xmlns:r='x'/><r:item xmlns:r='x'></r:item><items/></rdf:RDF>", 2),
        (b'<CHANNEL><ITEM HREF="/a"/></CHANNEL>', 1),
        (json_feed(3), 3),
        (b'{"items": 3}', None),
        (b'{"items": ', None),
        (b"PK\x03\x04", None),
    ],
)
def test_entries_are_counted_in_odd_forms(body: bytes, count: int | None) -> None:
    assert examine(body, URL).item_count == count


@pytest.mark.parametrize(
    ("change", "same"),
    [
        (lambda body: body.replace(b"Quay News", b"Quay News, 12:01"), True),
        (lambda body: body + b"<!-- cached at 12:01 -->", True),
        (lambda body: body.replace(b"day 3", b"day three"), False),
        (lambda body: body.replace(b"day 1", b"day one"), False),
        (lambda body: body.replace(b"</channel>", b"<item><title>Open, never closed"), False),
        (lambda body: body.replace(b"</channel>", b"<item/></channel>"), False),
    ],
)
def test_hash_is_of_the_entries_all_of_them(change, same: bool) -> None:
    assert (examine(rss(), URL).body_hash == examine(change(rss()), URL).body_hash) is same


@pytest.mark.parametrize(
    "body", [b"<newsItem>%b<item>1</item>%b</newsItem>", b'{"a": "%b<item>1</item>%b"}', b"%b<item>1</item>%b"]
)
def test_hash_is_of_everything_in_what_is_no_feed(body: bytes) -> None:
    hashes = {examine(body % pair, URL).body_hash for pair in [(b"a", b"b"), (b"c", b"b"), (b"a", b"c")]}
    assert len(hashes) == 3


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html><html>",
        b"  <HTML lang='de'>",
        b"<?xml version='1.0'?><!-- x --><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML'>",
        "<html><body>".encode("utf-16"),
    ],
)
def test_html_is_told(body: bytes) -> None:
    assert is_html(body)


@pytest.mark.parametrize(
    "body", [rss(), atom(), b"{}", b"", b"<htmlish/>", b"<!-- <html> --><rss/>", b"<!DOCTYPE rss>"]
)
def test_feeds_are_not_html(body: bytes) -> None:
    assert not is_html(body)


@pytest.mark.parametrize(
    "body",
    [
        b"<!--" * 2000000,
        b"<item" * 2000000,
        b"<" * 8000000,
        b"<a:" * 2000000,
        b"<?" * 3000000,
        b"</item   " * 1000000,
        b"<r>" * 1000000,
        b" " * 8000000,
        b"[" * 5000000,
        b'{"items":' + b"[" * 5000000,
        b"<!-- --" * 1000000,
    ],
)
def test_hostile_body_takes_no_longer(body: bytes) -> None:
    started = time.process_time()
    examine(body, URL)
    assert time.process_time() - started < 5


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"<rss>", b"\xff\xfe", b"<?xml version='1.0' encoding='utf-7'?>", b"{"]),
)
def test_any_body_can_be_examined(body: bytes, start: bytes) -> None:
    examine(start + body, URL)
