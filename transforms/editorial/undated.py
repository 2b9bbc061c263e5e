"""Datelines without a date before them: `Berlin (dpa) -`, `HONG KONG —`, `(CNN) …`, `Harbour News (Reporter A B)`."""

import re

from articles import Credit
from transforms.editorial import closings, days, outlets, places, vocabulary
from transforms.editorial.readings import Reading, who

_BEFORE_PLACE = re.compile(r"[\s–—-]{0,4}")
# "LONDON (Reuters) The council" and "Frankfurt (epd). Der Rat", but "Example (AP) said".
_NEXT = re.compile(r"\.?\s?[\"“„«]?[^\W\d_a-zß-öø-ÿа-яё]")
_CAPITALS = re.compile(
    r"(?P<place>[^\W\d_a-zß-öø-ÿа-яё][^\d():;\"“”<>=\n]{1,60}?)\s?(?:\s[-–—]{1,2}\s|—|(?P<colon>:)\s)\s?"
    r"(?=[^\Wa-zß-öø-ÿа-яё]|[\"“«‘'])"
)
# "Damascus, SANA- The council"
_BARE = re.compile(r"(?P<place>[^\W\d_][^,;:()/\d\n]{2,40}),\s(?=[A-Z]{2,})")
# What a rendering of "…网报道" puts behind the outlet.
_REPORTS = re.compile(r"\s(?i:comprehensive\s)?(?i:news|reports?|reporting|reported)$|[,\s]+$")
_TICKER = re.compile(r"[A-Z0-9]{1,6}\.[A-Z]{1,3}|[A-Za-z]+:\s?[A-Z0-9.]+")
_FROM_CHINA = frozenset(
    name for country, names in vocabulary.rows("agencies.tsv") if country == "china" for name in names.split("|")
)
_OUTLET_LENGTH = 60
# 央视网消息： as it is rendered: "CCTV News: The council", "CCTV.com news: The council".
_ANNOUNCED = re.compile(
    r"(?P<agency>[^\s:：][^:：.\n]{1,40}?(?:\.com|\.cn)?)(?:\s(?:news|message)|(?<=\sNews)|(?<=\.com)|(?<=\.cn))[:：]\s"
)


def read(text: str) -> Reading | None:
    """Read a dateline that a place, an agency or both make up.

    >>> it = read("Halle (Saale) (dpa/sa) - Der Rat")
    >>> it.place, it.agency
    ('Halle (Saale)', 'dpa/sa')
    >>> read("World Trade Organization (WTO) - officials said") is read("TESLA INC (TSLA) - Shares rose") is None
    True
    """
    return _signed(text) or _slashed(text) or _bare(text) or _reported(text) or _announced(text) or _alone(text)


def bracketed(text: str, group: re.Match[str]) -> Reading | None:
    """Read a dateline that opens with brackets: "(CNN) July 26 -", "(ANSA) - ROMA, 15 NOV -"."""
    inside = group["inside"].strip()
    outlet, credited = _outlet(inside, group.start("inside"))
    if outlet is not None:
        start = _end(_BEFORE_PLACE, text, group.end())
        date = days.search(text, start, start + 60)
        dash = closings.DASH.match(text, date.end) if date is not None else None
        if date is not None and dash is not None:
            place = text[start : date.start].strip(" ,")
            if not place or places.is_place(place):
                return Reading(place or None, outlet, date.text, dash.end(), credited)
        dash = closings.DASH.match(text, group.end())
        end = dash.end() if dash is not None else group.end()
        # Alone on its line it is the credit of a picture.
        return Reading(None, outlet, None, end, credited) if text[end:].strip() else None
    date = days.search(inside)
    before = who(inside[: date.start]) if date is not None else None
    if date is None or before is None or before[1] is None:
        return None
    return Reading(before[0], before[1], date.text, group.end())


def _outlet(inside: str, offset: int) -> tuple[str | None, tuple[Credit, ...]]:
    """Read brackets that hold an outlet, whether it reports, and who does: "Harbour Net Report, reporter Li Bo"."""
    outlet = outlets.match(inside)
    if outlet is None or outlet.end() == len(inside):
        return (outlet[0] if outlet is not None else None), ()
    rest = inside[outlet.end() :]
    if _REPORTS.fullmatch(rest):
        return outlet[0], ()
    tag = closings.TAG.search(rest)
    if tag is None or not (not rest[: tag.start()].strip(" ,") or _REPORTS.fullmatch(rest[: tag.start()].rstrip(" ,"))):
        return None, ()
    at = outlet.end() + tag.start()
    signed = closings.inside(inside[at:], offset + at, closed=False)
    return (outlet[0], signed[1]) if signed is not None and signed[1] else (None, ())


def _signed(text: str) -> Reading | None:
    """Read "Berlin (dpa) -", "LONDON (Reuters) The council", "Rafah (Gaza) (AFP) -"."""
    group = closings.GROUP.search(text, 0, 100)
    if group is None or group.start() == 0:
        return None
    behind = closings.GROUP.match(text, group.end())
    if behind is not None and outlets.is_outlet(behind["inside"].strip()):
        group = behind
    place, inside = text[: group.start()].strip(" -–—"), group["inside"].strip()
    if not places.is_place(place):
        return None
    dash = closings.DASH.match(text, group.end())
    if dash is None:
        signed = outlets.KNOWN.fullmatch(inside) is not None and _NEXT.match(text, group.end())
        if not signed or outlets.is_outlet(place):
            return None
        return Reading(place.removesuffix("."), inside, None, group.end() + (text[group.end()] == "."))
    held = closings.inside(group["inside"], group.start("inside"), closed=True)
    known = outlets.is_outlet(inside)
    if held is None or not held[0] or not (known or place.partition(",")[0].isupper()):
        return None
    if not known and (_abbreviates(inside, place) or _TICKER.fullmatch(inside)):
        return None
    return Reading(place, held[0], None, dash.end(), held[1])


def _abbreviates(short: str, name: str) -> bool:
    """Whether a short form stands for the name before it: its letters come in the same order there, the first first.

    The criterion is the one of Schwartz and Hearst (2003), "A simple algorithm for identifying abbreviation
    definitions in biomedical text", without their rule that a letter opens a word.
    """
    letters = iter(name.casefold())
    return short[:1].casefold() == name[:1].casefold() and all(it in letters for it in short.casefold() if it.isalnum())


def _slashed(text: str) -> Reading | None:
    slashed = closings.SLASHED.search(text, 0, 80)
    if slashed is None or slashed.start() == 0 or not outlets.is_outlet(slashed["agency"]):
        return None
    place = text[: slashed.start()].strip(" ,.")
    if not places.is_place(place):
        return None
    dash = closings.DASH.match(text, slashed.end())
    return Reading(place, slashed["agency"], None, dash.end() if dash is not None else slashed.end())


def _bare(text: str) -> Reading | None:
    """Read an agency in capitals between comma and dash: "Damascus, SANA- The council"."""
    place = _BARE.match(text)
    agency = outlets.known_at(text, place.end()) if place is not None else None
    dash = closings.DASH.match(text, agency.end()) if agency is not None else None
    if place is None or agency is None or dash is None or not places.is_place(place["place"]):
        return None
    return Reading(place["place"], agency[0], None, dash.end())


def _reported(text: str) -> Reading | None:
    """Read an outlet whose reporters stand behind it in brackets: "Harbour News (Reporter Wang Li) It rained"."""
    outlet = outlets.match(text) if "(" in text[:_OUTLET_LENGTH] else None
    group = closings.GROUP.match(text, outlet.end()) if outlet is not None else None
    if outlet is None or group is None or closings.TAG.match(group["inside"]) is None:
        return None
    signed = closings.inside(group["inside"], group.start("inside"), closed=False)
    return Reading(None, outlet[0], None, group.end(), signed[1]) if signed is not None and signed[1] else None


def _announced(text: str) -> Reading | None:
    """Read the outlet of China that a rendering puts before a colon: "CCTV News: The council"."""
    announced = _ANNOUNCED.match(text) if ":" in text[:_OUTLET_LENGTH] else None
    if announced is None or announced["agency"] not in _FROM_CHINA or not _NEXT.match(text, announced.end()):
        return None
    return Reading(None, announced["agency"], None, announced.end())


def _alone(text: str) -> Reading | None:
    """Read a place in capitals with a dash, "HONG KONG — ", or a known city with a colon, "ISLAMABAD: "."""
    capitals = _CAPITALS.match(text)
    if capitals is None or not places.stands_alone(capitals["place"]):
        return None
    if capitals["colon"] and ("," in capitals["place"] or text[capitals.end() :].isupper()):
        return None  # "PARIS, TEXAS: A REVIEW"
    return Reading(capitals["place"], None, None, capitals.end())


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found is not None else position
