"""Counting for features of style, in several threads at once as workers of a cluster do it."""

import itertools
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from transforms.artifacts import tally as module
from transforms.artifacts.tally import Codes, tally

STEMS = ("the", "run", "harbour", "nation", "quick", "walk", "Ferry", "not", "of", "they", "5", "mark")
TAILS = ("", "s", "'s", "ing", "ed", "ly", "tion", "n't", "'re", "ations", "ingly", "7")


class SlowCodes(Codes):
    """Codes that are interrupted where they grow."""

    def describe(self, code, forms):
        super().describe(code, forms)
        time.sleep(0.001)


def texts():
    words = ["".join(pair) for pair in itertools.product(STEMS, TAILS)]
    return [words[start:] + words[:start] for start in range(len(words))]


def test_threads_count_what_one_counts(monkeypatch):
    alone, shared = Codes(), SlowCodes()
    monkeypatch.setattr(module, "load_codes", lambda: alone)
    expected = [tally(text) for text in texts()]
    monkeypatch.setattr(module, "load_codes", lambda: shared)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(tally, texts()))
    assert all(np.array_equal(one, other) for one, other in zip(expected, found, strict=True))
    assert len(set(shared.shared.values())) == len(shared.shared)
