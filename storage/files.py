"""Files that are whole or absent, also after a power cut."""

import contextlib
import hashlib
import io
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from storage.paths import Location


def sync_directory(path: Location) -> None:
    """Make the directory's entries durable (POSIX: renames are, once their directory is synced)."""
    if isinstance(path, Path):
        _sync(path, os.O_RDONLY | os.O_DIRECTORY)


def sync_file(path: Location) -> None:
    """Make a written file's content durable. An object is, once it is written."""
    if isinstance(path, Path):
        _sync(path, os.O_RDONLY)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Measured(io.RawIOBase):
    """A file being written, with the size and the digest of what was."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.size = 0
        """In bytes."""

    @property
    def sha256(self) -> str:
        """Of all that was written, in hex."""
        return self._digest.hexdigest()

    def writable(self) -> bool:
        """It is for writing only, from start to end."""
        return True

    def tell(self) -> int:
        """Where the next byte goes."""
        return self.size

    def write(self, content: Any) -> int:  # noqa: ANN401  # any buffer, which Python 3.11 has no type for
        """Append."""
        self._file.write(content)
        self._digest.update(content)
        written = memoryview(content).nbytes
        self.size += written
        return written


@contextlib.contextmanager
def whole(path: Location, *, durable: bool = True, alone: bool = False) -> Iterator[Measured]:
    """A file to be written, which a reader sees all of or nothing; nothing where the block raises.

    Two that write it at once, such as a worker that was given up, each have their own, and one replaces the other. Who
    writes it `alone` writes over what a process that was killed has left.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not isinstance(path, Path):
        with path.open("wb") as stream:
            yield Measured(stream)
        return
    part = path.with_name(f".{path.name}.part" if alone else f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        with part.open("wb") as file:
            yield Measured(cast("BinaryIO", file))
            if durable:
                file.flush()
                os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    if durable:
        sync_directory(path.parent)


def write_whole(path: Location, content: bytes) -> None:
    """Write a file so that a reader sees all of it or none, durably."""
    with whole(path, alone=True) as file:
        file.write(content)


def sha256(path: Location) -> str:
    """Digest of a file's content, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # a BufferedReader
