"""What the page says of all articles together, added up column by column."""

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reports.html.counts import Counts, short
from reports.html.sample import Examples, Place, Rows, Top
from reports.html.standing import Flags, Standing

COLUMNS: Final = (
    "article_id",
    "version",
    "status",
    "published_at",
    "language",
    "source_format",
    "publisher",
    "doc_type",
    "translation_probability",
    "word_count",
    "artifacts.list.element.kind",
)
"""What is read of every row of `articles`."""

BREAKDOWNS: Final = {"publisher": 200, "language": 60, "source_format": 60, "doc_type": 20}
"""Columns whose values are counted, with how many of them the page names."""
PROBABILITY_BINS: Final = 20
CONTEXT: Final = 60
"""Code points shown on each side of an example."""
_NEVER: Final = -(2**62)
_DAY: Final = dt.timedelta(days=1)


@dataclasses.dataclass(frozen=True, slots=True)
class Sample:
    """Places of the articles that the page may show in full."""

    newest: list[Place]
    tagged: list[Place]
    examples: dict[str, list[Place]]
    named: dict[str, Place]
    """Of the article ids that were asked for."""


class ArticleTally:
    """Adds up the rows of `articles`; `most` newest and most tagged rows are kept in mind."""

    def __init__(self, standing: Standing, named: Iterable[str], most: int, now: dt.datetime) -> None:
        self.standing = standing
        self.rows = self.current = self.killed = self.tagged = self.words = 0
        self.counts = {name: Counts() for name in BREAKDOWNS}
        self.kinds: Counter[str] = Counter()
        self.kind_articles: Counter[str] = Counter()
        self.probabilities: npt.NDArray[np.int64] = np.zeros(PROBABILITY_BINS, np.int64)
        self.unknown = 0
        self._newest, self._tagged, self._examples = Top(most), Top(most), Examples()
        self._wanted = pa.array(sorted(set(named)), pa.string())
        self._named: dict[str, Place] = {}
        self._latest = _microseconds(now + _DAY)

    def add(self, file: int, first_row: int, date: dt.date, batch: pa.RecordBatch) -> None:
        """Take in rows of file number `file`, the first of them its row `first_row`; `date` is their partition."""
        shown = self.standing.shown(batch)
        self.rows += batch.num_rows
        self.killed += pc.sum(pc.equal(batch["status"], "canceled")).as_py() or 0
        rows = np.flatnonzero(shown)
        self.current += len(rows)
        if len(rows) < batch.num_rows:
            batch = batch.take(pa.array(rows))
        for name, counts in self.counts.items():
            counts.add(batch[name])
        self.words += pc.sum(batch["word_count"]).as_py() or 0
        self._add_probabilities(batch["translation_probability"])
        places = rows + first_row
        self._newest.add(file, places, self._times(batch["published_at"], date))
        self._tagged.add(file, *self._add_artifacts(file, places, batch["artifacts"]))
        self._add_named(file, places, batch["article_id"])

    def _add_probabilities(self, column: pa.Array) -> None:
        known = np.asarray(column.drop_null(), np.float64)
        self.unknown += len(column) - len(known)
        self.probabilities += np.histogram(known, PROBABILITY_BINS, (0, 1))[0]

    def _add_artifacts(self, file: int, places: Rows, column: pa.Array) -> tuple[Rows, Rows]:
        """The rows that have any, and how many each has."""
        sizes: Rows = np.asarray(pc.list_value_length(column), np.int64)
        parents = np.repeat(np.arange(len(sizes)), sizes)
        kinds = pc.dictionary_encode(column.flatten().field(0))
        names = kinds.dictionary.to_pylist()
        codes: Rows = np.asarray(kinds.indices, np.int64)
        has: Flags = sizes > 0
        self.tagged += int(has.sum())
        for code, name in enumerate(names):
            rows = np.unique(parents[codes == code])
            self.kinds[name] += int((codes == code).sum())
            self.kind_articles[name] += len(rows)
            if self._examples.wants(name):
                # One of a file at a time, so that examples come from more than one source.
                self._examples.add(name, (file, int(places[rows[0]])))
        return places[has], sizes[has]

    def _times(self, column: pa.Array, date: dt.date) -> Rows:
        """When each row was published, or its day; a time in the future is not believed, and counts as oldest."""
        day = _microseconds(dt.datetime.combine(date, dt.time(), dt.UTC))
        times: Rows = np.asarray(pc.fill_null(pc.cast(column, pa.int64()), day), np.int64)
        return np.where(times > self._latest, _NEVER, times)

    def _add_named(self, file: int, places: Rows, ids: pa.Array) -> None:
        if len(self._wanted):
            for row in np.flatnonzero(np.asarray(pc.is_in(ids, value_set=self._wanted), np.bool_)).tolist():
                self._named[ids[row].as_py()] = (file, int(places[row]))

    def sample(self) -> Sample:
        """Where the articles are that the page may show."""
        return Sample(list(self._newest), list(self._tagged), self._examples.places, self._named)

    def summary(self) -> dict[str, Any]:
        """The figures, for the page."""
        return {
            "totals": {
                "rows": self.rows,
                "shown": self.current,
                "killed": self.killed,
                "older": self.rows - self.current - self.killed,
                "tagged": self.tagged,
                "words": self.words,
            },
            "breakdowns": {name: counts.table(BREAKDOWNS[name]) for name, counts in self.counts.items()},
            "probability": {"bins": self.probabilities.tolist(), "unknown": self.unknown},
        }

    def kinds_found(
        self, catalogue: Sequence[tuple[str, str, str]], examples: Mapping[str, Sequence[dict[str, Any]]]
    ) -> list[dict[str, Any]]:
        """Every kind with its counts, the most frequent first.

        `catalogue` has kinds, categories and definitions; `examples` rows of `articles` where a kind was found.
        """
        known = {kind: (mqm, definition) for kind, mqm, definition in catalogue}
        kinds = sorted({*known, *self.kinds}, key=lambda kind: (-self.kinds[kind], kind))
        return [
            {
                "kind": kind,
                "mqm": known.get(kind, ("", ""))[0],
                "definition": known.get(kind, ("", "of a later or earlier version of newsbeam"))[1],
                "count": self.kinds[kind],
                "articles": self.kind_articles[kind],
                "examples": [example for row in examples.get(kind, ()) if (example := _example(row, kind))],
            }
            for kind in kinds
        ]


def _example(row: dict[str, Any], kind: str) -> dict[str, Any] | None:
    """The first place of a kind in an article, with some words around it."""
    for artifact in row["artifacts"]:
        if artifact["kind"] == kind:
            text, start, end = row[artifact["field"]], artifact["start"], artifact["end"]
            return {
                "id": row["article_id"],
                "before": _tail(text[:start].rpartition("\n")[2]),
                "text": short(text[start:end]),
                "after": _head(text[end:].partition("\n")[0]),
                "suggestion": artifact["suggestion"] and short(artifact["suggestion"]),
            }
    return None


def _head(text: str) -> str:
    """The first words of a text."""
    return text if len(text) <= CONTEXT else text[:CONTEXT].rpartition(" ")[0] + " …"


def _tail(text: str) -> str:
    """The last words of a text."""
    return text if len(text) <= CONTEXT else "… " + text[-CONTEXT:].partition(" ")[2]


def _microseconds(moment: dt.datetime) -> int:
    return round(moment.timestamp() * 1_000_000)
