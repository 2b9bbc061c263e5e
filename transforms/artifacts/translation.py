"""How likely a text was translated by machine: a calibrated logistic regression over style and artifacts."""

import collections
import functools
import json
import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from articles import Artifact
from transforms.artifacts.lexicon import DATA
from transforms.artifacts.style import NAMES, count_words, describe
from transforms.artifacts.tally import Vector
from transforms.artifacts.text import Text

ARTIFACT = "artifact:"


class Term(NamedTuple):
    """A feature's part in the sum: `weight` times the value less `mean`, in units of `scale`."""

    name: str
    mean: float
    scale: float
    weight: float


class Columns(NamedTuple):
    """The terms side by side. `places` are those of the features of style, `artifacts` the kinds that follow them."""

    places: npt.NDArray[np.intp]
    artifacts: tuple[str, ...]
    mean: Vector
    scale: Vector
    weight: Vector


class Model(NamedTuple):
    """What benchmarks/quality/train_translation.py writes to data/translation.json."""

    languages: frozenset[str]
    min_words: int
    clip: float
    intercept: float
    terms: tuple[Term, ...]
    columns: Columns


@functools.cache
def load_model() -> Model:
    """The weights that ship with newsbeam."""
    stored = json.loads((DATA / "translation.json").read_text(encoding="utf-8"))
    terms = tuple(Term(name, *numbers) for name, numbers in stored["terms"].items())
    languages = frozenset(stored["languages"])
    return Model(languages, stored["min_words"], stored["clip"], stored["intercept"], terms, arrange(terms))


def arrange(terms: Sequence[Term]) -> Columns:
    """The terms as arrays, in their order."""
    artifacts = tuple(dict.fromkeys(term.name[len(ARTIFACT) :] for term in terms if term.name.startswith(ARTIFACT)))
    names = (*NAMES, *(ARTIFACT + kind for kind in artifacts))
    places = np.array([names.index(term.name) for term in terms])
    mean, scale, weight = np.array([term[1:] for term in terms]).T
    return Columns(places, artifacts, mean.copy(), scale.copy(), weight.copy())


def estimate(texts: Sequence[Text], artifacts: Iterable[Artifact]) -> float | None:
    """The probability that a machine translated the text, where machine and human are equally likely beforehand.

    None for a language the model does not know and for a text too short to tell (docs/model-card.md).
    """
    model = load_model()
    if texts[0].primary not in model.languages or sum(len(text.words) for text in texts) < model.min_words:
        return None
    counts = collections.Counter(artifact.kind for artifact in artifacts)
    total = count_words(texts)
    rates = [math.sqrt(counts[kind] / total) for kind in model.columns.artifacts]
    return probability(model, np.concatenate((describe(texts), rates)))


def probability(model: Model, features: Vector) -> float:
    """The model's answer for measured features; each counts for at most `clip` standard deviations.

    `features` are those of style.NAMES, then the rates of the artifacts that the model knows. They
    are added up in the order of the terms, so that the sum is the same to the last bit everywhere.
    """
    places, _, mean, scale, weight = model.columns
    values = ((features[places] - mean) / scale).clip(-model.clip, model.clip) * weight
    total = float(np.concatenate(((model.intercept,), values)).cumsum()[-1])
    return 1.0 / (1.0 + math.exp(-total))
