"""Sentences that open small."""

import re
from collections.abc import Iterator

from articles import Span
from transforms.artifacts.lexicon import function_words, speech
from transforms.artifacts.text import Text

STOPS = {".": b"a. a", "!": b"a! a", "?": b"a? a"}
AFTER_STOP = re.compile(r"[.!?] ([a-z]+)(?= [a-z])")
AFTER_DATELINE = re.compile(
    r"[^\n.]{2,40}?, (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? \d{1,2}(?:st|nd|rd|th)?"
    r"(?: \([\w .]{2,30}\))?,? ?(?:-{1,2}|[–—]) ([a-z]+)(?= [a-z])"
)
DASHES = ("- ", "– ", "— ")
OPENING_PARAGRAPHS = 3
OPENING = frozenset(
    [
        "the",
        "this",
        "it",
        "he",
        "she",
        "they",
        "in",
        "on",
        "at",
        "we",
        "there",
        "but",
        "however",
        "these",
        "after",
        "when",
        "according",
        "and",
    ]
)


def lowercase_sentence(text: Text) -> Iterator[Span]:
    """A sentence that opens small: "Nov. 15 - the results were few", "few results. the sides".

    Not after an abbreviation: "Corp.", "approx.".
    """
    if not text.english or text.field != "body":
        return
    dashed = not text.marks.isdisjoint("-–—") and any(map(text.string.__contains__, DASHES))
    for start, _ in text.paragraphs[:OPENING_PARAGRAPHS] if dashed else ():
        first = AFTER_DATELINE.match(text.string, start)
        if first and first[1] in OPENING:
            yield Span(first.start(1), first.end(1), first[1].capitalize(), 0.8)
    for at in sorted(at for mark, stop in STOPS.items() if mark in text.marks for at in text.find_shape(stop)):
        match = AFTER_STOP.match(text.string, at + 1)
        if match and match[1] in OPENING and not text.is_protected(match.start()):
            last = text.string[max(0, match.start() - 30) : match.start()].rpartition(" ")[2]
            if len(last) > 3 and set(speech(last)) - {"o"} and last not in function_words("preposition"):
                yield Span(match.start(1), match.end(1), match[1].capitalize(), 0.8)
