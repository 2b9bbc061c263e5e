"""The transforms as Beam stages: wiring and counters, no logic."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from typing import Final, Literal

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection, TaggedOutput
from apache_beam.typehints.decorators import no_annotations

from articles import REJECT_PAYLOAD_CAP, Article, ParseError, Reject
from transforms import artifacts, editorial, language
from transforms.fingerprint import fingerprint, revision
from transforms.normalize import normalize


def revise(article: Article) -> Article:
    """Digest what the source gave, before anything is derived from it."""
    return dataclasses.replace(article, revision=revision(article))


STAGES: Final[dict[str, Callable[[Article], Article]]] = {
    "normalize": normalize,
    "revision": revise,
    "language": language.identify,
    "editorial": editorial.annotate,
    "artifacts": artifacts.tag,
    "fingerprint": fingerprint,
}
"""What every article goes through, in this order. Only `normalize` may raise `ParseError`."""


@dataclasses.dataclass(frozen=True, slots=True)
class Run:
    """What a run stamps on every row it writes."""

    run_id: str
    ingested_at: dt.datetime
    newsbeam_version: str
    schema_version: int


def stamp(article: Article, run: Run) -> Article:
    """Give the article the lineage of the run."""
    return dataclasses.replace(
        article,
        run_id=run.run_id,
        ingested_at=run.ingested_at,
        newsbeam_version=run.newsbeam_version,
        schema_version=run.schema_version,
    )


def reject(article: Article, error: ParseError) -> Reject:
    """The row of `rejects` for an article that `normalize` refused."""
    text = "\n\n".join(part for part in (article.title, article.summary, article.body) if part)
    payload = error.payload if error.payload is not None else text.encode("utf-8", "surrogatepass")
    return Reject(
        source_uri=article.source_uri,
        source_format=article.source_format,
        item_index=article.item_index,
        stage="normalize",
        reason=error.reason,
        message=error.message,
        payload=payload[:REJECT_PAYLOAD_CAP],
        payload_sha256=article.payload_sha256,
    )


class _Normalize(beam.DoFn):
    def __init__(self) -> None:
        self.rejected = Metrics.counter("newsbeam", "rejected/normalize")

    def process(self, article: Article) -> Iterator[Article | TaggedOutput[Literal["rejects"], Reject]]:
        try:
            yield normalize(article)
        except ParseError as error:
            self.rejected.inc()
            yield TaggedOutput("rejects", reject(article, error))


class Enrich(beam.PTransform):
    """Parsed articles to enriched ones, all columns filled; a second output, `rejects`, of those refused.

    `complete` is done to each article once it is known what its source gave, before it is read for its
    language and all that follows.
    """

    def __init__(self, run: Run, complete: Callable[[Article], Article] | None = None) -> None:
        super().__init__()
        self.run = run
        self.complete = complete

    @no_annotations  # Beam has no type for several named outputs
    def expand(self, articles: PCollection[Article]) -> dict[str, PCollection]:
        normalized = articles | "normalize" >> beam.ParDo(_Normalize()).with_outputs("rejects", main="articles")
        enriched = normalized.articles
        for name, transform in STAGES.items():
            if name != "normalize":
                enriched = enriched | name >> beam.Map(transform)
            if name == "revision" and self.complete:
                enriched = enriched | "complete" >> beam.Map(self.complete)
        return {"articles": enriched | "stamp" >> beam.Map(stamp, self.run), "rejects": normalized.rejects}
