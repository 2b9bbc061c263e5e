"""From units to staged files in one pass: what the batch pipeline does in stages, for the few items of one look.

One function and not Beam stages, so that the rows and the state of the feed they came from leave in one element.
"""

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from apache_beam.metrics.metric import Metrics

from articles import Article, ParseError, Reject
from sinks.staging import StagedFile, StagingWriter, container
from sources.containers import Limits
from sources.read import open_uri
from sources.unit import Unit, read_unit
from transforms.stages import STAGES, Run, reject, stamp


@dataclasses.dataclass(slots=True)
class Read:
    """What was read: the files staged, the items of each source, and of each the newest article's time."""

    files: list[StagedFile] = dataclasses.field(default_factory=list)
    items: Counter[str] = dataclasses.field(default_factory=Counter)
    articles: Counter[str] = dataclasses.field(default_factory=Counter)
    newest: dict[str, dt.datetime] = dataclasses.field(default_factory=dict)

    def note(self, record: Article | Reject) -> None:
        """Count what came of an item."""
        source = container(record.source_uri)
        if isinstance(record, Article):
            self.articles[source] += 1
            if record.published_at:
                self.newest[source] = max(record.published_at, self.newest.get(source, record.published_at))


def stage_units(units: Iterable[Unit], folder: Path, run: Run, limits: Limits, *, strict: bool) -> Read:
    """Read and enrich all items of the units and stage their rows in `folder`."""
    read = Read()
    writer = StagingWriter(folder)
    today = run.ingested_at.date()
    for item in _items(units, limits, strict=strict):
        read.items[container(item.source_uri)] += 1
        record = item if isinstance(item, Reject) else enrich(item, run)
        read.note(record)
        if isinstance(record, Reject):
            Metrics.counter("rejects", record.reason).inc()
        else:
            Metrics.counter("items", record.source_format).inc()
        read.files += writer.add(record, today)
    read.files += writer.flush(today)
    return read


def enrich(article: Article, run: Run) -> Article | Reject:
    """All that `transforms.stages.Enrich` does to an article that was not committed before."""
    try:
        article = STAGES["normalize"](article)
    except ParseError as error:
        return reject(article, error)
    for name, transform in STAGES.items():
        if name != "normalize":
            article = transform(article)
    return stamp(article, run)


def _items(units: Iterable[Unit], limits: Limits, *, strict: bool) -> Iterator[Article | Reject]:
    for unit in units:
        yield from read_unit(unit, open_uri, limits, strict=strict)
