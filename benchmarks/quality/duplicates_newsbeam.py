"""newsbeam's own decision on texts in memory: the functions that a run calls, without reading and writing."""

import dataclasses
import time
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from articles import Article
from benchmarks.quality.duplicates_texts import Text
from transforms.duplicates.compare import Rules
from transforms.duplicates.decide import decide
from transforms.duplicates.sketch import sketch
from transforms.duplicates.tables import ITEMS


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """Whose duplicate each text is (its own index: nobody's), its story, and what it took."""

    canonical: list[int]
    story: list[bytes]
    table: list[str]
    sketch_seconds: float
    decide_seconds: float


def run(texts: Sequence[Text], rules: Rules) -> Outcome:
    """Sketch all texts anew, for the time it takes, and decide on them as one run."""
    start = time.process_time()
    sketched = [sketch(text.article) for text in texts]
    half = time.process_time()
    items = tabulate(sketched)
    shingles = [found.sketch and np.frombuffer(found.sketch.shingles, np.uint32) for found in sketched]

    def verify(left: int, right: int) -> float | None:
        one, other = shingles[left], shingles[right]
        if one is None or other is None:
            return None
        shared = len(np.intersect1d(one, other, assume_unique=True))
        return shared / (len(one) + len(other) - shared)

    decisions = decide(items, [], rules, verify).decisions
    end = time.process_time()
    places = {key: place for place, key in enumerate(items["key"].to_pylist())}
    canonical = [places[key] for key in decisions["canonical"].to_pylist()]
    return Outcome(canonical, decisions["story"].to_pylist(), decisions["table"].to_pylist(), half - start, end - half)


def tabulate(articles: Sequence[Article]) -> pa.Table:
    """Sketched articles as the table that deciding takes."""
    return pa.Table.from_pylist([_row(index, article) for index, article in enumerate(articles)], schema=ITEMS)


def _row(index: int, article: Article) -> dict[str, object]:
    found = article.sketch
    return {
        "key": bytes.fromhex(article.article_id),
        "revision": bytes.fromhex(article.revision),
        "content_hash": bytes.fromhex(article.content_hash),
        "table": "articles",
        "published_at": article.published_at,
        "updated_at": article.updated_at,
        "payload_sha256": article.payload_sha256,
        "source_uri": article.source_uri,
        "item_index": index,
        "version": None,
        "date": article.published_at.date() if article.published_at else None,
        "headline": article.headline,
        "edition": article.edition,
        "length": found.length if found else None,
        "minhash": found.minhash if found else None,
        "lead": found.lead if found else None,
        "figures": found.figures if found else None,
    }
