"""Articles by day: the range that is worth a chart, in bars of a width that can be seen."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

MOST_BARS: Final = 400
TAIL: Final = 0.005
"""Share of the rows that may be left out at each end where the range is too long for bars of a day."""
_WIDTHS: Final = (("day", 1), ("week", 7), ("month", 31), ("year", 366))


def bars(days: Mapping[str, Counter[dt.date]]) -> dict[str, Any]:
    """Counts of each table by day, week, month or year; `outside` rows are of days left out at the ends.

    Dates come from the sources: one article of the year 1970 must not make the other days invisible.
    """
    total: Counter[dt.date] = sum(days.values(), Counter())
    if not total:
        return {"unit": "day", "starts": [], "tables": {name: [] for name in days}, "outside": 0}
    first, last = min(total), max(total)
    if (last - first).days >= MOST_BARS:
        first, last = _quantile(total, TAIL), _quantile(total, 1 - TAIL)
    unit = next((unit for unit, width in _WIDTHS if (last - first).days // width < MOST_BARS), "year")
    counts = {name: Counter[dt.date]() for name in days}
    outside = 0
    for name, found in days.items():
        for day, count in found.items():
            if first <= day <= last:
                counts[name][_start(day, unit)] += count
            else:
                outside += count
    starts = sorted(set().union(*counts.values()))
    return {
        "unit": unit,
        "starts": [start.isoformat() for start in starts],
        "tables": {name: [found[start] for start in starts] for name, found in counts.items()},
        "outside": outside,
    }


def _quantile(counts: Counter[dt.date], share: float) -> dt.date:
    left = share * counts.total()
    for day in sorted(counts):
        left -= counts[day]
        if left <= 0:
            return day
    return max(counts)


def _start(day: dt.date, unit: str) -> dt.date:
    """The first day of the bar that a day belongs to.

    >>> _start(dt.date(2026, 3, 5), "week")
    datetime.date(2026, 3, 2)
    """
    if unit == "week":
        return day - dt.timedelta(days=min(day.weekday(), day.toordinal() - 1))
    if unit == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if unit == "year" else day
