"""From units to staged files in one pass: what the batch pipeline does in stages, for the few items of one look.

One function and not Beam stages, so that the rows and the state of the feed they came from leave in one element.
"""

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from apache_beam.metrics.metric import Metrics

from articles import Article, ParseError, Reject
from sinks.staging import StagedFile, StagingWriter, container
from sources.containers import Limits
from sources.read import open_uri
from sources.unit import Unit, read_unit
from transforms.stages import ENRICHING, IDENTIFYING, Run, carry_out, reject, stamp

Marks = frozenset[bytes]
"""What tells items that were read before: digests of their ids and revisions."""


@dataclasses.dataclass(slots=True)
class Read:
    """What was read: the files staged, and by source the items in them, the items passed over, and the articles.

    `articles`, `newest` and `marks` are of both.
    """

    files: list[StagedFile] = dataclasses.field(default_factory=list)
    items: Counter[str] = dataclasses.field(default_factory=Counter)
    repeated: Counter[str] = dataclasses.field(default_factory=Counter)
    articles: Counter[str] = dataclasses.field(default_factory=Counter)
    newest: dict[str, dt.datetime] = dataclasses.field(default_factory=dict)
    marks: dict[str, set[bytes]] = dataclasses.field(default_factory=dict)

    def note(self, article: Article) -> bytes:
        """Count an article that is known by its id; its mark."""
        source = container(article.source_uri)
        self.articles[source] += 1
        if article.published_at:
            self.newest[source] = max(article.published_at, self.newest.get(source, article.published_at))
        return bytes.fromhex(article.article_id[:16] + article.revision[:16])


def stage_units(
    units: Iterable[Unit],
    folder: Path,
    run: Run,
    limits: Limits,
    *,
    strict: bool,
    passed: Mapping[str, Marks] | None = None,
) -> Read:
    """Read and enrich all items of the units and stage their rows in `folder`.

    Items whose marks are among those `passed` for their source are only counted, in `repeated`; where none are given,
    marks are not kept either.
    """
    read = Read()
    writer = StagingWriter(folder)
    today = run.ingested_at.date()
    for unit in units:
        for item in read_unit(unit, open_uri, limits, strict=strict):
            source = container(item.source_uri)
            record = item if isinstance(item, Reject) else _identify(item)
            if isinstance(record, Article):
                mark = read.note(record)
                if passed is not None:
                    read.marks.setdefault(source, set()).add(mark)
                    if mark in passed.get(source, ()):
                        read.repeated[source] += 1
                        continue
                record = stamp(carry_out(ENRICHING, record), run)
                Metrics.counter("items", record.source_format).inc()
            else:
                Metrics.counter("rejects", record.reason).inc()
            read.items[source] += 1
            read.files += writer.add(record, today)
    read.files += writer.flush(today)
    return read


def _identify(article: Article) -> Article | Reject:
    """The article with its id and revision, before anything costly is done to it."""
    try:
        return carry_out(IDENTIFYING, article)
    except ParseError as error:
        return reject(article, error)
