"""Count a text's words by what the features of style ask of them, in few passes over the text."""

import functools
import itertools
import threading
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from transforms.artifacts.lexicon import function_words, read_lines, words

Vector = npt.NDArray[np.float64]

CLASSES = ("determiner", "preposition", "conjunction", "pronoun", "auxiliary", "adverb")
CONTRACTED = ("'t", "'re", "'ve", "'ll", "'d", "'m")
ENDINGS = ("ing", "ed", "ly", "tion", "s")
SPEECH = {
    "p": "speech:plural", "s": "speech:noun", "j": "speech:adjective", "d": "speech:past", "g": "speech:participle",
    "v": "speech:base",
}  # fmt: skip
FORMS = (
    "word:short", "word:long", "contraction", "possessive", "digits",
    *(f"ending:{ending}" for ending in ENDINGS), *SPEECH.values(), *(f"class:{name}" for name in CLASSES),
)  # fmt: skip
MARKERS = tuple(read_lines("style-markers.txt"))
"""Function words and pairs of them whose rates are features; a closed list without content words."""
SINGLES = tuple(marker for marker in MARKERS if " " not in marker)
PAIRS = tuple((first, second) for first, _, second in (m.partition(" ") for m in MARKERS) if second)
NAMES = (*(f"word:{word}" for word in SINGLES), *(f"pair:{first} {second}" for first, second in PAIRS), *FORMS)
"""What `tally` counts, in its order."""
PAIRED = tuple(sorted(set(itertools.chain.from_iterable(PAIRS))))
MOST_FORMS = 512
"""More than there can be: a form each for a few hundred function words, and less than a hundred others."""


class Codes(dict[str, int]):
    """A small number for what style asks of a word: its own for a marker, one in common for words of the same forms.

    The words of pairs come first, so that a pair is found by arithmetic.
    """

    def __init__(self) -> None:
        super().__init__()
        self._growing = threading.Lock()
        self.shared: dict[frozenset[str], int] = {}
        self.forms: npt.NDArray[np.int64] = np.zeros((len(FORMS), MOST_FORMS), np.int64)
        """A row a form, a column a code: whether words of the code have the form. Integers: no threads of BLAS."""
        for code, word in enumerate(dict.fromkeys((*PAIRED, *SINGLES))):
            self[word] = code
            self.describe(code, sort_word(word))
        self.size = len(self)

    def __missing__(self, word: str) -> int:
        return self.share(sort_word(word))

    def share(self, forms: frozenset[str]) -> int:
        """The code of words that have the same forms. Workers of a cluster tag in several threads at once."""
        with self._growing:
            code = self.shared.get(forms)
            if code is None:
                code = self.size
                self.describe(code, forms)
                self.shared[forms] = code
                self.size = code + 1
            return code

    def describe(self, code: int, forms: Iterable[str]) -> None:
        """Note the forms of a code's words."""
        for form in forms:
            self.forms[FORMS.index(form), code] = 1


def sort_word(word: str) -> frozenset[str]:
    """The forms and closed classes that a lower-case word counts for."""
    found = {f"class:{name}" for name in CLASSES if word in function_words(name)}
    if len(word) < 4:
        return frozenset([*found, "word:short"])
    if not word.isalpha():
        return frozenset([*found, *sort_mixed(word)])
    letters = words().get(word)
    if letters in SPEECH:
        found.add(SPEECH[letters])
    if len(word) > 8:
        found.add("word:long")
    return frozenset([*found, *(f"ending:{ending}" for ending in ENDINGS if word.endswith(ending))])


def sort_mixed(word: str) -> Iterable[str]:
    """The form of a word with digits or an apostrophe."""
    if word.endswith(CONTRACTED):
        yield "contraction"
    elif word.endswith("'s"):
        yield "possessive"
    elif word[0].isdigit():
        yield "digits"


@functools.cache
def load_codes() -> Codes:
    """The one table of codes."""
    return Codes()


def style_code(word: str) -> int:
    """The code of a word in lower case, with a straight apostrophe."""
    return load_codes()[word]


SINGLE_CODES = np.array([load_codes()[word] for word in SINGLES])
PAIR_CODES = np.array([load_codes()[first] * (len(PAIRED) + 1) + load_codes()[second] for first, second in PAIRS])


def tally(codes: npt.NDArray[np.int64]) -> Vector:
    """How many words, told in their order by their codes, count for each of NAMES."""
    table = load_codes()
    counts = np.bincount(codes, minlength=table.size)
    others = len(PAIRED)
    paired = np.minimum(codes, others)
    pairs = np.bincount(paired[:-1] * (others + 1) + paired[1:], minlength=(others + 1) ** 2)
    return np.concatenate((counts[SINGLE_CODES], pairs[PAIR_CODES], table.forms[:, : counts.size] @ counts))
