"""Blanks where punctuation wants none, and none where it wants one."""

import re
from collections.abc import Iterator

from articles import Span
from transforms.artifacts.lexicon import names, speech
from transforms.artifacts.text import Text

CLOCK = re.compile(r"(?<![\w:])(\d{1,2}): (\d{2})(?:: (\d{2}))?(?!\d|:|[ .]?(?:pm|am)\b)")
BEFORE_MARK = re.compile(r" ([,.])(?<=[^\W_] .)(?=\s|\Z)(?! [,.])")
HYPHEN = re.compile(r"(?<![\w.-])((?:[A-Z]\.){2,}|[A-Z][a-z]+) - ([A-Z][a-z]+)(?= [a-z])")
DEMONYMS = "(?:ian|ean|can|ish|ese|ch|an|sh|eli|aqi|ani|reek|wiss|utch|hai)"
DEMONYM = re.compile(rf"{DEMONYMS}\Z")
AFTER_HYPHEN = re.compile(rf" - [A-Z][a-z]*{DEMONYMS} [a-z]")
POSSESSIVE = re.compile(r" ['’](?<=[a-z] .) ?(?=s\b(?! of))")
MARKS_ALIKE = bytes.maketrans(b",;:!?", b".....")
NO_BLANK = re.compile(r"[,;:!?.](?=[A-Z])(?<=[a-z]{2}.)(?=([A-Z][a-z]+)(?![\w.@/]))")
ADDRESS = re.compile(r"[\w.-]*(?:www\.|https?:|@)[^\s]*\Z")
PADDED = re.compile(r"(?<=\w )\( [^()\n]{1,80} \)|(?<=[\w,] )\" [^\"\n]{1,60} \"(?= [\w(])")
SPACES_BEFORE_MARKS = frozenset(["fr"])


def punctuation_spacing(text: Text) -> Iterator[Span]:
    """Blanks gone astray around marks: "U.S. - Turkish summit", "05: 03: 17", "agreed ,", "News:On Friday".

    Not French "Pourquoi ?", not the dash of a dateline, not "chinanews.com".
    """
    string = text.string
    if ":" in text.marks and b"0: 00" in text.shape:
        for match in CLOCK.finditer(string):
            if match[3] or string[: match.start()].endswith(("at ", "-", "\n")):
                yield Span(match.start(), match.end(), match[0].replace(" ", ""), 0.95)
    if " ," in string or " ." in string:
        for match in BEFORE_MARK.finditer(string):
            yield Span(match.start(), match.end(), match[1], 0.9)
    if text.english:
        yield from english_spacing(text)
    for match in NO_BLANK.finditer(string) if b"aa.A" in text.shape.translate(MARKS_ALIKE) else ():
        if is_glued(text, match):
            yield Span(match.start(), match.end(1), f"{match[0]} {match[1]}", 0.85)


def english_spacing(text: Text) -> Iterator[Span]:
    """Spaced hyphens between peoples, apostrophes and quotation marks that drifted off."""
    string = text.string
    if "-" in text.marks and b" - Aa" in text.shape and AFTER_HYPHEN.search(string):
        for match in HYPHEN.finditer(string):
            if DEMONYM.search(match[2]) and match[2] in names() and not text.is_protected(match.start()):
                yield Span(match.start(), match.end(), f"{match[1]}-{match[2]}", 0.9)
    if ("'" in text.marks and " '" in string) or ("’" in text.marks and " ’" in string):
        for match in POSSESSIVE.finditer(string):
            yield Span(match.start(), match.end(), "'", 0.9)
    if ("(" in text.marks and "( " in string) or ('"' in text.marks and ' " ' in string):
        for match in PADDED.finditer(string):
            inner = match[0][1:-1].strip()
            yield Span(match.start(), match.end(), f"{match[0][0]}{inner}{match[0][-1]}", 0.8)


def is_glued(text: Text, match: re.Match[str]) -> bool:
    """Whether a mark between two words lacks its blank: both are words, and it is no address."""
    head = text.string[max(0, match.start() - 40) : match.start()]
    last = head.rpartition(" ")[2]
    if ADDRESS.search(head) or not (speech(last.lower()) or last.title() in names()):
        return False
    return bool(speech(match[1].lower())) or match[1] in names() or text.own_names[match[1]] > 0
