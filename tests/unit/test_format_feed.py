"""What feeds mean, beyond the golden cases."""

import contextlib
import socket
import time

import pytest

from articles import Article, Origin, ParseError
from sources.formats.feed import parse

ATOM = "http://www.w3.org/2005/Atom"


def read(feed: str | bytes, uri: str = "f", content_type: str | None = None) -> list[Article | ParseError]:
    payload = feed if isinstance(feed, bytes) else feed.encode()
    return list(parse(payload, Origin(uri=uri, content_type=content_type)))


def one(item: str, channel: str = "", uri: str = "f") -> Article:
    (article,) = read(f"<rss version='2.0'><channel>{channel}<item>{item}</item></channel></rss>", uri)
    assert isinstance(article, Article)
    return article


def test_a_feed_never_opens_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("opened something")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr("builtins.open", refuse)
    for payload in (b"http://127.0.0.1/feed", b"/etc/passwd", b"file:///etc/passwd"):
        with pytest.raises(ParseError, match="not-a-feed"):
            read(payload)
    outer = (
        '<?xml version="1.0"?><!DOCTYPE rss SYSTEM "http://127.0.0.1/x.dtd" [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    )
    (article,) = read(f"{outer}<rss><item><title>see &e;</title></item></rss>")
    assert isinstance(article, Article)
    assert "root:" not in article.title


@pytest.mark.parametrize(
    ("title", "is_html"),
    [
        ("AT&amp;T", False),
        ("AT&amp;amp;T", True),
        ("a &lt;b&gt;b&lt;/b&gt;", True),
        ("one&lt;br&gt;two", True),
        ("1 &lt; 2", False),
    ],
)
def test_rss_titles_are_html_where_they_look_it(title: str, is_html: bool) -> None:
    assert ("title" in one(f"<title>{title}</title>").markup) is is_html


def test_the_fullest_text_is_the_body() -> None:
    media = "<media:description xmlns:media='http://search.yahoo.com/mrss/'>A caption.</media:description>"
    article = one(f"<title>t</title><description>The whole story in many words.</description>{media}")
    assert article.body == article.summary == "The whole story in many words."


def test_a_summary_is_only_what_the_feed_gave_as_one() -> None:
    content = "<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'>All.</content:encoded>"
    article = one(f"<title>t</title>{content}")
    assert (article.summary, article.body) == (None, "All.")


def test_a_guid_that_is_no_link_gives_no_url() -> None:
    article = one("<title>t</title><guid>4711</guid>", "<link>https://a.example/</link>")
    assert (article.source_item_id, article.url, article.provider) == ("4711", None, "https://a.example/")


def test_relative_links_follow_the_feed_s_own_address() -> None:
    assert one("<title>t</title><link>/n/1</link>", uri="https://a.example/feed.xml").url == "https://a.example/n/1"
    assert one("<title>t</title><link>n/1</link>", uri="dir/feed.xml").url == "n/1"


def test_dates_stay_verbatim() -> None:
    assert one("<title>t</title><pubDate>2025年3月2日 昨天</pubDate>").published_raw == "2025年3月2日 昨天"
    assert one("<title>t</title><pubDate>yesterday</pubDate>").published_raw == "yesterday"


def test_the_webmaster_is_not_the_publisher() -> None:
    assert one("<title>t</title>", "<title>Paper</title><webMaster>w@a.example</webMaster>").publisher == "Paper"


def test_an_empty_language_takes_the_feeds_back() -> None:
    entries = "<entry xml:lang=''><title>t</title></entry><entry><title>u</title></entry>"
    first, second = read(f"<feed xmlns='{ATOM}' xml:lang='en'>{entries}</feed>")
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.language_declared, second.language_declared) == (None, "en")


@pytest.mark.parametrize(
    "reference", ["&#xD800;", "&#x110000;", "&#0;", "&#99999999999999999999;", "&#x1;", "&#" + "9" * 9000 + ";"]
)
def test_characters_that_do_not_exist_cost_no_entry(reference: str) -> None:
    (article,) = read(f"<rss><item><title>a{reference}b <unclosed></title></item></rss>")
    assert isinstance(article, Article)
    article.title.encode()


def test_control_characters_cost_no_entry() -> None:
    (article,) = read(b"<rss><item><title>a\x00\x01b\x0b</title></item></rss>")
    assert isinstance(article, Article)
    assert article.title == "ab"


@pytest.mark.parametrize("payload", ["<svg/>", "no markup", "<html><p>404 Not Found</p></html>"])
def test_no_feed(payload: str) -> None:
    with pytest.raises(ParseError):
        read(payload)


def test_a_feed_without_entries_is_fine_and_a_broken_one_is_not() -> None:
    assert read("<rss version='2.0'><channel><title>t</title></channel></rss>") == []
    with pytest.raises(ParseError, match="malformed"):
        read("<rss version='2.0'><channel><title>t</title>")


def test_entity_bombs() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    (article,) = read(f"<!DOCTYPE rss [<!ENTITY l0 'ha'>{laughs}]><rss><item><title>&l9;</title></item></rss>")
    assert isinstance(article, Article)
    assert len(article.title) < 100
    with pytest.raises(ParseError, match="entity-bomb"):
        read(f'<!DOCTYPE rss [<!ENTITY a "{"a" * 20_000}">]><rss><item><title>{"&a;" * 1000}</title></item></rss>')


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"<rss>" + b"<a>" * 1_100_000, "too-complex"),
        (b"<rss><item><title>" + b"a" * (65 << 20), "too-large"),
        (b"<rss " + b"".join(b"xmlns:a%d='u' " % n for n in range(300)) + b">", "too-complex"),
    ],
    ids=["tags", "size", "prefixes"],
)
def test_what_would_take_minutes_is_refused_at_once(payload: bytes, reason: str) -> None:
    started = time.process_time()
    with pytest.raises(ParseError, match=reason):
        read(payload)
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    "item",
    [
        "<author>" + "a" * 200_000 + "</author>",
        "<author>a@" + "a." * 100_000 + "</author>",
        "".join(f"<category>{n}</category>" for n in range(8000)),
        "<description>" + "<a '\"" * 20_000,
        "<description>" + "<a>" * 20_000,
        "<pubDate>" + "1" * 100_000 + "</pubDate>",
        "<item>" * 20_000,
    ],
    ids=["author", "address", "categories", "quotes", "depth", "date", "items"],
)
def test_hostile_entries_take_time_in_proportion(item: str) -> None:
    started = time.process_time()
    assert read(f"<rss><channel><item><title>t</title>{item}</item></channel></rss>")
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    "prolog", ["\n" * 1_000_000, "\n<!ENTITY " * 100_000, "\n<!DOCTYPE a " * 100_000, "<!--" * 100_000]
)
def test_hostile_prologs_take_no_time(prolog: str) -> None:
    started = time.process_time()
    with contextlib.suppress(ParseError):
        read(f'<?xml version="1.0"?>{prolog}<rss><item><title>t</title></item></rss>')
    assert time.process_time() - started < 5
