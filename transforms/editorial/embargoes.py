"""When the embargo of a text ends: `EMBARGOED UNTIL 0001 GMT, 16 NOV 2019`, `Sperrfrist: 16.11.2019 06:00 Uhr`."""

import datetime as dt
import re

from transforms import dates

_CLOCK_FIRST = re.compile(
    r"(?P<hour>[01]?\d|2[0-4])[:.h]?(?P<minute>[0-5]\d)\s*(?:hrs|hours|uhr|h)?\s*(?P<zone>\(?[A-Z]{3,4}\)?)?\W+"
    r"(?:on\s+|am\s+|le\s+|el\s+)?(?P<day>\S.*)$",
    re.IGNORECASE,
)
_NO_CLOCK_WORDS = re.compile(r"\b(?:uhr|hrs|hours|local time|ortszeit|heure locale|hora local)\b", re.IGNORECASE)
_UTC = re.compile(r"\b(?:GMT|UTC|Z)\b")

LAST_ZONE = dt.timedelta(hours=12)
"""How far the last time zone is behind UTC: an hour without a zone has come everywhere only then."""


def end(text: str) -> dt.datetime | None:
    """Read the end of an embargo as UTC, None where the text isn't a full date.

    Too late is a nuisance, too early a broken embargo: an hour without a zone is taken for the last
    zone's, and a day without an hour ends with that day.

    >>> end("0001 GMT, 16 NOV 2019").isoformat(), end("16.11.2019 06:00 Uhr").isoformat()
    ('2019-11-16T00:01:00+00:00', '2019-11-16T18:00:00+00:00')
    >>> end("6 a.m. on Friday")
    """
    tidy = _NO_CLOCK_WORDS.sub("", text).strip()
    clock = _CLOCK_FIRST.match(tidy)
    ordered = f"{clock['day']} {clock['hour']}:{clock['minute']} {clock['zone'] or ''}".strip() if clock else None
    instant = (dates.parse(ordered) if ordered else None) or dates.parse(tidy)
    if instant is None:
        return None
    if instant.precision == "day":
        return instant.moment + dt.timedelta(days=1) + LAST_ZONE
    known = instant.offset is not None or _UTC.search(text) is not None
    return instant.moment if known else instant.moment + LAST_ZONE
