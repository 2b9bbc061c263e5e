"""Datelines in scripts that write words apart: `PARIS, March 3 (AFP) -`, `Overseas network, Nov. 15 -`."""

import dataclasses
import datetime as dt
import re

from articles import Credit, Dateline
from transforms.editorial import closings, days, outlets, places, undated
from transforms.editorial.passages import Line
from transforms.editorial.readings import Reading, who

LENGTH = 220
"""Code points of a line that are looked at."""

_ORNAMENT = re.compile(r"[*\s>•_=\"“”«【\[]{1,12}")
_AFTER_DATE = re.compile(r",\s(?P<place>[^\W\d_][^,:\d()]{2,40}(?:,\s[^\W\d_][^,:\d()]{2,40})?):")
_YEAR_ON = re.compile(r",?\s\d{4}\b")
_ON = re.compile(r"\bon\s+$", re.IGNORECASE)
# "15 ноября, Минск /БЕЛТА/.": the date first.
_PLACE_NEXT = re.compile(r",\s(?P<place>[^\W\d_][^,/()\d:;.]{1,40}?)\s?(?=[/(])")
_SQUARE = re.compile(r"[*\s>•_]{0,6}[\[【](?P<inside>[^()\[\]【】\n]{2,90})[\]】]")
# "NEW YORK, Narch 2 -", "BOSTON, March 187 -": no date, but the place is plain.
_MISPRINT = re.compile(
    r"(?P<place>[^\W\d_][^\d():;\"<>\n]{2,50}?)[,.]?\s(?P<date>[A-Z][a-z]{2,9}\.?\s\d\w{0,2})\s?-{1,2}\s"
)


def find(line: Line, published: dt.datetime | None) -> tuple[Dateline | None, tuple[Credit, ...]]:
    """Return the dateline that opens a line, and the reporters it names in brackets."""
    square = _SQUARE.match(line.text)
    if square is not None:  # "[Harbour Network Report]" is read as in round brackets
        text = f"({square['inside']}){line.text[square.end() : square.end() + LENGTH]}"
        dateline, filed_by = placed(read(text), text, line.start + square.start("inside") - 1, published)
        if dateline is not None:
            return dateline, filed_by
    ornament = _ORNAMENT.match(line.text)
    skipped = ornament.end() if ornament is not None else 0
    text = line.text[skipped : skipped + LENGTH]
    return placed(read(text), text, line.start + skipped, published)


def placed(
    reading: Reading | None, text: str, start: int, published: dt.datetime | None
) -> tuple[Dateline | None, tuple[Credit, ...]]:
    """Return what was read of a text as the records of an article; the text starts at `start` in the body."""
    if reading is None:
        return None, ()
    end = start + len(text[: reading.end].rstrip())
    date = days.resolve(reading.date_text, published) if reading.date_text else None
    dateline = Dateline(reading.place, reading.agency, reading.date_text, date, start, end)
    return dateline, tuple(_moved(credit, start) for credit in reading.credits)


def read(text: str) -> Reading | None:
    """Read the dateline a text opens with.

    >>> it = read("SAN JOSE, Calif., Feb 26 (Reuters) - Shares rose.")
    >>> it.place, it.agency, it.date_text
    ('SAN JOSE, Calif.', 'Reuters', 'Feb 26')
    >>> read("On July 26, according to foreign media, it rained.")
    """
    if text.startswith("("):
        whole = closings.GROUP.match(text)
        if whole is None:
            return None
        return undated.bracketed(text, whole)
    date = days.search(text, 0, 110)
    if date is not None:
        reading = _dated(text, date)
        if reading is not None:
            return reading
    misprint = _MISPRINT.match(text)
    if misprint is not None and places.is_city(misprint["place"]):
        return Reading(misprint["place"], None, misprint["date"], misprint.end())
    return undated.read(text)


def _dated(text: str, date: days.Day) -> Reading | None:
    lead = text[: date.start]
    if lead.endswith("(") and outlets.is_outlet(lead[:-1].strip()) and text[date.end : date.end + 1] == ")":
        return Reading(None, lead[:-1].strip(), date.text, date.end + 1)
    before = who(lead)
    if before is None:
        return None
    place, agency = before
    following = _PLACE_NEXT.match(text, date.end) if before == (None, None) else None
    if following is not None and places.is_place(following["place"]):
        tail = closings.read(text, following.end())
        return Reading(following["place"], tail.agency, date.text, tail.end, tail.credits) if tail.agency else None
    tail = closings.read(text, date.end)
    agency = agency or tail.agency
    if agency is not None and place is None:
        after = _AFTER_DATE.match(text, date.end)
        behind = who(after["place"]) if after is not None else None
        if after is not None and behind is not None and behind[0] is not None:
            return Reading(behind[0], agency, date.text, after.end())
    closed = tail.dash or tail.agency is not None or tail.credits
    if not closed and _ON.search(lead):
        return None  # "Example News on July 26 reported that"
    if agency is None and (place is None or not (closed or _stands_alone(text, place, date))):
        return None
    return Reading(place, agency, date.text, tail.end, tail.credits)


def _stands_alone(text: str, place: str, date: days.Day) -> bool:
    """Whether a place and a date are a dateline with nothing after them: "BEIJING, July 26 According to…"."""
    if text[date.start - 2] != "," or _YEAR_ON.match(text, date.end):
        return False
    return place.isupper() or (len(place.split()) <= 3 and closings.CLOSING.match(text, date.end) is not None)


def _moved(credit: Credit, by: int) -> Credit:
    if credit.start is None or credit.end is None:
        return credit
    return dataclasses.replace(credit, start=credit.start + by, end=credit.end + by)
