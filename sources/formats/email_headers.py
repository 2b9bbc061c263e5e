"""Header fields of messages: encoded words, undeclared bytes, senders."""

import base64
import quopri
import re
from email.utils import parseaddr

from sources.charset import decode, known
from sources.formats.email_text import WORDS

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_NO_DIGIT = re.compile(rb"[^A-Za-z0-9+/]")
_FOR_HOUSE = re.compile(
    rf"(.{{1,80}}?)\s+(?:{'|'.join(map(re.escape, WORDS['for_house']))})\s+(.{{1,120}})", re.IGNORECASE
)
_MAILBOXES = frozenset(WORDS["mailbox"])
_LETTERS = re.compile(r"[^\W\d_]+")
_MAX_SENDER = 500


def decode_words(text: str) -> str:
    """Read encoded words (RFC 2047), those that break the grammar too.

    Words of one charset that follow each other are joined before they are decoded: many programs cut
    characters in two.

    >>> decode_words("=?utf-8?q?M=C3?= =?utf-8?q?=BCller?= says")
    'Müller says'
    """
    pieces: list[str] = []
    pending, charset, end = b"", "", 0
    for word in _WORD.finditer(text):
        between = text[end : word.start()]
        name = word[1].partition("*")[0].lower()
        if pending and (between.strip() or name != charset):
            pieces.append(_text(pending, charset))
            pending = b""
        if between.strip() or not end:
            pieces.append(between)
        pending, charset, end = pending + _content(word[2], word[3]), name, word.end()
    if pending:
        pieces.append(_text(pending, charset))
    return "".join(pieces) + text[end:]


def _text(content: bytes, charset: str) -> str:
    return decode(content, declared=charset if known(charset) else "windows-1252")[0]


def _content(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return quopri.decodestring(raw, header=True)
    digits = _NO_DIGIT.sub(b"", raw)
    digits = digits[:-1] if len(digits) % 4 == 1 else digits  # six bits are no byte
    return base64.b64decode(digits + b"=" * (-len(digits) % 4))


def mend(text: str, charset: str | None = None) -> str:
    """Text whose undeclared bytes, likely of `charset`, the standard library's parser kept as surrogates."""
    if text.isascii():
        return text
    if not any("\udc80" <= char <= "\udcff" for char in text):
        return text
    return decode(
        text.encode("utf-8", "surrogateescape"), declared=charset if charset and known(charset) else "windows-1252"
    )[0]


def list_name(value: str) -> str:
    """The phrase of a `List-Id` (RFC 2919)."""
    return _address(value)[0]


def _address(sender: str) -> tuple[str, str]:
    """Name and address of the first sender, "" where the grammar is broken beyond reading."""
    try:
        return parseaddr(sender[:_MAX_SENDER])
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):
        return "", ""


def read_sender(sender: str, house: str = "") -> tuple[tuple[str, ...], str | None]:
    """Authors and publisher by a `From` value and the house that other headers name.

    A sender is a person where their mailbox is named after them, or where they write for a house.

    >>> read_sender("Ana Ruiz <ana.ruiz@example.org>"), read_sender("The Example <news@example.org>")
    ((('Ana Ruiz',), None), ((), 'The Example'))
    >>> read_sender("Ana Ruiz from The Example <letters@example.org>")
    (('Ana Ruiz',), 'The Example')
    """
    name, address = _address(sender)
    name = name.strip(" \"'")
    if match := _FOR_HOUSE.fullmatch(name):
        return (match[1],), match[2]
    mailbox = address.partition("@")[0].lower()
    if not name:
        return (), house or address.partition("@")[2] or None
    parts = {part.casefold() for part in _LETTERS.findall(name) if len(part) > 1}
    boxes = {part.casefold() for part in _LETTERS.findall(mailbox)}
    last = name.split()[-1].casefold()
    personal = len(parts) >= 2 and (bool(parts & boxes) or mailbox.endswith(last)) and mailbox not in _MAILBOXES
    is_house = (
        any(part in address.partition("@")[2].lower() for part in parts if len(part) > 3) and not len(parts & boxes) > 1
    )
    if personal and not is_house:
        return (name,), house or None
    return (), house or name
