"""How the feeds stand: the table of their states, which each run that polls writes anew."""

import dataclasses
import hashlib
from collections.abc import Iterable, Sequence

import pyarrow as pa

from articles import FeedState
from sinks.columnar import read_parquet, write_parquet
from sinks.layout import FEEDS
from sinks.manifest import CommittedFile
from sinks.schema import FEEDS as SCHEMA
from storage.paths import Location


def read_feeds(output: Location, files: Sequence[CommittedFile]) -> dict[str, FeedState]:
    """The committed states, by the address of the feed."""
    rows = [row for file in files for row in read_parquet(output / file.path).to_pylist()]
    known = [field.name for field in dataclasses.fields(FeedState)]
    states = [FeedState(**{name: row[name] for name in known if name in row}) for row in rows]
    return {state.url: state for state in states}


def write_feeds(states: Iterable[FeedState], folder: Location) -> CommittedFile:
    """Write all states below `folder`, which mirrors the output directory."""
    rows = [dataclasses.asdict(state) for state in sorted(states, key=lambda state: state.url)]
    digest = hashlib.blake2b(repr(rows).encode(), digest_size=10).hexdigest()
    path = f"{FEEDS}/{digest}.parquet"
    written = write_parquet(folder / path, pa.Table.from_pylist(rows, schema=SCHEMA), compression="zstd")
    return CommittedFile(path, "feeds", len(rows), written.size, written.sha256)
