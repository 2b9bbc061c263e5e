"""The day a dateline means."""

import datetime as dt

import pytest

from transforms.editorial import days

NOVEMBER = dt.datetime(2019, 11, 15, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nov. 15", dt.date(2019, 11, 15)),
        ("Nov 16", dt.date(2019, 11, 16)),  # the day has begun in Sydney
        ("Nov 17", None),
        ("Dec 30", None),
        ("July 26 th", dt.date(2019, 7, 26)),
        ("15 ноября", dt.date(2019, 11, 15)),
        ("15 de noviembre", dt.date(2019, 11, 15)),
        ("15. November", dt.date(2019, 11, 15)),
        ("11月15日", dt.date(2019, 11, 15)),
        ("15日", dt.date(2019, 11, 15)),
        ("30日", dt.date(2019, 10, 30)),
        ("Narch 2", None),
        ("Movember 15", dt.date(2019, 11, 15)),
        ("Feb 30", None),
        ("Nov 15, 2018", dt.date(2018, 11, 15)),
        ("15.11.2018", dt.date(2018, 11, 15)),
        ("2018年11月15日", dt.date(2018, 11, 15)),
    ],
)
def test_resolve(text, expected):
    assert days.resolve(text, NOVEMBER) == expected


def test_the_year_turns():
    assert days.resolve("Dec 31", dt.datetime(2020, 1, 2, tzinfo=dt.UTC)) == dt.date(2019, 12, 31)
    assert days.resolve("Jan 1", dt.datetime(2019, 12, 31, 20, tzinfo=dt.UTC)) == dt.date(2020, 1, 1)
    assert days.resolve("31日", dt.datetime(2020, 1, 2, tzinfo=dt.UTC)) == dt.date(2019, 12, 31)


@pytest.mark.parametrize("text", ["Nov 15", "11月15日", "15日"])
def test_without_publication_the_year_stays_open(text):
    assert days.resolve(text, None) is None


@pytest.mark.parametrize("text", ["Nov 15, 2019", "2019年11月15日", "15.11.2019"])
def test_a_year_in_the_text_needs_no_publication(text):
    assert days.resolve(text, None) == dt.date(2019, 11, 15)


@pytest.mark.parametrize("text", ["room 26", "26 seats", "11/15/2019", "March 187", "version 1.2.2019b"])
def test_search_finds_no_day(text):
    assert days.search(text) is None
