"""Precision and recall on defects put into clean news: python -m benchmarks.quality.artifacts_injected [--show kind].

A defect counts as found where a tag of its kind overlaps it. Tags of the kind that the article did not
have before it was damaged, beyond the defects, count as false; those it had are artifacts_untouched's to count.
"""

import argparse
import random
from pathlib import Path

from articles import Article
from benchmarks.quality.artifacts_corpora import Row, data_folder, print_rows, read_native, read_reuters
from benchmarks.quality.artifacts_defects import DAMAGES, Defect, damage_all
from transforms.artifacts import DETECTORS
from transforms.artifacts.tag import prepare

SEED = 20201115
WIRES = 600
RECALL, PRECISION = 0.90, 0.95
CONTEXT = 60


def evaluate(data: Path) -> list[Row]:
    """Precision and recall of each kind."""
    articles = read_clean(data)
    rows = []
    for kind in DAMAGES:
        found, missed, false = count(articles, kind)
        defects = found + missed
        rows.append(
            Row(
                f"{kind}: precision",
                found / max(1, found + false),
                f">= {PRECISION}",
                defects,
                wilson(found, found + false),
            )
        )
        rows.append(Row(f"{kind}: recall", found / max(1, defects), f">= {RECALL}", defects, wilson(found, defects)))
    return rows


def read_clean(data: Path) -> list[Article]:
    """Native English news, and as many wires as keep the run short."""
    wires = [article for article in read_reuters(data) if len(article.body) > 800]
    native = [document.article for document in read_native(data)]
    return native + random.Random(SEED).sample(wires, WIRES)


def count(articles: list[Article], kind: str, *, show: bool = False) -> tuple[int, int, int]:
    """Defects found, defects missed and false tags of a kind."""
    found = missed = false = 0
    for article, damaged, defects in damage_all(articles, kind, SEED):
        tags = places_of(damaged, kind)
        for defect in defects:
            if any(overlap(defect, other) for other in tags):
                found += 1
            else:
                missed += 1
                if show:
                    print_place("MISSED", damaged, defect)
        others = [other for other in tags if not any(overlap(defect, other) for defect in defects)]
        false += max(0, len(others) - len(places_of(article, kind)))
        if show:
            for other in others:
                print_place("FALSE", damaged, other)
    return found, missed, false


def places_of(article: Article, kind: str) -> list[Defect]:
    """Where one detector tags an article."""
    return [(text.field, span.start, span.end) for text in prepare(article) for span in DETECTORS[kind](text)]


def overlap(first: Defect, second: Defect) -> bool:
    """Whether two ranges of one field share a character."""
    return first[0] == second[0] and first[1] < second[2] and second[1] < first[2]


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Wilson's 95% interval of a proportion."""
    if not trials:
        return 0.0, 1.0
    z = 1.96
    share = successes / trials
    centre = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z * (share * (1 - share) / trials + z * z / (4 * trials * trials)) ** 0.5 / (1 + z * z / trials)
    return centre - half, min(1.0, centre + half)


def print_place(verdict: str, article: Article, defect: Defect) -> None:
    """Print a place with what stands around it."""
    field = article.title if defect[0] == "title" else article.body
    before, after = field[max(0, defect[1] - CONTEXT) : defect[1]], field[defect[2] : defect[2] + CONTEXT]
    print(f"{verdict} …{before}[[{field[defect[1] : defect[2]][:160]}]]{after}…".replace("\n", "⏎"))


def main() -> None:
    """Print the table, or what one kind missed and got wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", choices=sorted(DAMAGES))
    arguments = parser.parse_args()
    if arguments.show:
        print(count(read_clean(data_folder()), arguments.show, show=True))
    else:
        print_rows(evaluate(data_folder()))


if __name__ == "__main__":
    main()
