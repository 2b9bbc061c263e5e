"""What is kept of a text to compare it with others: a few hundred bytes that say how similar two texts are.

Sketches are stored and compared years later, so nothing here may change what a text gives without a new
state: a golden test holds it.
"""

import dataclasses
import hashlib
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import xxhash
from rensa import RMinHash

from articles import Article, Sketch
from transforms.duplicates.figures import is_figure
from transforms.editorial.headlines import edition, strip_flags
from transforms.fingerprint import strip_frame
from transforms.fold import fold, words

SHINGLE: Final = 5
"""Words of a shingle."""
FEWEST_WORDS: Final = 20
"""Folded words below which a text is compared as a whole only: in so few, one word is a tenth of the shingles."""
PERMUTATIONS: Final = 128
LEAD_WORDS: Final = 48
"""Words of the opening that is sketched by itself: a shared footer makes two texts alike, never their openings."""
LEAD_PERMUTATIONS: Final = 32
FIGURE_BUCKETS: Final = 32

_SEED: Final = 42
_MULTIPLIER: Final = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio
_FINISHER: Final = np.uint64(0xBF58476D1CE4E5B9)  # SplitMix64's


def sketch(article: Article) -> Article:
    """Give an annotated article its sketch, the digest of its headline and its edition.

    A text of fewer than 20 folded words has no sketch, nor has a kill: neither is anyone's near-duplicate.
    """
    told = words(strip_frame(article)) if article.status != "canceled" else []
    return dataclasses.replace(
        article,
        sketch=outline(told) if len(told) >= FEWEST_WORDS else None,
        headline=_short_digest(fold(strip_flags(article.title))),
        edition=_short_digest(named) if (named := edition(article.title, article.doc_type)) else bytes(8),
    )


def outline(told: Sequence[str]) -> Sketch:
    """The sketch of at least five folded words.

    `minhash`: 128 permutations over the distinct shingles, the low byte of each; two texts of Jaccard
    similarity J agree in a share of J + (1 - J) / 256 of them. `lead`: 32 permutations over the opening,
    two bytes of each. `figures`: counts of its figures in 32 buckets, one byte each, then 8 bytes that
    digest them all. `shingles`: the low halves of the distinct shingles' hashes, sorted.
    """
    hashes = _shingles(told)
    distinct = np.unique(hashes)
    return Sketch(
        length=len(distinct),
        minhash=_minhash(distinct, PERMUTATIONS).astype(np.uint8).tobytes(),
        lead=_minhash(hashes[: LEAD_WORDS - SHINGLE + 1], LEAD_PERMUTATIONS).astype(np.uint16).tobytes(),
        figures=_figures(told),
        shingles=np.unique(distinct.astype(np.uint32)).tobytes(),
    )


def _shingles(told: Sequence[str]) -> npt.NDArray[np.uint64]:
    """A hash for each run of five words: the words' hashes as digits of a number, mixed well."""
    single = np.array([xxhash.xxh3_64_intdigest(word.encode("utf-8", "surrogatepass")) for word in told], np.uint64)
    count = len(single) - SHINGLE + 1
    mixed = single[:count].copy()
    for offset in range(1, SHINGLE):
        mixed *= _MULTIPLIER
        mixed += single[offset : offset + count]
    mixed ^= mixed >> np.uint64(29)
    mixed *= _FINISHER
    mixed ^= mixed >> np.uint64(32)
    return mixed


def _minhash(hashes: npt.NDArray[np.uint64], permutations: int) -> npt.NDArray[np.uint32]:
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(hashes, [0, len(hashes)], permutations, _SEED)
    return np.array(matrix.to_rows()[0], np.uint32)


def _figures(told: Sequence[str]) -> bytes:
    """How often which figures stand in the text, in any order."""
    figures = sorted(word for word in told if is_figure(word))
    buckets = [xxhash.xxh3_64_intdigest(figure.encode()) % FIGURE_BUCKETS for figure in figures]
    counts = np.minimum(np.bincount(buckets, minlength=FIGURE_BUCKETS), 255).astype(np.uint8)
    return counts.tobytes() + _short_digest(" ".join(figures))


def _short_digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
