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


def evaluate(data: Path) -> list[Row]:
    """Texts per second, and microseconds a text by detector."""
    articles = read_sample(data)
    for article in articles[:20]:
        tag(article)
    start = time.process_time()
    for article in articles:
        tag(article)
    seconds = time.process_time() - start
    rows = [
        Row("tag: texts of 3 KB per second", len(articles) / seconds, ">= 2000", len(articles)),
        Row("tag: microseconds a text", 1e6 * seconds / len(articles), "<= 350", len(articles)),
    ]
    spent = time_parts(articles)
    rows += [
        Row(f"  {name}: microseconds", 1e6 * spent[name] / len(articles), "", len(articles))
        for name, _ in spent.most_common()
    ]
    return rows


def read_sample(data: Path) -> list[Article]:
    """Texts of about 3 KB: native news, wires and translations, cut or joined to size."""
    sources = [document.article for document in read_native(data) + read_translations(data)[::7]] + read_reuters(data)[
        ::40
    ]
    joined = [article for article in sources if len(article.body) > SIZE / 2]
    return [
        Article(
            title=a.title,
            body=(a.body + "\n\n" + a.body)[:SIZE] if len(a.body) < SIZE / 2 else a.body[:SIZE],
            language="en",
        )
        for a in joined
    ][:TEXTS]


def time_parts(articles: list[Article]) -> collections.Counter[str]:
    """Seconds in each detector, in what they share, and in the style features."""
    spent = collections.Counter[str]()
    for article in articles:
        title, body = prepare(article)
        start = time.process_time()
        for text in (title, body):
            _ = (
                text.words,
                text.vocabulary,
                text.own_names,
                text.bare_names,
                text.paragraphs,
                text.is_headline_case,
                text.lowered,
            )
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
