"""Tags on text that people wrote in English: python -m benchmarks.quality.artifacts_untouched [--show].

`--show` prints each in its context. Most are true defects of the source (a word twice, a full stop
lost); those that a reader judged so are kept in labels/untouched.json as corpus, article, field,
kind and offset, without text. Every other tag counts as false.
"""

import argparse
import collections
import json
from collections.abc import Iterable
from pathlib import Path

from articles import Article
from benchmarks.quality.artifacts_corpora import Row, count_words, data_folder, print_rows, read_native, read_reuters
from transforms.artifacts import DETECTORS, tag

CONTEXT = 50
LABELS = Path(__file__).with_name("labels") / "untouched.json"
Place = tuple[str, int, str, str, int]
"""Corpus, article's position in it, field, kind, start."""


def evaluate(data: Path) -> list[Row]:
    """Tags and false tags per 1,000 words for each corpus, and the false tags of each kind that has any."""
    defects = read_defects()
    rows = []
    for name, articles in read_corpora(data).items():
        words = sum(map(count_words, articles))
        places = [place for index, article in enumerate(articles) for place in places_of(article, name, index)]
        false = collections.Counter(place[3] for place in places if place not in defects)
        rows.append(
            Row(f"{name}: tags per 1,000 words, true defects included", 1000 * len(places) / words, "", len(places))
        )
        rows.append(Row(f"{name}: false tags per 1,000 words", 1000 * false.total() / words, "<= 0.3", false.total()))
        rows += [
            Row(f"  {name}: false {kind} per 1,000 words", 1000 * count / words, "", count)
            for kind, count in sorted(false.items())
        ]
    return rows


def read_defects() -> set[Place]:
    """Places that a reader judged to be true defects of the source."""
    stored = json.loads(LABELS.read_text(encoding="utf-8"))
    return {(corpus, index, field, kind, start) for corpus, index, field, kind, start in stored["defects"]}


def places_of(article: Article, corpus: str, index: int) -> list[Place]:
    """Where an article is tagged."""
    return [(corpus, index, found.field, found.kind, found.start) for found in tag(article).artifacts]


def read_corpora(data: Path) -> dict[str, list[Article]]:
    """The clean corpora by name."""
    return {
        "native-en": [document.article for document in read_native(data)],
        "reuters": read_reuters(data),
    }


def show(articles: Iterable[Article], kind: str | None) -> None:
    """Print every tag with what stands around it."""
    for article in articles:
        for found in tag(article).artifacts:
            if kind in (None, found.kind):
                field = article.title if found.field == "title" else article.body
                before, after = (
                    field[max(0, found.start - CONTEXT) : found.start],
                    field[found.end : found.end + CONTEXT],
                )
                print(f"{found.kind:24} …{before}[[{found.text[:120]}]]{after}…".replace("\n", "⏎"))


def main() -> None:
    """Print the table, or the tags themselves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--kind", choices=sorted(DETECTORS))
    arguments = parser.parse_args()
    if arguments.show:
        for name, articles in read_corpora(data_folder()).items():
            print(f"== {name}")
            show(articles, arguments.kind)
    else:
        print_rows(evaluate(data_folder()))


if __name__ == "__main__":
    main()
