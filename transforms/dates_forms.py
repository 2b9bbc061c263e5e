"""The forms of a date that say all by figures, English months or the words of East Asian calendars."""

import datetime as dt
import re
from typing import Final, Literal, NamedTuple

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"), ("may",), ("jun", "june"),
            ("jul", "july"), ("aug", "august"), ("sep", "sept", "september"), ("oct", "october"), ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip


class Reading(NamedTuple):
    """A local date, and whether the text gave a time with it and how fine."""

    local: dt.datetime
    precision: Literal["day", "minute", "second"]


_HOUR = r"(?P<h>\d{1,2})(?:(?:[:.h]\s?|(?<=\d\d))(?P<m>\d{2})(?:[:.]\s?(?P<s>\d{2})(?:[.,](?P<f>\d+))?)?)?"
_CLOCK = rf"{_HOUR}\s?(?P<half>[AaPp])?(?(half)\.?[Mm]\.?)"
_DAY_FIRST = re.compile(
    rf"(?:[A-Za-z]{{2,9}}\.?,?\s)?(?P<D>\d{{1,2}})(?:st|nd|rd|th)?[\s.-]\s?(?P<B>[A-Za-z]{{3,9}})\.?,?[\s-]"
    rf"(?P<Y>\d{{4}}|\d{{2}})(?:(?:,?\s|T)(?:at\s)?{_CLOCK})?"
)
_MONTH_FIRST = re.compile(
    rf"(?:[A-Za-z]{{2,9}}\.?,?\s)?(?P<B>[A-Za-z]{{3,9}})\.?\s(?P<D>\d{{1,2}})(?:st|nd|rd|th)?,?\s"
    rf"(?P<Y>\d{{4}})(?:,?\s(?:at\s)?{_CLOCK})?"
)
_ASCTIME = re.compile(rf"(?:[A-Za-z]{{2,9}}\.?,?\s)?(?P<B>[A-Za-z]{{3,9}})\s(?P<D>\d{{1,2}})\s{_CLOCK}\s(?P<Y>\d{{4}})")
_YEAR_FIRST = re.compile(
    rf"(?P<Y>\d{{4}})(?P<sep>[-/.])(?P<M>\d{{1,2}})(?P=sep)(?P<D>\d{{1,2}})\.?(?:(?:,?\s|T|\s-\s){_CLOCK})?"
)
_DOTTED = re.compile(rf"(?P<D>\d{{1,2}})\.\s?(?P<M>\d{{1,2}})\.\s?(?P<Y>\d{{4}})(?:(?:,?\s|\s[-–|]\s){_CLOCK})?")
_SLASHED = re.compile(
    rf"(?:[A-Za-z]{{2,9}}\.?,?\s)?(?P<D>\d{{1,2}})(?P<sep>[/-])(?P<M>\d{{1,2}})(?P=sep)(?P<Y>\d{{4}})(?:,?\s{_CLOCK})?"
)
_DIGITS = re.compile(r"(?P<Y>\d{4})(?P<M>\d\d)(?P<D>\d\d)T?(?P<h>\d\d)(?P<m>\d\d)(?P<s>\d\d)?")
_ORDINAL = re.compile(rf"(?P<Y>\d{{4}})-?(?P<J>\d{{3}})(?:T{_CLOCK})?")
_ANPA = re.compile(r"(?P<M>\d\d)-(?P<D>\d\d)-(?P<Y>\d\d)\s(?P<h>\d\d):?(?P<m>\d\d)")
_EAST_ASIAN = re.compile(
    r"(?P<Y>\d{4})\s?[年년\-/.]\s?(?P<M>\d{1,2})\s?[月월\-/.]\s?(?P<D>\d{1,2})\s?[日号號일.]?\s?"
    r"(?:[(]?(?:星期|周|週)?[一二三四五六日天月火水木金土월화수목금토일](?:曜日?|요일)?[)]?)?,?\s?"
    r"(?:(?P<half>上午|下午|午前|午後|오전|오후|凌晨|早上|中午|晚上|正午)\s?)?"
    r"(?:(?P<h>\d{1,2})\s?[:时時시点點]\s?(?:(?P<m>\d{1,2})\s?[:分분]?\s?(?:(?P<s>\d{1,2})\s?[秒초]?)?)?)?"
)
_AFTERNOON = frozenset(("p", "下午", "午後", "오후", "晚上"))
_MORNING = frozenset(("a", "上午", "午前", "오전"))

_FORMS: tuple[re.Pattern[str], ...] = (
    _DAY_FIRST, _YEAR_FIRST, _MONTH_FIRST, _ASCTIME, _DIGITS, _DOTTED, _ANPA, _EAST_ASIAN, _ORDINAL,
)  # fmt: skip


def read(text: str) -> Reading | None:
    """Read a date without its zone, None where no form fits or the day does not exist.

    >>> read("2025年3月2日 下午2:05").local.isoformat()
    '2025-03-02T14:05:00'
    >>> read("26-FEB-1987 15:01:01.79").local.isoformat()
    '1987-02-26T15:01:01.790000'
    """
    for form in _FORMS:
        if match := form.fullmatch(text):
            return _build(match.groupdict())
    if match := _SLASHED.fullmatch(text):
        return _build_ambiguous(match.groupdict())
    return None


def _build_ambiguous(parts: dict[str, str | None]) -> Reading | None:
    """Read 25/12/2026 and 12/25/2026, but not 02/01/2026: half the world reads it the other way."""
    first, second = int(parts["D"] or 0), int(parts["M"] or 0)
    if first != second and first <= 12 and second <= 12:
        return None
    if second > 12:
        parts = {**parts, "D": parts["M"], "M": parts["D"]}
    return _build(parts)


def _build(parts: dict[str, str | None]) -> Reading | None:
    def number(name: str) -> int:
        return int(parts.get(name) or 0)

    month = MONTHS.get((parts["B"] or "").lower(), 0) if "B" in parts else number("M")
    try:
        if "J" in parts:
            date = dt.datetime.strptime(f"{parts['Y']}-{parts['J']}", "%Y-%j")  # noqa: DTZ007
        else:
            date = dt.datetime(read_year(parts["Y"] or ""), month, number("D"))  # noqa: DTZ001
        if parts.get("h") is None:
            return Reading(date, "day")
        clock = _clock(number("h"), parts.get("half"), parts.get("m"))
        if clock is None or number("m") > 59 or number("s") > 60:
            return None
        microseconds = int((parts.get("f") or "0")[:6].ljust(6, "0"))
        local = date + dt.timedelta(hours=clock, minutes=number("m"), seconds=number("s"), microseconds=microseconds)
    except (ValueError, OverflowError):
        return None
    return Reading(local, "second" if parts.get("s") is not None else "minute")


def _clock(hour: int, half: str | None, minute: str | None) -> int | None:
    """Give the hour of the day, 24 only at midnight; None where there is no such hour."""
    if half is None:
        return hour if minute is not None and (hour < 24 or (hour == 24 and not int(minute))) else None
    half = half.lower()
    if half in _AFTERNOON and hour < 12:
        return hour + 12
    if half in _MORNING and hour == 12:
        return 0
    return hour if hour < 24 else None


def read_year(digits: str) -> int:
    """Read two figures as POSIX does: 69 to 99 are of the twentieth century."""
    year = int(digits)
    return year if len(digits) == 4 else year + (1900 if year >= 69 else 2000)
