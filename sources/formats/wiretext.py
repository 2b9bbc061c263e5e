"""What telegraph formats share: 7-bit transmission, control characters, hard-wrapped lines, status words."""

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Iterator

from articles import Article, Encoding, Origin, ParseError, Status
from sources.charset import decode

_PARITY = bytes(byte.bit_count() & 1 for byte in range(256))
_STRIPPED = bytes(byte & 0x7F for byte in range(256))
_PARITY_SHARE = 16
"""One byte in this many, at least, has its high bit set where the high bit is parity (half have it)."""

_LATIN = frozenset(
    ("cp1250", "cp1254", "cp1257", "cp1258", *(f"iso8859-{part}" for part in (2, 3, 4, 9, 10, 13, 14, 16)))
)
_INSIDE_WORDS = re.compile(r"[^\W\d_][¡-©«-¹»-¿×÷\ufffd]|[¡-©¬-¹¼-¾×÷\ufffd][^\W\d_]")
_ELSEWHERE = re.compile(r"[õûþðý]")
_AT_HOME = re.compile(r"[àãåæçèêñòø]", re.IGNORECASE)

_LINE_END = re.compile(r"\r*\n|\r+")
_INSTRUCTION = re.compile(r"\x0c[^\x0b\x0c]{0,200}\x0b")
_KILLED_WORD = re.compile(r"[^\s\x18]{1,100}[ ]?\x18|\x18")
_COLUMN = re.compile(r"[\x1f\x08]")
_SPACE_BAND = "\x10"
_DROPPED = re.compile(r"[\x00\x05-\x07\x0b\x0c\x0e-\x15\x17-\x1e\x7f]")
_INDENT = re.compile(r"^[ \t]+")
_TABULAR = re.compile(r"\S(?: {3,}|\t)\S|;[^;\n]{0,200};[^;\n]{0,200};")

_KILL = re.compile(r"\bKILL\b(?:\W{1,5}KILL\b){2}|\b(?:BULLETIN|MANDATORY|URGENT)\s+KILL\b|\bSTORY WITHDRAWN\b")
_HOLD = re.compile(r"\bHOLD\b(?:\W{1,5}HOLD\b){2}|\bHOLD FOR RELEASE\b", re.IGNORECASE)
_EMBARGO = re.compile(
    r"(?:^[^\w\n]{0,20}(?:(?:strict(?:ly)?|under|news|sous|bajo)[ ])?embarg(?:o(?:ed)?|ad[oa])\b"
    r"(?=[ ]?(?:[:!.)(–—-]|\d|$)|[ ](?:until|till|to|for|on|bis|jusqu|hasta|fino)\b)"
    r"|\bstrictly[ ]embargoed\b|\bunder[ ]embargo[ ](?:until|till)\b"
    r"|\bembargoed[ ](?:until|till|to|for)\b|\bsperrfrist\b"
    r"|^[^\w\n]{0,20}for[ ]release\b(?![ ](?:of|immediately|now)\b)"
    r"|\bnot[ ]for[ ](?:release|publication|use)[ ](?:before|until)\b).{0,200}",
    re.IGNORECASE | re.MULTILINE,
)
"""Lines and notes that put a text under embargo, not ones that tell of an arms embargo or a hostage's release."""

_LIFTED = re.compile(
    r"\b(?:embargo|sperrfrist)\w*\b.{0,40}\b(?:lifted|over|off|ended|expired|removed|aufgehoben|abgelaufen)\b"
    r"|\b(?:lift(?:s|ed|ing)?|no|without|removes)\b.{0,20}\bembargo",
    re.IGNORECASE,
)
_ADVANCE = re.compile(r"(?:\$|\b)Adv(?:ance for)?[ ]?\d{1,2}(?:[-/]\d{1,2})?\b|\$Adv\b", re.IGNORECASE)


def read(payload: bytes, content_type: str | None = None) -> tuple[str, Encoding]:
    r"""The text of a transmission: parity bits off, lines ended by `\n`, typesetting instructions carried out.

    The characters that frame messages (SOH, STX, ETX, EOT, SYN) stay. The C0 set is that of ISO-IR 26
    and IPTC 7901: SCD to ECD is an instruction to a typesetter, KW kills the word before it, US and
    BS go to the next column, the space band is a blank; fonts and rails say nothing about the words.
    """
    repair = None
    if has_parity(payload):
        payload, repair = payload.translate(_STRIPPED), "parity-stripped"
    source, encoding = decode(payload, content_type)
    if encoding.used in _LATIN and _is_western(payload):
        source, encoding = payload.decode("cp1252", "replace"), Encoding(encoding.declared, "cp1252", encoding.repair)
    source = _KILLED_WORD.sub("", _INSTRUCTION.sub("", _LINE_END.sub("\n", source)))
    clean = _DROPPED.sub("", _COLUMN.sub("\t", source.replace(_SPACE_BAND, " ")))
    return clean, Encoding(encoding.declared, encoding.used, repair or encoding.repair)


def read_messages(
    payload: bytes, origin: Origin, read_message: Callable[[str, int, Encoding], Article]
) -> Iterator[Article | ParseError]:
    """Each message of a transmission, from SOH to SOH; without any SOH the whole is one message."""
    source, encoding = read(payload, origin.content_type)
    before, *messages = source.split("\x01")
    if not messages and before.strip():
        messages = [before]
    if not any(message.strip() for message in messages):
        raise ParseError("empty", "a transmission without messages")
    for index, message in enumerate(messages, origin.first_item):
        try:
            yield read_message(message, index, encoding)
        except ParseError as error:
            own = message.encode() if len(messages) > 1 else None
            yield ParseError(error.reason, f"item {index}: {error.message}", item_index=index, payload=own)


def _is_western(payload: bytes) -> bool:
    """Whether bytes that a detector took for another Latin charset make words in windows-1252, which most wires are in.

    Polish or Czech read as windows-1252 has signs inside words (`±`, `³`, `¹`); Hungarian and Turkish
    have its rarer letters and none of the common ones.
    """
    words = payload.decode("cp1252", "replace")
    return not _INSIDE_WORDS.search(words) and (not _ELSEWHERE.search(words) or _AT_HOME.search(words) is not None)


def has_parity(payload: bytes) -> bool:
    """Whether the high bit of every byte is a parity bit: all bytes are of even parity, or all of odd."""
    sample = payload[:4096]
    high = sum(byte > 0x7F for byte in sample)
    return len(sample) >= 32 and high * _PARITY_SHARE > len(sample) and len(set(sample.translate(_PARITY))) == 1


def paragraphs(lines: list[str]) -> list[str]:
    """Hard-wrapped lines as paragraphs.

    A blank line or an indented line begins a paragraph; lines in columns (tables, results) keep
    their line ends; the other lines of a paragraph run on.

    >>> paragraphs(["   One line", "runs on.", "   Next."])
    ['One line runs on.', 'Next.']
    """
    found: list[str] = []
    current: list[str] = []
    tabular = False
    for line in lines:
        bare = line.strip()
        columns = _TABULAR.search(bare) is not None
        if not bare or columns != tabular or (_INDENT.match(line) and not columns):
            found.extend(_joined(current, tabular))
            current = []
        if bare:
            current.append(bare)
            tabular = columns
    found.extend(_joined(current, tabular))
    return found


def announced_status(lines: list[str]) -> tuple[Status, str | None]:
    """The status that the lines above a text announce, and when an embargo ends, in their words.

    An embargo in words alone is no time yet, so the item is withheld until somebody can tell.
    """
    announcement = "\n".join(lines)
    embargo = _EMBARGO.search(announcement) or _ADVANCE.search(announcement)
    until = embargo.group().strip(" <=^()[]*+-") if embargo else None
    if _KILL.search(announcement):
        return "canceled", until
    return ("withheld" if until or _HOLD.search(announcement) else "usable"), until


def keep_embargo(article: Article) -> Article:
    """Withhold an item that would pass for usable although it is under an embargo whose end nobody can read.

    That is one whose time is no date (ISO 8601), or one that only a note to editors speaks of. A note that an
    embargo is lifted changes nothing; an embargo with a time ends by itself.
    """
    until = article.embargo_raw
    if until is None:
        note = article.editors_note or ""
        embargo = _EMBARGO.search(note)
        until = embargo.group().strip(" .*()[]+-") if embargo and not _LIFTED.search(note) else None
    if until is None or article.status != "usable":
        return article if until is None else dataclasses.replace(article, embargo_raw=until)
    if article.embargo_raw is not None and _is_date(until):
        return article
    return dataclasses.replace(article, status="withheld", embargo_raw=until)


def _is_date(value: str) -> bool:
    try:
        dt.datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_announcement(line: str) -> bool:
    """Whether a line above a text speaks of an embargo, an advance, a hold or a kill."""
    return any(pattern.search(line) is not None for pattern in (_EMBARGO, _ADVANCE, _HOLD, _KILL))


def _joined(lines: list[str], tabular: bool) -> list[str]:
    if not lines:
        return []
    return ["\n".join(lines)] if tabular else [" ".join(" ".join(lines).split())]
