"""Dates and times in another language's form."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from articles import Span
from transforms.artifacts.phrases import find_all, find_near
from transforms.artifacts.text import Text
from transforms.artifacts.wordforms import DIGIT, trait_of, trait_where

MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
MONTHS = MONTH.strip("(?:)").split("|")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ORDINAL = r"\d{1,2}(?:st|nd|rd|th)"
ORDINAL_ENDINGS = ("st", "nd", "rd", "th")


class Form(NamedTuple):
    """A form of dates, tried only around anchors in texts that have one of `words`.

    An anchor is a place where `phrase` stands and `anchor` matches; an ordinal where there is no phrase.
    A text without the `shape` has none.
    """

    words: frozenset[str]
    shape: bytes
    phrase: str
    anchor: re.Pattern[str]
    pattern: re.Pattern[str]


def compile_form(words: Iterable[str], shape: bytes, phrase: str, anchor: str, pattern: str) -> Form:
    """A form from what is written."""
    return Form(frozenset(words), shape, phrase, re.compile(anchor), re.compile(pattern))


FORMS = (
    compile_form(
        ("local", "Beijing", "Moscow", "Eastern"),
        b"",
        "ime",
        r"ime(?:(?<=local .ime)|(?<=Beijing .ime)|(?<=Moscow .ime)|(?<=Eastern .ime))",
        r"[Oo]n (?:the )?(?:(?:morning|afternoon|evening|night) of )?(?:the )?"
        rf"(?:{ORDINAL}|{MONTH} {ORDINAL}?\d{{0,2}}),? "
        r"(?:local|Beijing|Moscow|Eastern) [Tt]ime\b",
    ),
    compile_form(
        ("local",),
        b"0 aaaaa aaaa",
        " local time",
        r" local time(?<=\d local time)",
        r"(?<!\bat )(?<!\bby )(?<!around )(?<!about )(?<!until )(?<!from )(?<!before )(?<!after )(?<![\d:.,])"
        r"\b\d{1,2} local time\b",
    ),
    compile_form(
        ("today", "yesterday", "tomorrow", "month", "year", *WEEKDAYS),
        b" (0",
        " (",
        r" \((?<=(?:day|row|nth|ear) \()\d",
        r"\b(?:today|yesterday|tomorrow|(?:this|last) (?:month|year)|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day) "
        r"\(\d{1,2}(?:st|nd|rd|th)?\)",
    ),
    compile_form(MONTHS, b"", "", "", rf"\b(?:[Ii]n|[Aa]t) {MONTH} {ORDINAL}(?=[ ,.])"),
    compile_form(
        ("morning", "afternoon", "evening", "night", "noon"),
        b"",
        "",
        "",
        rf"\b[Oo]n the (?:early )?(?:morning|afternoon|evening|night|noon) of (?:the )?{ORDINAL}"
        r"(?! (?:day|hole|floor|century|anniversary))(?= [a-z]|[,.])",
    ),
    compile_form(
        ("on", "On"),
        b"",
        "",
        "",
        rf"\b[Oo]n the {ORDINAL}(?=(?:,|\.(?:\s|\Z)| that\b| (?:he|she|it|they|said|told|to)\b))",
    ),
    compile_form(
        ("year", "years"),
        b"00 aaaa",
        " year",
        r" year(?<=\d\d year)",
        r"\b(?:[Ii]n|[Ss]ince) (?:1[89]|20)\d\d years?(?= |[,.])(?! (?:old|to|later|earlier|ago|after|before))",
    ),
    compile_form(
        ORDINAL_ENDINGS,
        b"0 aa",
        " ",
        rf" (?<=\d )(?:{'|'.join(ORDINAL_ENDINGS)})\b",
        rf"\b{MONTH} \d{{1,2}} (?:st|nd|rd|th)\b",
    ),
    compile_form(
        ("o'clock",),
        b"a'aaaaa",
        "o'clock",
        "",
        r"\b[Aa]t \d{1,2} o'clock (?:in the (?:morning|afternoon|evening)|noon) (?=on )",
    ),
    compile_form(
        ("day",),
        b"0 aaa aa",
        " day of",
        r" day of(?<=\d day of)",
        rf"\bthe \d{{1,2}} day of (?:the )?(?:month|week|{MONTH})\b",
    ),
)
DATED = trait_of(word for form in FORMS for word in form.words)
ORDINAL_FIGURE = trait_where(lambda word: word[0].isdigit() and word.endswith(ORDINAL_ENDINGS))
COURSE = re.compile(r"\b(?:holes?|birdie|bogey|green|par|tee|floor|innings?|lap|minute)\b")
SPORT = trait_where(lambda word: COURSE.search(word) is not None)


def calqued_date(text: Text) -> Iterator[Span]:
    """A date as another language says it: "On the 13th local time", "14 local time", "today (3)", "in December 19th".

    Not "at 10 local time", "0800 local time", "on the 18th hole".
    """
    if not text.english or not text.traits & DIGIT:
        return
    taken = -1
    for start, end in sorted(candidates(text), key=lambda span: (span[0], -span[1])):
        if start < taken or text.is_protected(start):
            continue
        if not text.traits & SPORT or "time" in text.string[start:end]:
            yield Span(start, end, None, 0.85)
            taken = end


def find_anchors(string: str, phrase: str, anchor: re.Pattern[str]) -> list[int]:
    """Where a phrase stands and a pattern matches."""
    return [at for at in find_all(string, phrase) if anchor.match(string, at)]


def candidates(text: Text) -> Iterator[tuple[int, int]]:
    """What any form finds around its anchors."""
    used = set(text.having(DATED))
    ordinals = [at for number in text.having(ORDINAL_FIGURE) for at in text.find_word(number)]
    for words, shape, phrase, anchor, pattern in FORMS:
        if not used.isdisjoint(words) and shape in text.shape and (phrase or ordinals):
            anchors = find_anchors(text.string, phrase, anchor) if phrase else ordinals
            yield from find_near(pattern, text.string, anchors)
