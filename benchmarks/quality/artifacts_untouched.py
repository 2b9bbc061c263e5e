"""False tags on text that people wrote in English: python -m benchmarks.quality.artifacts_untouched [--show].

Every tag is counted as false here; `--show` prints each in its context, so that a reader can tell
which are true defects of the source.
"""

import argparse
import collections
from collections.abc import Iterable
from pathlib import Path

from articles import Article
from benchmarks.quality.artifacts_corpora import Row, count_words, data_folder, print_rows, read_native, read_reuters
from transforms.artifacts import DETECTORS, tag

CONTEXT = 50


def evaluate(data: Path) -> list[Row]:
    """False tags per 1,000 words: all kinds together, and each kind that fired, for each corpus."""
    rows = []
    for name, articles in read_corpora(data).items():
        counts, words = count_tags(articles)
        rows.append(Row(f"{name}: tags per 1,000 words", 1000 * counts.total() / words, "<= 0.3", words))
        rows += [
            Row(f"{name}: {kind} per 1,000 words", 1000 * counts[kind] / words, "", counts[kind])
            for kind in DETECTORS
            if counts[kind]
        ]
    return rows


def read_corpora(data: Path) -> dict[str, list[Article]]:
    """The clean corpora by name."""
    return {
        "native-en": [document.article for document in read_native(data)],
        "reuters": read_reuters(data),
        "reuters, lines as sent": read_reuters(data, unwrap=False),
    }


def count_tags(articles: Iterable[Article]) -> tuple[collections.Counter[str], int]:
    """Tags by kind, and the number of words."""
    counts = collections.Counter[str]()
    words = 0
    for article in articles:
        counts.update(artifact.kind for artifact in tag(article).artifacts)
        words += count_words(article)
    return counts, words


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
