"""Whether an item was committed before, in the very revision it has now: asked of each item before any costly stage.

Most of what a scheduled run reads is known. The answers are in a file, sorted, that every worker maps into
its memory: 16 bytes a committed row, shared by all.
"""

import functools
import shutil
import tempfile
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from storage.files import whole
from storage.objects import ObjectPath
from storage.paths import Location, location
from transforms.duplicates.tables import as_cells

_Pairs = npt.NDArray[np.uint64]


def write_known(history: Iterable[pa.Table], path: Location) -> int:
    """Write the pairs of id and revision of all committed rows, each folded into 16 bytes; how many there are."""
    pieces = [_fold(as_cells(piece["key"], 16), as_cells(piece["revision"], 16)) for piece in history]
    pairs = np.concatenate([np.empty((0, 2), np.uint64), *pieces])
    with whole(path, durable=False) as file:
        np.save(file, np.ascontiguousarray(pairs[np.argsort(pairs[:, 0])].T))
    return len(pairs)


def is_known(path: str, article_id: str, revision: str) -> bool:
    """Whether the file has this pair, both 32 hex digits."""
    firsts, seconds = _open(path)
    first, second = _fold(_cells(article_id), _cells(revision))[0]
    start, stop = np.searchsorted(firsts, first), np.searchsorted(firsts, first, side="right")
    return bool((seconds[start:stop] == second).any())


@functools.lru_cache(maxsize=1)
def _open(path: str) -> _Pairs:
    place = location(path)
    if isinstance(place, ObjectPath):
        # What is mapped stays until nobody holds it, though the copy's name is gone.
        with place.open("rb") as stored, tempfile.NamedTemporaryFile() as copy:
            shutil.copyfileobj(stored, copy, 1 << 20)
            copy.flush()
            return _map(copy.name)
    return _map(path)


def _map(path: str) -> _Pairs:
    pairs: _Pairs = np.load(path, mmap_mode="r")
    return pairs


def _cells(digest: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(bytes.fromhex(digest), np.uint8).reshape(1, 16)


def _fold(key: npt.NDArray[np.uint8], revision: npt.NDArray[np.uint8]) -> _Pairs:
    # Both are digests, and so is what they give together.
    return np.ascontiguousarray(key ^ np.roll(revision, 1, axis=1)).view(np.uint64)
