"""ANPA 1312 (84-2, 89-3), the telegraph format of North American agencies, AP's habits in it.

    SYN SYN SOH service+number US selectors
    priority category format slug take month-day words
    STX
    ^keyword, take,words<
    ^headline<
    ^By Name=
    <tab>Paragraph ...
    ETX agency-wire-month-day-year time<
    EOT

One file may hold many such messages.
"""

import dataclasses
import re
from collections.abc import Iterator

from articles import Article, DocType, Encoding, Origin, ParseError
from sources.formats import wiretext

_FIRST = re.compile(r"^[\x16\s]*(?P<service>[A-Za-z])(?P<number>\d{3,4})[\t ]?[\w.*+\t -]{0,60}$")
_SECOND = re.compile(
    r"^(?P<priority>[A-Za-z])\s(?P<category>[A-Za-z0-9])\s{0,3}(?P<slug>\S{1,60})(?P<take>[^\n]{0,80}?)"
    r"\s{1,8}(?P<date>\d{1,2}-\d{1,2})(?:\s{1,4}(?P<words>\d{1,5}))?\s*$"
)
_FILED = re.compile(
    r"(?P<agency>[A-Z]{2,6})-(?P<wire>[A-Z]{1,4})-(?P<date>\d\d-\d\d-\d\d) (?P<time>\d{4} ?[A-Z]{3,4})<?"
)
_KEYWORD = re.compile(r"^(?:[A-Z]{2}|[ap]m|bc)-", re.IGNORECASE)
_COUNT = re.compile(r",?\s{0,3}\d{1,6}$")
_BY = re.compile(r"^By\s+\S", re.IGNORECASE)
_FOR_EDITORS = re.compile(
    r"^\W*(?:Eds\b|Editors?\b|EDITOR'S NOTE|AP (?:Photos?|Video|Graphic|Audio)|With AP\b|Embargo|For release|Adv\b"
    r"|Note\b|Moved\b|Recasts\b|UPDATES?\b|CORRECTS\b|ADDS\b)",
    re.IGNORECASE,
)
_AFFILIATION = re.compile(r"\b(?:Press|Writers?|Editor|Correspondent|Analyst|Columnist|Staff|News Service)\b")
"""What stands below a byline: a job or an agency."""

_TOP = 14
"""Lines that may stand above a text before they must be the text."""

_MARKS = (("``", "“"), ("''", "”"), (" _ ", " — "))
_HALF = re.compile(r"(?<=\d)\{|(?<=;)\{(?=[;\s]|$)")
_URGENCY = {"f": 1, "b": 2, "u": 3, "r": 4, "d": 5}
_DOC_TYPE: tuple[tuple[re.Pattern[str], DocType], ...] = (
    (re.compile(r"\bcorrect(?:ion|ive|s)\b", re.IGNORECASE), "correction"),
    (re.compile(r"\bnewsalert\b|\bbulletin\b|\bflash\b", re.IGNORECASE), "alert"),
    (re.compile(r"\badvisor(?:y|ies)\b", re.IGNORECASE), "advisory"),
    (re.compile(r"\d(?:st|nd|rd|th)\s?(?:ld|add)\b|\bwrite-?thru\b", re.IGNORECASE), "update"),
)
_ADVANCED = frozenset("asz")
"""Priorities of advances: sent ahead for a later day, so held until a time is known."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Heading:
    """The `^` lines above the text, by what they are."""

    keyword: str | None = None
    take: str | None = None
    title: str = ""
    byline: str | None = None
    notes: tuple[str, ...] = ()
    text: tuple[str, ...] = ()


def parse(payload: bytes, origin: Origin) -> Iterator[Article | ParseError]:
    """Each message of a transmission, in order."""
    return wiretext.read_messages(payload, origin, _read_message)


def _read_message(message: str, index: int, encoding: Encoding) -> Article:
    first, _, rest = message.strip("\n").partition("\n")
    second, _, rest = rest.lstrip("\n").partition("\n")
    transmission, routing = _FIRST.match(first), _SECOND.match(second.strip("\x02"))
    if transmission is None or routing is None:
        raise ParseError("malformed", f"no ANPA 1312 header in {first[:40]!r}, {second[:60]!r}")
    filed = _FILED.search(rest, max(0, len(rest) - 400))
    text = rest[: filed.start() if filed else len(rest)].replace("\x02", "").replace("\x03", "").replace("\x04", "")
    above, lines = _split(text.split("\n"))
    heading = _sort(above)
    status, embargo = wiretext.announced_status([second, *above])
    priority = routing["priority"].lower()
    if priority in _ADVANCED and status == "usable" and embargo is None and "adv" in second.lower():
        status = "withheld"
    slug, take = heading.keyword or routing["slug"], heading.take or routing["take"].strip() or None
    body = "\n\n".join(_set(part) for part in [*heading.text, *wiretext.paragraphs(lines)])
    if not heading.title and not body and status == "usable":
        raise ParseError("no-text", "a message without headline and text")
    number = f"{transmission['service']}{transmission['number']}"
    return Article(
        source_item_id=f"{number} {filed['date'] if filed else routing['date']} {routing['slug']}",
        provider=filed["agency"] if filed else "anpa1312",
        publisher=filed["agency"] if filed else None,
        title=_set(heading.title or (next(iter(heading.notes), "") if status == "canceled" else "")),
        body=body,
        published_raw=f"{filed['date']} {filed['time']}" if filed else None,
        embargo_raw=embargo,
        status=status,
        doc_type=_doc_type(priority, f"{slug} {take or ''}", status),
        urgency=_URGENCY.get(priority),
        section=routing["category"].lower(),
        slug=slug,
        take=take,
        byline=(heading.byline,) if heading.byline else (),
        editors_note="\n".join(heading.notes) or None,
        encoding=encoding,
        item_index=index,
    )


def _split(lines: list[str]) -> tuple[list[str], list[str]]:
    """The `^` lines at the top without their marks, and the text below; later ones are lines of the text."""
    above: list[str] = []
    for position, line in enumerate(lines):
        bare = line.strip("\x16 ")
        if bare and (not bare.startswith("^") or len(above) >= _TOP or (above and _is_table(bare))):
            return above, [_unmarked(each) for each in lines[position:]]
        if bare:
            above.append(bare.strip("^<= \t"))
    return above, []


def _is_table(line: str) -> bool:
    """A row of a table (`^;W;L;Pct<`), not a line above the text."""
    return line.startswith(("^;", "^ "))


def _unmarked(line: str) -> str:
    """A line of the text without the marks that quad it left or centre it; a `^` line is a paragraph of its own."""
    body = line.rstrip(" \t\x16").rstrip("<=")
    return "\t" + body[1:] if body.startswith("^") and not body.startswith("^;") else body.lstrip("^")


def _sort(above: list[str]) -> _Heading:
    """Keyword line, headline, byline and notes; lines below the byline, such as the head of a table, are text."""
    lines = list(above)
    keyword = take = None
    if lines and _KEYWORD.match(lines[0]):
        keyword, _, take = _COUNT.sub("", lines.pop(0)).partition(",")
    signed = next((position for position, line in enumerate(lines) if _BY.match(line)), len(lines))
    notes = [line for line in lines if _is_note(line)]
    titles = [line for line in lines[:signed] if not _is_note(line)]
    below = [line for line in lines[signed + 1 :] if not _is_note(line) and not _AFFILIATION.search(line)]
    return _Heading(
        keyword=keyword,
        take=(take or "").strip() or None,
        title=titles[0] if titles else "",
        byline=lines[signed] if signed < len(lines) else None,
        notes=(*titles[1:], *notes),
        text=tuple(below),
    )


def _is_note(line: str) -> bool:
    return _FOR_EDITORS.match(line) is not None or wiretext.is_announcement(line)


def _set(text: str) -> str:
    """The characters that ANPA's 7-bit set spells with others: quotes, the dash, the half in standings."""
    for sent, meant in _MARKS:
        text = text.replace(sent, meant)
    return _HALF.sub("½", text)


def _doc_type(priority: str, words: str, status: str) -> DocType:
    found = next((kind for pattern, kind in _DOC_TYPE if pattern.search(words)), None)
    if found is not None:
        return found
    return "alert" if priority == "b" and status == "usable" else "story"
