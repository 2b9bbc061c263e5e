"""Content codings undone piece by piece, with a limit on what comes out.

Written over the codecs themselves rather than urllib3's decoders, which have let bombs through in several releases
(CVE-2025-66471, CVE-2026-44432, CVE-2026-9375).
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping

import brotli
import zstandard

from sources.polling.errors import FetchError

ACCEPT_ENCODING = "gzip, deflate, br, zstd"

PIECE = 65_536
"""Bytes that a decoder may put out at once."""

MAX_LAYERS = 2
"""Codings one on the other; more than one is rare, more than two an attack."""

ZSTD_WINDOW = 8 * 1024 * 1024
"""Largest window that RFC 9659 lets a server use."""

ZSTD_SLICE = 128
"""Bytes given to zstd at once. A block takes at least 4 and holds at most 128 KiB (RFC 8878, section 3.1.1.2), so a
slice never puts out more than 4 MiB."""

GZIP_MAGIC = b"\x1f\x8b"

Decoder = Callable[[Iterator[bytes]], Iterator[bytes]]


def decode(pieces: Iterable[bytes], content_encoding: str, limit: int, *, cut: bool = False) -> bytes:
    """Undo `content_encoding` (the header's value) and join; beyond `limit` bytes raise FetchError, or `cut` there.

    >>> decode([b"abc"], "identity", limit=3)
    b'abc'
    """
    codings = [name for part in content_encoding.lower().split(",") if (name := part.strip()) not in ("", "identity")]
    unknown = [name for name in codings if name not in DECODERS]
    if unknown or len(codings) > MAX_LAYERS:
        raise FetchError("bad-encoding", f"Content-Encoding {content_encoding[:60]!r} is not supported")
    stream = filter(None, pieces)
    for name in reversed(codings):
        stream = filter(None, DECODERS[name](stream))
    body = bytearray()
    try:
        for piece in stream:
            body += piece
            if len(body) > limit and cut:
                return bytes(body[:limit])
            if len(body) > limit:
                raise FetchError("too-large", f"the body is larger than {limit} bytes once decompressed")
    except (zlib.error, brotli.error, zstandard.ZstdError) as error:
        raise FetchError("bad-encoding", f"the body is not valid {content_encoding[:60]}: {error}") from error
    return bytes(body)


def gunzip(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Gzip of one or more members. A body that only claims to be gzip is handed on as it is."""
    first = next(pieces, b"")
    while first and len(first) < len(GZIP_MAGIC) and (more := next(pieces, b"")):
        first += more
    if not first.startswith(GZIP_MAGIC):
        yield first
        yield from pieces
        return
    inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
    for piece in _prepend(first, pieces):
        rest = piece
        while rest:
            if inflater.eof:
                if not rest.startswith(GZIP_MAGIC[:1]):
                    return  # padding after the last member
                inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
            yield inflater.decompress(rest, PIECE)
            rest = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
    yield from _drain(inflater, "gzip")


def inflate(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Deflate: with a zlib header as RFC 9110 wants it, or raw as some servers send it."""
    first = next(pieces, b"")
    if not first:
        return
    # RFC 1950: the method in the low nibble is 8, and the first two bytes are a multiple of 31.
    zlib_header = first[0] & 0x0F == 8 and (len(first) < 2 or int.from_bytes(first[:2]) % 31 == 0)
    inflater = zlib.decompressobj(zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS)
    for piece in _prepend(first, pieces):
        rest = piece
        while rest and not inflater.eof:
            yield inflater.decompress(rest, PIECE)
            rest = inflater.unconsumed_tail
    yield from _drain(inflater, "deflate")


def unbrotli(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Brotli."""
    decompressor = brotli.Decompressor()
    empty = True
    for piece in pieces:
        empty = False
        if decompressor.is_finished():
            break  # padding after the stream
        yield decompressor.process(piece, output_buffer_limit=PIECE)
        while not decompressor.can_accept_more_data():
            yield decompressor.process(b"", output_buffer_limit=PIECE)
    while not decompressor.is_finished() and (piece := decompressor.process(b"", output_buffer_limit=PIECE)):
        yield piece
    if not empty and not decompressor.is_finished():
        raise _truncated("brotli")


def unzstd(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Zstandard, of one or more frames."""
    decompressor = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW)
    frame = None
    for piece in pieces:
        for start in range(0, len(piece), ZSTD_SLICE):
            rest = piece[start : start + ZSTD_SLICE]
            while rest:
                frame = decompressor.decompressobj() if frame is None or frame.eof else frame
                yield frame.decompress(rest)
                rest = frame.unused_data if frame.eof else b""
    if frame is not None and not frame.eof:
        raise _truncated("zstd")


def _prepend(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from pieces


def _drain(inflater: "zlib._Decompress", coding: str) -> Iterator[bytes]:
    """What an inflater holds back once all its input is read."""
    while not inflater.eof and (piece := inflater.decompress(b"", PIECE)):
        yield piece
    if not inflater.eof:
        raise _truncated(coding)


def _truncated(coding: str) -> FetchError:
    return FetchError("truncated", f"the body ends in the middle of its {coding} stream")


DECODERS: Mapping[str, Decoder] = {
    "gzip": gunzip,
    "x-gzip": gunzip,
    "deflate": inflate,
    "br": unbrotli,
    "zstd": unzstd,
}
