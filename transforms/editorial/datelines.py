"""Datelines in scripts that write words apart: `PARIS, March 3 (AFP) -`, `Overseas network, Nov. 15 -`."""

import dataclasses
import datetime as dt
import re

from articles import Credit, Dateline
from transforms.editorial import days, names, outlets, vocabulary
from transforms.editorial.passages import Line

_NOT_PLACES = vocabulary.words("not_places.txt")
_PARTICLES = vocabulary.words("particles.txt")
_TAGS = {phrase: role for phrase, role in vocabulary.roles("tag").items() if phrase[0].isalpha()}

LENGTH = 220
"""Code points of a line that are looked at."""

_DASH = re.compile(r"[\s,.]{0,3}(?:[-–—―−]{1,3}|-\s-)(?=\s|\w|[\"“«‘']|$)")
_ORNAMENT = re.compile(r"[*\s>•_=\"“”«【\[]{1,12}")
_GROUP = re.compile(r"[\s,:]{0,3}\((?P<inside>[^()\n]{1,90})\)")
_BEFORE_PLACE = re.compile(r"[\s–—-]{0,4}")
_SLASHED = re.compile(r"[\s,.]{0,3}/\s?(?P<agency>[^\W\d_][^/\n\d]{1,30}?)\s?/[\s.]{0,2}")
_UNCLOSED = re.compile(r"\s?\(")
_GAP = re.compile(r"[\s,.]{0,3}")
_CLOSING = re.compile(r"\s?[.:,;](?=\s|$)")
_AFTER_DATE = re.compile(r",\s(?P<place>[^\W\d_][^,:\d()]{2,40}(?:,\s[^\W\d_][^,:\d()]{2,40})?):")
_LINKS = re.compile(r"(?:[\s,;-]|\b(?:on|in|from|at|reported|released|report)\b)+$", re.IGNORECASE)
# A full stop that ends the place ("Москва. 15 ноября."), and doesn't shorten it ("Calif.").
_FULL_STOP = re.compile(r"[^\W\d_]{6}\.$")
_LINKS_BEFORE = re.compile(r"^(?:[\s,.;:-]|\b(?:in|from|at|on|reported)\b)+", re.IGNORECASE)
_TAG = re.compile(rf"(?i:{vocabulary.alternation([p for p in _TAGS if p.isascii()])})\b\s*[:：]?\s*")
_BY = re.compile(r"[\s,，]*(?:by\s+)?", re.IGNORECASE)
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
        whole = _GROUP.match(text)
        if whole is None:
            return None
        return _bracketed(text, whole)
    date = days.search(text, 0, 110)
    if date is not None:
        reading = _dated(text, date)
        if reading is not None:
            return reading
    misprint = _MISPRINT.match(text)
    if misprint is not None and _is_city(misprint["place"]):
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
    tail = _tail(text, date.end)
    agency = agency or tail.agency
    if agency is not None and place is None:
        after = _AFTER_DATE.match(text, date.end)
        if after is not None and _is_place(after["place"]):
            return Reading(after["place"], agency, date.text, after.end())
    closed = tail.dash or tail.agency is not None or tail.credits
    if agency is None and (place is None or not (closed or _stands_alone(text, place, date))):
        return None
    return Reading(place, agency, date.text, tail.end, tail.credits)


def _stands_alone(text: str, place: str, date: days.Day) -> bool:
    """Whether a place and a date are a dateline with nothing after them: "BEIJING, July 26 According to…"."""
    if place.isupper():
        return True
    return len(place.split()) <= 3 and _CLOSING.match(text, date.end) is not None and text[date.start - 2] == ","


@dataclasses.dataclass(frozen=True, slots=True)
class _Tail:
    """What follows the date: brackets, slashes, an agency, a dash."""

    end: int
    agency: str | None = None
    dash: bool = False
    credits: tuple[Credit, ...] = ()


def _tail(text: str, position: int) -> _Tail:
    agency: str | None = None
    signed_by: tuple[Credit, ...] = ()
    for _ in range(3):
        group = _GROUP.match(text, position)
        if group is None:
            break
        inside = _inside(group["inside"], group.start("inside"), closed=_DASH.match(text, group.end()) is not None)
        if inside is None:
            break
        agency = agency or inside[0]
        signed_by += inside[1]
        position = group.end()
    if agency is None:
        agency = _unclosed(text, position)
    slashed = _SLASHED.match(text, position)
    if slashed is not None:
        agency, position = agency or slashed["agency"], slashed.end()
    if agency is None:
        agency, position = _bare_agency(text, position)
    dash = _DASH.match(text, position)
    if dash is None:
        closing = _CLOSING.match(text, position)
        return _Tail(closing.end() if closing is not None else position, agency, credits=signed_by)
    position = dash.end()
    if agency is None:
        agency, position = _bare_agency(text, position)
    return _Tail(position, agency, dash=True, credits=signed_by)


def _unclosed(text: str, position: int) -> str | None:
    """Return the agency behind a bracket that a rendering never closes, or closes sentences later."""
    opening = _UNCLOSED.match(text, position)
    known = outlets.KNOWN.match(text, opening.end()) if opening is not None else None
    return known[0] if known is not None and text[known.end() : known.end() + 1] in {",", " "} else None


def _bare_agency(text: str, position: int) -> tuple[str | None, int]:
    """Read an agency that stands without brackets after date or dash, and whatever closes it."""
    known = outlets.KNOWN.match(text, _end(_GAP, text, position))
    if known is None:
        return None, position
    group = _GROUP.match(text, known.end())
    if group is not None and outlets.is_outlet(group["inside"]):
        return known[0], group.end()
    if _DASH.match(text, known.end()) is not None:
        return known[0], known.end()
    close = _CLOSING.match(text, known.end())
    return (known[0], close.end()) if close is not None else (None, position)


def _undated(text: str) -> Reading | None:
    """Read a dateline without a date: "Berlin (dpa) -", "HONG KONG — "."""
    group = _GROUP.search(text, 0, 100)
    if group is not None and group.start() > 0:
        dash = _DASH.match(text, group.end())
        place = text[: group.start()].strip(" -–—")
        inside = _inside(group["inside"], group.start("inside"), closed=True) if dash is not None else None
        named = place.partition(",")[0].isupper() or outlets.is_outlet(group["inside"].strip())
        if dash is not None and inside is not None and inside[0] and named and _is_place(place):
            return Reading(place, inside[0], None, dash.end(), inside[1])
    slashed = _SLASHED.search(text, 0, 80)
    if slashed is not None and slashed.start() > 0 and outlets.is_outlet(slashed["agency"]):
        place = text[: slashed.start()].strip(" ,.")
        if _is_place(place):
            dash = _DASH.match(text, slashed.end())
            return Reading(place, slashed["agency"], None, dash.end() if dash is not None else slashed.end())
    capitals = _CAPITALS.match(text)
    if capitals is not None and _is_city(capitals["place"]):
        return Reading(capitals["place"], None, None, capitals.end())
    return None


def _bracketed(text: str, group: re.Match[str]) -> Reading | None:
    """Read a dateline that opens with brackets: "(CNN) July 26 -", "(ANSA) - ROMA, 15 NOV -"."""
    inside = group["inside"].strip()
    if outlets.is_outlet(inside):
        start = _end(_BEFORE_PLACE, text, group.end())
        date = days.search(text, start, start + 60)
        dash = _DASH.match(text, date.end) if date is not None else None
        if date is not None and dash is not None:
            place = text[start : date.start].strip(" ,")
            if not place or _is_place(place):
                return Reading(place or None, inside, date.text, dash.end())
        dash = _DASH.match(text, group.end())
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
    for known in (outlets.match(lead), outlets.KNOWN.search(lead)):
        if known is None:
            continue
        before, after = lead[: known.start()].strip(" ,"), _LINKS_BEFORE.sub("", lead[known.end() :])
        after = after.strip(" ,")
        if before and after:
            continue
        place = before or after
        if place and not (_is_place(place) or (known.re is outlets.KNOWN and _is_lowered(after))):
            continue
        return place or None, known[0]
    return (lead, None) if _is_place(lead) else None


def _inside(text: str, offset: int, *, closed: bool) -> tuple[str | None, tuple[Credit, ...]] | None:
    """Read brackets after a date: an agency, the reporters, or both; None where they hold something else."""
    known = outlets.match(text)
    tag = _TAG.match(text, known.end() + 1 if known is not None else 0)
    start = tag.end() if tag is not None else known.end() if known is not None else 0
    role = _TAGS[" ".join(tag[0].casefold().strip(" :：").split())] if tag is not None else "author"
    by = _BY.match(text, start)
    people = list(names.people(text, by.end() if by is not None else start))
    complete = bool(people) and not text[people[-1].end :].strip(" ,.")
    signed_by: tuple[Credit, ...] = ()
    if complete:
        first = tag.start() if tag is not None else people[0].start
        signed_by = tuple(
            Credit(role, it.name, it.code, offset + (first if it is people[0] else it.start), offset + it.end)
            for it in people
        )
    if known is not None and (signed_by or not text[known.end() :].strip() or closed or text[known.end()] == ","):
        return known[0], signed_by
    if tag is not None and signed_by:
        return None, signed_by
    if signed_by and all(names.is_chinese(it.name or "") for it in signed_by):
        return None, signed_by
    if closed and re.fullmatch(r"[^\W\d_][\w./& -]{1,24}", text) and len(text.split()) <= 3:
        return text.strip(), ()
    return (None, signed_by) if signed_by and all(" " in (it.name or "") for it in people) else None


def _is_place(text: str) -> bool:
    """Whether a text has the shape of a dateline's place: few words, capitals, no word of a sentence."""
    words = re.findall(r"[^\W\d_][^\s,/]*", text)
    if not words or len(words) > 9 or len(text) > 70 or text.count(",") > 3 or re.search(r"[\d():;!?\"“”=<>]", text):
        return False
    the = (
        words[0].casefold() == "the"
        and (text.partition(",")[0].isupper() or len(words) <= 2)
        and words[-1][0].isupper()
    )
    if (words[0].casefold() in _NOT_PLACES and not the) or not words[0][0].isupper():
        return False
    lower = [
        word for word in words if not word[0].isupper() and word.casefold() not in _PARTICLES | {"of", "and", "upon"}
    ]
    return not lower or (len(lower) == 1 and len(words) == 2)


def _is_lowered(text: str) -> bool:
    """Whether a text may be a place that a rendering wrote small ("Xinhua News Agency, new york, July 26")."""
    words = text.split()
    return 0 < len(words) <= 3 and all(word.isalpha() and word not in _NOT_PLACES for word in words)


def _is_city(text: str) -> bool:
    """Whether a place is written the way it stands alone before a dash: in capitals, a region after it."""
    city, _, region = text.partition(",")
    return (
        _is_place(text)
        and city.isupper()
        and len(city) >= 4
        and len(city.split()) <= 4
        and not any(word.casefold() in _NOT_PLACES for word in re.findall(r"[^\W\d_]+", city))
        and (not region or region.strip()[:1].isupper())
    )


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found is not None else position


def _moved(credit: Credit, by: int) -> Credit:
    if credit.start is None or credit.end is None:
        return credit
    return dataclasses.replace(credit, start=credit.start + by, end=credit.end + by)
