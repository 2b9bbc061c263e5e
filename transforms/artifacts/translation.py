"""How likely a text was translated by machine: a calibrated logistic regression over style and artifacts."""

import collections
import functools
import json
import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from articles import Artifact
from transforms.artifacts.lexicon import DATA
from transforms.artifacts.style import measure
from transforms.artifacts.text import Text


class Term(NamedTuple):
    """A feature's part in the sum: `weight` times the value less `mean`, in units of `scale`."""

    name: str
    mean: float
    scale: float
    weight: float


class Model(NamedTuple):
    """What benchmarks/quality/train_translation.py writes to data/translation.json."""

    languages: frozenset[str]
    min_words: int
    clip: float
    intercept: float
    terms: tuple[Term, ...]


@functools.cache
def load_model() -> Model:
    """The weights that ship with newsbeam."""
    stored = json.loads((DATA / "translation.json").read_text(encoding="utf-8"))
    terms = tuple(Term(name, *numbers) for name, numbers in stored["terms"].items())
    return Model(frozenset(stored["languages"]), stored["min_words"], stored["clip"], stored["intercept"], terms)


def estimate(texts: Sequence[Text], artifacts: Iterable[Artifact]) -> float | None:
    """The probability that a machine translated the text, where machine and human are equally likely beforehand.

    None for a language the model does not know and for a text too short to tell (docs/model-card.md).
    """
    model = load_model()
    if texts[0].primary not in model.languages or sum(len(text.words) for text in texts) < model.min_words:
        return None
    counts = collections.Counter(artifact.kind for artifact in artifacts)
    return probability(model, measure(texts, counts))


def probability(model: Model, features: dict[str, float]) -> float:
    """The model's answer for measured features; each counts for at most `clip` standard deviations."""
    total, clip = model.intercept, model.clip
    for name, mean, scale, weight in model.terms:
        value = (features.get(name, 0.0) - mean) / scale
        if value > clip:
            value = clip
        elif value < -clip:
            value = -clip
        total += weight * value
    return 1.0 / (1.0 + math.exp(-total))
