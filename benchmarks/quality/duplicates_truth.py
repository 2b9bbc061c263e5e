"""Which texts are alike, counted exactly: every pair that shares a shingle, no hashing and no sampling."""

import dataclasses
import difflib
import re
from collections.abc import Iterator, Sequence

import numpy as np
from scipy import sparse

SHINGLE = 5
"""Words a shingle."""

_NUMBER_WORDS = re.compile(
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    "|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundred|first|second|third|fourth|fifth"
)


@dataclasses.dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, by their places in the list, and how much they share of their shingles."""

    left: int
    right: int
    jaccard: float
    containment: float
    """Shared shingles over those of the text that has fewer."""


def shingles(words: Sequence[str]) -> set[tuple[str, ...]]:
    """The distinct runs of five words.

    >>> sorted(shingles("a b c d e f".split()))
    [('a', 'b', 'c', 'd', 'e'), ('b', 'c', 'd', 'e', 'f')]
    """
    return {tuple(words[start : start + SHINGLE]) for start in range(len(words) - SHINGLE + 1)}


def count_pairs(sets: Sequence[set[tuple[str, ...]]], *, least: float = 0.2) -> Iterator[Pair]:
    """Pairs whose Jaccard or containment reaches `least`: all of them, by the product of the incidence matrix.

    Rows are taken a few hundred at a time, which bounds memory.
    """
    numbers: dict[tuple[str, ...], int] = {}
    columns = [np.fromiter((numbers.setdefault(one, len(numbers)) for one in found), np.int64) for found in sets]
    sizes = np.array([len(found) for found in sets])
    rows = np.repeat(np.arange(len(sets)), sizes)
    ones = np.ones(len(rows), np.int32)
    matrix = sparse.csr_matrix((ones, (rows, np.concatenate(columns))), (len(sets), len(numbers)))
    turned = matrix.T.tocsr()
    for start in range(0, len(sets), 500):
        block = (matrix[start : start + 500] @ turned).tocoo()
        left, right, shared = block.row + start, block.col, block.data
        keep = left < right
        left, right, shared = left[keep], right[keep], shared[keep]
        jaccard = shared / (sizes[left] + sizes[right] - shared)
        containment = shared / np.minimum(sizes[left], sizes[right])
        for place in np.flatnonzero(np.maximum(jaccard, containment) >= least):
            yield Pair(int(left[place]), int(right[place]), float(jaccard[place]), float(containment[place]))


def is_figure(word: str) -> bool:
    """Whether a folded word is a number in digits or letters.

    >>> [word for word in "up 3 pct from twelve on march 4th".split() if is_figure(word)]
    ['3', 'twelve', '4th']
    """
    return _NUMBER_WORDS.fullmatch(word) is not None or any(letter.isdigit() for letter in word)


def contradict(left: Sequence[str], right: Sequence[str]) -> bool:
    """Whether one text has another figure in a place where the other has one: it corrects it, whatever it calls itself.

    >>> contradict("net includes 13 000 dlr credit".split(), "net excludes 131 000 dlr credit".split())
    True
    >>> contradict("net includes 13 000 dlr credit".split(), "net includes a 13 000 dlr credit".split())
    False
    """
    for change, start, stop, from_, to in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        one, other = (list(filter(is_figure, words)) for words in (left[start:stop], right[from_:to]))
        if change == "replace" and one and other and one != other:
            return True
    return False


def differ_in_figures_only(left: Sequence[str], right: Sequence[str]) -> bool:
    """Whether two different texts are one text around their figures: two tables, not two copies.

    >>> differ_in_figures_only("div 20 cts record march 13".split(), "div three cts record march 2 1".split())
    True
    """
    return tuple(left) != tuple(right) and _mask(left) == _mask(right)


def _mask(words: Sequence[str]) -> list[str]:
    """The words, with one mark in place of each run of figures: "6 3 16" may stand against "six"."""
    masked: list[str] = []
    for word in words:
        mark = "#" if is_figure(word) else word
        if mark != "#" or masked[-1:] != ["#"]:
            masked.append(mark)
    return masked
