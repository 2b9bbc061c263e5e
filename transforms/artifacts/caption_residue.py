"""Captions and labels of a page's furniture that got into the text."""

import re
from collections.abc import Iterator

from articles import Span
from transforms.artifacts.phrases import find_all
from transforms.artifacts.text import Text
from transforms.artifacts.wordforms import trait_where

PICTURES = ("map", "photo", "picture", "image", "figure")
KINDS = ("data", "information", "profile", "stock", "reference")
PICTURE = re.compile(
    r"(?:(?<=\n)|(?<=[.!?)\]\"”] )|\A)[\[(【（]?"
    rf"(?:{'|'.join(KINDS)})[ -](?:{'|'.join(PICTURES)})s? ?[:：.]",
    re.IGNORECASE,
)
AFTER_KIND = tuple(mark + picture for mark in " -" for picture in PICTURES)
HEADING = re.compile(
    r"\b(?:(?:original|source) (?:caption|title|headline)|(?:image|picture|photo|figure|video) source) ?[:：]",
    re.IGNORECASE,
)
AFTER_HEADING = (
    r"(?:(?<=caption.)|(?<=title.)|(?<=headline.)|(?<=source.)"
    r"|(?<=caption .)|(?<=title .)|(?<=headline .)|(?<=source .))"
)
COLONS = {mark: re.compile(mark + AFTER_HEADING, re.IGNORECASE) for mark in ":："}
LABELS = ("caption", "title", "headline", "source", "screenshot")
LABEL = trait_where(lambda word: any(map(word.lower().__contains__, LABELS)))
PICTURED = trait_where(lambda word: word.lower() in KINDS)
LONGEST_HEADING = 24
SOURCE_OF = re.compile(r"\bsource of (?:the )?(?:image|picture|photo) ?[:：]", re.IGNORECASE)
SCREENSHOT = re.compile(
    r"\b(?:video|network|web|news|official)[\w ]{0,40} (?:video )?screenshots?(?=[.\n]|\Z)"
    r"|\bscreenshot of [\w ]{2,40}(?= ?[:：.\n]|\Z)",
    re.IGNORECASE,
)
CHINESE = re.compile(r"资料图|原标题|图片来源|视频截图")


def caption_residue(text: Text) -> Iterator[Span]:
    """A caption's label rendered word for word: "Data map: the port", "Original caption: …".

    Not "File photo: the port", nor a story on data maps. Yields the label alone.
    """
    if not text.english:
        return
    if text.traits & PICTURED and has_picture(text.lowered):
        yield from (Span(*match.span(), None, 0.85) for match in PICTURE.finditer(text.string))
    if text.traits & LABEL:
        yield from headings(text)
        if "source of " in text.lowered:
            yield from (Span(*match.span(), None, 0.85) for match in SOURCE_OF.finditer(text.string))
        if "screenshot" in text.lowered:
            yield from (Span(*match.span(), None, 0.85) for match in SCREENSHOT.finditer(text.string))
    if text.exotic:
        yield from (Span(*match.span(), None, 0.9) for match in CHINESE.finditer(text.string))


def has_picture(lowered: str) -> bool:
    """Whether the two words of a picture's label stand side by side: much cheaper than the pattern."""
    return any(
        lowered.startswith(AFTER_KIND, at + len(kind))
        for kind in KINDS
        if kind in lowered
        for at in find_all(lowered, kind)
    )


def headings(text: Text) -> Iterator[Span]:
    """Labels that end in a colon, looked for before colons alone."""
    for colon in [pattern for mark, pattern in COLONS.items() if mark in text.marks]:
        for end in [match.end() for match in colon.finditer(text.string)]:
            for match in HEADING.finditer(text.string, max(0, end - LONGEST_HEADING), end):
                yield Span(*match.span(), None, 0.85)
