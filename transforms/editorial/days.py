"""The date in a dateline: how it is written, and which year it must be of."""

import dataclasses
import datetime as dt
import difflib
import re

from transforms.editorial import vocabulary

_MONTHS = vocabulary.months()
_YEAR = r"(?:19|20)\d\d"
_FORMS = (
    # July 26 · Nov. 15 · July 26 th · July 26, 2020
    re.compile(
        rf"\b(?P<month>[^\W\d_]{{3,11}})\.?\s{{1,3}}\d{{1,2}}(?:\s?(?:st|nd|rd|th)\b|(?!\w))(?:,?\s?{_YEAR})?",
        re.IGNORECASE,
    ),
    # 15 nov. · 15 de noviembre de 2019 · 15. November · 15 ноября 2019 г.
    re.compile(
        rf"(?<![\w.])\d{{1,2}}(?:\.|º|er|st|nd|rd|th)?\s?(?:de\s)?(?P<month>[^\W\d_]{{3,11}})\.?"
        rf"(?:,?\s(?:de\s)?{_YEAR}(?:\s?г\.?)?)?",
        re.IGNORECASE,
    ),
)
# 15.11.2019, which no language reads with the month first; 11/15/2019 stays unread.
_FIGURES = re.compile(rf"(?<![\w.])(?P<day>\d{{1,2}})\.\s?(?P<month>0?[1-9]|1[0-2])\.\s?(?P<year>{_YEAR})(?!\w)")

HAN_PATTERN = rf"(?:{_YEAR}年)?(?:\d{{1,2}}月)?\d{{1,2}}[日號号]"


@dataclasses.dataclass(frozen=True, slots=True)
class Day:
    """A day and a month found in a text, half-open."""

    start: int
    end: int
    text: str


def search(text: str, start: int = 0, end: int = 10_000) -> Day | None:
    """Find the first day with its month, in either order and any language of `months.tsv`; the year is optional.

    >>> search("ROMA, 15 NOV -").text, search("It has 26 seats")
    ('15 NOV', None)
    """
    found = [
        match
        for form in _FORMS
        if (match := next((it for it in form.finditer(text, start, end) if it["month"].casefold() in _MONTHS), None))
    ]
    figures = _FIGURES.search(text, start, end)
    found += [figures] if figures is not None else []
    first = min(found, key=lambda it: (it.start(), -it.end()), default=None)
    return Day(first.start(), first.end(), first[0]) if first is not None else None


_PARTS = re.compile(rf"(?P<month>[^\W\d_]{{3,}})|(?P<year>{_YEAR})|(?<!\w)(?P<day>\d{{1,2}})(?=\W|$|st|nd|rd|th|er|º)")
_HAN_PARTS = re.compile(r"(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})[日號号]")

AHEAD = dt.timedelta(days=1)
"""How far a dateline may lie ahead of the UTC day of publication: the world's clocks span a day."""


def resolve(text: str, published: dt.datetime | None) -> dt.date | None:
    """Return the day a dateline's text means, or None where its year can't be known.

    A year in the text decides. Else it is the year that brings the day nearest to publication; where
    that day lies after publication the year is unknown. A day of no month ("15日电") is the last such
    day. Today's date is never asked.

    >>> resolve("Dec. 30", dt.datetime(2020, 1, 2, tzinfo=dt.UTC))
    datetime.date(2019, 12, 30)
    >>> resolve("Dec. 30", None)
    """
    month, day, year = _read(text)
    if day is None:
        return None
    if year is not None and month is not None:
        return _day(year, month, day)
    if published is None:
        return None
    near = published.date()
    if month is not None:
        days = [_day(near.year + step, month, day) for step in (-1, 0, 1)]
        nearest = min((it for it in days if it is not None), key=lambda it: abs(it - near), default=None)
        return nearest if nearest is not None and nearest - near <= AHEAD else None
    days = [_day(*_month_from(near, step), day) for step in (-1, 0, 1)]
    return max((it for it in days if it is not None and it - near <= AHEAD), default=None)


def _month_from(near: dt.date, step: int) -> tuple[int, int]:
    """Return the year and month `step` months from a day."""
    year, month = divmod(near.year * 12 + near.month - 1 + step, 12)
    return year, month + 1


def _read(text: str) -> tuple[int | None, int | None, int | None]:
    han = _HAN_PARTS.match(text)
    if han is not None:
        month, year = han["month"], han["year"]
        return int(month) if month else None, int(han["day"]), int(year) if year else None
    figures = _FIGURES.match(text)
    if figures is not None:
        return int(figures["month"]), int(figures["day"]), int(figures["year"])
    month_number = day = year_number = None
    for part in _PARTS.finditer(text):
        if part["month"] and month_number is None:
            month_number = _month(part["month"].casefold())
        elif part["year"]:
            year_number = int(part["year"])
        elif part["day"] and day is None:
            day = int(part["day"])
    return month_number, day if month_number is not None else None, year_number


def _month(word: str) -> int | None:
    """Return the number of a month; of a misprinted one too, where it is like one month alone ("Narch")."""
    if word in _MONTHS:
        return _MONTHS[word]
    meant = {_MONTHS[name] for name in difflib.get_close_matches(word, _MONTHS, cutoff=0.8)}
    return meant.pop() if len(meant) == 1 else None


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
