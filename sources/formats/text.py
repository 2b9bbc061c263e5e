"""Plain text, one article a file: the first line is the title."""

import re
from collections.abc import Iterator

from articles import Article, Origin, ParseError
from sources.charset import decode

MAX_TEXT = 16 << 20
"""Bytes of the longest text that is taken for one article."""

_LINE_END = re.compile(r"\r\n?|\n")


def parse(payload: bytes, origin: Origin) -> Iterator[Article | ParseError]:
    """Take the first line that is not blank as the title and what follows as the body, words unchanged."""
    if len(payload) > MAX_TEXT:
        raise ParseError("too-large", f"{len(payload):,} bytes of text, more than {MAX_TEXT:,}")
    text, encoding = decode(payload, origin.content_type)
    title, _, body = _LINE_END.sub("\n", text).lstrip("\ufeff \t\n\x0b\x0c").partition("\n")
    if not title.strip():
        raise ParseError("empty", f"{origin.uri} holds no text")
    yield Article(title=title.strip(), body=body.strip("\n").rstrip(), encoding=encoding, item_index=origin.first_item)
