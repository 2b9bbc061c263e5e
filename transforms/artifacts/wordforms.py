"""What a word's form alone tells, looked up once a form: its number, its code for style, and the detectors' traits.

A trait is a bit. A detector names the words, or the test of a word, that it has its evidence from; a text then
says at the cost of one operation whether any of its words has the trait, and most detectors need look no further.
"""

import itertools
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

from transforms.artifacts.tally import style_code

Numbers = npt.NDArray[np.int64]

MOST_KNOWN = 200_000
"""Forms that are kept: bounds the memory that hostile input can take."""
FIRST_ROOM = 1 << 14

bits = itertools.count()
LISTED = defaultdict[str, int](int)
"""Traits by word."""
TESTED: list[tuple[int, Callable[[str], bool]]] = []
"""Traits with the test that a word must pass."""


def trait_of(words: Iterable[str]) -> int:
    """A new trait: that of some words. For module level, before the first text."""
    trait = 1 << next(bits)
    for word in words:
        LISTED[word] |= trait
    return trait


def trait_where(test: Callable[[str], bool]) -> int:
    """A new trait: that of the words which pass a test. It is made of every form once."""
    trait = 1 << next(bits)
    TESTED.append((trait, test))
    return trait


CAPITAL = trait_where(lambda word: word[0].isupper())
DIGIT = trait_where(lambda word: word[0].isdigit())
MIXED = trait_where(lambda word: not word.isalpha())
SHOUTED = trait_where(lambda word: word.isupper() and word[0].isalpha())
UNLETTERED = trait_where(lambda word: not word[0].isalpha())
POSSESSIVE = trait_where(lambda word: word.endswith(("'s", "’s")))


class Wordforms(dict[str, int]):
    """A number for every form of a word, in the order they are met, and by number what is known of the form."""

    def __init__(self) -> None:
        super().__init__()
        self._growing = threading.Lock()
        self.traits: Numbers = np.zeros(FIRST_ROOM, np.int64)
        self.codes: Numbers = np.zeros(FIRST_ROOM, np.int64)
        self.folded: Numbers = np.zeros(FIRST_ROOM, np.int64)
        """The number of the same word in lower case, with a straight apostrophe."""

    def __missing__(self, word: str) -> int:
        folded = word.lower().replace("’", "'")
        base = self[folded] if folded != word else -1
        traits, code = traits_of(word), style_code(folded)
        with self._growing:
            if word in self:
                return self[word]
            number = len(self)
            if number == len(self.traits):
                self.grow()
            self.traits[number], self.codes[number] = traits, code
            self.folded[number] = number if base < 0 else base
            self[word] = number
            return number

    def grow(self) -> None:
        """Make room for as many forms again."""
        self.traits, self.codes, self.folded = (
            np.concatenate((column, np.zeros_like(column))) for column in (self.traits, self.codes, self.folded)
        )


def traits_of(word: str) -> int:
    """The traits of a form."""
    traits = LISTED.get(word, 0)
    for trait, test in TESTED:
        if test(word):
            traits |= trait
    return traits


CURRENT = [Wordforms()]


def load_wordforms() -> Wordforms:
    """The table in use; a new one where it is full. A text keeps the one that it began with."""
    table = CURRENT[0]
    if len(table) > MOST_KNOWN:
        table = CURRENT[0] = Wordforms()
    return table
