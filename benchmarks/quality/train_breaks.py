"""Fit the score of missing sentence breaks: python -m benchmarks.quality.train_breaks [--write].

Reads NEWSBEAM_DATA, needs `pip install scikit-learn`, writes transforms/artifacts/data/breaks.json. Positives are
full stops between sentences, taken out at random, by the defects' generator and between paragraphs; negatives are
all other places of untouched news and translations where a capital follows a word. Folds keep documents apart,
and wires that were sent one after the other together. Prints what the folds say before anything is written.
"""

import argparse
import collections
import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from articles import Article
from benchmarks.quality.artifacts_corpora import data_folder, read_native, read_reuters, read_translations
from benchmarks.quality.artifacts_defects import DAMAGES, edit_body
from transforms.artifacts.break_places import find_places
from transforms.artifacts.break_score import THRESHOLDS, end_state, features, is_one_phrase, opening_kind
from transforms.artifacts.missing_sentence_break import can_part, find_by_rule
from transforms.artifacts.tag import prepare

Matrix = np.ndarray[Any, Any]
KIND = "missing-sentence-break"
TARGET = Path(__file__).parents[2] / "transforms" / "artifacts" / "data" / "breaks.json"
JOIN = re.compile(r"(?<=[a-z]{3})\.(?:\n\n| )(?=[A-Z][a-z]*\b)")
FOLDS, BLOCK, MOST_JOINS = 5, 50, 6
STRENGTH = 0.3
"""Inverse regularization (scikit-learn's C)."""
MODERN_WEIGHT = 3.0
"""Of a negative in native news and translations, beside 1 of the wires, which are far more and older."""
LEAST, SMALLEST = 15, 0.05
"""Places that a feature must have, and the least weight that is kept."""
SEED = 11
LONG = 800
"""Characters of the wires that artifacts_injected damages; recall is printed for those."""


class Case(NamedTuple):
    """A place: what was measured, whether a stop was taken out there, and what the rules alone say."""

    corpus: str
    document: int
    damaged: bool
    generated: bool
    positive: bool
    by_rule: bool
    kind: str
    barred: bool
    measured: tuple[str, ...]


def read_documents(data: Path) -> Iterator[tuple[str, int, Article]]:
    """Native news, wires and every second translation, each by its corpus and number."""
    yield from (("native", index, found.article) for index, found in enumerate(read_native(data)))
    yield from (("wires", index, article) for index, article in enumerate(read_reuters(data)))
    for index, found in enumerate(read_translations(data)):
        if not found.machine or index % 2 == 0:
            yield "translations", index, found.article


def damage(article: Article, rng: random.Random) -> Iterator[tuple[Article, set[int], bool]]:
    """The article untouched, with the generator's defects, and with sentences and paragraphs run together."""
    yield article, set(), False
    damaged, defects = DAMAGES[KIND](article, rng)
    yield damaged, {start for _, start, _ in defects}, len(article.body) > LONG
    for _ in range(2):
        found = list(JOIN.finditer(article.body))
        drawn = rng.sample(found, min(len(found), max(1, len(found) // 3), MOST_JOINS))
        damaged, defects = edit_body(article, [(match.start(), match.end(), " ", 0, 1) for match in drawn])
        yield damaged, {start for _, start, _ in defects}, False


def read_cases(data: Path) -> Iterator[Case]:
    """All places of all documents, damaged and not."""
    rng = random.Random(SEED)
    for corpus, document, article in read_documents(data):
        for damaged, stops, generated in damage(article, rng):
            text = prepare(damaged)[1]
            for place in find_places(text) if not text.is_headline_case else ():
                positive = place.start in stops
                if positive or damaged is article:
                    kind, state = opening_kind(place.first), end_state(text, place)
                    measured = tuple(features(text, place, state))
                    yield Case(
                        corpus, document, damaged is not article, generated, positive, bool(find_by_rule(text, place)),
                        "clause" if kind == "name" and "whole=True" in measured else kind,
                        not can_part(place) or is_one_phrase(text, place, kind, state), measured,
                    )  # fmt: skip


def fit(cases: Sequence[Case], chosen: Sequence[int], columns: Matrix) -> LogisticRegression:
    """The weights for some cases. Untouched places that the rules tag may be true defects: they are left out."""
    used = [index for index in chosen if cases[index].positive or not cases[index].by_rule]
    weights = [MODERN_WEIGHT if not cases[i].positive and cases[i].corpus != "wires" else 1.0 for i in used]
    model = LogisticRegression(C=STRENGTH, max_iter=400)
    return model.fit(columns[used], [cases[index].positive for index in used], weights)


def fold_of(case: Case) -> int:
    """The fold of a document; of wires, that of its block."""
    return (case.document if case.corpus == "native" else case.document // BLOCK) % FOLDS


def report(cases: Sequence[Case], scores: Sequence[float]) -> None:
    """Print recall on the generator's defects, and tags on untouched text that the score adds."""
    for corpus in ("native", "wires", "translations"):
        added = [not c.barred and s > THRESHOLDS[c.kind] for c, s in zip(cases, scores, strict=True)]
        defects = [
            (c.by_rule, c.by_rule or a) for c, a in zip(cases, added, strict=True) if c.generated and c.corpus == corpus
        ]
        rules, both = (sum(found) for found in zip(*defects, strict=True))
        false = sum(
            a and not c.by_rule and not c.damaged and c.corpus == corpus for c, a in zip(cases, added, strict=True)
        )
        print(f"{corpus:14} {len(defects):5} defects: recall {rules / len(defects):.3f} by rules, "
              f"{both / len(defects):.3f} with the score; {false} more tags on untouched text")  # fmt: skip


def main() -> None:
    """Cross-validate; with --write, fit on everything and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    cases = list(read_cases(data_folder()))
    often = collections.Counter(feature for case in cases for feature in case.measured)
    kept = [dict.fromkeys([f for f in case.measured if often[f] >= LEAST], 1.0) for case in cases]
    vectors = DictVectorizer()
    columns = vectors.fit_transform(kept)
    folds = np.array([fold_of(case) for case in cases])
    scores = np.zeros(len(cases))
    for fold in range(FOLDS):
        model = fit(cases, np.flatnonzero(folds != fold), columns)
        scores[folds == fold] = model.decision_function(columns[folds == fold])
    report(cases, scores)
    if arguments.write:
        final = fit(cases, range(len(cases)), columns)
        pairs = zip(vectors.get_feature_names_out(), final.coef_[0], strict=True)
        weights = {str(name): round(float(weight), 3) for name, weight in pairs if abs(weight) >= SMALLEST}
        stored = {
            "about": "Made by benchmarks/quality/train_breaks.py; transforms/artifacts/break_score.py says what of.",
            "intercept": round(float(final.intercept_[0]), 3),
            "weights": weights,
        }
        TARGET.write_text(json.dumps(stored, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"{len(weights)} weights")


if __name__ == "__main__":
    main()
