"""The three witnesses to a text's language: byte n-grams, character n-grams, and the words themselves."""

import functools
import math
import threading
from collections.abc import Collection, Mapping

import numpy as np
import numpy.typing as npt
import wordfreq
import xxhash
from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory
from langdetect.lang_detect_exception import LangDetectException
from py3langid.langid import MODEL_FILE, LanguageIdentifier
from wordfreq.preprocess import preprocess_text

from transforms.fold import words

_LOADING = threading.RLock()
_RAREST = math.log(1e-8)
"""Natural log of the frequency below which word lists end, and which unknown words are given."""

_LANGDETECT_LABELS = {"nb": "no", "fil": "tl", "zh": "zh-cn"}


def rank_by_bytes(text: str, labels: frozenset[str]) -> list[tuple[str, float]]:
    """Give py3langid's log-likelihoods (unscaled naive Bayes, in nats) over `labels`, best first."""
    ranked: list[tuple[str, float]] = _byte_model(labels).rank(text)
    return ranked


def score_ngrams(text: str, codes: Collection[str]) -> dict[str, float]:
    """Give langdetect's probabilities over `codes`, seeded and so the same on every call.

    Languages it does not know are left out; empty where it finds none of its n-grams.
    """
    factory = _ngram_factory()
    labels = {_LANGDETECT_LABELS.get(code, code): code for code in codes}
    known = {label: 1.0 for label in labels if label in factory.langlist}
    if len(known) < 2:
        return {}
    detector = factory.create()
    detector.set_prior_map(known)
    detector.append(text)
    try:
        return {labels[guess.lang]: guess.prob for guess in detector.get_probabilities()}
    except LangDetectException:
        return {}


def score_words(text: str, lists: Mapping[str, str]) -> dict[str, float]:
    """Give, for each code, how far its word list (by wordfreq's name) makes the words likelier than unknown ones.

    In nats, summed over the words; 0 where the list holds none of them.
    """
    return {code: _score_words_in(text, name) for code, name in lists.items()}


def _score_words_in(text: str, name: str) -> float:
    spelled = preprocess_text(text, name)  # type: ignore[arg-type]  # it takes codes as well as Language
    folded = [word for word in words(spelled) if not word.isdigit()]
    if not folded:
        return 0.0
    hashes, gains = _word_list(name)
    asked = np.array([xxhash.xxh3_64_intdigest(word.encode()) for word in folded], dtype=np.uint64)
    places = np.minimum(np.searchsorted(hashes, asked), len(hashes) - 1)
    return float(gains[places][hashes[places] == asked].sum(dtype=np.float64))


def _byte_model(labels: frozenset[str]) -> LanguageIdentifier:
    with _LOADING:
        return _load_byte_model(labels)


@functools.cache
def _load_byte_model(labels: frozenset[str]) -> LanguageIdentifier:
    model = LanguageIdentifier.from_model_file(MODEL_FILE)
    model.set_languages(labels)
    return model


def _ngram_factory() -> DetectorFactory:
    with _LOADING:
        return _load_ngram_factory()


@functools.cache
def _load_ngram_factory() -> DetectorFactory:
    """Load a factory of our own: langdetect's global one has a seed that anybody may set."""
    factory = DetectorFactory()
    factory.load_profile(PROFILES_DIRECTORY)
    factory.seed = 0
    return factory


def _word_list(name: str) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.float32]]:
    with _LOADING:
        return _load_word_list(name)


@functools.cache
def _load_word_list(name: str) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.float32]]:
    """Load a list as sorted 64-bit hashes beside gains: 12 bytes a word instead of a dictionary's 100."""
    hashes: list[int] = []
    gains: list[float] = []
    for centibels, bucket in enumerate(wordfreq.read_cBpack(wordfreq.available_languages("best")[name])):
        gain = -centibels / 100 * math.log(10) - _RAREST
        for word in bucket:
            hashes.append(xxhash.xxh3_64_intdigest(word.replace("'", "").encode()))
            gains.append(max(gain, 0.0))
    keys, first = np.unique(np.array(hashes, dtype=np.uint64), return_index=True)
    return keys, np.array(gains, dtype=np.float32)[first]
