"""Zip archives: their members listed and opened one by one, nothing ever written to disk."""

import dataclasses
import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO, cast

from articles import ParseError
from sources.containers import ERRORS, Limits

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclasses.dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: its place in it, its tidy name, and why it can't be read, if so."""

    index: int
    name: str
    size: int
    fault: tuple[str, str] | None = None


def read_members(archive: zipfile.ZipFile, size: int, limits: Limits) -> Iterator[Member]:
    """List the files of a zip in its own order, but no folders and none hidden (a name with `.` or `_` first).

    Raises `ParseError` where the archive as a whole is beyond the limits.
    """
    entries = archive.infolist()
    if len(entries) > limits.members:
        raise ParseError("too-many-members", f"the archive has {len(entries):,} members, more than {limits.members:,}")
    total = sum(entry.file_size for entry in entries)
    if total > limits.free and total > limits.ratio * size:
        raise ParseError("expansion", f"{size:,} bytes of zip would grow to {total:,}")
    for index, entry in enumerate(entries):
        name = tidy(entry.filename)
        if not entry.is_dir() and not is_hidden(name):
            fault = ("encrypted", f"{name} is encrypted") if entry.flag_bits & 1 else None
            yield Member(index, name, entry.file_size, fault)


def open_archive(stream: BinaryIO) -> zipfile.ZipFile:
    """Open a zip, or raise `ParseError` where it is none after all."""
    try:
        return zipfile.ZipFile(stream)
    except (*ERRORS, ValueError, RuntimeError) as error:
        raise ParseError("corrupt-container", f"not a readable zip: {error}") from error


def open_member(archive: zipfile.ZipFile, index: int) -> BinaryIO:
    """Open the content of one member, or raise `ParseError`."""
    try:
        return cast("BinaryIO", archive.open(archive.infolist()[index]))
    except (*ERRORS, IndexError, RuntimeError, ValueError) as error:
        raise ParseError("corrupt-container", f"member {index} can't be opened: {error}") from error


def tidy(name: str) -> str:
    r"""Make an archive's own file name safe to show: no root, no way up, no control characters.

    >>> tidy("..\\..//etc/./pass\nwd")
    'etc/passwd'
    """
    parts = _UNSAFE.sub("", name).replace("\\", "/").encode("utf-8", "replace").decode().split("/")
    return "/".join(part for part in parts if part not in {"", ".", ".."})


def is_hidden(path: str) -> bool:
    """Whether a part of the path starts with `.` or `_`, as scratch files of all tools do."""
    return any(part.startswith((".", "_")) for part in path.split("/"))
