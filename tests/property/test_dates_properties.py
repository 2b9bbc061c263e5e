import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.dates import EARLIEST, LATEST, parse

_FIRST, _LAST = dt.datetime(1900, 1, 1), dt.datetime(2199, 12, 30)  # noqa: DTZ001
MOMENTS = st.datetimes(_FIRST, _LAST).map(lambda moment: moment.replace(microsecond=0))
OFFSETS = st.integers(-14 * 60, 14 * 60)


@given(MOMENTS, OFFSETS)
def test_what_is_written_is_read_back(local, minutes):
    aware = local.replace(tzinfo=dt.timezone(dt.timedelta(minutes=minutes)))
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    forms = [
        aware.isoformat(),
        aware.isoformat(" "),
        aware.strftime("%Y%m%dT%H%M%S") + f"{sign}{hours:02}{rest:02}",
        aware.strftime("%a, %d %b %Y %H:%M:%S ") + f"{sign}{hours:02}{rest:02}",
        aware.strftime("%d %B %Y %I:%M:%S %p ") + f"{sign}{hours:02}:{rest:02}",
    ]
    if aware.timestamp() != 0:
        for form in forms:
            instant = parse(form)
            assert instant is not None, form
            assert instant.moment == aware
            assert instant.offset == minutes


@settings(deadline=None)
@given(st.one_of(st.text(max_size=60), st.from_regex(r"\A[0-9:/.,T +\-年月日AaPMmJanFeb]{1,40}\Z")))
def test_nothing_raises_and_everything_read_is_in_range(raw):
    instant = parse(raw)
    if instant is not None:
        assert EARLIEST <= instant.moment.year <= LATEST
        assert instant.moment.utcoffset() == dt.timedelta(0)
        assert parse(raw) == instant
