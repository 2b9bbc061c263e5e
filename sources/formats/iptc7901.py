"""IPTC 7901, https://iptc.org/standards/iptc-7901/: telegraph messages between SOH, STX, ETX and EOT.

    SOH source+number priority category words [more]
    slug line, take lines
    STX headline = text
    ETX ddhhmm zone Mon yy

Agencies bend every line of it: dpa puts the headline and its markers into one block that `=` ends,
some files have lost their control characters on the way.
"""

import re
from collections.abc import Iterator

from articles import Article, Credit, Encoding, Origin, ParseError
from sources.formats import wiretext
from sources.formats.wirecodes import doc_type_of, urgency_of

_HEADER = re.compile(
    r"^(?P<source>[^\W\d_]{1,8})[ ]?(?P<number>\d{1,6})[ ]+(?P<priority>[A-Za-z0-9])[ ]+(?P<category>[A-Za-z0-9]{1,5})"
    r"(?:[ ]+(?P<words>\d{1,6}))?(?:[ ]+(?P<more>.{0,120}))?$"
)
_FILED = re.compile(r"(?<!\d)(\d{6})\s{0,3}([A-Z]{1,5})?\s{0,3}([A-Za-zÀ-ÿ]{3,9})\.?\s{0,3}(\d{2,4})(?!\d)")
_TAKE = re.compile(r"^(?:\([^()]{1,40}\)|[^a-zß-öø-ÿ]{1,40}|\d{1,2}\.? ?[A-Za-z]{2,12})$")
_BY = re.compile(r"^(?:By|Von|Par|Por|Door|Av|Di|De nuestr\w+)\s+\S", re.IGNORECASE)
_NOT_FOR_PUBLICATION = re.compile(
    r"^\s*(?:#\s+(?:Notebook|Notizblock)\b|The following information is not (?:intended )?for publication"
    r"|Die folgenden Informationen sind nicht zur Ver)",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"^[-*]\s*(Reporting|Writing|Editing|Author|Autor/in|Autor|Autorin|Redaktion|Editor)(?: by)?:\s*(.{1,300})"
)
_CONTACT_ROLES = {"reporting": "reporter", "writing": "writer", "editing": "editor", "editor": "editor",
                  "redaktion": "editor"}  # fmt: skip
_PERSON = re.compile(r"^([^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){1,4}?)(?: in [^\d@<]{1,60}| \([^()]{1,60}\))?$")
_HEADING = 12
"""Lines within which the `=` that ends a heading must stand."""


def parse(payload: bytes, origin: Origin) -> Iterator[Article | ParseError]:
    """Each message of a transmission, in order."""
    return wiretext.read_messages(payload, origin, _read_message)


def _read_message(message: str, index: int, encoding: Encoding) -> Article:
    head, _, rest = message.partition("\x02")
    framed = bool(rest)
    body, _, trailer = (rest if framed else head).partition("\x03")
    lines = head.partition("\x03")[0].strip("\n\x16 ").split("\n")
    header = _HEADER.match(lines[0].strip())
    if header is None:
        raise ParseError("malformed", f"no IPTC 7901 header in {lines[0][:60]!r}")
    above = [line.strip() for line in lines[1:] if line.strip()] if framed else []
    text = body.split("\n") if framed else lines[1:]
    heading, text = _split_heading(text, framed=framed)
    slug, takes, titles, byline = _sort_heading(above, heading, framed=framed)
    filed, text = _filed(trailer, text)
    text, note = _split_note(text)
    status, embargo = wiretext.announced_status([*above, *heading, *text[:3]])
    title = " ".join(titles).rstrip("= ").strip()
    paragraphs = wiretext.paragraphs([line.translate({4: None, 22: None}) for line in text])
    if not title and not paragraphs and status == "usable":
        raise ParseError("no-text", "a message without headline and text")
    number = f"{header['source']}{header['number']}"
    return Article(
        source_item_id=f"{number} {_day(filed)}" if filed else None,
        provider=header["source"],
        publisher=_agency(header["more"]) or header["source"],
        title=title or (slug or ""),
        body="\n\n".join(paragraphs),
        published_raw=filed.group() if filed else None,
        embargo_raw=embargo,
        status=status,
        doc_type=doc_type_of(word for take in takes for word in take.split()),
        urgency=urgency_of(header["priority"]),
        section=header["category"],
        slug=slug,
        take=" ".join(takes) or None,
        byline=(byline,) if byline else (),
        credits=tuple(_credits(note)),
        editors_note="\n".join(line for line in note if line.strip()) or None,
        encoding=encoding,
        item_index=index,
    )


def _split_heading(lines: list[str], *, framed: bool) -> tuple[list[str], list[str]]:
    """The lines up to the one that `=` ends, else the first unless it is indented as text is; and the text below."""
    filled = 0
    for position, line in enumerate(lines):
        filled += bool(line.strip())
        if filled > _HEADING:
            break
        if line.rstrip().endswith("="):
            return [each.strip() for each in lines[: position + 1] if each.strip()], lines[position + 1 :]
    first = next((position for position, line in enumerate(lines) if line.strip()), len(lines))
    if framed and first < len(lines) and lines[first].startswith(("  ", "\t")):
        return [], lines
    last = first + (1 if framed else 2)
    return [line.strip() for line in lines[first:last] if line.strip()], lines[last:]


def _sort_heading(
    above: list[str], heading: list[str], *, framed: bool
) -> tuple[str | None, list[str], list[str], str | None]:
    """Slug, takes, headline and byline of the lines above the text."""
    byline = next((line.rstrip("= ") for line in heading[1:] if _BY.match(line)), None)
    rest = [line for line in heading if line.rstrip("= ") != byline]
    slugs = above or ([] if framed or len(rest) < 2 else [rest.pop(0)])
    takes = [line.rstrip("/ ") for line in slugs[1:]]
    while len(rest) > 1 and _TAKE.match(rest[0]) and (_is_mixed(rest[1:]) or wiretext.is_announcement(rest[0])):
        takes.append(rest.pop(0))
    return (slugs[0].rstrip("/ ") or None if slugs else None), takes, rest, byline


def _is_mixed(lines: list[str]) -> bool:
    """Whether a headline has small letters: then capitals above it are a marker, else they may be its first line."""
    return any(character.islower() for line in lines for character in line)


def _split_note(lines: list[str]) -> tuple[list[str], list[str]]:
    """The text, and what follows it that is for editors only."""
    start = next((position for position, line in enumerate(lines) if _NOT_FOR_PUBLICATION.match(line)), len(lines))
    return lines[:start], [line.strip("\x04\x16 ") for line in lines[start:]]


def _filed(trailer: str, lines: list[str]) -> tuple[re.Match[str] | None, list[str]]:
    """Day and time of filing: after ETX, or in files that lost it the last line of the text."""
    if found := _FILED.search(trailer):
        return found, lines
    for position in range(len(lines) - 1, max(len(lines) - 6, -1), -1):
        found = _FILED.fullmatch(lines[position].strip("\x04\x16 "))
        if found:
            return found, lines[:position]
    return None, lines


def _day(filed: re.Match[str]) -> str:
    return f"{filed[1][:2]} {filed[3]} {filed[4]}"


def _agency(more: str | None) -> str | None:
    """The agency's name in the free part of the header: the first word that is no routing code or number."""
    words = [word for word in (more or "").split() if word.isalpha()]
    named = [word for word in words if word.isupper() or word == "dpa"]
    return next(iter(named or words), None)


def _credits(note: list[str]) -> Iterator[Credit]:
    """Reporters and editors that a dpa notebook lists by role."""
    for line in note:
        contact = _CONTACT.match(line)
        if contact is None:
            continue
        role = _CONTACT_ROLES.get(contact[1].lower(), "author")
        for part in re.split(r",\s*|;\s*|\s+and\s+|\s+und\s+", contact[2]):
            person = _PERSON.match(part.strip())
            if person:
                yield Credit(role=role, name=person[1])
