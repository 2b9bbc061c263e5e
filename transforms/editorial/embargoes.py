"""When the embargo of a text ends: `EMBARGOED UNTIL 0001 GMT, 16 NOV 2019`, `Sperrfrist: 16.11.2019 06:00 Uhr`."""

import datetime as dt

from transforms import dates

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
    instant = dates.parse(text)
    if instant is None:
        return None
    whole_day = dt.timedelta(days=1 if instant.precision == "day" else 0)
    return instant.moment + whole_day + (LAST_ZONE if instant.offset is None else dt.timedelta())
