"""Words left in the source's script."""

import re
from collections.abc import Iterator

from articles import Span
from transforms.artifacts.text import Text

SCRIPTS = {
    "han": "\u3005\u3400-\u4dbf\u4e00-\u9fff",
    "kana": "\u3041-\u3096\u30a1-\u30fa\u30fc",
    "hangul": "\u1100-\u11ff\uac00-\ud7af",
    "cyrillic": "\u0400-\u052f",
    "arabic": "\u0620-\u06ff",
    "hebrew": "\u05d0-\u05ea",
    "thai": "\u0e01-\u0e4e",
    "devanagari": "\u0900-\u0963",
}
OWN = {
    "zh": ("han",), "yue": ("han",), "ja": ("han", "kana"), "ko": ("hangul", "han"), "ar": ("arabic",),
    "fa": ("arabic",), "ur": ("arabic",), "ps": ("arabic",), "ku": ("arabic",), "he": ("hebrew",),
    "yi": ("hebrew",), "th": ("thai",),
    "hi": ("devanagari",), "mr": ("devanagari",), "ne": ("devanagari",),
    **dict.fromkeys(["ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg", "uz", "bs"], ("cyrillic",)),
}  # fmt: skip
"""The scripts a language is written in, beside Latin."""
ANY = re.compile("[" + "".join(SCRIPTS.values()) + "]")
MOSTLY = 0.3
GLOSS_BEFORE = re.compile(r"[(（\[【\"“‘《「]\s?\Z")


def source_script_residue(text: Text) -> Iterator[Span]:
    """A word left in the source's script: "the 新冠 epidemic", but not the original name in brackets, "Wuhan (武汉)".

    A text that holds a third or more of another script is bilingual and gets no tag.
    """
    string = text.string
    if not text.exotic or not text.primary or not ANY.search(text.exotic):
        return
    foreign = "".join(letters for name, letters in SCRIPTS.items() if name not in OWN.get(text.primary, ()))
    run = re.compile(rf"[{foreign}]+(?:[ ·、，]?[{foreign}]+)*")
    runs = list(run.finditer(string))
    if sum(match.end() - match.start() for match in runs) > MOSTLY * len(string):
        return
    for match in runs:
        if not GLOSS_BEFORE.search(string[max(0, match.start() - 2) : match.start()]):
            yield Span(match.start(), match.end(), None, 0.9)
