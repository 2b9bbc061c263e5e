"""Make a feed's bytes safe and regular before feedparser sees them, text unchanged."""

import re

from articles import Encoding, ParseError
from sources.charset import decode

MAX_FEED = 64 << 20
"""Characters of the largest feed that is parsed."""
MAX_MARKS = 1_000_000
"""Tags in the largest feed that is parsed, about 20 s of feedparser's time."""
MAX_EXPANSION = 16 << 20
"""Characters that a document's own entities may add to it."""
MAX_PREFIXES = 200
"""Name space prefixes of the richest feed that is parsed: feedparser looks through all at each tag."""
_MAX_PROLOG = 1 << 15

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CHARACTER = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_START = re.compile(r"<\?xml\s|<(?:rss|feed|(?:\w+:)?rdf|channel)\b", re.IGNORECASE)
_PREFIX = re.compile(r"\bxmlns:([^\s=<>]+)")
_DECLARATION = re.compile(r"\s*<\?xml\s[^<>]*>", re.IGNORECASE)
_ELEMENT = re.compile(r"<\w")
_BLANKS = re.compile(r"\s+")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ENTITY = re.compile(r'<!ENTITY\s+\w+\s+"([^"]*)"')


def regularize(payload: bytes, content_type: str | None) -> tuple[bytes, Encoding]:
    """Give the feed as UTF-8 with a true declaration, without what no XML parser takes, and its encoding.

    Junk before the declaration, control characters and references to characters that don't exist go.
    Raises `ParseError` for what would cost more time or memory than any feed is worth.
    """
    text, encoding = decode(payload, content_type)
    if len(text) > MAX_FEED:
        raise ParseError("too-large", f"a feed of {len(text):,} characters, more than {MAX_FEED:,}")
    if (marks := text.count("<")) > MAX_MARKS:
        raise ParseError("too-complex", f"a feed of {marks:,} tags, more than {MAX_MARKS:,}")
    if len(prefixes := set(_PREFIX.findall(text))) > MAX_PREFIXES:
        raise ParseError("too-complex", f"a feed of {len(prefixes):,} name space prefixes, more than {MAX_PREFIXES:,}")
    text = _CHARACTER.sub(_existing, _NO_XML.sub("", text))
    begin = _START.search(text, 0, 8192)
    first = text.find("<")
    if first < 0:
        raise ParseError("not-a-feed", "no markup at all")
    text = text[begin.start() if begin and begin.group().startswith("<?") else first :]
    text = text[declared.end() :] if (declared := _DECLARATION.match(text)) else text
    root = _ELEMENT.search(text)
    prolog, text = (text[: root.start()], text[root.start() :]) if root else ("", text)
    prolog = _regularize_prolog(prolog, text)
    return f"<?xml version='1.0' encoding='utf-8'?>\n{prolog}{text}".encode(), encoding


def _existing(reference: re.Match[str]) -> str:
    """Keep a reference to a character of XML, else put the replacement character in its place."""
    hexadecimal, decimal = reference.groups()
    digits = (hexadecimal or decimal).lstrip("0") or "0"
    if len(digits) > 7:
        return "\ufffd"
    number = int(digits, 16 if hexadecimal else 10)
    if number in {9, 10, 13} or 0x20 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0x10000 <= number < 0x110000:
        return reference.group()
    return "" if number < 0x20 else "\ufffd"


def _regularize_prolog(prolog: str, text: str) -> str:
    """Keep the document type but no comments, and each run of blanks as one: patterns over it stay linear."""
    prolog = _BLANKS.sub(lambda run: "\n" if "\n" in run.group() or "\r" in run.group() else " ", prolog)
    if len(prolog) > _MAX_PROLOG:
        return ""
    prolog, opened, comment = _COMMENT.sub("", prolog).partition("<!--")
    longest = max((len(value) for value in _ENTITY.findall(prolog)), default=0)
    if longest * text.count("&") > MAX_EXPANSION:
        raise ParseError("entity-bomb", f"an entity of {longest:,} characters, referred to many times")
    lines = prolog.replace("<!DOCTYPE", "\n<!DOCTYPE").replace("<!ENTITY", "\n<!ENTITY")
    return lines + opened + comment
