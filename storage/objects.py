"""Paths in an object store (S3, Google Cloud Storage, Azure), with as much of pathlib's interface as tables need.

An object store has no folders, no renames and no locks; it has objects that are whole or absent, seen by everyone once
they are written, and writes that succeed only where nothing is there yet (`create`) or only over what was read
(`exchange`). S3 has had the latter as `If-None-Match` and `If-Match` since 2024, Google Cloud Storage as generation
preconditions. Credentials, region and endpoint come from the environment, by the names that the object_store
crate knows: `AWS_ACCESS_KEY_ID`, `AWS_REGION`, `AWS_ENDPOINT_URL`, `GOOGLE_APPLICATION_CREDENTIALS` …, or from the
machine's own account.
"""

import contextlib
import dataclasses
import errno
import fnmatch
import io
import tempfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, Any, BinaryIO, Final, Self, cast

import obstore
from obstore.store import ObjectStore

from storage.stores import StoreError, open_store, os_errors

SCHEMES: Final = ("s3://", "gs://", "az://", "abfss://", "memory://")
"""What URLs of objects begin with. Objects in memory are this process's own, for trying things out."""

_ATTEMPTS: Final = 3
_IN_MEMORY: Final = 64 << 20
"""Bytes of a file being written that are held in memory; what is more waits on disk until it is whole."""


@dataclasses.dataclass(frozen=True, slots=True)
class ObjectStat:
    """`st_size` is in bytes; `version` says which of the object's contents was seen."""

    st_size: int
    version: tuple[str | None, str | None]


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class ObjectPath:
    """A place in an object store: `root` is the bucket's URL, `key` has no slash at either end.

    >>> path = ObjectPath.parse("s3://wires/tables/")
    >>> str(path / "articles" / "part.parquet")
    's3://wires/tables/articles/part.parquet'
    """

    root: str
    key: str

    @classmethod
    def parse(cls, url: str) -> Self:
        """The path of a URL; raises `ValueError` where it names no bucket."""
        scheme, _, rest = url.partition("://")
        bucket, _, key = rest.partition("/")
        if not bucket:
            msg = f"{url} names no bucket: give {scheme}://BUCKET/FOLDER"
            raise ValueError(msg)
        parts = [part for part in key.split("/") if part]
        if {".", ".."} & {*parts}:
            msg = f"{url}: objects know no . and .. in their names"
            raise ValueError(msg)
        return cls(f"{scheme}://{bucket}", "/".join(parts))

    def __str__(self) -> str:
        return f"{self.root}/{self.key}" if self.key else self.root

    def __truediv__(self, name: str) -> Self:
        return dataclasses.replace(self, key=f"{self.key}/{name}".strip("/"))

    @property
    def name(self) -> str:
        """The last part."""
        return PurePosixPath(self.key).name

    @property
    def stem(self) -> str:
        """The last part without its ending."""
        return PurePosixPath(self.key).stem

    @property
    def parent(self) -> Self:
        """The path without its last part; a bucket is its own parent."""
        return dataclasses.replace(self, key=self.key.rpartition("/")[0])

    def with_name(self, name: str) -> Self:
        """The same place with another last part."""
        return self.parent / name

    def resolve(self) -> Self:
        """Itself: an object has one name."""
        return self

    def exists(self) -> bool:
        """Whether there is an object of this name, or one below it."""
        return self.is_file() or self.is_dir()

    def is_file(self) -> bool:
        """Whether there is an object of this name."""
        try:
            self.stat()
        except FileNotFoundError:
            return False
        return True

    def is_dir(self) -> bool:
        """Whether there is an object below this name."""
        return next(self.rglob("*"), None) is not None

    def stat(self) -> ObjectStat:
        """Size and version; raises `FileNotFoundError`."""
        with os_errors(self):
            found = obstore.head(self._store, self.key)
        return ObjectStat(found["size"], (found["e_tag"], found["version"]))

    def mkdir(self, *, parents: bool = False, exist_ok: bool = False) -> None:
        """Nothing: there are no folders to make."""

    def iterdir(self) -> Iterator[Self]:
        """The objects and folders right below."""
        with os_errors(self):
            found = obstore.list_with_delimiter(self._store, self.key)
        for name in (*found["common_prefixes"], *(found["path"] for found in found["objects"])):
            yield dataclasses.replace(self, key=name)

    def rglob(self, pattern: str) -> Iterator[Self]:
        """All objects below whose last part fits the pattern."""
        return (path for path, _ in self.walk() if fnmatch.fnmatchcase(path.name, pattern))

    def walk(self) -> Iterator[tuple[Self, int]]:
        """All objects below, with their sizes in bytes."""
        with os_errors(self):
            for chunk in obstore.list(self._store, self.key):
                for found in chunk:
                    yield dataclasses.replace(self, key=found["path"]), found["size"]

    def glob(self, pattern: str) -> Iterator[Self]:
        """Objects below, as many parts deep as the pattern has, that fit it part by part; all for `**/*`."""
        parts = pattern.removeprefix("**/").split("/")
        for path in self.rglob(parts[-1]):
            below = path.key.removeprefix(_folder(self.key)).split("/")
            deep = pattern.startswith("**/") or len(below) == len(parts)
            if deep and all(map(fnmatch.fnmatchcase, below[-len(parts) :], parts)):
                yield path

    def read_bytes(self) -> bytes:
        """The object's content; raises `FileNotFoundError`."""
        with os_errors(self):
            return obstore.get(self._store, self.key).bytes().to_bytes()

    def write_bytes(self, content: bytes) -> int:
        """Write the object, whatever was there before."""
        with os_errors(self):
            obstore.put(self._store, self.key, content)
        return len(content)

    def create(self, content: bytes) -> bool:
        """Write the object where there is none; whether this did it.

        A request whose answer was lost is sent again, and then finds its own object: raises `FileExistsError` only
        where what is there is something else.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with os_errors(self):
                    obstore.put(self._store, self.key, content, mode="create")
            except FileExistsError:
                # Gone meanwhile, or never there: some stores say so of two requests at a time.
                with contextlib.suppress(FileNotFoundError):
                    if self.read_bytes() == content:
                        return False
                    raise
                if attempt == _ATTEMPTS:
                    raise
            except StoreError as error:
                # The client sends no such request again by itself: it can't tell whether it was carried out.
                if attempt == _ATTEMPTS or error.errno == errno.EACCES:
                    raise
            else:
                return True
        return False

    def exchange(self, content: bytes, seen: ObjectStat) -> ObjectStat | None:
        """Write the object where it is still what was seen; None where it is not."""
        e_tag, version = seen.version
        named = {name: value for name, value in (("e_tag", e_tag), ("version", version)) if value is not None}
        try:
            with os_errors(self):
                put = obstore.put(self._store, self.key, content, mode=cast("Any", named))
        except (FileExistsError, FileNotFoundError):
            return None
        return ObjectStat(len(content), (put["e_tag"], put["version"]))

    def unlink(self, *, missing_ok: bool = False) -> None:
        """Delete the object; object stores don't say whether it was there."""
        try:
            with os_errors(self):
                obstore.delete(self._store, self.key)
        except FileNotFoundError:
            if not missing_ok:
                raise

    def replace(self, target: Self) -> Self:
        """Move the object to another name of its bucket, over what is there: a copy, then a deletion."""
        with os_errors(self):
            obstore.copy(self._store, self.key, target.key)
        self.unlink()
        return target

    def open(self, mode: str = "rb") -> BinaryIO:
        """The object as a file: `rb` reads ranges as they are asked for, `wb` writes it whole when it is closed."""
        if mode == "wb":
            return cast("BinaryIO", _Writer(self))
        if mode != "rb":
            msg = f"objects are opened with rb or wb, not with {mode}"
            raise ValueError(msg)
        return cast("BinaryIO", io.BufferedReader(_Reader(self), buffer_size=1 << 20))

    @property
    def _store(self) -> ObjectStore:
        return open_store(self.root)


def _folder(key: str) -> str:
    return f"{key}/" if key else ""


class _Reader(io.RawIOBase):
    """An object's bytes, range by range."""

    def __init__(self, path: ObjectPath) -> None:
        self._path = path
        found = path.stat()
        self._size, self._e_tag = found.st_size, found.version[0]
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  # a writable buffer, which Python 3.11 has no type for
        stop = min(self._place + len(buffer), self._size)
        if stop <= self._place:
            return 0
        # One that is replaced meanwhile must not be read half old, half new.
        how: dict[str, Any] = {"range": (self._place, stop)}
        if self._e_tag:
            how["if_match"] = self._e_tag
        with os_errors(self._path):
            store = self._path._store  # noqa: SLF001
            found = obstore.get(store, self._path.key, options=cast("Any", how)).bytes()
        buffer[: len(found)] = memoryview(found)
        self._place += len(found)
        return len(found)


class _Writer(tempfile.SpooledTemporaryFile[bytes]):
    """What is written waits here, and becomes the object when the file is closed in order."""

    def __init__(self, path: ObjectPath) -> None:
        super().__init__(max_size=_IN_MEMORY)
        self._path = path
        self._ended = False

    def __exit__(self, *raised: object) -> None:
        self._ended = self._ended or raised[0] is not None
        self.close()

    def close(self) -> None:
        try:
            if not self._ended:
                self._ended = True
                self.seek(0)
                with os_errors(self._path):
                    obstore.put(self._path._store, self._path.key, cast("IO[bytes]", self))  # noqa: SLF001
        finally:
            super().close()

    def __del__(self) -> None:
        self._ended = True  # nobody has closed it
        super().close()
