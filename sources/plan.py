"""Cut inputs into units of bounded memory. The items of all units are the same, however they are cut."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import BinaryIO

from articles import ParseError
from sources.archives import open_archive, open_member, read_members
from sources.containers import ARCHIVES, Limits, find_container, unpack
from sources.sniff import WINDOW
from sources.unit import DEFAULT_LIMITS, Opener, Unit, are_lines, printable
from storage.paths import location

PIECE = 16 << 20
"""Bytes of JSON Lines in a unit."""
_BLOCK = 1 << 20


def _create(path: str) -> BinaryIO:
    place = location(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    return place.open("wb")


@dataclass(frozen=True, slots=True)
class Spool:
    """A folder for the pieces of compressed lines, which can't be opened in their middle."""

    folder: str
    create: Callable[[str], BinaryIO] = _create


def plan(
    uri: str,
    size: int,
    opener: Opener,
    *,
    spool: Spool | None = None,
    piece: int = PIECE,
    limits: Limits = DEFAULT_LIMITS,
) -> Iterator[Unit]:
    """Cut one file of `size` bytes into units, each of about `piece` bytes where it is JSON Lines.

    Lines of a plain file are cut into ranges. Compressed ones are written to `spool` in pieces; without
    a spool they are one unit, read as a stream. Each member of a zip is at least a unit of its own. All
    else is one unit, which is held in memory and rejected beyond `limits.payload`.
    """
    whole = Unit(uri=uri, source_uri=printable(uri), size=size)
    try:
        stream = opener(uri)
    except OSError as error:
        yield replace(whole, fault=("unreadable", f"{whole.source_uri}: {error.strerror or error}"))
        return
    with stream:
        head = stream.read(WINDOW)
        stream.seek(0)
        container = find_container(head)
        if container is None and size > piece and are_lines(head, uri):
            yield from _cut_ranges(stream, whole, piece)
        elif container in ARCHIVES:
            yield from _plan_archive(stream, whole, spool, piece, limits)
        elif container and spool:
            yield from _plan_packed(stream, whole, spool, piece, limits)
        else:
            yield whole


def _plan_archive(stream: BinaryIO, whole: Unit, spool: Spool | None, piece: int, limits: Limits) -> Iterator[Unit]:
    try:
        with open_archive(stream) as archive:
            for member in read_members(archive, whole.size, limits):
                name = f"{whole.uri}!/{member.name}"
                unit = replace(whole, source_uri=name, member=member.index, size=member.size, fault=member.fault)
                if member.fault or spool is None:
                    yield unit
                    continue
                with open_member(archive, member.index) as content:
                    yield from _plan_packed(content, unit, spool, piece, limits)
    except ParseError as error:
        yield replace(whole, fault=(error.reason, error.message))


def _plan_packed(stream: BinaryIO, unit: Unit, spool: Spool, piece: int, limits: Limits) -> Iterator[Unit]:
    """Write lines that can only be read from their start to the spool, where they are more than a piece."""
    content = unpack(stream, unit.size, limits)
    if content.container is not None:
        yield unit
        return
    first = content.reader.read(piece + 1)
    if len(first) <= piece or not are_lines(first[:WINDOW], unit.source_uri):
        yield unit
        return
    blocks = chain([first], iter(lambda: content.reader.read(_BLOCK), b""))
    yield from _spool_pieces(blocks, unit, spool, piece)
    if content.fault:
        yield replace(unit, source_format="jsonl", fault=content.fault)


def _cut_ranges(stream: BinaryIO, whole: Unit, piece: int) -> Iterator[Unit]:
    unit = replace(whole, source_format="jsonl", size=0)
    for first_item, block in cut(iter(lambda: stream.read(_BLOCK), b""), piece):
        if first_item != unit.first_item:
            yield replace(unit, stop=unit.start + unit.size)
            unit = replace(unit, first_item=first_item, start=unit.start + unit.size, size=0)
        unit = replace(unit, size=unit.size + len(block))
    yield replace(unit, stop=unit.start + unit.size)


def _spool_pieces(blocks: Iterable[bytes], source: Unit, spool: Spool, piece: int) -> Iterator[Unit]:
    """Write each piece to a file named for its source and first line, and yield it once it is whole."""
    stem = hashlib.sha256(f"{source.source_uri}\0{source.member}".encode()).hexdigest()[:20]

    def name(first_item: int) -> str:
        return f"{spool.folder.rstrip('/')}/{stem}-{first_item:012}.jsonl"

    unit = Unit(uri=name(0), source_uri=source.source_uri, source_format="jsonl")
    file = spool.create(unit.uri)
    try:
        for first_item, block in cut(blocks, piece):
            if first_item != unit.first_item:
                file.close()
                yield unit
                unit = replace(unit, uri=name(first_item), first_item=first_item, size=0)
                file = spool.create(unit.uri)
            file.write(block)
            unit = replace(unit, size=unit.size + len(block))
    finally:
        file.close()
    yield unit


def cut(blocks: Iterable[bytes], piece: int) -> Iterator[tuple[int, bytes]]:
    r"""Mark each block with the number of the first line of the piece it belongs to.

    A piece ends at the first line end at which it has `piece` bytes or more.

    >>> list(cut([b"a\nbb\n", b"c\nd"], 3))
    [(0, b'a\nbb\n'), (2, b'c\nd')]
    """
    first_item, lines, length = 0, 0, 0
    for block in blocks:
        rest = block
        while rest:
            end = rest.find(b"\n", max(0, piece - length - 1)) + 1
            part, rest = (rest[:end], rest[end:]) if end else (rest, b"")
            if not part:
                continue
            yield first_item, part
            lines += part.count(b"\n")
            length += len(part)
            if end:
                first_item, length = lines, 0
