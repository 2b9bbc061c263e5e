"""JSON Feed 1.0 and 1.1, https://www.jsonfeed.org/version/1.1/."""

from collections.abc import Iterator
from typing import cast
from urllib.parse import urljoin

import orjson

from articles import Article, Encoding, Origin, ParseError
from sources.charset import decode
from sources.identity import Identity, name_space, tell_apart
from sources.json_item import write_item

Object = dict[str, object]


def parse(payload: bytes, origin: Origin) -> Iterator[Article | ParseError]:
    """Read each item of the feed; an item of the wrong shape or without text is a `ParseError` in its place."""
    text, encoding = decode(payload, origin.content_type)
    try:
        feed = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ParseError("bad-json", f"{origin.uri}: {error}") from error
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise ParseError("not-a-feed", f'{origin.uri} has no array "items"')
    items: list[object] = feed["items"]
    site = _text(feed, "home_page_url")
    claims = tell_apart([_claim(item, feed, origin) for item in items], site)
    for index, (item, claim) in enumerate(zip(items, claims, strict=True), origin.first_item):
        try:
            yield _read_item(item, feed, claim, index, encoding)
        except ParseError as error:
            own = write_item(item)
            yield ParseError(error.reason, f"item {index}: {error.message}", item_index=index, payload=own)


def _claim(item: object, feed: Object, origin: Origin) -> Identity:
    if not isinstance(item, dict):
        return Identity(None, None, "")
    number = item.get("id")
    item_id = str(number) if isinstance(number, int | float) and not isinstance(number, bool) else _text(item, "id")
    link = _text(item, "url") or _text(item, "external_url")
    base = next((url for url in (_text(feed, "home_page_url"), _text(feed, "feed_url"), origin.uri) if url), "")
    return Identity(item_id, _join(base, link), _text(item, "title") or "")


def _join(base: str, link: str | None) -> str | None:
    try:
        return urljoin(base, link) if link and base.startswith(("http://", "https://")) else link
    except ValueError:
        return link


def _read_item(value: object, feed: Object, claim: Identity, index: int, encoding: Encoding) -> Article:
    if not isinstance(value, dict):
        raise ParseError("wrong-type", "an item must be an object")
    item = cast("Object", value)
    for key in ("title", "summary", "content_html", "content_text", "date_published", "date_modified"):
        if item.get(key) is not None and not isinstance(item[key], str):
            raise ParseError("wrong-type", f'"{key}" is not a string')
    html, plain, summary = (_text(item, key) for key in ("content_html", "content_text", "summary"))
    title, body = _text(item, "title") or "", html or plain or summary or ""
    if not title and not body:
        raise ParseError("no-text", "neither title nor text")
    published, modified = _text(item, "date_published"), _text(item, "date_modified")
    language = _text(item, "language") or _text(feed, "language")
    return Article(
        title=title,
        summary=summary,
        body=body,
        markup=frozenset({"body"} if html else ()),
        language_declared=language,
        source_item_id=claim.item_id,
        provider=name_space(claim.item_id, _text(feed, "feed_url"), _text(feed, "home_page_url"), _text(feed, "title")),
        url=claim.url,
        publisher=_text(feed, "title"),
        published_raw=published or modified,
        updated_raw=modified,
        byline=_read_authors(item) or _read_authors(feed),
        keywords=_read_strings(item.get("tags")),
        encoding=encoding,
        item_index=index,
    )


def _text(item: Object, key: str) -> str | None:
    value = item.get(key)
    return value if isinstance(value, str) and value.strip() else None


def _read_authors(item: Object) -> tuple[str, ...]:
    """Names of `authors` (1.1) or `author` (1.0), the address where an author has no name."""
    authors = item.get("authors") or [item.get("author")]
    if not isinstance(authors, list):
        authors = [authors]
    known = [author for author in authors if isinstance(author, dict)]
    return tuple(dict.fromkeys(name for author in known if (name := _text(author, "name") or _text(author, "url"))))


def _read_strings(value: object) -> tuple[str, ...]:
    strings = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(text for text in strings if isinstance(text, str) and text.strip()))
