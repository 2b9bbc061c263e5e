"""Which format a payload is in, by its content; its name and content type only break ties."""

import dataclasses
import re
from collections.abc import Callable, Mapping
from typing import Final

from articles import ParseError
from sources.charset import decode
from sources.json_shape import find_keys
from sources.markup_root import Root, find_root

WINDOW = 1 << 16
"""Bytes from the start that decide; what comes after never changes the answer."""


@dataclasses.dataclass(frozen=True, slots=True)
class Sample:
    """The start of a payload, as the rules see it."""

    head: bytes
    text: str
    name: str
    content_type: str
    root: Root | None
    keys: Mapping[str, str] | None
    """Keys of the JSON object the text starts with, each with its value where that is a string."""
    first: Mapping[str, str] | None
    """Those of the first object of an array, or of an object's first key `items`."""


def _find_first(text: str) -> Mapping[str, str] | None:
    opening = _LIST.match(text)
    return find_keys(text[opening.end() :]) if opening else None


def _starts(mark: bytes) -> Callable[[Sample], bool]:
    return lambda sample: sample.head.startswith(mark)


def _is_anpa1312(sample: Sample) -> bool:
    return sample.head.startswith(b"\x16\x16\x01") or _ANPA_HEADER.match(sample.head.translate(_SEVEN_BITS)) is not None


def _is_iptc7901(sample: Sample) -> bool:
    """Whether SOH comes first, or a header that lost it or has parity bits: 0x81 alone begins Japanese text, too."""
    has_mark = sample.head.startswith(b"\x01") and not sample.head.startswith(b"\x01<")  # an XML file in a frame
    return has_mark or _IPTC_HEADER.match(sample.head.translate(_SEVEN_BITS)) is not None


def _has_root(*names: str) -> Callable[[Sample], bool]:
    return lambda sample: sample.root is not None and sample.root.name in names


def _is_json_feed(sample: Sample) -> bool:
    keys = sample.keys or {}
    return "jsonfeed.org" in keys.get("version", "") or ("items" in keys and "title" in keys and "version" in keys)


def _is_ninjs(sample: Sample) -> bool:
    """Whether an item has a `uri`, or Superdesk's `guid` with a property of ninjs; an object a line is none of it."""
    if _OBJECTS.match(sample.text):
        return False
    items = [{key.lower() for key in keys} for keys in (sample.keys, sample.first) if keys]
    return any(
        "body" not in keys and ("uri" in keys or ("guid" in keys and bool(keys & _NINJS_NAMES))) for keys in items
    )


def _is_lines(sample: Sample) -> bool:
    """Whether objects stand one a line: a document would put nothing but the brace on its first line."""
    if sample.name.endswith((".jsonl", ".ndjson")) and not _is_wide(sample):
        return True
    first = sample.text.lstrip().partition("\n")[0].rstrip()
    return sample.keys is not None and first not in {"{", "["} and not first.startswith("[") and not _is_wide(sample)


def _is_document(sample: Sample) -> bool:
    named = sample.name.endswith(".json") and sample.text.lstrip().startswith(("[", "{"))
    return named or sample.keys is not None or _ARRAY.match(sample.text) is not None


def _is_wide(sample: Sample) -> bool:
    return b"\0" in sample.head[:8]


def _is_html(sample: Sample) -> bool:
    if sample.root is not None and (sample.root.is_html or _HTML_NAMES.fullmatch(sample.root.name)):
        return True
    hinted = sample.name.endswith((".html", ".htm", ".xhtml")) or sample.content_type.startswith("text/html")
    return hinted and "<" in sample.text


def _is_email(sample: Sample) -> bool:
    header = re.split(r"\r?\n\r?\n", sample.text.lstrip("\r\n"), maxsplit=1)[0]
    fields = {line.partition(":")[0].lower() for line in header.splitlines() if _FIELD.match(line)}
    starts = _FIELD.match(header) is not None or header.startswith("From ")
    return (
        starts and len(fields & _MAIL_FIELDS) >= 2 and bool(fields & {"from", "received", "message-id", "return-path"})
    )


def _is_text(sample: Sample) -> bool:
    if sample.root is not None or sample.head.startswith(_BINARY) or sample.text.lstrip().startswith("<!--"):
        return False
    controls = len(_CONTROLS.findall(sample.text))
    return "\0" not in sample.text and controls * 100 <= len(sample.text)


_HTML_NAMES = re.compile(
    r"a|article|b|body|br|center|div|em|font|h[1-6]|head|html|i|img|main|meta|p|script|section|span|strong|style|table|title",
    re.IGNORECASE,
)
_FIELD = re.compile(r"[!-9;-~]+:")
_MAIL_FIELDS = frozenset(
    ["from", "to", "date", "subject", "message-id", "mime-version", "received", "return-path", "content-type", "sender"]
)
_BINARY = (b"%PDF-", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PAR1", b"\x7fELF", b"\xd0\xcf\x11\xe0", b"RIFF")
_SEVEN_BITS = bytes(byte & 0x7F for byte in range(256))
_ANPA_HEADER = re.compile(rb"\x16\x16\x01[A-Za-z]\d{3,4}(?!\d)")
_IPTC_HEADER = re.compile(
    rb"[\x00\x16\s]*\x01?[A-Za-z]{1,8}\d{2,6} +[A-Za-z\d] +[A-Za-z\d]{1,5} +\d{1,6}(?: [^\r\n]{0,120})?(?:[\r\n]|$)"
)
_NINJS_NAMES = frozenset(["headline", "versioncreated", "body_html"])
_JSON = re.compile(r'\s*(?:\{\s*(?:["}]|$)|\[\s*(?:["\[{\]]|$))')
_OBJECTS = re.compile(r"\s*\{[^\n]*\}[ \t\r]*\n\s*\{")
"""An object that ends where its line does, and another one on the next: no JSON document goes on so."""

_ARRAY = re.compile(r"\s*\[\s*[\[{\]]")
_LIST = re.compile(r'\s*(?:\{\s*"items"\s*:\s*)?\[')
_PACKED = re.compile(r"\.(?:gz|bz2|xz|zst)$")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")

RULES: Final[Mapping[str, Callable[[Sample], bool]]] = {
    "warc": _starts(b"WARC/1."),
    "anpa1312": _is_anpa1312,
    "iptc7901": _is_iptc7901,
    "newsml-g2": _has_root(
        "newsMessage",
        "newsItem",
        "packageItem",
        "conceptItem",
        "knowledgeItem",
        "planningItem",
        "catalogItem",
        "itemSet",
        "itemMeta",
        "contentMeta",
        "contentSet",
        "groupSet",
    ),
    "newsml-1": _has_root("NewsML", "NewsItem"),
    "nitf": _has_root("nitf"),
    "atom": _has_root("feed", "entry"),
    "rss": _has_root("rss", "RDF", "rdf", "channel", "CHANNEL", "RSS", "item"),
    "ninjs": _is_ninjs,
    "json-feed": _is_json_feed,
    "jsonl": _is_lines,
    "json": _is_document,
    "html": _is_html,
    "email": _is_email,
    "text": _is_text,
}
"""What each format looks like. The first rule that holds decides."""


def sniff(payload: bytes, name: str = "", content_type: str | None = None) -> str:
    """Name the format of a payload, by its first 64 KiB; raises `ParseError` where it is none we know.

    >>> sniff(b'<?xml version="1.0"?><!-- a feed --><rss version="2.0">')
    'rss'
    """
    head = payload[:WINDOW]
    text = decode(head, content_type)[0].lstrip("\ufeff")
    if not text.strip():
        raise ParseError("empty", "the payload is empty")
    name = _PACKED.sub("", name.lower())
    root = None if _JSON.match(text) else find_root(text)
    sample = Sample(head, text, name, (content_type or "").lower(), root, find_keys(text), _find_first(text))
    for source_format, holds in RULES.items():
        if holds(sample):
            return source_format
    found = f"root element {sample.root.name!r}" if sample.root else f"first bytes {head[:16]!r}"
    raise ParseError("unknown-format", f"no format we know: {found}")
