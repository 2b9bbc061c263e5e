"""Texts made to be slow: what is looked at is bounded, so no article takes longer for being long."""

import time

import pytest

from articles import Article
from transforms.editorial import annotate

UNITS = [
    "A B (", "(", "【", "A, ", "王、", "Editor: ", "记者 王", "来源：", "By A B, ", "Reporting by ", "Nov 1 ",
    "AP ", "(AP) ", "Jane Roe, ", " contributed ", "Roe reported from Paris and ", "CNN's ", "Photo: ",
    "EMBARGOED UNTIL ", "ab/", "dpa ab ", "a.", "@", "\xa0", "Door A en ", "v.d. ", "[A News ", "A (B) ",
]  # fmt: skip
SECONDS = 1.0


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize(
    "frame", ["{}", "By {}", "LONDON, Nov 1 ({})", "Editor: {}", "x\n\n{} contributed to this report."]
)
def test_a_hundred_kilobytes_of_one_thing_take_no_second(unit, frame):
    body = frame.format(unit * (100_000 // len(unit)))
    start = time.process_time()
    annotate(Article(title=body[:300], body=body))
    assert time.process_time() - start < SECONDS
