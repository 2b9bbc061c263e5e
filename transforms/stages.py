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
from transforms.duplicates.known import is_known
from transforms.duplicates.sketch import sketch
from transforms.fingerprint import fingerprint, identify, revision
from transforms.normalize import normalize


def revise(article: Article) -> Article:
    """Tell who the article is and what the source gave, before anything is derived from it."""
    return dataclasses.replace(article, article_id=identify(article), revision=revision(article))


Stages = dict[str, Callable[[Article], Article]]

IDENTIFYING: Final[Stages] = {"normalize": normalize, "revision": revise}
"""What it takes to tell whether an article was seen before. Only `normalize` may raise `ParseError`."""
ENRICHING: Final[Stages] = {
    "language": language.identify,
    "editorial": editorial.annotate,
    "artifacts": artifacts.tag,
    "fingerprint": fingerprint,
    "sketch": sketch,
}
"""What is costly, and done to new articles alone."""
STAGES: Final[Stages] = IDENTIFYING | ENRICHING
"""What every new article goes through, in this order."""


def carry_out(stages: Stages, article: Article) -> Article:
    """Put an article through stages, one after the other; raises `ParseError` as they do."""
    for transform in stages.values():
        article = transform(article)
    return article


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
    def process(self, article: Article) -> Iterator[Article | TaggedOutput[Literal["rejects"], Reject]]:
        try:
            yield normalize(article)
        except ParseError as error:
            Metrics.counter("rejects", error.reason).inc()
            yield TaggedOutput("rejects", reject(article, error))


class _Recognize(beam.DoFn):
    """Sets aside what was committed before: it is counted, and never written."""

    def __init__(self, known: str) -> None:
        self.known = known

    def process(self, article: Article) -> Iterator[Article | TaggedOutput[Literal["known"], Article]]:
        if is_known(self.known, article.article_id, article.revision):
            yield TaggedOutput("known", dataclasses.replace(article, title="", summary=None, body="", known=True))
        else:
            yield article


class Enrich(beam.PTransform):
    """Parsed articles to enriched ones, all columns filled. Further outputs: `rejects`, of those refused, and `known`.

    `known` names a file of `transforms.duplicates.known`: what is in it is set aside without its text.
    `complete` is done to each article once it is known what its source gave, before it is read for its
    language and all that follows.
    """

    def __init__(
        self, run: Run, known: str | None = None, complete: Callable[[Article], Article] | None = None
    ) -> None:
        super().__init__()
        self.run = run
        self.known = known
        self.complete = complete

    @no_annotations  # Beam has no type for several named outputs
    def expand(self, articles: PCollection[Article]) -> dict[str, PCollection]:
        normalized = articles | "normalize" >> beam.ParDo(_Normalize()).with_outputs("rejects", main="articles")
        revised = normalized.articles | "revision" >> beam.Map(revise)
        outputs = {"rejects": normalized.rejects}
        if self.known:
            recognized = revised | "recognize" >> beam.ParDo(_Recognize(self.known)).with_outputs("known", main="new")
            outputs["known"] = recognized.known | "stamp known" >> beam.Map(stamp, self.run)
            revised = recognized.new
        enriched = revised | "complete" >> beam.Map(self.complete) if self.complete else revised
        for name, transform in ENRICHING.items():
            enriched = enriched | name >> beam.Map(transform)
        return {"articles": enriched | "stamp" >> beam.Map(stamp, self.run), **outputs}
