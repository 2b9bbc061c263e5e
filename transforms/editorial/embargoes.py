"""When the embargo of a text ends: `EMBARGOED UNTIL 0001 GMT, 16 NOV 2019`, `Sperrfrist: 16.11.2019 06:00 Uhr`."""

import datetime as dt
import re

from transforms import dates

LAST_ZONE = dt.timedelta(hours=12)
"""How far the last time zone is behind UTC: an hour without a zone has come everywhere only then."""


# What languages put around the clock and the day ("las 10:00 GMT del 16 de noviembre de 2019").
_ARTICLES = re.compile(r"^(?:las?|alle|ore|às|as|à|um|at|from|le|el|the|den|dem|bis)\s+", re.IGNORECASE)
_LINKS = re.compile(r"(?<=[\dA-ZТКМС])\s(?:del|dell'|de|du|le|am|on|of|den|di)\s(?=\d|[A-Z])", re.IGNORECASE)
_WEEKDAYS = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch)\b,?\s*",
    re.IGNORECASE,
)
_YEAR_WORD = re.compile(r"(?<=\d{4})\s?(?:года|год|г\.)")
_HOURS = re.compile(r"(?<![\d.])\b(\d\d?)[Hh:.](\d\d)\b(?!\.)(?:\s?(?:hrs?|hours|h)\b)?")
_NOON = re.compile(r"\b(?:12\s)?(?:noon|midday|mittags?|midi|mediodía|mezzogiorno)\b", re.IGNORECASE)
_MIDNIGHT = re.compile(r"\b(?:12\s)?(?:midnight|mitternacht|minuit|medianoche|mezzanotte)\b,?\s?", re.IGNORECASE)
_CLOCK_LEADS = re.compile(
    r"(?P<clock>\d{1,2}:\d\d)(?:\s\(?(?P<zone>[A-ZМСК]{1,5})\)?)?,?\s(?P<day>[^\n]{6,40}?)(?:\s\((?P<behind>[A-Z]{2,5})\))?$"
)
_BEIJING = re.compile(r"[（(]?(?:北京时间|北京時間|Beijing [Tt]ime)[）)]?")


def end(text: str) -> dt.datetime | None:
    """Read the end of an embargo as UTC, None where the text isn't a full date.

    Too late is a nuisance, too early a broken embargo: an hour without a zone is taken for the last
    zone's, and a day without an hour ends with that day.

    >>> end("0001 GMT, 16 NOV 2019").isoformat(), end("16.11.2019 06:00 Uhr").isoformat()
    ('2019-11-16T00:01:00+00:00', '2019-11-16T18:00:00+00:00')
    >>> end("midnight GMT 16 November 2019").isoformat(), end("las 10:00 GMT del 16 de noviembre de 2019").isoformat()
    ('2019-11-17T00:00:00+00:00', '2019-11-16T10:00:00+00:00')
    >>> end("6 a.m. on Friday")
    """
    plain = _plain(text)
    instant = dates.parse(plain) or dates.parse(text)
    if instant is None:
        return None
    # Midnight is the end of the day it is named with, where it isn't its beginning: the later one breaks nothing.
    whole_day = dt.timedelta(days=1 if instant.precision == "day" or _MIDNIGHT.search(text) else 0)
    return instant.moment + whole_day + (LAST_ZONE if instant.offset is None else dt.timedelta())


def _plain(text: str) -> str:
    """Write a moment as `dates.parse` reads it: clock, zone, day, without the words of a language around them."""
    text = _YEAR_WORD.sub("", _WEEKDAYS.sub("", _ARTICLES.sub("", text)))
    text = _MIDNIGHT.sub("00:00 ", _NOON.sub("12:00", _HOURS.sub(r"\1:\2", text)))
    text, from_beijing = _BEIJING.subn("", text)
    text = _LINKS.sub(" ", text).strip(" ,")
    leads = _CLOCK_LEADS.match(text)
    if leads is not None:
        text = " ".join(filter(None, (leads["day"], leads["clock"], leads["zone"] or leads["behind"])))
    return f"{text} +0800" if from_beijing else text
