"""Captions and labels of a page's furniture that got into the text."""

import re
from collections.abc import Iterator

from articles import Span
from transforms.artifacts.text import Text

LABEL = re.compile(
    r"(?:(?<=\n)|(?<=[.!?)\]\"”] )|\A)[\[(【（]?"
    r"(?:data|information|profile|stock|reference)[ -](?:map|photo|picture|image|figure)s? ?[:：.]"
    r"|\b(?:original|source) (?:caption|title|headline) ?[:：]"
    r"|\b(?:image|picture|photo|figure|video) source ?[:：]|\bsource of (?:the )?(?:image|picture|photo) ?[:：]"
    r"|\b(?:video|network|web|news|official)[\w ]{0,40} (?:video )?screenshots?(?=[.\n]|\Z)"
    r"|\bscreenshot of [\w ]{2,40}(?= ?[:：.\n]|\Z)",
    re.IGNORECASE,
)
SCREENS = frozenset(["screenshot", "screenshots"])
PICTURES = frozenset(f"{word}{s}" for word in ("map", "photo", "picture", "image", "figure") for s in ("", "s"))
KINDS = frozenset(["data", "information", "profile", "stock", "reference"])
AFTER_LABEL = (
    r"(?:(?<=caption.)|(?<=title.)|(?<=headline.)|(?<=source.)"
    r"|(?<=caption .)|(?<=title .)|(?<=headline .)|(?<=source .))"
)
COLON = re.compile(":" + AFTER_LABEL)
WIDE_COLON = re.compile("：" + AFTER_LABEL)
SOURCE_OF = re.compile(r"source of (?:the )?(?:image|picture|photo)")
KIND_OF_PICTURE = re.compile(r"(?:data|information|profile|stock|reference)[ -](?:map|photo|picture|image|figure)")
CHINESE = re.compile(r"资料图|原标题|图片来源|视频截图")


def caption_residue(text: Text) -> Iterator[Span]:
    """A caption's label rendered word for word: "Data map: the port", "Original caption: …".

    Not "File photo: the port", nor a story on data maps. Yields the label alone.
    """
    if not text.english:
        return
    for match in LABEL.finditer(text.string) if may_be_labelled(text) else ():
        yield Span(match.start(), match.end(), None, 0.85)
    if text.exotic:
        for match in CHINESE.finditer(text.string):
            yield Span(match.start(), match.end(), None, 0.9)


def may_be_labelled(text: Text) -> bool:
    """Whether the words of a label stand anywhere: much cheaper than the pattern."""
    lowered = text.lowered
    if text.has_any(SCREENS) or COLON.search(lowered) or SOURCE_OF.search(lowered) or WIDE_COLON.search(lowered):
        return True
    return text.has_any(PICTURES) and text.has_any(KINDS) and bool(KIND_OF_PICTURE.search(lowered))
