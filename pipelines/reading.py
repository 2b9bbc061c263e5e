"""The pipeline that reads: units in, enriched rows in staging, and counts of what each source gave."""

import dataclasses
import functools
from collections.abc import Mapping

import apache_beam as beam
from apache_beam.pvalue import PCollection
from apache_beam.transforms.combiners import Count
from apache_beam.typehints.decorators import no_annotations

from articles import Article, Reject
from pipelines import full_text
from sinks.staging import container
from sinks.write import Collect, Stage
from sources.containers import Limits
from sources.read import ReadUnits
from sources.unit import Unit
from transforms.stages import Enrich, Run


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How units are read.

    `known` is a file of what was committed before (`transforms.duplicates.known`), `pages` the folder with the
    pages of entries whose full text was asked for.
    """

    run: Run
    limits: Limits
    strict: bool = False
    known: str | None = None
    pages: str | None = None


class StageUnits(beam.PTransform):
    """Read, enrich and stage units below the folder `rows`.

    Two receipts are written (`sinks.write.Collect`): `staged`, the staged files, and `read`, how many items
    each source gave. What comes out are two collections of one element, that are there once the receipts are.
    """

    def __init__(self, reading: Reading, rows: str, receipts: Mapping[str, str]) -> None:
        super().__init__()
        self.reading = reading
        self.rows = rows
        self.receipts = receipts

    @no_annotations  # Beam has no type for several outputs
    def expand(self, units: PCollection[Unit]) -> tuple[PCollection[None], ...]:
        """Articles and rejects stay apart until they are few: names of files and counts.

        The local runner keeps all elements of a Flatten in memory.
        """
        how = self.reading
        read = units | "read" >> ReadUnits(how.limits, strict=how.strict)
        complete = functools.partial(full_text.complete, folder=how.pages) if how.pages else None
        enriched = read.articles | "enrich" >> Enrich(how.run, how.known, complete)
        today = how.run.ingested_at.date()
        records = {name: enriched[name] for name in ("articles", "known") if name in enriched}
        for name, rejects in (("unreadable", read.rejects), ("refused", enriched["rejects"])):
            records[name] = rejects | f"stamp {name}" >> beam.Map(_stamp_reject, how.run.run_id)
        staged = [found | f"stage {name}" >> Stage(self.rows, today) for name, found in records.items()]
        counts = [
            found | f"count {name}" >> CountBySource()
            for name, found in (("articles", read.articles), ("unreadable", read.rejects))
        ]
        return tuple(
            collections | f"all {name}" >> beam.Flatten() | f"collect {name}" >> Collect(self.receipts[name])
            for name, collections in (("staged", staged), ("read", counts))
        )


def _stamp_reject(reject: Reject, run_id: str) -> Reject:
    return dataclasses.replace(reject, run_id=run_id)


def _source(record: Article | Reject) -> str:
    return container(record.source_uri)


class CountBySource(beam.PTransform[PCollection[Article | Reject], PCollection[tuple[str, int]]]):
    """How many items each source gave."""

    def expand(self, records: PCollection[Article | Reject]) -> PCollection[tuple[str, int]]:
        """Count by the file or feed that was named."""
        return records | "source" >> beam.Map(_source) | "count" >> Count.PerElement()
