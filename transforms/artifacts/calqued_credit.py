"""Desk credits rendered word for word."""

import re
from collections.abc import Iterator

from articles import Span
from transforms.artifacts.text import Text
from transforms.artifacts.wordforms import trait_where

CALQUE = re.compile(
    r"\b(?:responsib(?:le|ility)|duty|charge) editors?\b|\beditors?[- ]in[- ]charge\b|\beditor responsible\b"
    r"|\b(?:article|this article|text) source ?[:：]|\bsource of (?:this|the) article ?[:：]"
    r"|\b(?:source|author) ?[:：][^\n]{1,80}?\b(?:executive|commissioning) editor ?[:：]",
    re.IGNORECASE,
)
STAFF_ID = re.compile(r"(?<=[\s_,(:])(?:n[bntfe]|nbjs)[a-z]{0,2}\d{3,5}\b", re.IGNORECASE)
SOURCE = re.compile(r"source(?= ?[:：]| of )")
LABEL = trait_where(lambda word: any(map(word.lower().__contains__, ("editor", "source"))))
LINE_LIMIT = 240


def calqued_credit(text: Text) -> Iterator[Span]:
    """A desk credit rendered word for word: "editor in charge of overseas website: Wu Min", but not "Editor: Wu Min".

    Yields the line the credit stands on. Only a line that is short, or ends with the credit, counts:
    a story may be about an editor in charge.
    """
    if text.field != "body" or not text.english or not text.traits & LABEL:
        return
    if not ("editor" in text.lowered or SOURCE.search(text.lowered)):
        return
    for start, end in text.paragraphs:
        if end - start > LINE_LIMIT:
            continue
        line = text.string[start:end]
        match = CALQUE.search(line)
        if match and (":" in line or "：" in line or STAFF_ID.search(line)):
            yield Span(start, end)
