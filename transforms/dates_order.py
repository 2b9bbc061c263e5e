"""Dates that begin with the time, and words beside a time: brought to the order day, time, zone."""

import re

from transforms.dates_forms import MONTHS, read_year

_WORD = re.compile(
    r"(?<![\d.,:/-])(?:(?P<h>\d{1,2})[:.]?(?P<m>[0-5]\d)\s?(?:Uhr|hrs|hours|h)\b|(?P<alone>\d{1,2})\s?Uhr\b)",
    re.IGNORECASE,
)
_NO_ZONE = re.compile(r"\s?\b(?:local time|Ortszeit|heure locale|hora local)\b", re.IGNORECASE)

_PREPOSITION = "(?i:on|am|le|el)"
_WEEKDAY = "(?i:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?i:day)?"
_ZONE = (
    rf"(?!(?:{_PREPOSITION}|(?i:pm)|{_WEEKDAY}|(?i:{'|'.join(MONTHS)}))\b)"
    r"(?:(?:GMT|UTC)?[+-]\d\d?(?::?\d\d)?|[A-Z]{1,5})"
)
_HALF = r"[AaPp]\.?[Mm](?:\.|\b)(?!\s\d\d?\.)"
"""Not the German preposition of `am 16. November` and `am 16.11.2019`."""

_FIGURES = (
    r"(?P<h>[01]\d|2[0-4])(?P<m>[0-5]\d)"
    rf"(?=\s?\(?{_ZONE}\)?,?\s|,?\s(?:{_PREPOSITION}|{_WEEKDAY}|\d\d?)\b)"
)
_CLOCK = rf"\d{{1,2}}(?:[:.h]\d\d(?:[:.]\d\d)?(?:\s?{_HALF})?|\s?{_HALF})"
_CLOCK_LEADS = re.compile(
    rf"(?:{_FIGURES}|(?P<clock>{_CLOCK}))(?:\s?\(?(?P<zone>{_ZONE})\)?)?,?\s(?:{_PREPOSITION}\s)?"
    r"(?P<day>(?=\d+[./-]\d+[./-]\d|[^:]*[^\W\d_])[^:]+)"
)
_FILED = re.compile(
    r"(?P<D>\d\d)(?P<h>\d\d)(?P<m>\d\d)\s?(?:(?P<zone>[A-Z]{1,5})\s)?(?P<B>[^\W\d_]{3,9})\.?\s?(?P<Y>\d{4}|\d\d)"
)


def order(text: str) -> str:
    """Put the time of a date behind its day, and drop words such as o'clock that say nothing about the zone.

    Figures alone are a time in front only where a zone, a day or a weekday follows: `2015 Feb 26` starts with a
    year. Six figures are the day and time of a wire (IPTC 7901).

    >>> order("0001 GMT, 16 NOV 2019"), order("06.00 Uhr am 16.11.2019"), order("021045 GMT Jan 26")
    ('16 NOV 2019 00:01 GMT', '16.11.2019 06:00', '02 Jan 2026 10:45 GMT')
    """
    text = _NO_ZONE.sub("", _WORD.sub(_write_clock, text))
    if filed := _FILED.fullmatch(text):
        year = read_year(filed["Y"])
        return f"{filed['D']} {filed['B']} {year} {filed['h']}:{filed['m']} {filed['zone'] or ''}".rstrip()
    if leads := _CLOCK_LEADS.fullmatch(text):
        return f"{leads['day']} {leads['clock'] or _write_clock(leads)} {leads['zone'] or ''}".rstrip()
    return text


def _write_clock(match: re.Match[str]) -> str:
    return f"{match['h']}:{match['m']}" if match["h"] else f"{match['alone']}:00"
