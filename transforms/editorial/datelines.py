"""Datelines in scripts that write words apart: `PARIS, March 3 (AFP) -`, `Overseas network, Nov. 15 -`."""

import dataclasses
import datetime as dt
import re

from articles import Credit, Dateline
from transforms.editorial import closings, days, outlets, places
from transforms.editorial.passages import Line

LENGTH = 220
"""Code points of a line that are looked at."""

_ORNAMENT = re.compile(r"[*\s>•_=\"“”«【\[]{1,12}")
_BEFORE_PLACE = re.compile(r"[\s–—-]{0,4}")
_AFTER_DATE = re.compile(r",\s(?P<place>[^\W\d_][^,:\d()]{2,40}(?:,\s[^\W\d_][^,:\d()]{2,40})?):")
# "Xinhua News Agency, reported July 26th", but "Reuters reported on July 26 that" is a sentence.
_LINKS = re.compile(r"(?:[\s,;-]|\b(?:on|in|from|at)\b|,\s(?:reported|released)\b)+$", re.IGNORECASE)
# "LONDON (Reuters) The council", but "Example (AP) said".
_NEXT = re.compile(r"\s?[\"“„«]?[^\W\d_a-zß-öø-ÿа-яё]")
_YEAR_ON = re.compile(r",?\s\d{4}\b")
_ON = re.compile(r"\bon\s+$", re.IGNORECASE)
# A full stop that ends the place ("Москва. 15 ноября."), and doesn't shorten it ("Calif.").
_FULL_STOP = re.compile(r"[^\W\d_]{6}\.$|^[^\W\d_]{4,}\.$")
_LINKS_BEFORE = re.compile(r"^(?:[\s,.;:-]|\b(?:in|from|at|on|reported)\b)+", re.IGNORECASE)
_CAPITALS = re.compile(
    r"(?P<place>[^\W\d_a-zß-öø-ÿа-яё][^\d():;\"“”<>=\n]{1,60}?)\s?(?:\s[-–—]{1,2}\s|—)\s?(?=[^\Wa-zß-öø-ÿа-яё]|[\"“«‘'])"
)
# "NEW YORK, Narch 2 -", "BOSTON, March 187 -": no date, but the place is plain.
_MISPRINT = re.compile(
    r"(?P<place>[^\W\d_][^\d():;\"<>\n]{2,50}?)[,.]?\s(?P<date>[A-Z][a-z]{2,9}\.?\s\d\w{0,2})\s?-{1,2}\s"
)


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a line's beginning; `end` is an offset into the line, past the closing dash."""

    place: str | None
    agency: str | None
    date_text: str | None
    end: int
    credits: tuple[Credit, ...] = ()


def find(line: Line, published: dt.datetime | None) -> tuple[Dateline | None, tuple[Credit, ...]]:
    """Return the dateline that opens a line, and the reporters it names in brackets."""
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
        return _bracketed(text, whole)
    date = days.search(text, 0, 110)
    if date is not None:
        reading = _dated(text, date)
        if reading is not None:
            return reading
    misprint = _MISPRINT.match(text)
    if misprint is not None and places.is_city(misprint["place"]):
        return Reading(misprint["place"], None, misprint["date"], misprint.end())
    return _undated(text)


def _dated(text: str, date: days.Day) -> Reading | None:
    lead = text[: date.start]
    if lead.endswith("(") and outlets.is_outlet(lead[:-1].strip()) and text[date.end : date.end + 1] == ")":
        return Reading(None, lead[:-1].strip(), date.text, date.end + 1)
    who = _who(lead)
    if who is None:
        return None
    place, agency = who
    tail = closings.read(text, date.end)
    agency = agency or tail.agency
    if agency is not None and place is None:
        after = _AFTER_DATE.match(text, date.end)
        behind = _who(after["place"]) if after is not None else None
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


def _undated(text: str) -> Reading | None:
    """Read a dateline without a date: "Berlin (dpa) -", "HONG KONG — "."""
    group = closings.GROUP.search(text, 0, 100)
    if group is not None and group.start() > 0:
        dash = closings.DASH.match(text, group.end())
        place = text[: group.start()].strip(" -–—")
        inside = closings.inside(group["inside"], group.start("inside"), closed=True) if dash is not None else None
        signed = outlets.KNOWN.fullmatch(group["inside"].strip()) is not None and _NEXT.match(text, group.end())
        if signed and dash is None and places.is_place(place) and not outlets.is_outlet(place):
            return Reading(place.removesuffix("."), group["inside"].strip(), None, group.end())
        named = place.partition(",")[0].isupper() or outlets.is_outlet(group["inside"].strip())
        if dash is not None and inside is not None and inside[0] and named and places.is_place(place):
            return Reading(place, inside[0], None, dash.end(), inside[1])
    slashed = closings.SLASHED.search(text, 0, 80)
    if slashed is not None and slashed.start() > 0 and outlets.is_outlet(slashed["agency"]):
        place = text[: slashed.start()].strip(" ,.")
        if places.is_place(place):
            dash = closings.DASH.match(text, slashed.end())
            return Reading(place, slashed["agency"], None, dash.end() if dash is not None else slashed.end())
    capitals = _CAPITALS.match(text)
    if capitals is not None and places.stands_alone(capitals["place"]):
        return Reading(capitals["place"], None, None, capitals.end())
    return None


def _bracketed(text: str, group: re.Match[str]) -> Reading | None:
    """Read a dateline that opens with brackets: "(CNN) July 26 -", "(ANSA) - ROMA, 15 NOV -"."""
    inside = group["inside"].strip()
    if outlets.is_outlet(inside):
        start = _end(_BEFORE_PLACE, text, group.end())
        date = days.search(text, start, start + 60)
        dash = closings.DASH.match(text, date.end) if date is not None else None
        if date is not None and dash is not None:
            place = text[start : date.start].strip(" ,")
            if not place or places.is_place(place):
                return Reading(place or None, inside, date.text, dash.end())
        dash = closings.DASH.match(text, group.end())
        end = dash.end() if dash is not None else group.end()
        # Alone on its line it is the credit of a picture.
        return Reading(None, inside, None, end) if text[end:].strip() else None
    date = days.search(inside)
    who = _who(inside[: date.start]) if date is not None else None
    if date is None or who is None or who[1] is None:
        return None
    return Reading(who[0], who[1], date.text, group.end())


def _who(lead: str) -> tuple[str | None, str | None] | None:
    """Read what stands before the date as (place, agency); None where it is neither."""
    linked, lead = lead.strip(), _LINKS.sub("", lead)
    if linked and not lead.strip():
        return None
    lead = lead[:-1] if _FULL_STOP.search(lead) else lead
    if not lead.strip():
        return None, None
    for known in (outlets.match(lead), outlets.search(lead)):
        if known is None:
            continue
        before, after = lead[: known.start()].strip(" ,"), _LINKS_BEFORE.sub("", lead[known.end() :])
        after = after.strip(" ,")
        if before and after:
            continue
        place = before or after
        if place and not (places.is_place(place) or (known.re is outlets.KNOWN and places.is_lowered(after))):
            continue
        return place or None, known[0]
    return (lead, None) if places.is_place(lead) else None


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found is not None else position


def _moved(credit: Credit, by: int) -> Credit:
    if credit.start is None or credit.end is None:
        return credit
    return dataclasses.replace(credit, start=credit.start + by, end=credit.end + by)
