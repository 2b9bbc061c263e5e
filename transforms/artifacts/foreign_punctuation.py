"""Marks of another script's typography."""

import re
from collections.abc import Iterator

from articles import Span
from transforms.artifacts.text import Text

WIDE = re.compile(r"[\u3001\u3002\u3008-\u3011\u3014-\u301b\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]")
WIDE_RUN = re.compile(r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]+|" + WIDE.pattern)
CJK = frozenset(["zh", "ja", "ko", "yue"])
HAN = "\u3400-\u9fff\u3040-\u30ff"
NARROW = re.compile(rf"(?<=[{HAN}])[,;?!](?=[{HAN}])")
EAST_ASIAN = re.compile(rf"[{HAN}\uac00-\ud7af]")
GUILLEMETS = re.compile(r"[«»„]")
SPANISH = re.compile(r"[¿¡]")
PLAIN = frozenset("‘’“”–—…")
NARROW_FORMS = {
    "。": ".",
    "、": ",",
    "《": '"',
    "》": '"',
    "【": "[",
    "】": "]",
    "「": '"',
    "」": '"',
    "『": '"',
    "』": '"',
}
WIDE_OFFSET = 0xFEE0


def foreign_punctuation(text: Text) -> Iterator[Span]:
    """Full-width marks in a text of narrow ones, "Source：Daily", or guillemets in English.

    Not 「」 around quoted Chinese. In Chinese and Japanese the other way round: a narrow comma between two ideographs.
    """
    string = text.string
    if not text.exotic or not text.primary:
        return
    if text.primary in CJK:
        if text.primary != "ko":
            for match in NARROW.finditer(string):
                yield Span(match.start(), match.end(), chr(ord(match[0]) + WIDE_OFFSET), 0.7)
        return
    for match in WIDE_RUN.finditer(string) if WIDE_RUN.search(text.exotic) else ():
        if not beside_ideograph(string, match):
            yield Span(match.start(), match.end(), narrow(match[0]), 0.95)
    if text.english and not PLAIN.issuperset(text.exotic):
        for match in GUILLEMETS.finditer(string):
            yield Span(match.start(), match.end(), '"', 0.8)
        for match in SPANISH.finditer(string):
            yield Span(match.start(), match.end(), None, 0.5)


def beside_ideograph(string: str, match: re.Match[str]) -> bool:
    """Whether the mark stands in a stretch of East Asian text, where it belongs."""
    before = string[max(0, match.start() - 1) : match.start()]
    after = string[match.end() : match.end() + 1]
    return bool(EAST_ASIAN.match(before) or EAST_ASIAN.match(after))


def narrow(string: str) -> str:
    """The same marks in their narrow forms."""
    return "".join(
        NARROW_FORMS.get(mark) or (chr(ord(mark) - WIDE_OFFSET) if mark >= "！" else mark) for mark in string
    )
