"""Features of style that carry no topic, for the translation model."""

import functools
import math
import re
from collections.abc import Iterable, Mapping

import numpy as np

from transforms.artifacts.lexicon import function_words
from transforms.artifacts.tally import CLASSES, MARKERS, Vector, tally
from transforms.artifacts.tally import NAMES as COUNTED
from transforms.artifacts.text import Text
from transforms.artifacts.wordforms import Numbers, load_wordforms

__all__ = ["MARKERS", "NAMES", "describe", "measure"]

MARKS = {"comma": ",", "semicolon": ";", "colon": ":", "parenthesis": "(", "question": "?", "dash": "–—", "quote": '"“'}
FIRST = re.compile(r"[\"“]|\w+")
OPENINGS = (*CLASSES, "quote", "comma", "report", "other")
FIRST_CLASS = {word: OPENINGS.index(name) for name in CLASSES for word in function_words(name)}
QUOTE, COMMA, REPORT, OTHER = range(len(CLASSES), len(OPENINGS))
EARLY = 40
LONG = 40
"""Letters of a first word that are looked at: more than in any of a closed class."""
MOST_KNOWN = 4096
NOTHING = np.zeros(0, np.int64)
RATES = (*COUNTED, *(f"mark:{name}" for name in MARKS), "once")
NAMES = (
    *RATES, "variety", "word:length", "sentence:length", "sentence:spread", *(f"opening:{name}" for name in OPENINGS)
)  # fmt: skip
"""What `describe` gives, in its order."""


def measure(texts: Iterable[Text], artifacts: Mapping[str, int]) -> dict[str, float]:
    """The features by name, those that are zero left out, with the rates of artifacts, counted by kind."""
    texts = list(texts)
    found = {name: float(value) for name, value in zip(NAMES, describe(texts), strict=True) if value}
    total = count_words(texts)
    return found | {f"artifact:{kind}": math.sqrt(number / total) for kind, number in artifacts.items()}


def count_words(texts: Iterable[Text]) -> int:
    """The words of title and body, at least one."""
    return max(1, sum(len(text.words) for text in texts))


def describe(texts: Iterable[Text]) -> Vector:
    """Rates per word of function words, punctuation and endings; sentence lengths in log words.

    Rates are square roots of counts per word, which makes their spread alike in short and long
    texts (Anscombe's transform, roughly).
    """
    texts = [text for text in texts if text.string]
    forms = texts[0].wordforms if texts else load_wordforms()
    numbers = np.concatenate([text.numbers for text in texts] or [NOTHING])
    total = max(1, len(numbers))
    distinct, once = count_distinct(forms.folded[numbers])
    marks = [
        sum([text.string.count(mark) for mark in marks for text in texts if mark in text.marks])
        for marks in MARKS.values()
    ]
    rates = np.sqrt(np.concatenate((tally(forms.codes[numbers]), marks, (once,))) / total)
    variety = math.log(max(1, distinct)) / math.log(max(2, total))
    length = sum([len("".join(text.words)) for text in texts]) / total / 5
    pieces = [piece for text in texts for piece in text.pieces]
    return np.concatenate((rates, (variety, length, *lengths(pieces), *openings(pieces))))


def count_distinct(numbers: Numbers) -> tuple[int, int]:
    """How many distinct numbers there are, and how many that stand once.

    >>> count_distinct(np.array([7, 3, 7, 4]))
    (3, 2)
    """
    ordered = np.sort(numbers)
    edges = np.ones(len(ordered) + 1, bool)
    np.not_equal(ordered[1:], ordered[:-1], out=edges[1:-1])
    return int(np.count_nonzero(edges[1:])), int(np.count_nonzero(edges[1:] & edges[:-1]))


def lengths(pieces: list[str]) -> tuple[float, float]:
    """Mean and spread of the sentences' lengths, in log words."""
    spans = [log_of(piece.count(" ") + 1) for piece in pieces]
    mean = sum(spans) / max(1, len(spans))
    return mean, math.sqrt(sum([(value - mean) ** 2 for value in spans]) / max(1, len(spans)))


@functools.lru_cache(MOST_KNOWN)
def log_of(count: int) -> float:
    """The logarithm of a sentence's words."""
    return math.log(count)


@functools.lru_cache(MOST_KNOWN)
def class_of(head: str) -> int | None:
    """The place in OPENINGS of a sentence's first word, which its marks may surround; None where no word begins."""
    first = FIRST.match(head)
    if first is None:
        return None
    return QUOTE if first[0] in '"“' else FIRST_CLASS.get(first[0].lower(), OTHER)


def openings(pieces: list[str]) -> list[float]:
    """How sentences begin: shares by the class of the first word, and of those with an early comma; as OPENINGS."""
    found = [0] * len(OPENINGS)
    for piece in pieces:
        opening = class_of(piece[:LONG].partition(" ")[0])
        if opening is not None:
            found[opening] += 1
            found[COMMA] += piece.find(",", 0, EARLY) >= 0
            found[REPORT] += "said" in piece or "told" in piece
    return [math.sqrt(number / max(1, len(pieces))) for number in found]
