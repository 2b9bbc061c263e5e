"""Looking words up and counting them for features of style, in several threads at once as workers of a cluster do."""

import itertools
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from articles import Article
from transforms.artifacts import tag, wordforms
from transforms.artifacts import tally as module
from transforms.artifacts.tally import Codes, tally
from transforms.artifacts.wordforms import CAPITAL, FIRST_ROOM, Wordforms, load_wordforms

STEMS = ("the", "run", "harbour", "nation", "quick", "walk", "Ferry", "not", "of", "they", "5", "mark")
TAILS = ("", "s", "'s", "ing", "ed", "ly", "tion", "n't", "'re", "ations", "ingly", "7")


class SlowCodes(Codes):
    """Codes that are interrupted where they grow."""

    def describe(self, code, forms):
        super().describe(code, forms)
        time.sleep(0.001)


@pytest.fixture
def hurried():
    """Threads that take turns far more often than they do by themselves."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def texts():
    words = ["".join(pair) for pair in itertools.product(STEMS, TAILS)]
    return [words[start:] + words[:start] for start in range(len(words))]


def count(words):
    table = Wordforms()
    return tally(look_up(table, words))


def look_up(table, words):
    numbers = [table[word] for word in words]
    return table.codes[numbers]


def test_threads_count_what_one_counts(monkeypatch):
    alone, shared = Codes(), SlowCodes()
    monkeypatch.setattr(module, "load_codes", lambda: alone)
    expected = [count(text) for text in texts()]
    monkeypatch.setattr(module, "load_codes", lambda: shared)
    table = Wordforms()
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda text: tally(look_up(table, text)), texts()))
    assert all(np.array_equal(one, other) for one, other in zip(expected, found, strict=True))
    assert len(set(shared.shared.values())) == len(shared.shared)


@pytest.mark.usefixtures("hurried")
def test_threads_give_a_form_one_number():
    words = [f"{stem}{number}" for number in range(FIRST_ROOM // 4) for stem in ("Ferry", "ferry’s", "port", "Of", "5")]
    table = Wordforms()
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda start: {word: table[word] for word in words[start:] + words[:start]}, range(8)))
    assert all(numbers == found[0] for numbers in found)
    assert sorted(table.values()) == list(range(len(table)))
    assert len(table.traits) > FIRST_ROOM
    assert all(bool(table.traits[number] & CAPITAL) == word[0].isupper() for word, number in found[0].items())


@pytest.mark.usefixtures("hurried")
def test_threads_tag_what_one_tags():
    rows = [
        Article(title="Larsen", body=" ".join(text) + " He said. The the end of it.", language="en") for text in texts()
    ]
    expected = [tag(article) for article in rows]
    wordforms.CURRENT[0] = Wordforms()
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(tag, rows)) == expected


def test_a_full_table_gives_way_to_a_new_one(monkeypatch):
    article = Article(title="Larsen", body=" ".join(texts()[0]) + " the the end", language="en")
    expected = tag(article)
    full = load_wordforms()
    monkeypatch.setattr(wordforms, "MOST_KNOWN", 0)
    assert tag(article) == expected
    assert load_wordforms() is not full


@pytest.mark.parametrize("word", ["Ferry", "it’s", "FERRY’S", "5th"])
def test_a_form_is_folded_to_lower_case_and_a_straight_apostrophe(word):
    table = Wordforms()
    assert table.folded[table[word]] == table[word.lower().replace("’", "'")]
