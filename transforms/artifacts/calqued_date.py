"""Dates and times in another language's form."""

import re
from collections.abc import Iterator

from articles import Span
from transforms.artifacts.text import Text

MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
MONTHS = tuple(MONTH.strip("(?:)").split("|"))
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ORDINAL = r"\d{1,2}(?:st|nd|rd|th)"
PATTERNS = (
    (
        ("time", "Time"),
        (
            r"[Oo]n (?:the )?(?:(?:morning|afternoon|evening|night) of )?(?:the )?"
            rf"(?:{ORDINAL}|{MONTH} {ORDINAL}?\d{{0,2}}),? "
            r"(?:local|Beijing|Moscow|Eastern) [Tt]ime\b"
        ),
    ),
    (
        ("local",),
        (
            r"(?<!\bat )(?<!\bby )(?<!around )(?<!about )(?<!until )(?<!from )(?<!before )(?<!after )(?<![\d:.,])"
            r"\b\d{1,2} local time\b"
        ),
    ),
    (
        ("today", "yesterday", "tomorrow", "month", "year", *WEEKDAYS),
        (
            r"\b(?:today|yesterday|tomorrow|(?:this|last) (?:month|year)|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day) "
            r"\(\d{1,2}(?:st|nd|rd|th)?\)"
        ),
    ),
    (MONTHS, rf"\b(?:[Ii]n|[Aa]t) {MONTH} {ORDINAL}(?=[ ,.])"),
    (
        ("morning", "afternoon", "evening", "night", "noon"),
        (
            rf"\b[Oo]n the (?:early )?(?:morning|afternoon|evening|night|noon) of (?:the )?{ORDINAL}"
            r"(?! (?:day|hole|floor|century|anniversary))(?= [a-z]|[,.])"
        ),
    ),
    (
        ("on", "On"),
        rf"\b[Oo]n the {ORDINAL}(?=(?:,|\.(?:\s|\Z)| that\b| (?:he|she|it|they|said|told|to)\b))",
    ),
    (
        ("year", "years"),
        r"\b(?:[Ii]n|[Ss]ince) (?:1[89]|20)\d\d years?(?= |[,.])(?! (?:old|to|later|earlier|ago|after|before))",
    ),
    (("st", "nd", "rd", "th"), rf"\b{MONTH} \d{{1,2}} (?:st|nd|rd|th)\b"),
    (("o'clock",), r"\b[Aa]t \d{1,2} o'clock (?:in the (?:morning|afternoon|evening)|noon) (?=on )"),
    (("day",), rf"\bthe \d{{1,2}} day of (?:the )?(?:month|week|{MONTH})\b"),
)
"""Patterns, each with the words one of which must be in a text before the pattern is tried."""
COMPILED = tuple((frozenset(guards), re.compile(pattern)) for guards, pattern in PATTERNS)
NEED_ORDINAL = frozenset([3, 4, 5])
NEARBY = {
    0: re.compile(r"ime(?:(?<=local .ime)|(?<=Beijing .ime)|(?<=Moscow .ime)|(?<=Eastern .ime))"),
    1: re.compile(r" local time(?<=\d local time)"),
    2: re.compile(r" \(\d"),
    3: re.compile(r" \d{1,2}(?:st|nd|rd|th)[ ,.]"),
    5: re.compile(r"the \d(?<=[Oo]n the \d)"),
    6: re.compile(r" year(?<=\d\d year)"),
    9: re.compile(r" day of(?<=\d day of)"),
}
"""What else must stand in a text for a pattern whose words are everyday ones; each quickly told."""
ORDINAL_ENDINGS = ("st", "nd", "rd", "th")
COURSE = re.compile(r"\b(?:holes?|birdie|bogey|green|par|tee|floor|innings?|lap|minute)\b")


def calqued_date(text: Text) -> Iterator[Span]:
    """A date as another language says it: "On the 13th local time", "14 local time", "today (3)", "in December 19th".

    Not "at 10 local time", "0800 local time", "on the 18th hole".
    """
    if not text.english or not text.numbers:
        return
    taken = -1
    sport: bool | None = None
    for start, end in sorted(candidates(text), key=lambda span: (span[0], -span[1])):
        if start < taken or text.is_protected(start):
            continue
        if sport is None:
            sport = bool(COURSE.search(text.string))
        if not sport or "time" in text.string[start:end]:
            yield Span(start, end, None, 0.85)
            taken = end


def candidates(text: Text) -> Iterator[tuple[int, int]]:
    """What any pattern finds, trying only those whose guards the text has."""
    used = text.vocabulary.keys()
    has_ordinal = any(number.endswith(ORDINAL_ENDINGS) for number in text.numbers)
    for index, (guards, pattern) in enumerate(COMPILED):
        if used.isdisjoint(guards) or (index in NEED_ORDINAL and not has_ordinal):
            continue
        if index not in NEARBY or NEARBY[index].search(text.string):
            for match in pattern.finditer(text.string):
                yield match.span()
