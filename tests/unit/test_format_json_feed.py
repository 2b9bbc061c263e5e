"""JSON Feed, as written and as found."""

import orjson
import pytest

from articles import Article, Origin, ParseError
from sources.formats.json_feed import parse


def read(items: object, uri: str = "f", **feed: object) -> list[Article | ParseError]:
    version = "https://jsonfeed.org/version/1.1"
    return list(parse(orjson.dumps({"version": version, "title": "F", "items": items, **feed}), Origin(uri=uri)))


def test_html_before_text_before_summary() -> None:
    both, plain, summary = read(
        [{"content_html": "<p>h</p>", "content_text": "t"}, {"content_text": "t"}, {"id": "1", "summary": "s"}]
    )
    assert isinstance(both, Article)
    assert isinstance(plain, Article)
    assert isinstance(summary, Article)
    assert (both.body, both.markup) == ("<p>h</p>", {"body"})
    assert (plain.body, plain.markup) == ("t", frozenset())
    assert summary.body == summary.summary == "s"


@pytest.mark.parametrize(
    ("number", "kept"), [(7, "7"), (7.5, "7.5"), ("x", "x"), (None, None), (True, None), ([1], None)]
)
def test_ids_are_strings(number: object, kept: str | None) -> None:
    (article,) = read([{"id": number, "title": "t"}], feed_url="https://a.example/f.json")
    assert isinstance(article, Article)
    assert article.source_item_id == kept
    assert article.provider == ("https://a.example/f.json" if kept else None)


def test_odd_values_cost_nothing_else() -> None:
    (article,) = read([{"title": "t", "tags": "one", "authors": {"name": "A"}, "url": 5, "language": []}])
    assert isinstance(article, Article)
    assert (article.keywords, article.byline, article.url, article.language_declared) == (("one",), ("A",), None, None)


def test_one_id_on_every_item_is_none() -> None:
    items = read(
        [
            {"id": "0", "url": "https://a.example/1", "title": "a"},
            {"id": "0", "url": "https://a.example/2", "title": "b"},
        ]
    )
    assert [item.source_item_id for item in items if isinstance(item, Article)] == [None, None]


def test_relative_links() -> None:
    (article,) = read([{"title": "t", "url": "n/1"}], uri="https://a.example/feed/f.json")
    assert isinstance(article, Article)
    assert article.url == "https://a.example/feed/n/1"


@pytest.mark.parametrize("payload", [b"{", b"[]", b'{"items": {}}', b'{"version": "https://jsonfeed.org/version/1"}'])
def test_no_feed(payload: bytes) -> None:
    with pytest.raises(ParseError):
        list(parse(payload, Origin(uri="f")))


def test_a_bad_item_too_deep_to_be_written_is_a_reject_like_any_other() -> None:
    document = orjson.dumps({"version": "1", "items": [{"extra": "DEEP"}, {"title": "next"}]})
    nested = b'{"a": ' * 400 + b"1" + b"}" * 400
    error, article = parse(document.replace(b'"DEEP"', nested), Origin(uri="f"))
    assert isinstance(error, ParseError)
    assert (error.reason, error.payload, error.item_index) == ("no-text", None, 0)
    assert isinstance(article, Article)
