"""Duplicates among 7,319 wires: newsbeam beside datasketch and datatrove, against the exact similarity of all pairs.

    python -m benchmarks.quality.duplicates [--pairs] [--write]

`--pairs` lists what is kept apart for its figures, and each pair missed or found wrongly; `--write` keeps the
table in docs/duplicates.md.
"""

import argparse
import dataclasses
import itertools
from collections.abc import Iterator
from pathlib import Path

from benchmarks.quality import duplicates_page
from benchmarks.quality.artifacts_corpora import Row, data_folder
from benchmarks.quality.duplicates_programs import (
    CONTAINED,
    TABLES,
    THRESHOLDS,
    Found,
    Places,
    Truth,
    ordered,
    run_all,
)

LIKE = 0.7
"""Jaccard below which a text that was removed is not the text that was kept for it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Figures:
    """A column of the table."""

    recall: float
    precision: float
    copies: int
    exact_groups: int
    one_story_groups: int
    """Of the exact groups those that are one story, and found."""
    tables_apart: int
    namesakes_apart: int
    removed: int
    wrongly: int
    """Removed though the text kept for it is another one: J below 0.7, other figures, or another name's notice."""
    microseconds: float


def thresholds(found: Found) -> tuple[float, ...]:
    """What a program is measured at: the threshold it was told; datatrove can't be told one."""
    return (found.threshold,) if found.threshold in THRESHOLDS else THRESHOLDS


def measure(truth: Truth, found: Found, threshold: float) -> Figures:
    """Hold what was found against the truth; a pair is found where both texts ended up in one group."""
    copies = truth.copies(threshold)
    right = sum(truth.similarity(*pair) >= threshold and pair not in truth.apart for pair in found.pairs)
    wrongly = sum(truth.similarity(*pair) < LIKE or ordered(pair) in truth.apart for pair in found.removed)
    return Figures(
        recall=sum(map(found.together, copies)) / len(copies),
        precision=right / max(len(found.pairs), 1),
        copies=len(copies),
        exact_groups=sum(map(found.grouped, truth.exact_groups)),
        one_story_groups=sum(map(found.grouped, truth.one_story_groups)),
        tables_apart=sum(not found.together(pair) for pair in truth.tables),
        namesakes_apart=sum(not found.together(pair) for pair in truth.namesakes),
        removed=len(found.removed),
        wrongly=wrongly,
        microseconds=found.microseconds,
    )


def evaluate(data: Path) -> Iterator[Row]:
    """The rows of the common table."""
    truth, programs = run_all(data)
    for found in programs:
        ours = found.name == "newsbeam"
        for threshold in thresholds(found):
            figures = measure(truth, found, threshold)
            name = f"{found.name}, pairs of J ≥ {threshold}"
            goal = "≥ 0.995" if ours and threshold == 0.9 else ""
            yield Row(f"{name}: recall", figures.recall, goal, figures.copies)
            yield Row(f"{name}: precision", figures.precision, goal, len(found.pairs))
        if ours:
            groups = len(truth.one_story_groups)
            yield Row(f"{name}: exact groups found", figures.one_story_groups, f"≥ {groups}", groups)
            yield Row(f"{name}: … by body alone", figures.exact_groups, "", len(truth.exact_groups))
            apart = len(truth.namesakes)
            yield Row(f"{name}: short notices of two names, kept apart", figures.namesakes_apart, f"≥ {apart}", apart)
            apart = len(truth.tables)
            yield Row(
                f"{name}: pairs that differ in figures only, kept apart", figures.tables_apart, f"≥ {apart}", apart
            )
            for kind, pairs in {"extended": truth.extended(threshold), "corrected": list(truth.versions)}.items():
                share = sum(map(found.one_story, pairs)) / len(pairs)
                yield Row(f"{name}: {kind} stories share their story_id", share, "≥ 0.95", len(pairs))
        goal = "≤ 0" if ours else ""
        yield Row(f"{name}: removed though another text", figures.wrongly, goal, figures.removed)
        yield Row(f"{name}: µs a text", figures.microseconds, "", len(truth.texts))


def render(data: Path) -> Iterator[str]:
    """The programs side by side, as Markdown."""
    truth, programs = run_all(data)
    columns = [
        (found, threshold, measure(truth, found, threshold))
        for threshold in THRESHOLDS
        for found in programs
        if threshold in thresholds(found)
    ]
    yield "| | " + " | ".join(f"{found.name}, J ≥ {threshold}" for found, threshold, _ in columns) + " |"
    yield "|---|" + "--:|" * len(columns)
    cells = [
        (
            f"{figures.copies}",
            f"{figures.recall:.3f}",
            f"{figures.precision:.3f}",
            f"{figures.one_story_groups}",
            f"{figures.exact_groups}",
            f"{figures.namesakes_apart}",
            f"{figures.tables_apart}",
            f"{figures.removed}",
            f"{figures.wrongly}",
            f"{figures.microseconds:,.0f}",
        )
        for *_, figures in columns
    ]
    names = (
        "pairs to find",
        "recall",
        "precision",
        f"exact groups found, of {len(truth.one_story_groups)} that are one story",
        f"… of {len(truth.exact_groups)} by body alone",
        f"short notices of two names kept apart, of {len(truth.namesakes)}",
        f"figures-only pairs kept apart, of {len(truth.tables)}",
        "texts removed",
        f"… though another text (J < {LIKE}, other figures or name)",
        "µs a text",
    )
    for name, *values in zip(names, *cells, strict=True):
        yield f"| {name} | " + " | ".join(values) + " |"
    for found in programs:
        if found.stories:
            extended, corrected = truth.extended(found.threshold), list(truth.versions)
            joined = [sum(map(found.one_story, pairs)) for pairs in (extended, corrected)]
            yield (
                f"\nAt a threshold of {found.threshold}, newsbeam's `story_id` joins {joined[0]} of {len(extended)}"
                f" stories with their extensions (containment ≥ {CONTAINED}, J < {found.threshold}) and {joined[1]} of"
                f" {len(corrected)} with their corrections."
            )


def list_pairs(data: Path) -> Iterator[str]:
    """What is kept apart for its figures, and all that newsbeam decided otherwise than the truth has it."""
    truth, programs = run_all(data)
    yield f"{len(truth.tables)} pairs that differ in figures only, J ≥ {TABLES}:"
    for place in sorted(truth.tables, key=lambda place: -truth.pairs[place].jaccard):
        yield "  " + _tell(truth, place)
    for found in programs:
        if found.name != "newsbeam":
            continue
        copies = truth.copies(found.threshold)
        wrong = [place for place in found.pairs if truth.similarity(*place) < found.threshold]
        parts = {
            "missed": [place for place in copies if not found.together(place)],
            "not as similar": wrong,
            "one body and two names, together": list(filter(found.together, truth.namesakes)),
            "another figure in its place, together": list(filter(found.together, truth.contradicting)),
            "extended, of another story": [
                place for place in truth.extended(found.threshold) if not found.one_story(place)
            ],
            "corrected, of another story": [place for place in truth.versions if not found.one_story(place)],
        }
        for name, places in parts.items():
            yield f"threshold {found.threshold}, {name}: {len(places)}"
            for place in places:
                yield "  " + _tell(truth, place)


def _tell(truth: Truth, place: Places) -> str:
    pair = truth.pairs.get(place)
    alike = f"J={pair.jaccard:.3f} C={pair.containment:.3f}" if pair else "J<0.2"
    left, right = (truth.texts[text] for text in place)
    return f"{left.name} {right.name} {alike} {left.article.title[:45]!r} {right.article.title[:45]!r}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", action="store_true", help="list pairs")
    parser.add_argument("--write", action="store_true", help="keep the table in docs/duplicates.md")
    options = parser.parse_args()
    data = data_folder()
    table = "\n".join(render(data))
    print(table)
    if options.write:
        duplicates_page.keep("wires", table)
    if options.pairs:
        print("\n".join(itertools.chain([""], list_pairs(data))))


if __name__ == "__main__":
    main()
