"""Features of style that carry no topic, for the translation model."""

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from transforms.artifacts.lexicon import function_words
from transforms.artifacts.tally import CLASSES, MARKERS, Vector, tally
from transforms.artifacts.tally import NAMES as COUNTED
from transforms.artifacts.text import Text

__all__ = ["MARKERS", "NAMES", "describe", "measure"]

MARKS = {"comma": ",", "semicolon": ";", "colon": ":", "parenthesis": "(", "question": "?", "dash": "–—", "quote": '"“'}
FIRST = re.compile(r"[\"“]|\w+")
OPENINGS = (*CLASSES, "quote", "comma", "report", "other")
FIRST_CLASS = {word: OPENINGS.index(name) for name in CLASSES for word in function_words(name)}
QUOTE, COMMA, REPORT, OTHER = range(len(CLASSES), len(OPENINGS))
EARLY = 40
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
    words = [word for text in texts for word in text.words]
    total = max(1, len(words))
    counts = count_folded(texts)
    marks = [sum([text.string.count(mark) for text in texts for mark in marks]) for marks in MARKS.values()]
    once = [*counts.values()].count(1)
    rates = np.sqrt(np.concatenate((tally(words), marks, (once,))) / total)
    variety = math.log(max(1, len(counts))) / math.log(max(2, total))
    length = len("".join(words)) / total / 5
    pieces = [piece for text in texts for piece in text.pieces]
    return np.concatenate((rates, (variety, length, *lengths(pieces), *openings(pieces))))


def count_folded(texts: Iterable[Text]) -> Counter[str]:
    """How often each word stands, in whatever case and with whatever apostrophe."""
    counts = Counter[str]()
    for text in texts:
        counts.update(text.vocabulary)
    curly = any("’" in text.exotic for text in texts)
    for word in [*itertools.filterfalse(str.islower, counts)]:
        plain = word.lower()
        if plain != word:
            counts[plain] += counts.pop(word)
    for word in [word for word in counts if "’" in word] if curly else ():
        counts[word.replace("’", "'")] += counts.pop(word)
    return counts


def lengths(pieces: list[str]) -> tuple[float, float]:
    """Mean and spread of the sentences' lengths, in log words."""
    spans = [math.log(piece.count(" ") + 1) for piece in pieces]
    mean = sum(spans) / max(1, len(spans))
    return mean, math.sqrt(sum([(value - mean) ** 2 for value in spans]) / max(1, len(spans)))


def openings(pieces: list[str]) -> list[float]:
    """How sentences begin: shares by the class of the first word, and of those with an early comma; as OPENINGS."""
    found = [0] * len(OPENINGS)
    for piece in pieces:
        first = FIRST.match(piece)
        if first is None:
            continue
        word = first[0]
        found[QUOTE if word in '"“' else FIRST_CLASS.get(word.lower(), OTHER)] += 1
        found[COMMA] += piece.find(",", 0, EARLY) >= 0
        found[REPORT] += "said" in piece or "told" in piece
    return [math.sqrt(number / max(1, len(pieces))) for number in found]
