"""Fit and cross-validate the translation model and the models it is compared with."""

import collections
import dataclasses
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from articles import Article
from benchmarks.quality.artifacts_corpora import Document, count_words, read_native, read_reuters, read_translations
from transforms.artifacts.style import measure
from transforms.artifacts.tag import find, prepare

Matrix = np.ndarray[Any, Any]

FOLDS = 5
MIN_WORDS = 100
CLIP = 4.0
STRENGTH = 0.0035
"""Inverse regularization (scikit-learn's C), chosen on the folds."""
WIRES, WIRE_WEIGHT = 300, 0.3
"""Wires of 1987 added to what people wrote, and their weight beside native news and human translations (1 each)."""
MIN_WIRE_WORDS = 150
SEED = 21578


@dataclasses.dataclass(frozen=True, slots=True)
class Data:
    """Documents in rows: features (or any other columns), and what the folds and weights go by."""

    documents: list[Document]
    names: list[str]
    features: Matrix
    machine: Matrix
    native: Matrix
    human: Matrix
    groups: Matrix
    systems: Matrix
    wires: Matrix
    """Features of the added wires: for training alone."""


def read_data(data: Path) -> Data:
    """All documents long enough, measured."""
    documents = [d for d in read_native(data) + read_translations(data) if count_words(d.article) >= MIN_WORDS]
    wires = [article for article in read_reuters(data) if count_words(article) >= MIN_WIRE_WORDS]
    measured = [measure_article(d.article) for d in documents]
    measured_wires = [measure_article(article) for article in random.Random(SEED).sample(wires, WIRES)]
    names = sorted({name for features in measured for name in features})
    machine = np.array([d.machine for d in documents])
    native = np.array([d.system == "native" for d in documents])
    return Data(
        documents,
        names,
        to_matrix(measured, names),
        machine,
        native,
        ~machine & ~native,
        np.array([f"{d.pair}/{d.doc_id}" for d in documents]),
        np.array([d.system for d in documents]),
        to_matrix(measured_wires, names),
    )


def measure_article(article: Article) -> dict[str, float]:
    """The features of an article."""
    texts = prepare(article)
    counts = collections.Counter(artifact.kind for text in texts for artifact in find(text))
    return measure(texts, counts)


def to_matrix(measured: Sequence[dict[str, float]], names: Sequence[str]) -> Matrix:
    """Features in columns."""
    return np.array([[features.get(name, 0.0) for name in names] for features in measured])


@dataclasses.dataclass(frozen=True, slots=True)
class Fit:
    """A fitted logistic regression with its standardization."""

    mean: Matrix
    scale: Matrix
    weights: Matrix
    intercept: float

    def score(self, features: Matrix) -> Matrix:
        """Log odds."""
        standard = np.clip((features - self.mean) / self.scale, -CLIP, CLIP)
        result: Matrix = standard @ self.weights + self.intercept
        return result


def fit(data: Data, rows: Matrix) -> Fit:
    """Fit to some rows and the added wires; machine and people weigh the same in all."""
    mean, scale = data.features[rows].mean(axis=0), data.features[rows].std(axis=0)
    scale[scale < 1e-9] = 1.0
    stacked = np.vstack([data.features[rows], data.wires])
    labels = np.append(data.machine[rows], np.zeros(len(data.wires), dtype=bool))
    weights = np.append(
        weigh(data)[rows], np.full(len(data.wires), WIRE_WEIGHT / len(data.wires) * len(data.machine) / 4)
    )
    model = LogisticRegression(C=STRENGTH, max_iter=3000)
    model.fit(np.clip((stacked - mean) / scale, -CLIP, CLIP), labels, sample_weight=weights)
    return Fit(mean, scale, model.coef_[0], float(model.intercept_[0]))


def weigh(data: Data) -> Matrix:
    """Weights that make native news, human translations and half of the machine's equally heavy."""
    weights = np.zeros(len(data.machine))
    weights[data.native] = 1 / data.native.sum()
    weights[data.human] = 1 / data.human.sum()
    weights[data.machine] = (2 + WIRE_WEIGHT) / data.machine.sum()
    return weights * len(weights) / 4


def split(data: Data, seed: int) -> tuple[Matrix, Matrix]:
    """The fold of every row's document and of its system (-1 for people)."""
    rng = random.Random(seed)
    document_folds = draw_folds(sorted(set(data.groups)), rng)
    system_folds = draw_folds(sorted(set(data.systems[data.machine])), rng)
    documents = np.array([document_folds[group] for group in data.groups])
    systems = np.array([system_folds[s] if m else -1 for s, m in zip(data.systems, data.machine, strict=True)])
    return documents, systems


def draw_folds(items: list[str], rng: random.Random) -> dict[str, int]:
    """Items to folds of even size."""
    rng.shuffle(items)
    return {item: index % FOLDS for index, item in enumerate(items)}


def cross_validate(data: Data, seed: int = SEED) -> Matrix:
    """Log odds of every row by models that saw neither its document nor, for machines, its system."""
    documents, systems = split(data, seed)
    total, times = np.zeros(len(data.machine)), np.zeros(len(data.machine))
    for i in range(FOLDS):
        for j in range(FOLDS):
            held = (documents == i) & ((systems == j) | (systems == -1))
            total[held] += fit(data, (documents != i) & (systems != j)).score(data.features[held])
            times[held] += 1
    result: Matrix = total / times
    return result


def leave_out(data: Data, labels: Matrix) -> Matrix:
    """Log odds of every row by a model that saw no document with the same label (a topic, a source)."""
    scores = np.zeros(len(data.machine))
    for label in sorted(set(labels)):
        held = labels == label
        scores[held] = fit(data, ~held).score(data.features[held])
    return scores


def auc(data: Data, scores: Matrix, people: Matrix) -> float:
    """Area under the ROC curve of machine translations against some of what people wrote."""
    rows = data.machine | people
    return float(roc_auc_score(data.machine[rows], scores[rows]))


def bootstrap(data: Data, scores: Matrix, people: Matrix, times: int = 400) -> tuple[float, float]:
    """95% interval of the AUC, whole documents drawn with replacement."""
    rng = np.random.default_rng(SEED)
    members = collections.defaultdict(list)
    for index, group in enumerate(data.groups):
        if data.machine[index] or people[index]:
            members[group].append(index)
    groups = [np.array(indices) for indices in members.values()]
    found = []
    for _ in range(times):
        rows = np.concatenate([groups[index] for index in rng.integers(len(groups), size=len(groups))])
        if 0 < data.machine[rows].sum() < len(rows):
            found.append(roc_auc_score(data.machine[rows], scores[rows]))
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)


def calibrate(data: Data, scores: Matrix) -> tuple[float, float]:
    """Slope and intercept that make held-out log odds probabilities (Platt's scaling), at even odds beforehand."""
    model = LogisticRegression(C=1e6, max_iter=1000)
    model.fit(scores.reshape(-1, 1), data.machine, sample_weight=weigh(data))
    return float(model.coef_[0, 0]), float(model.intercept_[0])
