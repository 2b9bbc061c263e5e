"""Words that stand for a figure or a day: what another day's table changes, and a copy never does."""

import re
from importlib import resources
from typing import Final

from transforms.fold import fold

_DIGIT: Final = re.compile(r"\d")


def _read_figures() -> frozenset[str]:
    text = resources.files("transforms.duplicates").joinpath("data/figures.txt").read_text("utf-8")
    return frozenset(fold(word) for line in text.splitlines() if not line.startswith("#") for word in line.split())


_FIGURES: Final = _read_figures()


def is_figure(word: str) -> bool:
    """Whether a folded word is a figure, in digits or letters, a week day or a month.

    >>> [word for word in "pay april 15 record may 4th".split() if is_figure(word)]
    ['april', '15', '4th']
    """
    return word in _FIGURES or _DIGIT.search(word) is not None
