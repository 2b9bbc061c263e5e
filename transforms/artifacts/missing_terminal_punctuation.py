"""Paragraphs of prose that stop without a full stop."""

import re
from collections.abc import Iterator

from articles import Span
from transforms.artifacts.lexicon import function_words, speech
from transforms.artifacts.text import Text

TAKE_MARKERS = frozenset(["more", "more...", "ends", "reuter"])
STOPS = frozenset(".!?…\"”“'’)]:;,-–—>*。！？」』）】»")
INNER_STOP = re.compile(r"[a-z]{2}[.!?][\"”)]? [A-Z\"“]")
WHOLE = re.compile(r"[\w’'-]+")
WORD = re.compile(r"[A-Za-z][\w’'-]*")
ENOUGH_WORDS = 8
ENOUGH_PROSE = 2
MOST = 0.6
WIDE_STOPS = {"zh": "。", "ja": "。"}


def missing_terminal_punctuation(text: Text) -> Iterator[Span]:
    """A paragraph of prose without its last full stop: "he said at the conference"; not a heading or a credit.

    Most other paragraphs must end in one, and the paragraph must be a sentence: long enough, with a
    finite verb, or with a full stop inside. Yields the last word.
    """
    if text.field != "body" or not text.english or text.is_headline_case:
        return
    open_ended = [(start, end) for start, end in text.paragraphs if text.string[end - 1] not in STOPS]
    closed = len(text.paragraphs) - len(open_ended)
    if not open_ended or closed < max(ENOUGH_PROSE, MOST * len(text.paragraphs)):
        return
    title = text.other.string.strip() if text.other is not None else ""
    for start, end in open_ended:
        if title and text.string[start:end].endswith(title):
            continue
        if is_prose(text.string[start:end]) and not text.is_protected(end - 1):
            last = text.string.rfind(" ", start, end) + 1
            word = text.string[last:end]
            if word.lower() in TAKE_MARKERS or not WHOLE.fullmatch(word):
                continue
            yield Span(last, end, f"{text.string[last:end]}.", 0.8)


def is_prose(paragraph: str) -> bool:
    """Whether a paragraph is running text rather than a heading, a table's line or a credit."""
    words = WORD.findall(paragraph)
    if len(words) < ENOUGH_WORDS or "\n" in paragraph or sum(word[0].isupper() for word in words) > 0.45 * len(words):
        return False
    if INNER_STOP.search(paragraph):
        return True
    if paragraph[0].islower() or ": " in paragraph[:40]:
        return False
    verbs = [word for word in words[1:] if word in function_words("auxiliary") or set(speech(word)) - {"n"} == {"d"}]
    return len(words) >= 1.5 * ENOUGH_WORDS and bool(verbs)
