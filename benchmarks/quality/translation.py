"""How well translation_probability tells machine from human: python -m benchmarks.quality.translation.

Prints the table; `--plot FILE.svg` draws the calibration plot. Needs `pip install scikit-learn`.
"""

import argparse
import dataclasses
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from benchmarks.quality.artifacts_corpora import Row, data_folder, print_rows
from benchmarks.quality.translation_model import (
    FOLDS,
    SEED,
    Data,
    Matrix,
    auc,
    bootstrap,
    calibrate,
    cross_validate,
    fit,
    leave_out,
    read_data,
    split,
    weigh,
)  # fmt: skip

NATIVE_TARGET, HUMAN_TARGET = ">= 0.97", ">= 0.80"
TOPICS = 8
BINS = 10


def evaluate(data: Path) -> list[Row]:
    """AUC against native English and against human translations, beside two models that know the topic."""
    read = read_data(data)
    scores = cross_validate(read)
    rows = compare(read, scores, "translation_probability", targets=True)
    topics = draw_topics(read)
    rows += compare(read, leave_out(read, topics), "  topic never seen in training")
    rows += compare_sources(read)
    for name, vectors in baselines(read):
        rows += compare(read, cross_validate_sparse(read, vectors), name)
        rows += compare(read, leave_out_sparse(read, vectors, topics), f"  {name}, topic never seen")
    rows.append(
        Row("translation_probability: expected calibration error", calibration_error(read, scores), "", len(scores))
    )
    return rows


def compare(data: Data, scores: Matrix, name: str, *, targets: bool = False) -> list[Row]:
    """Two rows: against native news, against human translations."""
    rows = []
    for people, label, target in (
        (data.native, "native", NATIVE_TARGET),
        (data.human, "human translation", HUMAN_TARGET),
    ):
        n = int(data.machine.sum() + people.sum())
        rows.append(
            Row(
                f"{name}: AUC vs {label}",
                auc(data, scores, people),
                target if targets else "",
                n,
                bootstrap(data, scores, people),
            )
        )
    return rows


def compare_sources(data: Data) -> list[Row]:
    """For each source language, the AUCs of models that saw no translation from it, nor the native news tested on."""
    pairs = np.array([document.pair for document in data.documents])
    documents, _ = split(data, SEED)
    rows = []
    for pair in sorted(set(pairs[~data.native])):
        scores = np.zeros(len(pairs))
        for fold in range(FOLDS):
            model = fit(data, (pairs != pair) & ~(data.native & (documents == fold)))
            scores += np.where(pairs == pair, model.score(data.features) / FOLDS, 0)
            held = data.native & (documents == fold)
            scores[held] = model.score(data.features[held])
        part = dataclasses.replace(data, machine=data.machine & (pairs == pair))
        rows += compare(part, scores, f"  {pair} never seen in training")[:1]
        humans = data.human & (pairs == pair)
        n = int(part.machine.sum() + humans.sum())
        label = f"  {pair} never seen in training: AUC vs human translation"
        rows.append(Row(label, auc(part, scores, humans), "", n, bootstrap(part, scores, humans)))
    return rows


def draw_topics(data: Data) -> Matrix:
    """A topic for every document: clusters of the content words of its human (or only) version."""
    first = {group: index for index, group in reversed(list(enumerate(data.groups)))}
    first.update({group: index for index, group in enumerate(data.groups) if data.human[index]})
    groups = sorted(first)
    texts = [data.documents[first[group]].article.body for group in groups]
    vectors = TfidfVectorizer(stop_words="english", min_df=2, sublinear_tf=True).fit_transform(texts)
    labels = KMeans(TOPICS, n_init=10, random_state=SEED).fit_predict(vectors)
    by_group = dict(zip(groups, labels, strict=True))
    return np.array([by_group[group] for group in data.groups])


def baselines(data: Data) -> list[tuple[str, csr_matrix]]:
    """Vectors of the two models that see content: inverse document frequencies are over all documents."""
    texts = [f"{document.article.title}\n{document.article.body}" for document in data.documents]
    return [
        (
            "char 3-5-grams",
            TfidfVectorizer(
                analyzer="char_wb", ngram_range=(3, 5), max_features=30_000, sublinear_tf=True
            ).fit_transform(texts),
        ),
        ("word TF-IDF", TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True).fit_transform(texts)),
    ]


def fit_sparse(data: Data, vectors: csr_matrix, rows: Matrix) -> LogisticRegression:
    """A logistic regression over sparse vectors."""
    model = LogisticRegression(C=10, max_iter=1000)
    return model.fit(vectors[rows], data.machine[rows], sample_weight=weigh(data)[rows])


def cross_validate_sparse(data: Data, vectors: csr_matrix) -> Matrix:
    """As `cross_validate`, for sparse vectors."""
    documents, systems = split(data, SEED)
    total, times = np.zeros(len(data.machine)), np.zeros(len(data.machine))
    for i in range(FOLDS):
        for j in range(FOLDS):
            held = (documents == i) & ((systems == j) | (systems == -1))
            total[held] += fit_sparse(data, vectors, (documents != i) & (systems != j)).decision_function(vectors[held])
            times[held] += 1
    result: Matrix = total / times
    return result


def leave_out_sparse(data: Data, vectors: csr_matrix, labels: Matrix) -> Matrix:
    """As `leave_out`, for sparse vectors."""
    scores = np.zeros(len(data.machine))
    for label in sorted(set(labels)):
        held = labels == label
        scores[held] = fit_sparse(data, vectors, ~held).decision_function(vectors[held])
    return scores


@dataclasses.dataclass(frozen=True, slots=True)
class Bin:
    """Documents of similar probability: the mean probability, and the share that is machine translation."""

    predicted: float
    observed: float
    weight: float


def draw_bins(data: Data, scores: Matrix) -> list[Bin]:
    """Bins of equal width over held-out, calibrated probabilities, at even odds of machine and human."""
    slope, shift = calibrate(data, scores)
    probabilities = 1 / (1 + np.exp(-(slope * scores + shift)))
    weights = weigh(data)
    found = []
    for low in np.arange(BINS) / BINS:
        rows = (probabilities >= low) & (probabilities < low + 1 / BINS + 1e-12)
        weight = weights[rows].sum()
        if weight > 0:
            predicted = (weights[rows] * probabilities[rows]).sum() / weight
            found.append(Bin(predicted, (weights[rows] * data.machine[rows]).sum() / weight, weight / weights.sum()))
    return found


def calibration_error(data: Data, scores: Matrix) -> float:
    """Expected calibration error: the bins' mean distance from the diagonal."""
    return float(sum(bin_.weight * abs(bin_.predicted - bin_.observed) for bin_ in draw_bins(data, scores)))


def plot(bins: list[Bin]) -> str:
    """The calibration plot as SVG: dots sized by weight beside the diagonal."""
    size, margin = 360, 50
    dots = "".join(
        f'<circle cx="{margin + size * b.predicted:.1f}" cy="{margin + size * (1 - b.observed):.1f}" '
        f'r="{3 + 22 * b.weight:.1f}" fill="#1f6feb" fill-opacity="0.7"/>'
        for b in bins
    )
    ticks = "".join(
        f'<text x="{margin + size * t:.0f}" y="{margin + size + 18}" text-anchor="middle">{t:.1f}</text>'
        f'<text x="{margin - 8}" y="{margin + size * (1 - t) + 4:.0f}" text-anchor="end">{t:.1f}</text>'
        for t in (0, 0.2, 0.4, 0.6, 0.8, 1)
    )
    side = size + 2 * margin
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" font-family="sans-serif" '
        'font-size="12" role="img">'
        "<title>Calibration of translation_probability</title>"
        f'<rect width="{side}" height="{side}" fill="#ffffff"/>'
        f'<rect x="{margin}" y="{margin}" width="{size}" height="{size}" fill="none" stroke="#999"/>'
        f'<line x1="{margin}" y1="{margin + size}" x2="{margin + size}" y2="{margin}" '
        'stroke="#999" stroke-dasharray="4"/>'
        f"{ticks}{dots}"
        f'<text x="{side / 2}" y="{side - 8}" text-anchor="middle">predicted probability (held out)</text>'
        f'<text x="14" y="{side / 2}" text-anchor="middle" transform="rotate(-90 14 {side / 2})">'
        "share translated by machine</text>"
        "</svg>\n"
    )


def main() -> None:
    """Print the table or draw the plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plot", type=Path)
    arguments = parser.parse_args()
    if arguments.plot:
        read = read_data(data_folder())
        arguments.plot.write_text(plot(draw_bins(read, cross_validate(read))), encoding="utf-8")
    else:
        print_rows(evaluate(data_folder()))


if __name__ == "__main__":
    main()
