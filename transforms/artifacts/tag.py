"""Tag the translation artifacts of an article."""

import dataclasses
from collections.abc import Iterator

from articles import Article, Artifact
from transforms.artifacts.catalogue import DETECTORS, MQM
from transforms.artifacts.text import Text
from transforms.artifacts.translation import estimate


def tag(article: Article) -> Article:
    """The article with its artifacts and the probability that it was translated by machine.

    Artifacts are sorted: title before body, then by offset and kind.
    """
    texts = prepare(article)
    found = tuple(artifact for text in texts for artifact in find(text))
    return dataclasses.replace(article, artifacts=found, translation_probability=estimate(texts, found))


def prepare(article: Article) -> tuple[Text, Text]:
    """Title and body as detectors read them, each knowing the other."""
    ranges = [(credit.start, credit.end) for credit in article.credits]
    if article.dateline is not None:
        ranges.append((article.dateline.start, article.dateline.end))
    protected = [(start, end) for start, end in ranges if start is not None and end is not None]
    title = Text(article.title, "title", article.language)
    body = Text(article.body, "body", article.language, other=title, protected=protected)
    title.other = body
    return title, body


def find(text: Text) -> Iterator[Artifact]:
    """The artifacts of one field, in order."""
    if not text.string:
        return
    spans = [(span.start, span.end, kind, span) for kind, detector in DETECTORS.items() for span in detector(text)]
    for start, end, kind, span in sorted(spans, key=lambda found: found[:3]):
        yield Artifact(
            kind=kind,
            mqm=MQM[kind],
            field=text.field,
            start=start,
            end=end,
            text=text.string[start:end],
            suggestion=span.suggestion,
            confidence=span.confidence,
        )
