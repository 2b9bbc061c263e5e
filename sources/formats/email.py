"""Messages of RFC 5322 with MIME (.eml), and mbox files of them (RFC 4155): newsletters and wires sent by mail."""

import email.errors
import email.message
import email.policy
import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from articles import Article, Encoding, Origin, ParseError
from sources.charset import decode
from sources.formats.email_headers import decode_words, list_name, mend, read_sender
from sources.formats.email_text import WORDS, find_forwarded, to_paragraphs, unflow, without_signature

MAX_BYTES = 20_000_000
"""Of one message, attachments among them; providers refuse more than 25 to 50 MB."""
MAX_PARTS = 500
MAX_DEPTH = 40
MAX_DIVIDERS = 5_000
"""Lines of a message that may be boundaries between its parts."""
MAX_FIELDS = 50_000
"""Lines of a message that may be header fields."""
_MAX_HEADER = 10_000
_STUB = 0.1
"""The share of the HTML part's length below which the plain part only says that there is an HTML part."""

# What the standard library raises on headers and bodies that break the grammar; all are the message's fault.
_BROKEN = (
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
    AssertionError,
    RecursionError,
    email.errors.MessageError,
)

_MBOX = re.compile(rb"(?:\A|(?<=\n)\r?\n)From [^\r\n]{1,200}\d{4}[^\r\n]{0,40}\r?\n(?=[!-9;-~]{1,80}:)")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_FIELD = re.compile(rb"^[!-9;-~]{1,100}:", re.MULTILINE)
_HEADER_LINE = re.compile(rb"[!-9;-~]{1,100}[ \t]*:")
_PREFIXES = re.compile(rf"\s*(?:(?:{'|'.join(map(re.escape, WORDS['forwarded_subject']))})\s*[:：]\s*)+", re.IGNORECASE)

# The policy of whole parsed headers (policy.default) needs time that grows with the square of a header's length.
_POLICY = email.policy.compat32
Message = email.message.Message
Result = TypeVar("Result")


def parse(payload: bytes, origin: Origin) -> Iterator[Article | ParseError]:
    """Read each message; of an mbox file, a message without text is a `ParseError` in its place."""
    messages = list(_divide(payload))
    if len(messages) == 1:
        yield _read(messages[0], origin, origin.first_item)
        return
    for index, part in enumerate(messages, origin.first_item):
        try:
            yield _read(part, origin, index)
        except ParseError as error:
            yield ParseError(error.reason, error.message, item_index=index, payload=part)


def _divide(payload: bytes) -> Iterator[bytes]:
    """The messages of an mbox file, or the one message that a payload is."""
    starts = list(_MBOX.finditer(payload)) if payload.startswith(b"From ") else []
    if not starts:
        yield payload
        return
    for start, after in zip(starts, [*starts[1:], None], strict=True):
        yield _QUOTED_FROM.sub(rb"\1", payload[start.end() : after.start() if after else len(payload)])


def _read(payload: bytes, origin: Origin, index: int) -> Article:
    if len(payload) > MAX_BYTES:
        raise ParseError(
            "too-large", f"{origin.uri}: message {index} has {len(payload):,} bytes, more than {MAX_BYTES:,}"
        )
    if not _HEADER_LINE.match(payload.lstrip(b"\r\n\xef\xbb\xbf")):
        raise ParseError("malformed", f"{origin.uri}: message {index} does not begin with a header line")
    if payload.count(b"\n--") > MAX_DIVIDERS or sum(1 for _ in _FIELD.finditer(payload)) > MAX_FIELDS:
        raise ParseError("too-complex", f"{origin.uri}: message {index} has more parts or header fields than any mail")
    try:
        message = email.message_from_bytes(payload.lstrip(b"\r\n\xef\xbb\xbf"), policy=_POLICY)
    except _BROKEN as error:
        raise ParseError("malformed", f"{origin.uri}: message {index}: {error}") from error
    return _to_article(_innermost(message), index, origin.uri)


def _innermost(message: Message) -> Message:
    """The message that others only pass on as their attachment, with no words of their own."""
    for _ in range(MAX_DEPTH):
        parts = _parts(message)
        enclosed = [part for part in parts if _kind(part) == "message/rfc822"]
        own = [part for part in parts if _kind(part).startswith("text/") and _content(part)[0].strip()]
        if len(enclosed) != 1 or own:
            break
        payload: object = enclosed[0].get_payload() if enclosed[0].is_multipart() else None
        inner = payload[0] if isinstance(payload, list) and payload else None
        if not isinstance(inner, email.message.Message):
            break
        message = inner
    return message


def _to_article(message: Message, index: int, uri: str) -> Article:
    plain, html, attachments = _bodies(message)
    title, sender = _PREFIXES.sub("", _header(message, "Subject"), count=1), _header(message, "From")
    date, flowed = _header(message, "Date"), False
    body, encoding, markup = "", Encoding(), False
    if plain is not None and not (html is not None and _is_stub(plain, html)):
        text, encoding = _content(plain)
        flowed = _parameter(plain, "format").lower() == "flowed"
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        lines = unflow(lines, delete_space=_parameter(plain, "delsp").lower() == "yes") if flowed else lines
        lines = without_signature(lines)
        if inner := find_forwarded(lines):
            lines, sender = inner.lines, inner.sender or sender
            date, title = inner.date or date, inner.subject or title
        body = to_paragraphs(lines, flowed=flowed)
    elif html is not None:
        (body, encoding), markup = _content(html), True
    if not title.strip() and not body.strip():
        raise ParseError("no-text", f"{uri}: message {index} has neither subject nor text")
    byline, publisher = read_sender(sender, _header(message, "Organization") or list_name(_header(message, "List-Id")))
    return Article(
        title=title.strip(),
        body=body,
        markup=frozenset({"body"} if markup else ()),
        url=_header(message, "Archived-At").strip(" <>") or None,
        source_item_id=_header(message, "Message-ID").strip(" <>") or None,
        publisher=publisher,
        byline=byline,
        published_raw=date or None,
        language_declared=_header(message, "Content-Language").partition(",")[0].strip() or None,
        keywords=tuple(word for part in _header(message, "Keywords").split(",") if (word := part.strip())),
        editors_note=f"attachments left out: {', '.join(attachments)}" if attachments else None,
        encoding=encoding,
        item_index=index,
    )


def _bodies(message: Message) -> tuple[Message | None, Message | None, list[str]]:
    """The plain part, the HTML part and the names of what is attached."""
    plain = html = None
    attachments = []
    for part in _parts(message):
        kind = _kind(part)
        attached = _guarded(part.get_content_disposition, None) == "attachment"
        if kind == "text/plain" and plain is None and not attached:
            plain = part
        elif kind == "text/html" and html is None and not attached:
            html = part
        elif attached or not kind.startswith(("text/", "multipart/")):
            name = None if _is_endless(part) else _guarded(part.get_filename, None)
            attachments.append(decode_words(mend(str(name)[:1000]))[:200] if name else kind)
    return plain, html, attachments


def _parts(message: Message) -> list[Message]:
    """The leaves of a message's tree, enclosed messages as leaves, without recursion."""
    leaves: list[Message] = []
    stack: list[tuple[Message, int]] = [(message, 0)]
    while stack and len(leaves) < MAX_PARTS:
        part, depth = stack.pop()
        payload: object = part.get_payload() if part.is_multipart() else None
        if _kind(part) != "message/rfc822" and isinstance(payload, list) and depth < MAX_DEPTH:
            inner = [child for child in payload[:MAX_PARTS] if isinstance(child, email.message.Message)]
            stack.extend((child, depth + 1) for child in reversed(inner))
        elif not isinstance(payload, list) or _kind(part) == "message/rfc822":
            leaves.append(part)
    return leaves


def _kind(part: Message) -> str:
    return _guarded(part.get_content_type, "text/plain")


def _parameter(part: Message, name: str) -> str:
    """A parameter of the content type; "" where there is none."""
    try:
        return "" if _is_endless(part) else str(part.get_param(name, ""))
    except _BROKEN:
        return ""


def _charset(part: Message) -> str | None:
    """The charset that a message, or the first text part of it, declares."""
    for candidate in (part, *_parts(part)):
        if not _is_endless(candidate) and (charset := _guarded(candidate.get_content_charset, None)):
            return charset
    return None


def _is_endless(part: Message) -> bool:
    """Whether a part's headers are too long to look for parameters in them."""
    return any(len(str(value)) > _MAX_HEADER for key, value in part.raw_items() if key.lower().startswith("content-"))


def _content(part: Message) -> tuple[str, Encoding]:
    """The text of a part, whatever its transfer encoding and charset claim."""
    content = _guarded(lambda: part.get_payload(decode=True), None)
    if not isinstance(content, bytes):
        return "", Encoding()
    text, encoding = decode(content, declared=_charset(part))
    return text, encoding


def _is_stub(plain: Message, html: Message) -> bool:
    """Whether the plain part is only there to say that the text is in the other."""
    short, long = _content(plain)[0].strip(), _content(html)[0].strip()
    return len(short) < 500 and len(short) < _STUB * len(long)


def _header(message: Message, name: str) -> str:
    """A header's value on one line, encoded words read, "" where there is none."""
    raw = next((str(text) for key, text in message.raw_items() if key.lower() == name.lower()), "")
    return " ".join(decode_words(mend(raw[:_MAX_HEADER], _charset(message))).split())


def _guarded(call: Callable[[], Result], otherwise: Result) -> Result:
    try:
        return call()
    except _BROKEN:
        return otherwise
