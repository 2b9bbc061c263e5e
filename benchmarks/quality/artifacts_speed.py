"""Time of tagging a text of 3 KB on one core, whole and by detector: python -m benchmarks.quality.artifacts_speed."""

import collections
import time
from pathlib import Path

from articles import Article
from benchmarks.quality.artifacts_corpora import (
    Row,
    data_folder,
    print_rows,
    read_native,
    read_reuters,
    read_translations,
)
from transforms.artifacts import DETECTORS, tag
from transforms.artifacts.style import measure
from transforms.artifacts.tag import prepare

SIZE = 3000
TEXTS = 400
WARM_UP = 600
PASSES = 3
SHARED = (
    "words", "numbers", "vocabulary", "traits", "capitalized", "marks", "own_names", "bare_names", "is_headline_case",
    "paragraphs", "exotic", "lowered", "shape", "pieces", "quotes",
)  # fmt: skip
"""What several detectors ask of a text."""


def evaluate(data: Path) -> list[Row]:
    """Texts per second, and microseconds a text by detector: the quietest of some passes over texts not seen before."""
    articles, others = read_sample(data)
    for article in others:
        tag(article)
    seconds = min(time_all(articles) for _ in range(PASSES))
    rows = [
        Row("tag: texts of 3 KB per second", len(articles) / seconds, ">= 2000", len(articles)),
        Row("tag: microseconds a text", 1e6 * seconds / len(articles), "<= 500", len(articles)),
    ]
    passes = [time_parts(articles) for _ in range(PASSES)]
    spent = {name: min(spent[name] for spent in passes) for name in passes[0]}
    rows += [
        Row(f"  {name}: microseconds", 1e6 * least / len(articles), "", len(articles))
        for name, least in sorted(spent.items(), key=lambda part: -part[1])
    ]
    return rows


def read_sample(data: Path) -> tuple[list[Article], list[Article]]:
    """Texts of 3 KB, native news, translations and wires, cut or joined with the next to size; and some to warm up."""
    sources = [document.article for document in read_native(data) + read_translations(data)[::7]]
    wires = read_reuters(data)
    others = [article for article in wires[10::40] if len(article.body) > SIZE / 2]
    return join(sources + wires[::20])[:TEXTS], join(others)[:WARM_UP]


def join(articles: list[Article]) -> list[Article]:
    """Articles whose bodies have the size; those that are shorter take in the next ones."""
    found = []
    title = body = ""
    for article in articles:
        title, body = title or article.title, f"{body}\n\n{article.body}".strip()
        if len(body) >= SIZE:
            found.append(Article(title=title, body=body[:SIZE], language="en"))
            title = body = ""
    return found


def time_all(articles: list[Article]) -> float:
    """Seconds of processor time that tagging takes."""
    start = time.process_time()
    for article in articles:
        tag(article)
    return time.process_time() - start


def time_parts(articles: list[Article]) -> dict[str, float]:
    """Seconds in each detector, in what they share, and in the style features."""
    spent = collections.defaultdict[str, float](float)
    for article in articles:
        title, body = prepare(article)
        start = time.process_time()
        for text in (title, body):
            for name in SHARED:
                getattr(text, name)
        spent["(shared)"] += time.process_time() - start
        for kind, detector in DETECTORS.items():
            start = time.process_time()
            for text in (title, body):
                for _span in detector(text):
                    pass
            spent[kind] += time.process_time() - start
        start = time.process_time()
        measure((title, body), {})
        spent["(style)"] += time.process_time() - start
    return spent


if __name__ == "__main__":
    print_rows(evaluate(data_folder()))
