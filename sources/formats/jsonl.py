"""JSON Lines of newsbeam's own shape, an article a line, and JSON documents of the same objects.

Keys: id, url, title, summary, body, published, updated, language, authors, publisher; all optional
but one of title and body, unknown ones ignored. An item's payload is its line without the line end.
"""

import codecs
import hashlib
import io
from collections.abc import Iterator
from typing import BinaryIO, cast

import orjson

from articles import Article, Encoding, Origin, ParseError
from sources.charset import decode
from sources.identity import name_space
from sources.json_item import write_item

MAX_LINE = 16 << 20
"""Bytes of the longest line that is read; a longer one is rejected, its rest skipped unread."""

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
_UTF8 = Encoding(None, "utf-8")


def parse(payload: bytes, origin: Origin) -> Iterator[Article | ParseError]:
    """Read an article from each line that is not blank; `item_index` is the line's number in the file, from 0."""
    if payload.startswith(_WIDE):
        payload = decode(payload)[0].encode("utf-8", "replace")
    return parse_lines(io.BytesIO(payload), origin)


def parse_lines(stream: BinaryIO, origin: Origin, length: int | None = None) -> Iterator[Article | ParseError]:
    """Do the same from a stream, of which `length` bytes are read (None: all), holding one line at a time."""
    index, left = origin.first_item, length
    while line := stream.readline(MAX_LINE + 1 if left is None else min(left, MAX_LINE + 1)):
        whole = line
        taken = len(line)
        while len(line) > MAX_LINE and not whole.endswith(b"\n"):  # what is too long is skipped, not kept
            whole = stream.readline(MAX_LINE if left is None else min(left - taken, MAX_LINE))
            taken += len(whole)
            if not whole:
                break
        if left is not None:
            left -= taken
        item = read_line(line, index, origin)
        if item is not None:
            yield item
        index += 1
        if left == 0:
            return


def read_line(line: bytes, index: int, origin: Origin) -> Article | ParseError | None:
    """Read the article of one line; None where it is blank."""
    if index == 0:
        line = line.removeprefix(codecs.BOM_UTF8)
    line = line.strip(b" \t\r\n")
    if not line:
        return None
    if len(line) > MAX_LINE:
        return ParseError(
            "too-large", f"line {index + 1} is longer than {MAX_LINE:,} bytes", item_index=index, payload=line
        )
    encoding = _UTF8
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        text, encoding = decode(line)
        if encoding.used == "utf-8" and encoding.repair is None:
            return ParseError("bad-json", f"line {index + 1}: {error}", item_index=index, payload=line)
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            return ParseError("bad-json", f"line {index + 1}: {error}", item_index=index, payload=line)
    try:
        return _read_object(value, index, line, "jsonl", origin, encoding)
    except ParseError as error:
        return ParseError(error.reason, f"line {index + 1}: {error.message}", item_index=index, payload=line)


def parse_document(payload: bytes, origin: Origin) -> Iterator[Article | ParseError]:
    """Read a JSON file that holds an array of such objects, or one; `item_index` is the place in the array."""
    text, encoding = decode(payload, origin.content_type)
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        if payload.startswith(_WIDE):
            yield from parse(payload, origin)
            return
        raise ParseError("bad-json", f"{origin.uri}: {error}") from error
    for index, item in enumerate(value if isinstance(value, list) else [value], origin.first_item):
        part = write_item(item)
        try:
            yield _read_object(item, index, part, "json", origin, encoding)
        except ParseError as error:
            yield ParseError(error.reason, f"item {index}: {error.message}", item_index=index, payload=part)


def _read_object(
    value: object, index: int, part: bytes | None, kind: str, origin: Origin, encoding: Encoding
) -> Article:
    """Read an object whose own payload is `part`; where that is None, the whole payload stands for it."""
    if not isinstance(value, dict):
        raise ParseError("wrong-type", f"expected an object, found {_name(value)}")
    item = cast("dict[str, object]", value)
    title, body = _read_string(item, "title") or "", _read_string(item, "body") or ""
    if not title.strip() and not body.strip():
        raise ParseError("no-text", "neither title nor body")
    item_id, publisher = _read_scalar(item, "id"), _read_string(item, "publisher")
    return Article(
        title=title,
        summary=_read_string(item, "summary"),
        body=body,
        language_declared=_read_string(item, "language"),
        source_uri=origin.uri,
        source_format=kind,
        source_item_id=item_id,
        url=_read_string(item, "url"),
        publisher=publisher,
        published_raw=_read_scalar(item, "published"),
        byline=_read_authors(item),
        encoding=encoding,
        payload_sha256="" if part is None else hashlib.sha256(part).hexdigest(),
        item_index=index,
        provider=name_space(item_id, publisher),
        updated_raw=_read_scalar(item, "updated"),
    )


def _read_string(item: dict[str, object], key: str) -> str | None:
    value = item.get(key)
    if value is None or isinstance(value, str):
        return value or None
    raise ParseError("wrong-type", f'"{key}" is {_name(value)}, not a string')


def _read_scalar(item: dict[str, object], key: str) -> str | None:
    """Read an id or a date, which writers also give as a number."""
    value = item.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return _read_string(item, key)


def _read_authors(item: dict[str, object]) -> tuple[str, ...]:
    value = item.get("authors")
    if value is None or isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return tuple(name for name in value if name.strip())
    raise ParseError("wrong-type", f'"authors" is {_name(value)}, not a string or a list of strings')


def _name(value: object) -> str:
    names = {
        dict: "an object",
        list: "an array",
        str: "a string",
        bool: "a boolean",
        int: "a number",
        float: "a number",
    }
    return names.get(type(value), "null")
