"""Which rows a compaction takes out of the tables, and which it changes for that.

A kill removes every version of its article before itself, wherever they are: in articles, duplicates and
held. Before are those that came earlier, and those that came later but are not of a later time: old copies.
The kill's own row stays, without its text, so that it is known that there was one. Versions after the kill
stay: the sender has sent the story anew.

Copies of the killed text under other ids are other publishers' and stay too, though they have lost
their canonical article. Of those that share a content the earliest published takes its place, then the
one with the smallest id, as where a run decides on a new text; the others become its duplicates.
"""

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from sinks.columnar import read_metadata, read_parquet
from sinks.manifest import CommittedFile
from storage.paths import Location

TEXT_TABLES: Final = ("articles", "duplicates", "held")

BLANK: Final[Mapping[str, Any]] = {
    "title": "",
    "summary": None,
    "body": "",
    "language": None,
    "language_confidence": None,
    "word_count": 0,
    "byline": [],
    "credits": [],
    "dateline": None,
    "original_source": None,
    "keywords": [],
    "artifacts": [],
    "translation_probability": None,
}
"""What a kill's row says of its story once the kill is carried out. Its editor's note, which says why, stays."""


@dataclasses.dataclass(slots=True)
class FileEdits:
    """What is done to one file's rows, by their indices."""

    removed: set[int] = dataclasses.field(default_factory=set)
    blanked: set[int] = dataclasses.field(default_factory=set)
    promoted: set[int] = dataclasses.field(default_factory=set)
    """Rows of duplicates that become articles."""
    canonical: dict[int, str] = dataclasses.field(default_factory=dict)
    """Rows of duplicates that get another canonical article."""


@dataclasses.dataclass(frozen=True, slots=True)
class Kill:
    """The newest version of an article that is a kill, and the latest time of one, where that is known."""

    version: int
    time: dt.datetime | None

    def ends(self, version: int, table: str) -> bool:
        """Whether a row goes for having come before the kill, or as a copy of it."""
        return table in TEXT_TABLES and (version < self.version or (version == self.version and table == "duplicates"))

    def outdates(self, version: int, time: dt.datetime | None) -> bool:
        """Whether a row that came after the kill is not newer, by the sender's own times."""
        return version > self.version and time is not None and self.time is not None and time <= self.time


@dataclasses.dataclass(frozen=True, slots=True)
class Edits:
    """What a compaction does to rows.

    `files` has the edits by the path of the file. `kills` has the newest kill of each article that has one;
    `late` the id and version of old copies that came after it, `standing` the id and content of what is
    newer than it. `promoted` has, for each killed article and content of it whose copies stay, the id that
    takes its place, and the versions of that id which become articles.
    """

    files: Mapping[str, FileEdits]
    kills: Mapping[str, Kill]
    late: frozenset[tuple[str, int]]
    standing: frozenset[tuple[str, str]]
    promoted: Mapping[tuple[str, str], tuple[str, frozenset[int]]]
    carried_out: int = 0
    """Killed articles that have rows to be removed, or a text to lose."""


_FileEdits = defaultdict[str, FileEdits]


def find_edits(output: Location, files: Iterable[CommittedFile], *, drop_superseded: bool = False) -> Edits:
    """Find what is to be removed and changed in the tables' files.

    `drop_superseded` removes old versions too: of each id only the newest stays in articles, and in
    duplicates and held what is not superseded by it.
    """
    texts = [file for file in files if file.table in TEXT_TABLES]
    edits: _FileEdits = defaultdict(FileEdits)
    kills, carried_out = _find_kills(output, texts, edits)
    newest = _find_newest(output, texts) if drop_superseded else {}
    if not kills and not newest:
        return Edits({}, {}, frozenset(), frozenset(), {})
    touched = pa.array(sorted({*kills, *newest}), pa.string())
    killed = pa.array(sorted(kills), pa.string())
    standing: set[tuple[str, str]] = set()
    late: set[tuple[str, int]] = set()
    copies: defaultdict[tuple[str, str], list[_Copy]] = defaultdict(list)
    for file in texts:
        for index, row in _rows(output, file, touched):
            article_id, version, kill = row["article_id"], row["version"], kills.get(row["article_id"])
            is_late = kill is not None and kill.outdates(version, _time(row))
            if is_late:
                late.add((article_id, version))
            if kill is not None and (is_late or kill.ends(version, file.table)):
                carried_out.add(article_id)
                edits[file.path].removed.add(index)
            elif version < newest.get(article_id, {}).get(file.table, 0):
                edits[file.path].removed.add(index)
            elif kill is not None and version > kill.version and file.table == "articles":
                standing.add((article_id, row["content_hash"]))
        for copy in _copies(output, file, killed):
            if copy.row not in edits[file.path].removed:
                copies[copy.lost, copy.content].append(copy)
    promoted = {place: _promote(group, edits) for place, group in copies.items() if place not in standing}
    _drop_outrun(output, texts, dict(promoted.values()) if drop_superseded else {}, edits)
    done = {path: edit for path, edit in edits.items() if edit != FileEdits()}
    return Edits(done, kills, frozenset(late), frozenset(standing), promoted, len(carried_out))


def _drop_outrun(
    output: Location, files: Iterable[CommittedFile], promoted: Mapping[str, frozenset[int]], edits: _FileEdits
) -> None:
    """Remove the articles that are superseded by what becomes an article of the same id."""
    ids = pa.array(sorted(promoted), pa.string())
    for file in files:
        if file.table == "articles" and len(ids):
            for index, row in _rows(output, file, ids):
                if row["version"] < max(promoted[row["article_id"]]):
                    edits[file.path].removed.add(index)


def _time(row: Mapping[str, Any]) -> dt.datetime | None:
    time: dt.datetime | None = row["updated_at"] or row["published_at"]
    return time


def _find_kills(
    output: Location, files: Iterable[CommittedFile], edits: _FileEdits
) -> tuple[dict[str, Kill], set[str]]:
    """Each article's newest kill, and which of the kills still have a text, whose rows are marked."""
    kills: dict[str, Kill] = {}
    telling: set[str] = set()
    columns = ["article_id", "version", "updated_at", "published_at", *BLANK]
    for file in files:
        if file.table != "articles" or not _may_have(output / file.path, "status", "canceled"):
            continue
        status = read_parquet(output / file.path, columns=["status"])["status"]
        places = pc.indices_nonzero(pc.equal(status, "canceled"))
        if not len(places):
            continue
        rows = read_parquet(output / file.path, columns=columns).take(places)
        for index, row in zip(places.to_pylist(), rows.to_pylist(), strict=True):
            kill = kills.get(row["article_id"], Kill(0, None))
            times = [time for time in (_time(row), kill.time) if time is not None]
            kills[row["article_id"]] = Kill(max(row["version"], kill.version), max(times, default=None))
            if any(row[name] != value for name, value in BLANK.items()):
                edits[file.path].blanked.add(index)
                telling.add(row["article_id"])
    return kills, telling


def _may_have(path: Location, column: str, value: str) -> bool:
    """Whether a file's statistics leave it open that the column has the value."""
    metadata = read_metadata(path)
    place = metadata.schema.names.index(column)
    for group in range(metadata.num_row_groups):
        statistics = metadata.row_group(group).column(place).statistics
        if statistics is None or not statistics.has_min_max or statistics.min <= value <= statistics.max:
            return True
    return False


def _find_newest(output: Location, files: Iterable[CommittedFile]) -> dict[str, dict[str, int]]:
    """For each id with several versions, and each table, the version below which its rows there are superseded.

    What is superseded by a version in duplicates stays in articles: others may be its duplicates. What
    is held is superseded by any newer version: the embargo's end does not bring it back.
    """
    found: dict[str, defaultdict[str, int]] = {}
    for file in files:
        columns = ["article_id", "version"]
        rows = read_parquet(output / file.path, columns=columns, filters=pc.field("version") > 1)
        for row in rows.to_pylist():
            versions = found.setdefault(row["article_id"], defaultdict(int))
            versions[file.table] = max(row["version"], versions[file.table])
    return {
        article_id: {
            "articles": versions["articles"],
            "duplicates": max(versions["articles"], versions["duplicates"]),
            "held": max(versions.values()),
        }
        for article_id, versions in found.items()
    }


def _rows(output: Location, file: CommittedFile, ids: pa.Array) -> Iterator[tuple[int, dict[str, Any]]]:
    """Index and identity of a file's rows with one of the ids."""
    columns = ["article_id", "version", "content_hash", "updated_at", "published_at"]
    rows = read_parquet(output / file.path, columns=columns)
    places = pc.indices_nonzero(pc.is_in(rows["article_id"], value_set=ids))
    yield from zip(places.to_pylist(), rows.take(places).to_pylist(), strict=True)


@dataclasses.dataclass(frozen=True, slots=True)
class _Copy:
    """A row of duplicates whose canonical article, `lost`, is killed."""

    path: str
    row: int
    lost: str
    content: str
    article_id: str
    version: int
    order: tuple[Any, ...]


def _copies(output: Location, file: CommittedFile, killed: pa.Array) -> Iterator[_Copy]:
    """The rows whose canonical article is killed, but for that article's own; none where the file has no duplicates."""
    if file.table != "duplicates" or not len(killed):
        return
    names = ["article_id", "version", "content_hash", "duplicate_of", "published_at", "payload_sha256", "source_uri"]
    canonical = read_parquet(output / file.path, columns=["duplicate_of"])["duplicate_of"]
    places = pc.indices_nonzero(pc.is_in(canonical, value_set=killed))
    if not len(places):
        return
    rows = read_parquet(output / file.path, columns=names).take(places)
    for index, row in zip(places.to_pylist(), rows.to_pylist(), strict=True):
        if row["article_id"] != row["duplicate_of"]:
            published = row["published_at"]
            order = (published is None, published, row["article_id"], row["version"])
            yield _Copy(
                file.path,
                index,
                row["duplicate_of"],
                row["content_hash"],
                row["article_id"],
                row["version"],
                (*order, row["payload_sha256"], row["source_uri"], file.path, index),
            )


def _promote(copies: Sequence[_Copy], edits: _FileEdits) -> tuple[str, frozenset[int]]:
    """Let the first of the copies be the article; the id that is, and its versions that are articles now.

    A new headline over the same text is a further version of the same id, not its duplicate.
    """
    ordered = sorted(copies, key=lambda copy: copy.order)
    chosen = ordered[0].article_id
    versions: set[int] = set()
    for copy in ordered:
        if copy.article_id == chosen and copy.version not in versions:
            versions.add(copy.version)
            edits[copy.path].promoted.add(copy.row)
        else:
            edits[copy.path].canonical[copy.row] = chosen
    return chosen, frozenset(versions)
