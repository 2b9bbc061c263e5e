"""Dates as sources write them, brought to UTC; never a guess, never today's date for an unknown one."""

import datetime as dt
import functools
import re
import threading
import unicodedata
from typing import Literal, NamedTuple

from dateparser.date import DateDataParser

from transforms import dates_forms
from transforms.dates_order import order
from transforms.dates_zones import split_zone

Precision = Literal["day", "minute", "second"]

EARLIEST, LATEST = 1800, 2199
"""Years a date may have. Beyond are placeholders (0001, 9999), typing errors (0206) and other calendars
(2569 is Buddhist, 1405 Persian). A fixed bound, as a moving one would give the same item another row later."""

_LONGEST = 80
"""Characters; the longest real form, a weekday and month in full with a named zone, has about 60."""

_LANGUAGES = [
    "en", "de", "fr", "es", "pt", "it", "nl", "ru", "uk", "pl", "cs", "ro", "hu", "el", "tr", "sv", "da", "nb", "fi",
    "ar", "he", "id", "vi", "bg", "hr", "sr", "sk", "hi",
]  # fmt: skip
_SETTINGS = {
    "PARSERS": ["absolute-time"],
    "STRICT_PARSING": True,
    "REQUIRE_PARTS": ["day", "month", "year"],
    "RETURN_TIME_AS_PERIOD": True,
    "PREFER_LOCALE_DATE_ORDER": True,
    "RETURN_AS_TIMEZONE_AWARE": False,
}
_LOCK = threading.Lock()

_ISO = re.compile(
    r"\d{4}(?:-\d\d-\d\d|\d{4}|-?W\d\d-?\d)"
    r"(?:[T ](\d\d(?::?\d\d(?::?\d\d(?:[.,]\d+)?)?)?)(?:Z|[+-]\d\d(?::?\d\d)?)?)?"
)
_DAY_IN_ZONE = re.compile(r"(\d{8}|\d{4}-\d\d-\d\d)(Z|[+-](?:0\d|1[0-4]):?(?:00|15|30|45))")
_EPOCH = re.compile(r"(-?\d{9,10})(?:\.\d+)?|(\d{12,13})")
_YEAR_IN_FOUR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_FIGURES_ONLY = re.compile(r"\d{1,2}([/.-])\d{1,2}\1\d{2,4}")
_SECONDS = re.compile(r"\d[:.]\d\d[:.]\d\d")
_LETTER = re.compile(r"[^\W\d_]")


class Instant(NamedTuple):
    """A moment in UTC, the offset in minutes that the source gave with it, and how fine it was said.

    `offset` is None where the source named no zone; the moment then takes the local time for UTC. A
    bare day is its first moment, `precision` tells it from midnight.
    """

    moment: dt.datetime
    offset: int | None
    precision: Precision


@functools.lru_cache(maxsize=4096)
def parse(raw: str | None) -> Instant | None:
    """Read the date a source gave, None where it is absent, incomplete, ambiguous or out of range.

    Year, month and day must all be there: nothing is filled in from today's date. `02/01/2026` stays
    unread, for it is two dates; `26/01/2026` and `26.01.2026` are one. Depends on `raw` alone.

    >>> parse("Mon, 23 Nov 2026 18:06:23 +0100").moment.isoformat()
    '2026-11-23T17:06:23+00:00'
    >>> parse("yesterday") is None, parse("November 2026") is None
    (True, True)
    """
    if raw is None or len(raw) > _LONGEST:
        return None
    text = _tidy(raw)
    if not any(map(str.isdigit, text)):
        return None
    instant = _read_iso(text) or _read_epoch(text) or _read_zoned(text)
    if instant is None or not EARLIEST <= instant.moment.year <= LATEST:
        return None
    return None if instant.moment.timestamp() == 0 else instant  # epoch 0 is an empty field


def _tidy(raw: str) -> str:
    """Fold widths, digits of other scripts and blanks: `２０２６年` and `٢٠٢٦` become `2026`."""
    if not raw.isascii():
        raw = unicodedata.normalize("NFKC", raw).replace("\u200f", "").replace("\u200e", "")
        raw = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in raw)
    return " ".join(raw.split())


def _read_iso(text: str) -> Instant | None:
    if day := _DAY_IN_ZONE.fullmatch(text):  # XML Schema and NITF have it, ISO 8601 doesn't
        instant = _read_iso(f"{day[1]}T00{day[2]}")
        return instant._replace(precision="day") if instant else None
    match = _ISO.fullmatch(text)
    if not match:
        return None
    clock = match[1] or ""
    ends_the_day = clock.startswith("24") and not clock.strip("240:.,") and clock.count("24") == 1
    start = match.start(1)
    plain = f"{text[:start]}00{text[start + 2 :]}" if ends_the_day else text
    try:
        local = dt.datetime.fromisoformat(plain)
    except ValueError:
        return None
    unknown_zone = local.utcoffset() == dt.timedelta(0) and plain.endswith(("-00:00", "-0000"))
    digits = sum(map(str.isdigit, clock))
    precision: Precision = "second" if digits > 4 else "minute" if digits else "day"
    reading = dates_forms.Reading(local.replace(tzinfo=None) + dt.timedelta(days=ends_the_day), precision)
    return _place(reading, None if unknown_zone else local.tzinfo)


def _read_epoch(text: str) -> Instant | None:
    """Read seconds or milliseconds since 1970, as JSON feeds of some makers have them."""
    match = _EPOCH.fullmatch(text)
    if not match:
        return None
    seconds = float(match[1]) if match[1] else int(match[2]) / 1000
    moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=seconds)
    return Instant(moment, 0, "second")


def _read_zoned(text: str) -> Instant | None:
    rest, zone = split_zone(order(text))
    reading = dates_forms.read(rest.strip())
    if reading is None and _YEAR_IN_FOUR.search(rest) and _LETTER.search(rest) and not _FIGURES_ONLY.search(rest):
        reading = _read_in_words(rest)
    return _place(reading, zone) if reading else None


def _read_in_words(text: str) -> dates_forms.Reading | None:
    """Leave dates with the month in words of another language to dateparser, 1.4 ms a date."""
    with _LOCK:
        data = _parser().get_date_data(text)
    if data.date_obj is None:
        return None
    timed: Precision = "second" if _SECONDS.search(text) else "minute"
    return dates_forms.Reading(data.date_obj.replace(tzinfo=None), timed if data.period == "time" else "day")


@functools.cache
def _parser() -> DateDataParser:
    return DateDataParser(languages=_LANGUAGES, settings=_SETTINGS)


def _place(reading: dates_forms.Reading, zone: dt.tzinfo | None) -> Instant | None:
    try:
        aware = reading.local.replace(tzinfo=zone or dt.UTC)
        offset = aware.utcoffset() if zone else None
        moment = aware.astimezone(dt.UTC)
    except (OverflowError, ValueError):
        return None
    minutes = None if offset is None else round(offset.total_seconds() / 60)
    return Instant(moment, minutes, reading.precision)
