"""A piece of input that one worker reads in bounded memory."""

import contextlib
import dataclasses
import io
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO, cast

from articles import Article, Origin, ParseError, Reject, Rights
from sources.archives import open_archive, open_member, read_members
from sources.containers import ARCHIVES, Limits, read_bounded, unpack
from sources.formats import jsonl, warc
from sources.parse import parse, reject, settle
from sources.sniff import WINDOW, sniff

Opener = Callable[[str], BinaryIO]
"""Opens a file's own bytes by URI: seekable, never decompressed."""

DEFAULT_LIMITS = Limits()

_STREAMS: Mapping[str, Callable[[BinaryIO, Origin], Iterator[Article | ParseError]]] = {
    "jsonl": jsonl.parse_lines,
    "warc": warc.iterate,
}
"""Formats that are read item by item, however large they are."""

_NO_FEED = frozenset({"html", "text", "email", "warc"})
"""Formats of files that no feed's address gives."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A file, an archive member, or a range of lines; small, as it travels between workers.

    `uri` is what is opened, `source_uri` what its items say they came from. `start` and `stop` are
    bytes of the opened file (`stop` None: to the end), `first_item` the number of the first line.
    `source_format` is set where lines were cut. `member` is the place in a zip. `fault` (reason,
    message) is a reject for the input as a whole; a unit with one has nothing else.

    `polled` marks what a feed's server answered, which nothing but a feed may be; `content_type` is
    its header, `publisher` and `license_url` what is known of the feed where its items are silent.
    """

    uri: str
    source_uri: str
    source_format: str | None = None
    member: int | None = None
    start: int = 0
    stop: int | None = None
    first_item: int = 0
    size: int = 0
    fault: tuple[str, str] | None = None
    polled: bool = False
    content_type: str | None = None
    publisher: str | None = None
    license_url: str | None = None


def read_unit(
    unit: Unit, opener: Opener, limits: Limits = DEFAULT_LIMITS, *, strict: bool = False
) -> Iterator[Article | Reject]:
    """Read every item of a unit, in order. An input that can't be opened or read to its end is a reject.

    `strict` holds items to the schema of their format, as `sources.parse.parse` does. Errors of the file
    system pass through where they concern files of ours: spooled lines, payloads of feeds.
    """
    origin = Origin(uri=unit.source_uri, content_type=unit.content_type, first_item=unit.first_item)
    try:
        yield from _read(unit, origin, opener, limits, strict=strict)
    except OSError as error:
        if not unit.source_uri.startswith(printable(unit.uri)):
            raise
        fault = ParseError("unreadable", f"{unit.source_uri}: {error.strerror or error}")
        yield reject(fault, origin, unit.source_format, b"")


def printable(uri: str) -> str:
    r"""A file's name as text: bytes of it that are no UTF-8 stand as `\xff`."""
    return uri.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _read(unit: Unit, origin: Origin, opener: Opener, limits: Limits, *, strict: bool) -> Iterator[Article | Reject]:
    if unit.fault:
        yield reject(ParseError(*unit.fault), origin, unit.source_format, b"")
        return
    with contextlib.ExitStack() as stack:
        stream = stack.enter_context(opener(unit.uri))
        if unit.polled:
            yield from _read_polled(stream.read(), origin, unit, strict=strict)
            return
        if unit.source_format is not None:
            stream.seek(unit.start)
            length = None if unit.stop is None else unit.stop - unit.start
            yield from settle(jsonl.parse_lines(stream, origin, length), origin, unit.source_format, b"")
            return
        try:
            if unit.member is not None:
                stream = stack.enter_context(open_member(stack.enter_context(open_archive(stream)), unit.member))
            depth = 0 if unit.member is None else 1
            yield from _read_content(stream, origin, unit.size, limits, depth, strict=strict)
        except ParseError as error:
            yield reject(error, origin, None, b"")


def _read_polled(payload: bytes, origin: Origin, unit: Unit, *, strict: bool) -> Iterator[Article | Reject]:
    """Read a feed as its server sent it. A page in its place, such as a log-in form, is no article."""
    try:
        found = sniff(payload, origin.uri, origin.content_type)
    except ParseError as error:
        yield reject(error, origin, None, payload)
        return
    if found in _NO_FEED:
        fault = ParseError("not-a-feed", f"the server of the feed answered with {found}")
        yield reject(fault, origin, found, payload)
        return
    for item in parse(payload, origin, found, strict=strict):
        yield item if isinstance(item, Reject) else _complete(item, unit)


def _complete(article: Article, unit: Unit) -> Article:
    """Add what is known of the feed where the item itself says nothing."""
    rights = article.rights
    if unit.license_url and (rights is None or rights.usage_terms is None):
        rights = dataclasses.replace(rights or Rights(), usage_terms=unit.license_url)
    return dataclasses.replace(article, publisher=article.publisher or unit.publisher, rights=rights)


def are_lines(head: bytes, name: str) -> bool:
    """Whether content that starts so is JSON Lines, which may be cut at line ends."""
    return _find_stream(head, name) == "jsonl"


def _find_stream(head: bytes, name: str) -> str | None:
    """Name the format of content that starts so, if it is one that is read as a stream."""
    try:
        found = sniff(head, name)
    except ParseError:
        return None
    return found if found in _STREAMS else None


def _read_content(
    stream: BinaryIO, origin: Origin, size: int, limits: Limits, depth: int, *, strict: bool
) -> Iterator[Article | Reject]:
    """Read a stream at most two containers deep: an archive of compressed files, or the reverse."""
    content = unpack(stream, size, limits)
    reader = cast("BinaryIO", content.reader)
    depth += content.is_packed
    if content.container is not None and depth > 1:
        raise ParseError("nested-container", f"{origin.uri} holds a container within a container within a container")
    if content.container in ARCHIVES:
        yield from _read_archive(reader, origin, limits, depth + 1, strict=strict)
    elif content.container is not None:
        yield from _read_content(reader, origin, size, limits, depth, strict=strict)
    elif stream_format := _find_stream(content.reader.peek(WINDOW)[:WINDOW], origin.uri):
        yield from settle(_STREAMS[stream_format](reader, origin), origin, stream_format, b"")
        if content.fault:
            yield reject(ParseError(*content.fault), origin, stream_format, b"")
    else:
        payload = read_bounded(reader, limits.payload)
        if content.fault:
            raise ParseError(*content.fault, payload=payload)
        yield from parse(payload, origin, strict=strict)


def _read_archive(
    stream: BinaryIO, origin: Origin, limits: Limits, depth: int, *, strict: bool
) -> Iterator[Article | Reject]:
    payload = read_bounded(stream, limits.payload)
    with open_archive(io.BytesIO(payload)) as archive:
        for member in read_members(archive, len(payload), limits):
            inner = dataclasses.replace(origin, uri=f"{origin.uri}!/{member.name}")
            try:
                if member.fault:
                    raise ParseError(*member.fault)  # noqa: TRY301  # the same row as for one found while reading
                with open_member(archive, member.index) as content:
                    yield from _read_content(content, inner, member.size, limits, depth, strict=strict)
            except ParseError as error:
                yield reject(error, inner, None, b"")
