"""What the vocabularies of the wire formats say, in the terms of the data contract."""

import re
from collections.abc import Iterable

from articles import Dateline, DocType, Rights, Status

_STATUS: dict[str, Status] = {
    "usable": "usable",
    "withheld": "withheld",
    "embargoed": "withheld",
    "canceled": "canceled",
    "cancelled": "canceled",
    "killed": "canceled",
    "withdrawn": "canceled",
}
_DOC_TYPE: dict[str, DocType] = {
    "alert": "alert",
    "flash": "alert",
    "bulletin": "alert",
    "newsbreak": "alert",
    "update": "update",
    "lead": "update",
    "correction": "correction",
    "corrected": "correction",
    "corrective": "correction",
    "wrapup": "wrapup",
    "wrap-up": "wrapup",
    "roundup": "wrapup",
    "round-up": "wrapup",
    "advisory": "advisory",
    "advis": "advisory",
    "advisories": "advisory",
    "event": "advisory",
    "planning": "advisory",
}
_STRENGTH: tuple[DocType, ...] = ("correction", "alert", "advisory", "wrapup", "update")
_ROLE = {
    "author": "author",
    "auth": "author",
    "aut": "author",
    "wrt": "writer",
    "byline": "author",
    "ed": "editor",
    "edt": "editor",
    "desk": "editor",
    "rep": "reporter",
    "photo": "photographer",
    "pht": "photographer",
    "trl": "translator",
    "trans": "translator",
}
_DATELINE = re.compile(r"^(?P<where>[^()]{0,200})(?:\((?P<agency>[^()]{1,80})\))?$")
_DATE_PART = re.compile(r"\d|^(?:mon|tues|wednes|thurs|fri|satur|sun)day$", re.IGNORECASE)


def status_of(code: str | None) -> Status | None:
    """A publishing status, or None where the code is unknown: never taken for usable.

    >>> status_of("stat:canceled"), status_of("Usable"), status_of("Commissioned")
    ('canceled', 'usable', None)
    """
    return _STATUS.get(last_part(code)) if code else "usable"


def doc_type_of(codes: Iterable[str | None]) -> DocType:
    """The kind of despatch the codes of genre, signal and item type speak of.

    >>> doc_type_of(["sig:update", "genre:Correction"])
    'correction'
    """
    found = {_DOC_TYPE[part] for part in map(last_part, filter(None, codes)) if part in _DOC_TYPE}
    return next((kind for kind in _STRENGTH if kind in found), "story")


def role_of(code: str | None, otherwise: str) -> str:
    """A credit's role from a code such as `crol:writer`."""
    part = last_part(code) if code else ""
    return _ROLE.get(part, part) or otherwise


def last_part(code: str | None) -> str:
    """A QCode or concept URI without its scheme, in small letters.

    >>> last_part("http://cv.iptc.org/newscodes/signal/Correction")
    'correction'
    """
    value = (code or "").strip().rstrip("/#:")
    return re.split(r"[:/#]", value)[-1].lower()


def urgency_of(value: object) -> int | None:
    """Urgency 1 to 9, 1 the highest; None for anything else."""
    try:
        number = int(str(value).strip())
    except ValueError:
        return None
    return number if 1 <= number <= 9 else None


def dateline_of(value: str | None) -> Dateline | None:
    """A dateline that came as one field.

    >>> dateline_of("Lyon, 3 fév 2026 (AFP) -")
    Dateline(place='Lyon', agency='AFP', date_text='3 fév 2026', date=None, start=None, end=None)
    """
    bare = (value or "").rstrip(" \t\n.:–—_-")
    match = _DATELINE.match(bare)
    if not bare or match is None:
        return Dateline(place=bare) if bare else None
    parts = [part.strip() for part in match["where"].split(",") if part.strip()]
    dated = next((index for index, part in enumerate(parts) if _DATE_PART.search(part)), len(parts))
    place, date = ", ".join(parts[:dated]) or None, ", ".join(parts[dated:]) or None
    return Dateline(place=place, agency=match["agency"], date_text=date)


def unique(values: Iterable[str | None]) -> tuple[str, ...]:
    """The values that are there, each once, in their order."""
    return tuple(dict.fromkeys(value for value in values if value))


def rights_of(usage_terms: str | None, copyright_holder: str | None) -> Rights | None:
    """The rights, or None where nothing is said of them."""
    return Rights(usage_terms, copyright_holder) if usage_terms or copyright_holder else None
