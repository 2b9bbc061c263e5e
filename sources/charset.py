"""Bytes to text: which charset they say they are in, which they are in, and what was done about it.

Labels mean what the WHATWG Encoding Standard says (https://encoding.spec.whatwg.org/#names-and-labels):
gb2312 is gb18030, iso-8859-1 is windows-1252, shift_jis is cp932.
"""

import codecs
import re
from collections.abc import Iterator

import cchardet
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

from articles import Encoding

DETECTION_WINDOW = 1 << 18
"""Bytes that a detector sees: enough for any language, and bounded time for any size."""

_REFUSED = re.compile(
    r"(?:base64|bz2|hex|idna|mbcs|oem|punycode|quopri|(?:raw-)?unicode-escape|rot-?13|undefined|utf-7|uu|zlib)"
)
"""Python codecs that are no charset of a document, or that smuggle markup."""

_EBCDIC_XML = b"\x4c\x6f\xa7\x94"
_WIDE = (
    (re.compile(rb"(?:[\x01-\x7f]\x00){2}"), "utf-16-le"),
    (re.compile(rb"(?:\x00[\x01-\x7f]){2}"), "utf-16-be"),
    (re.compile(rb"[\x01-\x7f]\x00\x00\x00"), "utf-32-le"),
    (re.compile(rb"\x00\x00\x00[\x01-\x7f]"), "utf-32-be"),
)
_MULTIBYTE = re.compile(r"(?:big5.*|cp9(?:32|49|50)|euc_.*|gb.*|hz|iso2022_.*|johab|shift_.*)")
_ESCAPES = re.compile(rb"\x1b(?:\$[@B]|\([BJ])")
_C1 = re.compile(rb"[\x80-\x9f]")
_WINDOWS = {"iso8859-2": "cp1250", "iso8859-7": "cp1253", "iso8859-9": "cp1254", "iso8859-13": "cp1257"}
"""Charsets of Microsoft's that text takes for an ISO one, apart from bytes 80 to 9f, which ISO has no letters for."""
_LATIN = re.compile(r"iso8859-(?:[1-49]|1[03456])|cp125[0478]|mac.*|cp85[02]")
_LATIN_CONFIDENCE = 0.75
"""Below it, Latin script is windows-1252, by far the most frequent: which gained most on sentences of 25 languages."""
_MAX_BROKEN = 0.1
"""The share of broken sequences up to which a declared multi-byte charset is believed."""


def _keep_byte(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that a charset has no character for as windows-1252, else as C1 controls (WHATWG)."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    broken = error.object[error.start : error.end]
    return "".join(_CP1252[byte] for byte in broken), error.end


_CP1252 = [bytes([n]).decode("cp1252", "ignore") or chr(n) for n in range(256)]
codecs.register_error("newsbeam-cp1252", _keep_byte)


def decode(payload: bytes, content_type: str | None = None, declared: str | None = None) -> tuple[str, Encoding]:
    r"""Turn any bytes into text, and say how. Never raises; a byte order mark is not part of the text.

    What is asked, in order: the byte order mark, `declared` (a format's own header), the `charset` of
    the HTTP `content_type`, the XML declaration or meta tag, the bytes themselves. A declaration that
    the bytes contradict is not followed, and `repair` tells: `declaration-ignored`, `bytes-replaced`
    (some became U+FFFD), `mixed-windows-1252` (stray single bytes in UTF-8 text).

    >>> decode("Ankara’s".encode(), "text/xml; charset=iso-8859-1")
    ('Ankara’s', Encoding(declared='cp1252', used='utf-8', repair='declaration-ignored'))
    """
    bom, mark = read_bom(payload)
    if bom and mark:
        text = payload[len(mark) :].decode(bom, "replace")
        return text, Encoding(bom, bom, "bytes-replaced" if "\ufffd" in text else None)
    labels = list(dict.fromkeys(_declarations(payload, content_type, declared)))
    said = labels[0] if labels else None
    if wide := _wide(payload, said):
        repair = None if said in {None, wide} else "declaration-ignored"
        return payload.decode(wide, "replace"), Encoding(said, wide, repair)
    if payload.isascii() and not _ESCAPES.search(payload[:DETECTION_WINDOW]):
        return payload.decode("ascii"), Encoding(said, "utf-8" if said is None else said)
    text, used, repair = _decode_narrow(payload, labels)
    if repair is None and said is not None and used != said:
        repair = "declaration-ignored"
    return text, Encoding(said, used, repair)


def _declarations(payload: bytes, content_type: str | None, declared: str | None) -> Iterator[str]:
    if declared and (name := known(declared)):
        yield name
    over_http, inside = http_content_type_encoding(content_type), html_body_declared_encoding(payload[:4096])
    if over_http == "cp1252" and inside:  # the default of old servers, which says nothing
        over_http, inside = inside, over_http
    for name in (over_http, inside):
        if name and (name := known(name)):
            yield name


def known(label: str) -> str | None:
    """The codec a charset label stands for, or None where it stands for no charset of a document."""
    name = resolve_encoding(label.strip()[:64]) if label.isascii() and "\0" not in label else None
    if name is None or _REFUSED.fullmatch(name.replace("_", "-")):
        return None
    # The declaration was read as ASCII, so these can't be true: https://html.spec.whatwg.org/#prescan
    return "utf-8" if name.startswith(("utf-16", "utf-32", "utf-8")) else name


def _wide(payload: bytes, said: str | None) -> str | None:
    """The codec of text without a byte order mark whose characters take two or four bytes, or EBCDIC."""
    if payload.startswith(_EBCDIC_XML):
        return "cp037"
    if said not in {None, "utf-8"} or b"\0" not in payload[:4]:
        return None
    return next((name for pattern, name in reversed(_WIDE) if pattern.match(payload)), None)


def _decode_narrow(payload: bytes, labels: list[str]) -> tuple[str, str, str | None]:
    """Text, codec and repair of bytes that are neither ASCII nor of wide characters."""
    multibyte = [label for label in labels if label == "utf-8" or _MULTIBYTE.fullmatch(label)]
    exact = _decode_exactly(payload, multibyte)
    if exact is not None:
        return *exact, None
    for label in labels:
        if label not in multibyte:
            return payload.decode(label, "newsbeam-cp1252"), label, None
    for label in multibyte:
        if (mended := _mostly(payload, label)) is not None:
            return mended[0], label, mended[1]
    detected = detect(payload)
    if (text := _strictly(payload, detected)) is not None:
        return text, detected, None
    if (mended := _mostly(payload, "utf-8")) is not None:
        return mended[0], "utf-8", mended[1]
    if _MULTIBYTE.fullmatch(detected):
        return payload.decode(detected, "replace"), detected, "bytes-replaced"
    return payload.decode(detected, "newsbeam-cp1252"), detected, None


def _decode_exactly(payload: bytes, multibyte: list[str]) -> tuple[str, str] | None:
    """Text and codec where a charset in which few byte strings are valid fits, UTF-8 before all others.

    Other charsets' texts are valid UTF-8 by chance only where they are short: there the label counts.
    """
    as_utf8 = None if _ESCAPES.search(payload[:DETECTION_WINDOW]) else _strictly(payload, "utf-8")
    if as_utf8 is not None and (len(payload) >= 64 or not multibyte or multibyte[0] == "utf-8"):
        return as_utf8, "utf-8"
    for label in multibyte:
        if (text := _strictly(payload, label)) is not None:
            return text, label
    return None if as_utf8 is None else (as_utf8, "utf-8")


def _strictly(payload: bytes, codec: str) -> str | None:
    try:
        return payload.decode(codec)
    except (UnicodeError, LookupError):
        return None


def _mostly(payload: bytes, codec: str) -> tuple[str, str] | None:
    """Text of a multi-byte charset with a few broken bytes, and the repair; None where it is not that charset."""
    text = payload.decode(codec, "replace")
    wide = sum(map(len, re.findall(r"[^\x00-\x7f\ufffd]+", text)))
    if text.count("\ufffd") > _MAX_BROKEN * max(wide, 1) + 1 or not wide:
        return None
    if codec == "utf-8":
        return payload.decode(codec, "newsbeam-cp1252"), "mixed-windows-1252"
    return text, "bytes-replaced"


def detect(payload: bytes) -> str:
    """The charset the bytes look like; windows-1252, which every byte string is, where nothing fits.

    >>> detect("Погода в Москве сегодня ясная".encode("koi8-r"))
    'koi8-r'
    """
    window = payload[:DETECTION_WINDOW]
    first = re.search(rb"[\x80-\xff\x1b]", payload)
    if first and first.start() > DETECTION_WINDOW // 2:
        window = payload[max(0, first.start() - 1024) :][:DETECTION_WINDOW]
    found = cchardet.detect(window)
    name = known(found["encoding"] or "") or "cp1252"
    if name.startswith("iso8859") and _C1.search(window):
        name = _WINDOWS.get(name, "cp1252")
    if _LATIN.fullmatch(name) and (found["confidence"] or 0) < _LATIN_CONFIDENCE:
        return "cp1252"
    return name
