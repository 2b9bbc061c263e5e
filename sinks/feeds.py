"""How the feeds stand: the table of their states, which each run that polls writes anew."""

import dataclasses
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from articles import FeedState
from sinks.files import sha256, sync_file
from sinks.layout import FEEDS
from sinks.manifest import CommittedFile
from sinks.schema import FEEDS as SCHEMA


def read_feeds(output: Path, files: Sequence[CommittedFile]) -> dict[str, FeedState]:
    """The committed states, by the address of the feed."""
    rows = [row for file in files for row in pq.read_table(output / file.path, partitioning=None).to_pylist()]
    known = [field.name for field in dataclasses.fields(FeedState)]
    states = [FeedState(**{name: row[name] for name in known if name in row}) for row in rows]
    return {state.url: state for state in states}


def write_feeds(states: Iterable[FeedState], folder: Path) -> CommittedFile:
    """Write all states below `folder`, which mirrors the output directory."""
    rows = [dataclasses.asdict(state) for state in sorted(states, key=lambda state: state.url)]
    digest = hashlib.blake2b(repr(rows).encode(), digest_size=10).hexdigest()
    path = f"{FEEDS}/{digest}.parquet"
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), target, compression="zstd")
    sync_file(target)
    return CommittedFile(path, "feeds", len(rows), target.stat().st_size, sha256(target))
