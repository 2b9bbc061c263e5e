"""What makes an item of a feed itself: its id where that is one, else its link, else its text."""

import dataclasses
import re
from collections import defaultdict
from collections.abc import Sequence

_GLOBAL = re.compile(
    r"(?:https?://[^/\s]+/?\S|urn:\S|tag:[^,\s]+,\d{4}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$)", re.IGNORECASE
)


@dataclasses.dataclass(frozen=True, slots=True)
class Identity:
    """The id and link that an item claims, beside the title that shows whether it is alone in that."""

    item_id: str | None
    url: str | None
    title: str


def is_global(item_id: str) -> bool:
    """Whether an id is unique in the world (URL, URN, tag URI, UUID), so that no name space is needed.

    >>> is_global("tag:example.org,2024:/news/7"), is_global("7")
    (True, False)
    """
    return _GLOBAL.match(item_id) is not None


def name_space(item_id: str | None, *candidates: str | None) -> str | None:
    """The first of `candidates` that is known, or None where the id needs no name space."""
    if item_id is None or is_global(item_id):
        return None
    return next((candidate for candidate in candidates if candidate), None)


def tell_apart(claims: Sequence[Identity], site: str | None) -> list[Identity]:
    """Take away ids and links that would make different items of one payload the same.

    Feeds exist that put one guid on every item, or the home page as every link. An id is no identity
    where its items have different links, or different titles and no link but the site's own. A link is
    none where items without an id have it under different titles. Items with the same id and link are
    versions of one story, whatever their titles.
    """
    links, titles, linked = defaultdict(set), defaultdict(set), defaultdict(set)
    for claim in claims:
        links[claim.item_id].add(claim.url)
        titles[claim.item_id].add(claim.title)

    def is_shared(item_id: str | None) -> bool:
        only_home = links[item_id] <= {None, site}
        return len(links[item_id]) > 1 or (only_home and len(titles[item_id]) > 1)

    kept = [claim.item_id if claim.item_id and not is_shared(claim.item_id) else None for claim in claims]
    for claim, item_id in zip(claims, kept, strict=True):
        if item_id is None:
            linked[claim.url].add(claim.title)
    return [
        Identity(item_id, claim.url if item_id or len(linked[claim.url]) < 2 else None, claim.title)
        for claim, item_id in zip(claims, kept, strict=True)
    ]
