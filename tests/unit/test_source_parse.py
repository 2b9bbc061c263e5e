"""From payloads to articles and rejects, and no other way out."""

import dataclasses
import hashlib
import io
from collections.abc import Iterator

import orjson
import pytest

from articles import REJECT_PAYLOAD_CAP, Article, Origin, ParseError, Reject
from sources import parse as module
from sources.formats import FORMATS, STRICT
from sources.parse import parse
from sources.reasons import REASONS
from sources.unit import Unit, read_unit

ORIGIN = Origin(uri="wires/x")


def test_an_article_says_where_it_came_from() -> None:
    payload = b"Title\nBody"
    (article,) = parse(payload, ORIGIN)
    assert isinstance(article, Article)
    assert (article.source_uri, article.source_format) == ("wires/x", "text")
    assert article.payload_sha256 == hashlib.sha256(payload).hexdigest()


def test_a_line_has_a_payload_of_its_own() -> None:
    first, second = parse(b'{"title": "a"}\n{"title": \n', ORIGIN)
    assert isinstance(first, Article)
    assert first.payload_sha256 == hashlib.sha256(b'{"title": "a"}').hexdigest()
    assert isinstance(second, Reject)
    assert (second.payload, second.item_index, second.reason, second.stage) == (b'{"title":', 1, "bad-json", "parse")
    assert second.payload_sha256 == hashlib.sha256(b'{"title":').hexdigest()


def test_a_reject_keeps_a_capped_payload_and_the_digest_of_all() -> None:
    payload = b"\x00" * (REJECT_PAYLOAD_CAP + 1)
    (reject,) = parse(payload, ORIGIN)
    assert isinstance(reject, Reject)
    assert len(reject.payload) == REJECT_PAYLOAD_CAP
    assert reject.payload_sha256 == hashlib.sha256(payload).hexdigest()
    assert (reject.reason, reject.source_format) == ("unknown-format", None)


def test_items_before_a_fatal_error_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def parser(payload: bytes, origin: Origin) -> Iterator[Article | ParseError]:
        yield Article(title="kept")
        raise ParseError("malformed", "then it broke", item_index=1)

    monkeypatch.setattr(module, "FORMATS", {"text": parser})
    article, reject = parse(b"x", ORIGIN)
    assert isinstance(article, Article)
    assert isinstance(reject, Reject)


def test_a_bug_is_no_reject(monkeypatch: pytest.MonkeyPatch) -> None:
    def parser(payload: bytes, origin: Origin) -> Iterator[Article | ParseError]:
        raise ZeroDivisionError
        yield

    monkeypatch.setattr(module, "FORMATS", {"text": parser})
    with pytest.raises(ZeroDivisionError):
        list(parse(b"x", ORIGIN))


def test_an_unknown_source_format_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="known are"):
        list(parse(b"x", ORIGIN, "morse"))


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{",
        b'[{"title": 1}',
        b"<rss>",
        b"<rss><channel><title>x",
        b"<feed><entry/></feed>",
        b'{"id": 1}',
        b'{"title": 1}',
        b"\0",
        b'{"uri": 1}',
    ],
)
def test_reasons_are_of_the_closed_set(payload: bytes) -> None:
    rejects = [item for item in parse(payload, ORIGIN) if isinstance(item, Reject)]
    assert rejects
    assert {reject.reason for reject in rejects} <= set(REASONS)


@pytest.mark.parametrize(("strict", "found"), [(False, [Article, Article]), (True, [Article, Reject])])
def test_an_unknown_property_is_a_reject_only_where_formats_are_strict(strict: bool, found: list[type]) -> None:
    plain = {"uri": "urn:x:1", "headline": "h", "type": "text"}
    payload = orjson.dumps([plain, {**plain, "uri": "urn:x:2", "x_own": 1}])
    items = list(parse(payload, ORIGIN, strict=strict))
    assert list(map(type, items)) == found
    assert [item.reason for item in items if isinstance(item, Reject)] == ["invalid"] * strict
    unit = Unit(uri="wires/x", source_uri="wires/x", size=len(payload))
    assert list(read_unit(unit, lambda _: io.BytesIO(payload), strict=strict)) == items
    assert (
        list(read_unit(dataclasses.replace(unit, polled=True), lambda _: io.BytesIO(payload), strict=strict)) == items
    )


def test_what_can_be_strict_is_a_format() -> None:
    assert set(STRICT) <= set(FORMATS)
