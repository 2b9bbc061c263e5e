"""Dates and times in another language's form."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from articles import Span
from transforms.artifacts.phrases import find_near
from transforms.artifacts.text import Text

MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
MONTHS = MONTH.strip("(?:)").split("|")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ORDINAL = r"\d{1,2}(?:st|nd|rd|th)"
ORDINAL_ENDINGS = ("st", "nd", "rd", "th")


class Form(NamedTuple):
    """A form of dates, tried only around `anchor` (an ordinal where None) in texts that have one of `words`."""

    words: frozenset[str]
    anchor: re.Pattern[str] | None
    pattern: re.Pattern[str]


def compile_form(words: Iterable[str], anchor: str | None, pattern: str) -> Form:
    """A form from what is written."""
    return Form(frozenset(words), re.compile(anchor) if anchor else None, re.compile(pattern))


FORMS = (
    compile_form(
        ("time", "Time"),
        r"ime(?:(?<=local .ime)|(?<=Beijing .ime)|(?<=Moscow .ime)|(?<=Eastern .ime))",
        r"[Oo]n (?:the )?(?:(?:morning|afternoon|evening|night) of )?(?:the )?"
        rf"(?:{ORDINAL}|{MONTH} {ORDINAL}?\d{{0,2}}),? "
        r"(?:local|Beijing|Moscow|Eastern) [Tt]ime\b",
    ),
    compile_form(
        ("local",),
        r" local time(?<=\d local time)",
        r"(?<!\bat )(?<!\bby )(?<!around )(?<!about )(?<!until )(?<!from )(?<!before )(?<!after )(?<![\d:.,])"
        r"\b\d{1,2} local time\b",
    ),
    compile_form(
        ("today", "yesterday", "tomorrow", "month", "year", *WEEKDAYS),
        r" \((?<=(?:day|row|nth|ear) \()\d",
        r"\b(?:today|yesterday|tomorrow|(?:this|last) (?:month|year)|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day) "
        r"\(\d{1,2}(?:st|nd|rd|th)?\)",
    ),
    compile_form(MONTHS, None, rf"\b(?:[Ii]n|[Aa]t) {MONTH} {ORDINAL}(?=[ ,.])"),
    compile_form(
        ("morning", "afternoon", "evening", "night", "noon"),
        None,
        rf"\b[Oo]n the (?:early )?(?:morning|afternoon|evening|night|noon) of (?:the )?{ORDINAL}"
        r"(?! (?:day|hole|floor|century|anniversary))(?= [a-z]|[,.])",
    ),
    compile_form(
        ("on", "On"),
        None,
        rf"\b[Oo]n the {ORDINAL}(?=(?:,|\.(?:\s|\Z)| that\b| (?:he|she|it|they|said|told|to)\b))",
    ),
    compile_form(
        ("year", "years"),
        r" year(?<=\d\d year)",
        r"\b(?:[Ii]n|[Ss]ince) (?:1[89]|20)\d\d years?(?= |[,.])(?! (?:old|to|later|earlier|ago|after|before))",
    ),
    compile_form(ORDINAL_ENDINGS, rf"\d (?:{'|'.join(ORDINAL_ENDINGS)})\b", rf"\b{MONTH} \d{{1,2}} (?:st|nd|rd|th)\b"),
    compile_form(
        ("o'clock",), "o'clock", r"\b[Aa]t \d{1,2} o'clock (?:in the (?:morning|afternoon|evening)|noon) (?=on )"
    ),
    compile_form(("day",), r" day of(?<=\d day of)", rf"\bthe \d{{1,2}} day of (?:the )?(?:month|week|{MONTH})\b"),
)
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
    """What any form finds around its anchors."""
    used = text.vocabulary.keys()
    numbers = [number for number in text.numbers if number.endswith(ORDINAL_ENDINGS)]
    ordinals = [at for number in numbers for at in text.find_word(number)]
    for words, anchor, pattern in FORMS:
        if not used.isdisjoint(words):
            anchors = [match.start() for match in anchor.finditer(text.string)] if anchor else ordinals
            yield from find_near(pattern, text.string, anchors)
