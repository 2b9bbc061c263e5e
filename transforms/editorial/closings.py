"""What closes a dateline: `(Reuters) -`, `/TASS/.`, `(Xinhua, by Wang Kun) --`, `— РИА Новости.`."""

import dataclasses
import re

from articles import Credit
from transforms.editorial import names, outlets, vocabulary

_NOT_OUTLETS = vocabulary.words("not_places.txt")
_TAGS = {phrase: role for phrase, role in vocabulary.roles("tag").items() if phrase[0].isalpha()}

DASH = re.compile(r"[\s,.]{0,3}(?:[-–—―−]{1,3}|-\s-|_{1,2}(?=\s))(?=\s|\w|[\"“«‘']|$)")
GROUP = re.compile(r"[\s,:]{0,3}\((?P<inside>[^()\n]{1,90})\)")
SLASHED = re.compile(r"[\s,.]{0,3}/\s?(?P<agency>[^\W\d_][^/\n\d]{1,30}?)\s?/[\s.]{0,2}")
CLOSING = re.compile(r"\s?[.:,;](?=\s|$)")
_CLOCK = re.compile(r",?\s\d{1,2}[:.]\d\d(?:\s?(?:GMT|UTC|Uhr)\b)?(?=[\s,])")
_UNCLOSED = re.compile(r"\s?\(")
# "Baku, November 15, AZERTAC The council"
_OPENS = re.compile(r"\s*$|\s+[\"“«]?[^\W\d_a-zß-öø-ÿа-яё]")
_GAP = re.compile(r"[\s,.]{0,3}")
TAG = re.compile(rf"(?i:{vocabulary.alternation([p for p in _TAGS if p.isascii()])})\b\s*[:：]?\s*")
_BY = re.compile(r"(?:[\s,，、]|and\s)*(?:by\s+)?", re.IGNORECASE)
_SHORT_NAME = re.compile(r"[^\W\d_][\w./& -]{1,24}")


@dataclasses.dataclass(frozen=True, slots=True)
class Closing:
    """What follows the date: brackets, slashes, an agency, a dash."""

    end: int
    agency: str | None = None
    dash: bool = False
    credits: tuple[Credit, ...] = ()


def read(text: str, position: int) -> Closing:
    """Read what follows a dateline's date at `position`.

    >>> it = read("July 26 (Xinhua, by Wang Kun) -- It rained.", 7)
    >>> it.agency, it.dash, [(credit.role, credit.name) for credit in it.credits]
    ('Xinhua', True, [('author', 'Wang Kun')])
    """
    agency: str | None = None
    signed_by: tuple[Credit, ...] = ()
    position = _end(_CLOCK, text, position)
    for _ in range(3):
        group = GROUP.match(text, position)
        if group is None:
            break
        closed = DASH.match(text, group.end()) is not None or text.startswith(": ", group.end())
        found = inside(group["inside"], group.start("inside"), closed=closed)
        if found is None:
            break
        agency = agency or found[0]
        signed_by += found[1]
        position = group.end()
    if agency is None:
        agency = _unclosed(text, position)
    slashed = SLASHED.match(text, position)
    if slashed is not None:
        known = outlets.search(slashed["agency"])
        agency, position = agency or (known[0] if known is not None else slashed["agency"]), slashed.end()
    if agency is None:
        agency, position = _bare_agency(text, position, dashed=False)
    dash = DASH.match(text, position)
    if dash is None:
        closing = CLOSING.match(text, position)
        return Closing(closing.end() if closing is not None else position, agency, credits=signed_by)
    position = dash.end()
    if agency is None:
        agency, position = _bare_agency(text, position, dashed=True)
    return Closing(position, agency, dash=True, credits=signed_by)


def _unclosed(text: str, position: int) -> str | None:
    """Return the agency behind a bracket that a rendering never closes, or closes sentences later."""
    opening = _UNCLOSED.match(text, position)
    known = outlets.known_at(text, opening.end()) if opening is not None else None
    return known[0] if known is not None and text[known.end() : known.end() + 1] in {",", " "} else None


def _bare_agency(text: str, position: int, *, dashed: bool) -> tuple[str | None, int]:
    """Read an agency that stands without brackets after date or dash, and whatever closes it.

    Behind the dash, "- AA Gage said" is the story's first word.
    """
    known = outlets.known_at(text, _end(_GAP, text, position))
    if known is None:
        return None, position
    group = GROUP.match(text, known.end())
    if group is not None and outlets.is_outlet(group["inside"]):
        return known[0], group.end()
    if DASH.match(text, known.end()) is not None:
        return known[0], known.end()
    close = CLOSING.match(text, known.end())
    if close is None and not dashed and known[0].isupper() and _OPENS.match(text, known.end()):
        return known[0], known.end()
    return (known[0], close.end()) if close is not None else (None, position)


def inside(text: str, offset: int, *, closed: bool) -> tuple[str | None, tuple[Credit, ...]] | None:
    """Read brackets after a date: an agency, the reporters, or both; None where they hold something else."""
    known = outlets.match(text)
    signed_by, complete = _signers(text, known.end() if known is not None else 0, offset)
    tag = TAG.match(text, known.end() + 1 if known is not None else 0)
    signed_by = signed_by if complete else ()
    if known is not None and (signed_by or not text[known.end() :].strip() or closed or text[known.end()] == ","):
        return known[0], signed_by
    if tag is not None and signed_by:
        return None, signed_by
    if signed_by and all(names.is_chinese(it.name or "") for it in signed_by):
        return None, signed_by
    if closed and _SHORT_NAME.fullmatch(text) and len(text.split()) <= 3 and text.casefold() not in _NOT_OUTLETS:
        return text.strip(), ()
    return (None, signed_by) if signed_by and all(" " in (it.name or "") for it in signed_by) else None


def _signers(text: str, start: int, offset: int) -> tuple[tuple[Credit, ...], bool]:
    """Read "Reporter Wang Kun, intern Li Bo" from `start` on; tell whether nothing else stands there."""
    found: list[Credit] = []
    position = _end(_BY, text, start)
    while position < len(text):
        tag = TAG.match(text, position)
        role = _TAGS[" ".join(tag[0].casefold().strip(" :：").split())] if tag is not None else "author"
        people = list(names.people(text, tag.end() if tag is not None else position))
        if not people:
            break
        first = position if tag is not None else people[0].start
        starts = [first, *(it.start for it in people[1:])]
        found += [
            Credit(role, it.name, it.code, offset + at, offset + it.end) for it, at in zip(people, starts, strict=True)
        ]
        position = _end(_BY, text, people[-1].end)
    return tuple(found), bool(found) and not text[position:].strip(" ,.")


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found is not None else position
