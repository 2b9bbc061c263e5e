import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.polling.errors import FetchError
from sources.polling.robots import KEPT, Robots, read

NOW = dt.datetime(2025, 3, 3, 12, 0, tzinfo=dt.UTC)
ADDRESS = "https://wire.example/robots.txt"
FILE = b"""\xef\xbb\xbf# robots
User-agent: *
Disallow: /private/
Crawl-delay: 7

User-agent: Newsbeam
User-agent: other
Disallow: /drafts/
Allow: /drafts/public$
Crawl-delay: 2.5

User-agent: badbot
Disallow: /
License: /license.xml
"""


def rules(status: int = 200, body: bytes = b"") -> Robots:
    return Robots(lambda *_: (status, body), lambda *_: None)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/", True), ("/private/x", True), ("/drafts/x", False), ("/drafts/public", True), ("/drafts/publicity", False)],
)
def test_our_own_group_holds(path: str, allowed: bool) -> None:
    assert read(FILE, ADDRESS).allow("https://wire.example" + path) is allowed


def test_everybodys_group_holds_where_there_is_none_of_ours() -> None:
    found = read(b"User-agent: *\nDisallow: /a*z$\nUser-agent: newsbeamer\nDisallow: /", ADDRESS)
    assert found.allow("https://wire.example/abcz") is False
    assert found.allow("https://wire.example/abcy") is True


def test_delay_and_licence_are_read() -> None:
    found = read(FILE, ADDRESS)
    assert (found.crawl_delay, found.license_url) == (2.5, "https://wire.example/license.xml")


@pytest.mark.parametrize(
    ("status", "allowed"),
    [(200, True), (404, True), (403, True), (301, True), (500, None), (503, None), (429, None)],
)
def test_status_says_what_an_absent_file_means(status: int, allowed: bool | None) -> None:
    """RFC 9309, section 2.3.1: unavailable allows everything, unreachable nothing."""
    assert rules(status).rules("https://wire.example/x", NOW).allow("https://wire.example/x") is allowed


def test_unreachable_counts_as_a_no_and_so_does_a_no() -> None:
    with pytest.raises(FetchError, match="robots-unreachable"):
        rules(500).check("https://wire.example/x", NOW)
    with pytest.raises(FetchError, match="robots: "):
        rules(body=b"User-agent: *\nDisallow: /").check("https://wire.example/x", NOW)
    rules().check("https://wire.example/x", NOW)


def test_file_is_read_once_a_day_for_each_origin() -> None:
    asked, slowed = [], []

    def get(url: str, _: dt.datetime) -> tuple[int, bytes]:
        asked.append(url)
        return 200, b"User-agent: *\nCrawl-delay: 3"

    robots = Robots(get, lambda *delay: slowed.append(delay))
    for url in ("https://a.example/1", "https://A.example:443/2", "http://a.example/3", "https://b.example:8443/"):
        robots.rules(url, NOW)
    assert asked == [
        "https://a.example/robots.txt",
        "http://a.example/robots.txt",
        "https://b.example:8443/robots.txt",
    ]
    assert slowed == [("a.example", 3.0), ("a.example", 3.0), ("b.example", 3.0)]
    robots.rules("https://a.example/1", NOW + KEPT)
    assert len(asked) == 4


@pytest.mark.parametrize(
    "body",
    [
        b"".join(b"User-agent: a%d\n" % n for n in range(16_000)) + b"Disallow: /x\n" * 16_000,
        b"".join(b"user agent a%d\n" % n for n in range(16_000)) + b"Disallow: /x\n" * 16_000,
        b"User-agent: *\nDisallow: /" + b"a*" * 250_000 + b"$",
        b"User-agent: *\n" + b"Disallow: /*a*b*c*d*e\n" * 20_000,
        b"User-agent: " * 40_000,
        b"License:" + b" " * 500_000,
        b":" * 500_000,
    ],
)
def test_hostile_file_takes_no_longer(body: bytes) -> None:
    started = time.process_time()
    read(body[:512_000], ADDRESS).allow("https://wire.example/" + "abcd" * 500)
    assert time.process_time() - started < 8


@given(
    st.binary(max_size=100), st.sampled_from([b"", b"User-agent: newsbeam\nDisallow:", b"Crawl-delay:", b"License:"])
)
def test_any_file_can_be_read(body: bytes, start: bytes) -> None:
    read(start + body, ADDRESS).allow("https://wire.example/x")
