import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.polling.errors import FetchError
from sources.polling.headers import (
    freshness,
    host_of,
    http_date,
    license_link,
    origin_of,
    public_url,
    request_url,
    retry_after,
    subscribed_url,
    web_url,
)

NOW = dt.datetime(2025, 3, 3, 12, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    "value",
    [
        "Mon, 03 Mar 2025 12:00:00 GMT",
        "Monday, 03-Mar-25 12:00:00 GMT",
        "Mon Mar  3 12:00:00 2025",
        "Mon, 03 Mar 2025 13:00:00 +0100",
    ],
)
def test_all_forms_of_http_dates_are_read(value: str) -> None:
    assert http_date(value) == NOW


@pytest.mark.parametrize("value", [None, "", "0", "-1", "soon", "Mon, 99 Mar 2025 12:00:00 GMT", "x" * 10_000])
def test_what_is_no_date_is_none(value: str | None) -> None:
    assert http_date(value) is None


@pytest.mark.parametrize(
    ("value", "minutes"),
    [("60", 1), (" 120 ", 2), ("0", 0), ("Mon, 03 Mar 2025 12:05:00 GMT", 5), ("Mon, 03 Mar 2025 11:00:00 GMT", 0)],
)
def test_retry_after_is_read(value: str, minutes: int) -> None:
    assert retry_after(value, NOW) == minutes * MINUTE


@pytest.mark.parametrize("value", [None, "", "-1", "1.5", "later", "99999999999999"])
def test_unreadable_retry_after_is_none(value: str | None) -> None:
    assert retry_after(value, NOW) is None


@pytest.mark.parametrize(
    ("cache_control", "expires", "age", "minutes"),
    [
        ("public, max-age=600", None, None, 10),
        ('Max-Age="600"', None, "300", 5),
        ("max-age=60", None, "600", 0),
        ("max-age=600", "Mon, 03 Mar 2025 13:00:00 GMT", None, 10),
        (None, "Mon, 03 Mar 2025 13:00:00 GMT", None, 60),
        ("no-cache", "Mon, 03 Mar 2025 11:00:00 GMT", None, 0),
    ],
)
def test_freshness_is_max_age_before_expires(
    cache_control: str | None, expires: str | None, age: str | None, minutes: int
) -> None:
    assert freshness(cache_control, expires, "Mon, 03 Mar 2025 12:00:00 GMT", age) == minutes * MINUTE


def test_freshness_is_unknown_without_the_servers_own_clock() -> None:
    assert freshness("no-store", "Mon, 03 Mar 2025 13:00:00 GMT", None, None) is None
    assert freshness(None, "0", None, None) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('<https://x.example/l.xml>; rel="license"', "https://x.example/l.xml"),
        ('</next>; rel="next", </l>; rel="copyright license"; type="application/rsl+xml"', "https://wire.example/l"),
        ('<javascript:alert(1)>; rel="license"', None),
        ("</l>; rel=alternate", None),
        ("", None),
        (None, None),
        ("<" * 50_000, None),
    ],
)
def test_licence_link_is_found(value: str | None, expected: str | None) -> None:
    assert license_link(value, "https://wire.example/rss") == expected


@pytest.mark.parametrize(
    ("url", "public"),
    [
        ("https://a:b@c.example/x@y", "https://c.example/x@y"),
        ("https://a@b@c.example/", "https://c.example/"),
        ("https://c.example/a:b@d", "https://c.example/a:b@d"),
        ("https://c.example?q=a:b@d", "https://c.example?q=a:b@d"),
        ("mailto:a@b", "mailto:a@b"),
    ],
)
def test_credentials_are_left_out_of_public_urls(url: str, public: str) -> None:
    assert public_url(url) == public


def test_origin_has_no_default_port() -> None:
    assert origin_of("http://A.example:80/x") == origin_of("http://a.example") == "http://a.example"
    assert origin_of("https://a.example:80/") == "https://a.example:80"


def test_request_url_is_in_the_form_that_is_sent() -> None:
    assert request_url("HTTP://Wire.Example/a b#c") == "http://wire.example/a%20b"
    assert request_url("../x", base="https://wire.example/a/b") == "https://wire.example/x"
    assert request_url("https://bücher.example/ü") == "https://xn--bcher-kva.example/%C3%BC"


@given(st.text(max_size=60))
def test_any_text_is_a_url_or_an_error(text: str) -> None:
    host_of(text)
    web_url(text)
    public_url(text)
    subscribed_url(text)
    with contextlib.suppress(FetchError):
        assert request_url("http://" + text).startswith("http")
