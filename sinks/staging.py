"""Rows on their way: enriched, not yet decided upon, in files that only this run reads."""

import dataclasses
import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, Literal

import pyarrow as pa

from articles import Article, Reject
from sinks.columnar import open_parquet, read_parquet, write_parquet
from sinks.partitions import partition
from sinks.rows import STAGED_ARTICLES, STAGED_REJECTS, article_batch, reject_batch
from storage.paths import Location, location

Kind = Literal["articles", "rejects"]

ROW_GROUP_ROWS: Final = 512
"""Rows of a row group of a staged file: what one random read fetches."""


@dataclasses.dataclass(frozen=True, slots=True)
class StagedFile:
    """A file of staged rows; `path` is absolute, `sources` counts its rows by source file."""

    kind: Kind
    path: str
    rows: int
    sources: dict[str, int]


def container(source_uri: str) -> str:
    """The file or feed that was named, for an archive's member: the archive."""
    return source_uri.partition("!/")[0]


class StagingWriter:
    """Collects rows and writes them to a folder, `rows_per_file` at a time.

    Rows are turned to Arrow early, `ROW_GROUP_ROWS` at a time, which holds far less memory than the
    records do. Files are sorted by partition, so that routing a day reads few row groups.
    """

    def __init__(self, folder: Location, rows_per_file: int = 2048) -> None:
        self.folder = folder
        self.rows_per_file = rows_per_file
        self._records: list[Article] = []
        self._batches: list[pa.RecordBatch] = []
        self._rejects: list[Reject] = []

    def add(self, record: Article | Reject, today: dt.date) -> Iterator[StagedFile]:
        """Take one record in; yields the file that it filled, if it filled one."""
        if isinstance(record, Reject):
            self._rejects.append(record)
            if len(self._rejects) >= ROW_GROUP_ROWS:
                yield from self._flush_rejects(today)
            return
        self._records.append(record)
        if len(self._records) >= ROW_GROUP_ROWS:
            self._to_arrow()
            if sum(batch.num_rows for batch in self._batches) >= self.rows_per_file:
                yield from self._flush_articles()

    def flush(self, today: dt.date) -> Iterator[StagedFile]:
        """Write what is left."""
        self._to_arrow()
        yield from self._flush_articles()
        yield from self._flush_rejects(today)

    def _to_arrow(self) -> None:
        if not self._records:
            return
        placed = [(article, *partition(article)) for article in self._records]
        articles = [
            article if article.date_source == source else dataclasses.replace(article, date_source=source)
            for article, _, source in placed
        ]
        self._batches.append(article_batch(articles, [date for _, date, _ in placed]))
        self._records = []

    def _flush_articles(self) -> Iterator[StagedFile]:
        if self._batches:
            rows = pa.Table.from_batches(self._batches, STAGED_ARTICLES).sort_by("date")
            self._batches = []
            yield self._write("articles", rows)

    def _flush_rejects(self, today: dt.date) -> Iterator[StagedFile]:
        if self._rejects:
            rows = pa.Table.from_batches([reject_batch(self._rejects, today)], STAGED_REJECTS)
            self._rejects = []
            yield self._write("rejects", rows)

    def _write(self, kind: Kind, rows: pa.Table) -> StagedFile:
        # Readers of the folder's names see progress in them (`staged_rows`).
        path = self.folder / f"{kind}-{uuid.uuid4().hex}-{rows.num_rows}.parquet"
        write_parquet(
            path, rows, durable=False, compression="lz4", row_group_size=ROW_GROUP_ROWS, write_statistics=False
        )
        sources = Counter(container(uri) for uri in rows["source_uri"].to_pylist())
        return StagedFile(kind, str(path), rows.num_rows, dict(sources))


def staged_rows(folder: Location) -> Counter[str]:
    """Rows staged so far, by kind, read from the names of the files alone."""
    counts: Counter[str] = Counter()
    for path in folder.glob("*.parquet"):
        kind, _, rows = path.stem.split("-")
        counts[kind] += int(rows)
    return counts


def read_staged(file: StagedFile, columns: Sequence[str]) -> pa.Table:
    """Some columns of all rows of a staged file, in the file's order."""
    return read_parquet(location(file.path), columns)


def read_group(path: str, group: int, columns: Sequence[str]) -> pa.Table:
    """Some columns of one row group: the rows from `group * ROW_GROUP_ROWS` on."""
    with open_parquet(location(path)) as file:
        return file.read_row_group(group, columns=list(columns))


def take_staged(path: str, rows: pa.Array, columns: Sequence[str] | None = None) -> pa.Table:
    """Some columns (None: all) of the given rows (ascending indices) of a staged file; reads only their row groups."""
    with open_parquet(location(path)) as file:
        groups = sorted({row // ROW_GROUP_ROWS for row in rows.to_pylist()})
        position = {group: place * ROW_GROUP_ROWS for place, group in enumerate(groups)}
        found = file.read_row_groups(groups, columns=columns and list(columns))
        return found.take(
            pa.array([position[row // ROW_GROUP_ROWS] + row % ROW_GROUP_ROWS for row in rows.to_pylist()])
        )
