"""Compressed files and archives: opened in memory only, in bounded size, and never trusted."""

import bz2
import dataclasses
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import BinaryIO, Final, Protocol, cast

import zstandard

from articles import ParseError

MAGIC: Final[Mapping[str, bytes]] = {
    "gzip": b"\x1f\x8b\x08",
    "bzip2": b"BZh",
    "xz": b"\xfd7zXZ\x00",
    "zstd": b"\x28\xb5\x2f\xfd",
    "zip": b"PK\x03\x04",
    "empty-zip": b"PK\x05\x06",
}
"""The first bytes of each container."""
ARCHIVES: Final = frozenset({"zip", "empty-zip"})
"""Containers of many members."""

ERRORS = (EOFError, OSError, lzma.LZMAError, zlib.error, zstandard.ZstdError, zipfile.BadZipFile, NotImplementedError)
"""What the libraries raise on damaged containers."""
_BLOCK = 1 << 20
_BUFFER = 1 << 16
"""What can be looked at before it is read: as much as decides on a format."""
_ZSTD_STEP = 1 << 10
"""Bytes fed to zstd at once: it can make 32 KB of each, and gives all of them together."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an input may cost, in bytes; beyond it, a reject.

    A container whose content is more than `ratio` times its size counts as a bomb once it has grown
    past `free`, which honest text with many repeats stays under.
    """

    payload: int = 256 << 20
    ratio: int = 250
    free: int = 32 << 20
    members: int = 10_000


def find_container(head: bytes) -> str | None:
    """Name the container that starts with these bytes, or None."""
    return next((name for name, magic in MAGIC.items() if head.startswith(magic)), None)


class _Zstd:
    """A zstd stream of one or more frames; unlike the library's own reader it sees a missing end."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._left, self._inner = stream, b"", _new_zstd()
        self._pending, self._place, self._inside = b"", 0, False

    def read(self, size: int) -> bytes:
        while self._place >= len(self._pending):
            packed = self._left or self._stream.read(_ZSTD_STEP)
            if not packed:
                if self._inside:
                    raise EOFError("the last frame has no end")
                return b""
            self._pending, self._place, self._left, self._inside = self._inner.decompress(packed), 0, b"", True
            if self._inner.eof:
                self._left, self._inner, self._inside = self._inner.unused_data, _new_zstd(), False
        self._place += size
        return self._pending[self._place - size : self._place]


def _new_zstd() -> "zstandard.ZstdDecompressionObj":  # a name of the type stubs only
    return zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


_OPENERS: Mapping[str, Callable[[BinaryIO], _Readable]] = {
    "gzip": lambda stream: gzip.GzipFile(fileobj=stream),  # no file of ours to close
    "bzip2": bz2.BZ2File,
    "xz": lzma.LZMAFile,
    "zstd": _Zstd,
}


class Unpacked(io.RawIOBase):
    """A compressed stream's content up to its end or first fault; without a container, one that may fail.

    Reading never raises on bad input: a damaged or cut file ends where it can't be read on.
    """

    def __init__(self, stream: BinaryIO, container: str | None, size: int, limits: Limits) -> None:
        super().__init__()
        self.fault: tuple[str, str] | None = None
        inner: _Readable = _OPENERS[container](stream) if container else stream
        self._take: Callable[[int], bytes] = getattr(inner, "read1", inner.read)
        """One step at a time: a longer read that ends in an error would lose what came before it."""
        self._container, self._size, self._given, self._limits = container or "member", max(size, 1), 0, limits

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill the buffer with content; 0 at the end, and at a fault."""
        view, filled = memoryview(cast("bytearray", buffer)), 0
        while filled < len(view) and (data := self._read(len(view) - filled)):
            view[filled : filled + len(data)] = data
            filled += len(data)
        return filled

    def _read(self, size: int) -> bytes:
        """At most `size` bytes; none at the end, and from a fault on."""
        if self.fault:
            return b""
        try:
            data = self._take(min(size, _BLOCK))
        except EOFError as error:
            self.fault = ("truncated", f"the {self._container} ends early: {error}")
            return b""
        except ERRORS as error:
            if isinstance(error, OSError) and error.errno is not None:  # the disk's or network's, not the content's
                raise
            self.fault = ("corrupt-container", f"the {self._container} is damaged: {error}")
            return b""
        self._given += len(data)
        if self._given > self._limits.free and self._given > self._limits.ratio * self._size:
            self.fault = ("expansion", f"{self._size:,} bytes of {self._container} grew to over {self._given:,}")
            return b""
        return data


@dataclasses.dataclass(frozen=True, slots=True)
class Content:
    """What a stream holds once its own compression is taken off, and the layers that may have failed."""

    reader: "io.BufferedReader[Unpacked]"  # generic in the type stubs only
    is_packed: bool
    layers: tuple[Unpacked, ...]

    @property
    def fault(self) -> tuple[str, str] | None:
        """Why reading ended early, or None."""
        return next((layer.fault for layer in self.layers if layer.fault), None)

    @property
    def container(self) -> str | None:
        """The container that the content starts with in its turn."""
        return find_container(self.reader.peek(16))


def unpack(stream: BinaryIO, size: int, limits: Limits) -> Content:
    """Take off the compression of a stream of `size` bytes, if it has any."""
    outer = Unpacked(stream, None, size, limits)
    reader = io.BufferedReader(outer, _BUFFER)
    container = find_container(reader.peek(16))
    if container is None or container in ARCHIVES:
        return Content(reader, is_packed=False, layers=(outer,))
    inner = Unpacked(cast("BinaryIO", reader), container, size, limits)
    return Content(io.BufferedReader(inner, _BUFFER), is_packed=True, layers=(outer, inner))


def read_bounded(stream: BinaryIO, limit: int) -> bytes:
    """Read a stream to its end; raises `ParseError` with its first bytes where it is longer than `limit`."""
    blocks, taken = [], 0
    while block := stream.read(min(_BLOCK, limit + 1 - taken)):
        blocks.append(block)
        taken += len(block)
        if taken > limit:
            raise ParseError("too-large", f"larger than {limit:,} bytes", payload=blocks[0])
    return b"".join(blocks)
