"""Hostile texts cost time in proportion to their length, not its square."""

import time

import pytest

from articles import Article
from transforms.artifacts import tag

SMALL, FACTOR = 20_000, 8
SLACK = 4.0
"""A quadratic detector would take `FACTOR` times too long; this is half of that."""
PATTERNS = {
    "apostrophes": "'",
    "one letter": "a",
    "one capital": "A",
    "quotes": '"',
    "quoted words": '"a ',
    "full stops": ".",
    "blanks": " ",
    "newlines": "\n",
    "brackets": "( a ) (",
    "commas": "a, he said ",
    "possessives": "Larsens plan ",
    "names": "told Larsen and larsen said ",
    "digits": "1, ",
    "first person": "we said, he said. ",
    "ampersands": "&amp",
    "ideographs in English": "a 疫情 ",
    "mojibake": "â€™",
    "full-width marks": "，",
    "questions": "? a said",
    "the the": "the the ",
    "lower sentences": "it ended. the ",
    "spaced hyphens": "U.S. - Turkish ",
    "according": "according to the report ",
}


def seconds(body: str) -> float:
    """The least of three runs' processor time."""
    spent = []
    for _ in range(3):
        start = time.process_time()
        tag(Article(title="A title of some words", body=body, language="en"))
        spent.append(time.process_time() - start)
    return min(spent)


@pytest.mark.parametrize("unit", PATTERNS.values(), ids=PATTERNS.keys())
def test_time_grows_with_length(unit):
    tag(Article(title="warm", body="The caches are warm now.", language="en"))
    short = seconds((unit * SMALL)[:SMALL])
    long = seconds((unit * SMALL * FACTOR)[: SMALL * FACTOR])
    assert long < max(short, 0.002) * FACTOR * SLACK


def test_many_distinct_names_stay_affordable():
    def names(count):
        return " ".join(
            f"told A{chr(97 + i % 26)}{chr(97 + i // 26 % 26)}{chr(97 + i // 676 % 26)}ons plan" for i in range(count)
        )

    short, long = seconds(names(1_000)), seconds(names(8_000))
    assert long < max(short, 0.01) * 8 * SLACK
