"""`newsbeam report`: reads the tables through the sinks, and hands what it found to the reports.

Columns are added up batch by batch; texts are read of the few articles that are shown, and of no
item that is held, withheld or killed.
"""

import argparse
import datetime as dt
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any, Final, TypeVar, get_args

import pyarrow as pa
import pyarrow.compute as pc

from articles import DuplicateKind, FeedState
from pipelines.options import UsageError
from pipelines.statuses import EXIT_FAILED, EXIT_OK
from reports.html import article as shown
from reports.html import days, duplicates, feeds, page, rejects, runs, sample, standing, tally
from reports.html.sources import SourceTally
from reports.plain import printable
from sinks.feeds import read_feeds
from sinks.manifest import LEDGER, CommittedFile, Manifest
from sinks.schema import TABLES
from sinks.snapshot import Snapshot, take_snapshot
from sources.polling.headers import public_url
from sources.reasons import REASONS as SOURCE_REASONS
from storage.files import write_whole
from storage.paths import Location
from transforms.artifacts.catalogue import DETECTORS, MQM
from transforms.reasons import REASONS as TRANSFORM_REASONS

RUNS: Final = 300
"""Runs that the history shows."""
LONGEST_TEXT: Final = 150_000
"""Code points of the longest body that a page holds."""
SMALLEST_ARTICLE: Final = 400
"""Bytes of the page that an article takes at least, about."""
MARGIN: Final = 100
"""Articles read beyond the ones asked for, since some will be too long for the page."""
_ATTEMPTS: Final = 3

Result = TypeVar("Result")


def report(options: argparse.Namespace) -> int:
    """Write the page."""
    # However many are asked for: no more are read than there can be room for.
    most = min(options.articles, options.max_bytes // SMALLEST_ARTICLE)
    try:
        data, articles = while_tables_move(lambda: build(options.directory, most, now()))
        made = page.render(data, articles, most, options.max_bytes)
    except FileNotFoundError as error:
        raise UsageError(str(error)) from error
    except page.PageTooLargeError as error:
        message = f"--max-bytes: {error}"
        raise UsageError(message) from error
    except (OSError, ValueError) as error:
        verify = f"newsbeam verify {options.directory} says what is wrong with the tables"
        print(f"newsbeam: {printable(str(error))}; {verify}", file=sys.stderr)
        return EXIT_FAILED
    try:
        write_whole(options.output, made.content)
    except OSError as error:
        print(f"newsbeam: the page could not be written: {printable(str(error))}", file=sys.stderr)
        return EXIT_FAILED
    total = data["totals"]["shown"]
    print(
        f"{options.output}: {len(made.content):,} bytes, {made.articles:,} of {total:,} articles in it; "
        "open it in a browser"
    )
    return EXIT_OK


def now() -> dt.datetime:
    """The time of the report."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def while_tables_move(build: Callable[[], Result]) -> Result:
    """Try again where a run removed files between the reading of its manifest and of the files."""
    for attempt in range(_ATTEMPTS):
        try:
            return build()
        except FileNotFoundError:
            if attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError


class _History:
    """What is kept of the manifests while they are read, oldest first."""

    def __init__(self) -> None:
        self.count = 0
        self.totals: Counter[str] = Counter(dict.fromkeys(LEDGER, 0))
        self.released = self.dropped = 0
        self.sources = SourceTally()
        self.last: deque[runs.Run] = deque(maxlen=RUNS + runs.WINDOW)

    def add(self, manifest: Manifest) -> None:
        self.count += 1
        self.totals.update(manifest.totals)
        self.released += sum(manifest.released.values())
        run = _run(manifest)
        self.dropped += run.dropped
        self.sources.add(manifest.sequence, {public_url(name): ledger for name, ledger in manifest.sources.items()})
        self.last.append(run)


def _run(manifest: Manifest) -> runs.Run:
    started, finished = (dt.datetime.fromisoformat(time) for time in (manifest.started_at, manifest.finished_at))
    return runs.Run(
        sequence=manifest.sequence,
        run_id=manifest.run_id,
        started_at=manifest.started_at,
        seconds=(finished - started).total_seconds(),
        totals=manifest.totals,
        rejects_by_reason=manifest.rejects_by_reason,
        released=sum(manifest.released.values()),
        feeds=manifest.feeds,
        alarms=tuple(manifest.alarms),
        files=len(manifest.files),
        bytes=sum(file.bytes for file in manifest.files),
        newsbeam_version=manifest.newsbeam_version,
        kind=manifest.kind,
        duplicates={name: count for name, count in manifest.duplicates.items() if name in get_args(DuplicateKind)},
        dropped=sum(
            count for sources in manifest.dropped.values() for tables in sources.values() for count in tables.values()
        ),
    )


def build(directory: Location, most: int, made_at: dt.datetime) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the page says, and the articles it may hold, those that matter most first."""
    history = _History()
    snapshot = take_snapshot(directory, history.add)
    told = read_standing(snapshot)
    copies = duplicates.DuplicateTally()
    for _, _, batch in _scan(snapshot, "duplicates", duplicates.COLUMNS):
        copies.add(batch)
    largest = copies.largest()
    totals = tally.ArticleTally(told, largest, most, made_at)
    files = snapshot.table("articles")
    for index, first_row, batch in _scan(snapshot, "articles", tally.COLUMNS):
        totals.add(index, first_row, date_of(files[index]), batch)
    chosen = totals.sample()
    rows = _rows(snapshot, "articles", _places(chosen, most))
    dates = {place: date_of(files[place[0]]).isoformat() for place in rows}
    articles = [
        shown.article(rows[place], dates[place])
        for place in _places(chosen, most)
        if len(rows[place]["body"]) <= LONGEST_TEXT
    ]
    figures = totals.summary()
    data = {
        "live": False,
        "sequence": snapshot.last.sequence if snapshot.last else 0,
        "made_at": made_at.isoformat(),
        "directory": str(directory),
        "name": directory.resolve().name,
        "newsbeam_version": version("newsbeam"),
        "notices": list(_notices(snapshot)),
        "totals": figures["totals"] | {"held": sum(file.rows for file in snapshot.table("held"))},
        "ledger": history.totals,
        "released": history.released,
        "dropped": history.dropped,
        "runs": {"all": history.count, "rows": runs.table(list(history.last), RUNS), "rule": runs.RULE},
        "days": days.bars(_days(snapshot)),
        "breakdowns": figures["breakdowns"],
        "probability": figures["probability"],
        "sources": history.sources.table(),
        "kinds": totals.kinds_found(
            catalogue(),
            {kind: [rows[place] for place in places] for kind, places in chosen.examples.items()},
        ),
        "duplicates": copies.summary(_members(snapshot, largest), _named(rows, chosen), told.killed),
        "feeds": feeds.table(_feeds(snapshot), public_url),
        "rejects": _rejects(snapshot),
    }
    return data, articles


def read_standing(snapshot: Snapshot) -> standing.Standing:
    """Which rows of `articles` are the newest of their id. A kill counts wherever it stands."""
    revisions = standing.Revisions()
    for _, _, batch in _scan(snapshot, "articles", standing.COLUMNS):
        revisions.add(batch)
    for _, _, batch in _scan(snapshot, "duplicates", standing.COLUMNS):
        revisions.add(batch.filter(pc.equal(batch["status"], "canceled")))
    return revisions.standing()


def catalogue() -> list[tuple[str, str, str]]:
    """Every kind of artifact: its name, its category, and the first paragraph of its detector's docstring."""
    return [
        (kind, MQM[kind], " ".join((detector.__doc__ or "").partition("\n\n")[0].split()))
        for kind, detector in DETECTORS.items()
    ]


def date_of(file: CommittedFile) -> dt.date:
    """The partition a file is in."""
    return dt.date.fromisoformat(Path(file.path).parent.name.removeprefix("date="))


def _scan(snapshot: Snapshot, table: str, columns: Sequence[str]) -> Iterator[tuple[int, int, pa.RecordBatch]]:
    """Batches of a table, with the number of their file and that of their first row in it."""
    for index, file in enumerate(snapshot.table(table)):
        first_row = 0
        for batch in snapshot.batches(file, columns):
            yield index, first_row, batch
            first_row += batch.num_rows


def _days(snapshot: Snapshot) -> dict[str, Counter[dt.date]]:
    found = {name: Counter[dt.date]() for name in TABLES}
    for file in snapshot.files:
        if file.table in found:
            found[file.table][date_of(file)] += file.rows
    return found


def _places(chosen: tally.Sample, most: int) -> list[sample.Place]:
    """Where the articles are that the page may hold: of each reason to show one, in turn."""
    examples = [place for places in zip_longest(*chosen.examples.values()) for place in places if place]
    canonical = list(chosen.named.values())
    best = islice(sample.interleave(chosen.newest, chosen.tagged, examples, canonical), most + MARGIN)
    # Of examples and canonical articles the titles or some words are shown, also where they themselves are not.
    return list(dict.fromkeys([*best, *examples, *canonical]))


def _rows(snapshot: Snapshot, table: str, places: Iterable[sample.Place]) -> dict[sample.Place, dict[str, Any]]:
    """The rows at these places, read file by file."""
    files = snapshot.table(table)
    by_file: dict[int, list[int]] = {}
    for file, row in places:
        by_file.setdefault(file, []).append(row)
    return {(file, row): found for file, wanted in by_file.items() for row, found in snapshot.rows(files[file], wanted)}


def _named(rows: Mapping[sample.Place, dict[str, Any]], chosen: tally.Sample) -> dict[str, dict[str, Any]]:
    return {article_id: rows[place] for article_id, place in chosen.named.items() if place in rows}


def _members(snapshot: Snapshot, largest: dict[str, int]) -> duplicates.Members:
    members = duplicates.Members(largest)
    if largest:
        for _, _, batch in _scan(snapshot, "duplicates", duplicates.MEMBER_COLUMNS):
            members.add(batch)
    return members


def _feeds(snapshot: Snapshot) -> Iterable[FeedState]:
    if snapshot.last is None:
        return ()
    return read_feeds(snapshot.output, [file for file in snapshot.last.state if file.table == "feeds"]).values()


def _rejects(snapshot: Snapshot) -> list[dict[str, Any]]:
    found = rejects.RejectTally()
    for index, first_row, batch in _scan(snapshot, "rejects", rejects.COLUMNS):
        found.add(index, first_row, batch)
    places = [place for places in found.places().values() for place in places]
    return found.summary({**SOURCE_REASONS, **TRANSFORM_REASONS}, _rows(snapshot, "rejects", places))


def _notices(snapshot: Snapshot) -> Iterator[str]:
    """What a reader must know about the state of the tables."""
    if snapshot.last is None:
        yield "Nothing was committed yet."
    if snapshot.interrupted:
        yield (
            "A run has begun its commit and not finished it: it is running, or the next run will finish it. "
            "The page shows what was committed before."
        )
    if snapshot.missing:
        yield (
            f"{len(snapshot.missing):,} committed files are not there and their rows not counted: "
            + ("the unfinished commit replaces some. " if snapshot.interrupted else "")
            + "newsbeam verify says more."
        )
