"""What a dateline says, and what stands before its date: a place, an agency, or both."""

import dataclasses
import re

from articles import Credit
from transforms.editorial import outlets, places

# "Xinhua News Agency, reported July 26th", but "Reuters reported on July 26 that" is a sentence.
_LINKS = re.compile(r"(?:[\s,;-]|\b(?:on|in|from|at)\b|,\s(?:reported|released)\b)+$", re.IGNORECASE)
# A full stop that ends the place ("Москва. 15 ноября."), and doesn't shorten it ("Calif.").
_FULL_STOP = re.compile(r"[^\W\d_]{6}\.$|^[^\W\d_]{4,}\.$")
_LINKS_BEFORE = re.compile(r"^(?:[\s,.;:-]|\b(?:in|from|at|on|reported)\b)+", re.IGNORECASE)


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a line's beginning; `end` is an offset into the line, past the closing dash."""

    place: str | None
    agency: str | None
    date_text: str | None
    end: int
    credits: tuple[Credit, ...] = ()


def who(lead: str) -> tuple[str | None, str | None] | None:
    """Read what stands before the date as (place, agency); None where it is neither.

    >>> who("Xinhua News Agency, Chengdu, "), who("The minister said on ")
    (('Chengdu', 'Xinhua News Agency'), None)
    """
    linked, lead = lead.strip(), _LINKS.sub("", lead)
    if linked and not lead.strip():
        return None
    lead = lead[:-1] if _FULL_STOP.search(lead) else lead
    if not lead.strip():
        return None, None
    for known in (outlets.match(lead), outlets.search(lead)):
        if known is None:
            continue
        before, after = lead[: known.start()].strip(" ,"), _LINKS_BEFORE.sub("", lead[known.end() :])
        after = after.strip(" ,")
        if before and after:
            continue
        place = before or after
        if place and not (places.is_place(place) or (known.re is outlets.KNOWN and places.is_lowered(after))):
            continue
        return place or None, known[0]
    return (lead, None) if places.is_place(lead) else None
