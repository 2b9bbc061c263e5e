"""Dates and times in another language's form."""

import re
from collections.abc import Iterator

from articles import Span
from transforms.artifacts.text import Text

MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
ORDINAL = r"\d{1,2}(?:st|nd|rd|th)"
PATTERNS = (
    re.compile(rf"\b[Oo]n (?:the )?(?:(?:morning|afternoon|evening|night) of )?(?:the )?(?:{ORDINAL}|{MONTH} {ORDINAL}?\d{{0,2}}),? (?:local|Beijing|Moscow|Eastern) [Tt]ime\b"),
    re.compile(r"(?<!\bat )(?<!\bby )(?<!around )(?<!about )(?<!until )(?<!from )(?<!before )(?<!after )(?<![\d:.,])\b\d{1,2} local time\b"),
    re.compile(r"\b(?:today|yesterday|tomorrow|(?:this|last) (?:month|year)|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day) \(\d{1,2}(?:st|nd|rd|th)?\)"),
    re.compile(rf"\b(?:[Ii]n|[Aa]t) {MONTH} {ORDINAL}(?=[ ,.])"),
    re.compile(rf"\b[Oo]n the (?:early )?(?:morning|afternoon|evening|night|noon) of (?:the )?{ORDINAL}(?! (?:day|hole|floor|century|anniversary))(?= [a-z]|[,.])"),
    re.compile(rf"\b[Oo]n the {ORDINAL}(?=(?:,|\.(?:\s|\Z)| that\b| (?:he|she|it|they|said|told|to)\b))"),
    re.compile(r"\b(?:[Ii]n|[Ss]ince) (?:1[89]|20)\d\d years?(?= |[,.])(?! (?:old|to|later|earlier|ago|after|before))"),
    re.compile(rf"\b{MONTH} \d{{1,2}} (?:st|nd|rd|th)\b"),
    re.compile(r"\b[Aa]t \d{1,2} o'clock (?:in the (?:morning|afternoon|evening)|noon) (?=on )"),
    re.compile(r"\bthe \d{1,2} day of (?:the )?(?:month|week|January|February|March|April|May|June|July)\b"),
)  # fmt: skip
GUARD = re.compile(r"\d (?:local|st|nd|rd|th|years?|day)\b|\d(?:st|nd|rd|th)\b|\(\d{1,2}(?:st|nd|rd|th)?\)|o'clock")
COURSE = re.compile(r"\b(?:holes?|birdie|bogey|green|par|tee|floor|innings?|lap|minute)\b")


def calqued_date(text: Text) -> Iterator[Span]:
    """A date as another language says it: "On the 13th local time", "14 local time", "today (3)", "in December 19th".

    Not "at 10 local time", "0800 local time", "on the 18th hole".
    """
    if not text.english or not GUARD.search(text.string):
        return
    taken = -1
    found = sorted(
        (match.span() for pattern in PATTERNS for match in pattern.finditer(text.string)),
        key=lambda span: (span[0], -span[1]),
    )
    sport: bool | None = None
    for start, end in found:
        if start < taken or text.is_protected(start):
            continue
        if sport is None:
            sport = bool(COURSE.search(text.string))
        if not sport or "time" in text.string[start:end]:
            yield Span(start, end, None, 0.85)
            taken = end
