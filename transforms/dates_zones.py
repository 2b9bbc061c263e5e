"""The zone at the end of a date, in figures or by name."""

import datetime as dt
import re
import zoneinfo
from importlib import resources

from transforms.dates_forms import MONTHS

_TABLE = resources.files("transforms").joinpath("data/zones.tsv").read_text(encoding="utf-8").splitlines()
_NAMED: dict[str, str] = dict(line.split("\t") for line in _TABLE if line and not line.startswith("#"))

_TIME = r"(?:\d[:.h]\d\d(?:[:.]\d\d(?:[.,]\d+)?)?|[T ]\d{4}(?:\d\d)?)\s?(?:[AaPp]\.?[Mm]\.?)?"
_FIGURES = re.compile(
    rf"({_TIME})\s?(?:GMT|UTC|UT|Z)?\s?([+\-−])\s?(\d\d?)(?::?([0-5]\d))?(?:\s?\([^()]*\)|\s?\[[^\[\]]*\])?$"
)
_PREFIXED = re.compile(r"\s(?:GMT|UTC)([+\-−])(\d\d?)(?::?([0-5]\d))?(?=\s|$)")
_NAME = re.compile(r"(?<=[\d\s.MmZ)])\(?([A-ZМСК]{1,5})\)?$")
_NAME_BEFORE_YEAR = re.compile(r"\s([A-Z]{2,5})(?=\s\d{4}$)")
_IANA = re.compile(r"\s?[\[(]?([A-Z][a-z]+(?:/[A-Z][A-Za-z_\-]+){1,2})[\])]?$")


def split_zone(text: str) -> tuple[str, dt.tzinfo | None]:
    """Part a date's text from its zone; None where the text gives none, or one nobody knows.

    `-0000` says that the zone is unknown (RFC 5322, section 3.3), so does a name in capitals that
    data/zones.tsv doesn't hold.

    >>> split_zone("Mon, 23 Nov 2026 18:06:23 MSK")[0]
    'Mon, 23 Nov 2026 18:06:23'
    """
    if match := _FIGURES.search(text):
        return text[: match.start()] + match[1], _offset(match[2], match[3], match[4])
    if match := _PREFIXED.search(text):
        return text[: match.start()] + text[match.end() :], _offset(match[1], match[2], match[3])
    if match := _IANA.search(text):
        return text[: match.start()], _iana(match[1])
    match = _NAME_BEFORE_YEAR.search(text) or _NAME.search(text)
    if match and match[1] not in {"AM", "PM", "M"} and match[1].lower() not in MONTHS:
        rest = text[: match.start()].rstrip() + text[match.end() :]
        if (meaning := _NAMED.get(match[1])) is not None:
            is_place = "/" in meaning
            return rest, _iana(meaning) if is_place else dt.timezone(dt.timedelta(minutes=int(meaning)))
        if re.search(r"\d[:.h]\d\d", rest):
            return rest, None
    return text, None


def _offset(sign: str, hours: str, minutes: str | None) -> dt.timezone | None:
    east = int(hours) * 60 + int(minutes or 0)
    if east >= 24 * 60 or (east == 0 and sign != "+"):
        return None
    return dt.timezone(dt.timedelta(minutes=east if sign == "+" else -east))


def _iana(name: str) -> dt.tzinfo | None:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None
