import datetime as dt

import pytest

from transforms.dates import parse


def moment(*parts):
    return dt.datetime(*parts, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("raw", "expected", "offset"),
    [
        ("2026-01-02T03:04:05Z", moment(2026, 1, 2, 3, 4, 5), 0),
        ("20260102T030405Z", moment(2026, 1, 2, 3, 4, 5), 0),
        ("20260102T030405+0100", moment(2026, 1, 2, 2, 4, 5), 60),
        ("20260102T030405-0500", moment(2026, 1, 2, 8, 4, 5), -300),
        ("2026-W01-5", moment(2026, 1, 2), None),
        ("2026-002", moment(2026, 1, 2), None),
        ("2026-01-02T24:00:00Z", moment(2026, 1, 3), 0),
        ("2026-01-02T03:04:05.123456789+01:00", moment(2026, 1, 2, 2, 4, 5, 123456), 60),
        ("2026-01-02 03:04:05 +01:00", moment(2026, 1, 2, 2, 4, 5), 60),
        ("2026-01-02T03:04:05-00:00", moment(2026, 1, 2, 3, 4, 5), None),
        ("2026-01-02T03:04:05[Europe/Berlin]", moment(2026, 1, 2, 2, 4, 5), 60),
        ("Mon, 23 Nov 2026 18:06:23 +0000", moment(2026, 11, 23, 18, 6, 23), 0),
        ("Mon, 23 Nov 2026 18:06:23 -0000", moment(2026, 11, 23, 18, 6, 23), None),
        ("Mon, 23 Nov 26 18:06 EST", moment(2026, 11, 23, 23, 6), -300),
        ("Mon, 23 Nov 2026 18:06:23 GMT+0100 (CET)", moment(2026, 11, 23, 17, 6, 23), 60),
        ("Mon Nov 23 18:06:23 UTC 2026", moment(2026, 11, 23, 18, 6, 23), 0),
        ("Mon, 23 Nov 2026 18:06:23 MSK", moment(2026, 11, 23, 15, 6, 23), 180),
        ("Mon, 23 Nov 2026 18:06:23 JST", moment(2026, 11, 23, 9, 6, 23), 540),
        ("Mon, 23 Nov 2026 18:06:23 QQQ", moment(2026, 11, 23, 18, 6, 23), None),
        ("July 4, 2026 at 3:04 p.m. ET", moment(2026, 7, 4, 19, 4), -240),
        ("Jan. 4, 2026 12:30 AM PST", moment(2026, 1, 4, 8, 30), -480),
        ("26-FEB-1987 15:01:01.79", moment(1987, 2, 26, 15, 1, 1, 790000), None),
        ("021045 GMT Jan 26", moment(2026, 1, 2, 10, 45), 0),
        ("021045 MEZ Okt 26", moment(2026, 10, 2, 9, 45), 60),
        ("021045 Jan 26", moment(2026, 1, 2, 10, 45), None),
        ("021045 QQQ Jan 2026", moment(2026, 1, 2, 10, 45), None),
        ("20260102+0100", moment(2026, 1, 1, 23), 60),
        ("2026-01-02-05:00", moment(2026, 1, 2, 5), -300),
        ("20260102Z", moment(2026, 1, 2), 0),
        ("0001 GMT 16 NOV 2019", moment(2019, 11, 16, 0, 1), 0),
        ("0001hrs GMT on Saturday, 16 NOV 2019", moment(2019, 11, 16, 0, 1), 0),
        ("18:06 16 NOV 2019", moment(2019, 11, 16, 18, 6), None),
        ("18:06 NOV 16, 2019", moment(2019, 11, 16, 18, 6), None),
        ("06:00 +0100 16 Nov 2019", moment(2019, 11, 16, 5), 60),
        ("3 p.m. EST Jan 4, 2026", moment(2026, 1, 4, 20), -300),
        ("16 Nov 2019 0600 GMT", moment(2019, 11, 16, 6), 0),
        ("16.11.2019 06:00 Uhr", moment(2019, 11, 16, 6), None),
        ("16.11.2019, 6 Uhr", moment(2019, 11, 16, 6), None),
        ("12.00 Uhr am 16. November 2019", moment(2019, 11, 16, 12), None),
        ("12.00 am 16.11.2019", moment(2019, 11, 16, 12), None),
        ("06:00 el 16 de noviembre de 2019", moment(2019, 11, 16, 6), None),
        ("6 a.m. local time on 16 November 2019", moment(2019, 11, 16, 6), None),
        ("01-02-26 0304GMT", moment(2026, 1, 2, 3, 4), 0),
        ("2025年3月2日 14:05", moment(2025, 3, 2, 14, 5), None),
        ("2025年3月2日 下午2:05", moment(2025, 3, 2, 14, 5), None),
        ("２０２５年３月２日（日）午後２時５分", moment(2025, 3, 2, 14, 5), None),
        ("2025년 3월 2일 오전 10:05", moment(2025, 3, 2, 10, 5), None),
        ("2. März 2026, 14:05 Uhr", moment(2026, 3, 2, 14, 5), None),
        ("2 de enero de 2026 14:05", moment(2026, 1, 2, 14, 5), None),
        ("2 января 2026, 14:05 МСК", moment(2026, 1, 2, 11, 5), 180),
        ("٢ يناير ٢٠٢٦", moment(2026, 1, 2), None),
        ("02.01.2026 14:05", moment(2026, 1, 2, 14, 5), None),
        ("26/01/2026", moment(2026, 1, 26), None),
        ("01/26/2026", moment(2026, 1, 26), None),
        ("1767323045", moment(2026, 1, 2, 3, 4, 5), 0),
        ("Fri, 31 Dec 1999 23:59:60 GMT", moment(2000, 1, 1), 0),
    ],
)
def test_forms(raw, expected, offset):
    instant = parse(raw)
    assert instant is not None
    assert (instant.moment, instant.offset) == (expected, offset)


@pytest.mark.parametrize(
    "raw",
    [None, "", "yesterday", "2 hours ago", "Monday", "March 3", "March 2026", "2026-03", "2026", "14:05", "02/01/2026",
     "Sat 02/01/2026", "2026-02-30", "0000-00-00T00:00:00Z", "0206-01-02", "9999-12-31", "1970-01-01T00:00:00Z",
     "23 Nov 2026 25:00", "12 ม.ค. 2569", "令和8年1月2日", "2015 FEB 26 1930", "021045 GMT Foo 26",
     "022545 GMT Jan 26", "331045 GMT Jan 26", "20260102-0304", "start=2026;end=2027", "x" * 10_000],
)  # fmt: skip
def test_what_is_incomplete_ambiguous_or_out_of_range_is_no_date(raw):
    assert parse(raw) is None


@pytest.mark.parametrize(
    ("raw", "precision"),
    [
        ("2026-01-02", "day"),
        ("2 January 2026", "day"),
        ("20260102+0100", "day"),
        ("2026-01-02T03:04Z", "minute"),
        ("20260102T030405Z", "second"),
    ],
)
def test_precision_tells_a_day_from_midnight(raw, precision):
    instant = parse(raw)
    assert instant is not None
    assert instant.precision == precision
