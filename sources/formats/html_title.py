"""The headline of a page: what its JSON-LD, heading and meta tags agree on."""

import re
from collections.abc import Iterator

from sources.formats.html_metadata import Metadata
from sources.formats.html_tree import fold

_SEPARATOR = re.compile(r"\s+[|–—•·»:-]\s+|\s*[｜|]\s*|\s+::\s+")
_MAX_SITE_WORDS = 5
_MAX_CUTS = 20
_WORD = re.compile(r"\w+")

# A headline for readers stands in the h1 and mostly in JSON-LD; og:title is for sharing, the title
# element for search engines. So any two that agree outweigh one that doesn't.
_WEIGHTS = {"json-ld": 1.0, "h1": 0.95, "open-graph": 0.9, "meta": 0.5, "title": 0.6}


def choose_title(metadata: Metadata, publisher: str | None) -> str:
    """The headline that most of the page's sources agree on, in the spelling of the best of them; "" if there is none.

    Two spellings agree where their letters and digits are the same.
    """
    weights: dict[str, float] = {}
    spellings: dict[str, str] = {}
    spoken: set[tuple[str, str]] = set()
    for source, title in _candidates(metadata, publisher):
        key = fold(title) or title
        # Inline elements glue words together and drop marks in a heading: the fuller spelling of two.
        if key not in spellings or _fullness(title) > _fullness(spellings[key]):
            spellings[key] = title
        if (source, key) not in spoken:
            weights[key] = weights.get(key, 0.0) + _WEIGHTS[source]
        spoken.add((source, key))
    best = max(weights, key=lambda key: weights[key], default=None)
    return spellings[best] if best is not None else ""


def _fullness(title: str) -> tuple[int, int]:
    return len(_WORD.findall(title)), len(title.replace(" ", ""))


def _candidates(metadata: Metadata, publisher: str | None) -> Iterator[tuple[str, str]]:
    """Titles by source, the most trusted spelling first; of several h1 the one that another source confirms."""
    shared = [title for title in (metadata.first("og:title"), metadata.first("twitter:title")) if title]
    others = {fold(title) for title in (metadata.said("headline"), *shared, metadata.page_title) if title}
    for key in ("headline", "name", "alternativeHeadline"):
        if (title := metadata.said(key)) and (key == "headline" or fold(title) in {fold(h) for h in metadata.headings}):
            yield "json-ld", without_site(title, metadata, publisher)
            break
    confirmed = [heading for heading in metadata.headings if any(fold(heading) in other for other in others)]
    confirmed.sort(key=len, reverse=True)  # the site's name is confirmed by the title element too
    if heading := next(iter((*confirmed, *metadata.items.get("headline", ()), *metadata.headings)), None):
        yield "h1", heading
    for title in shared[:1]:
        yield "open-graph", without_site(title, metadata, publisher)
    for name in ("parsely-title", "sailthru.title", "dc.title", "dcterms.title", "cxenseparse:title", "title"):
        if title := metadata.first(name):
            yield "meta", without_site(title, metadata, publisher)
            break
    if metadata.page_title:
        yield "title", without_site(metadata.page_title, metadata, publisher)


def without_site(title: str, metadata: Metadata, publisher: str | None = None) -> str:
    """A title without the site's name at its end or start.

    What follows a separator goes where the rest is a title that another part of the page gives, or
    where it is the publisher's name or a short part of it.
    """
    known = {fold(name) for name in (publisher, metadata.first("og:site_name", "application-name")) if name}
    known |= {fold(site) for site in _sites(metadata)}
    confirmed = {fold(text) for text in (*metadata.headings, metadata.said("headline") or "") if text}
    for _ in range(_MAX_CUTS):
        shorter = _cut_once(title, known, confirmed)
        if shorter == title:
            break
        title = shorter
    return title


def _cut_once(title: str, known: set[str], confirmed: set[str]) -> str:
    cuts = list(_SEPARATOR.finditer(title))[:_MAX_CUTS]
    for cut in cuts:
        if fold(title[: cut.start()]) in confirmed:
            return title[: cut.start()].strip()
    for cut in reversed(cuts):
        tail = title[cut.end() :]
        if tail and len(tail.split()) <= _MAX_SITE_WORDS and _names_site(fold(tail), known):
            return title[: cut.start()].strip()
    if cuts and fold(title[: cuts[0].start()]) in known:
        return title[cuts[0].end() :].strip()
    return title


def _names_site(tail: str, known: set[str]) -> bool:
    return any(tail == name or (len(tail) >= 3 and (tail in name or name in tail)) for name in known if len(name) >= 3)


def _sites(metadata: Metadata) -> Iterator[str]:
    for handle in metadata.tags.get("twitter:site", ())[:1]:
        yield handle.lstrip("@")
    for address in (metadata.links.get("canonical"), metadata.first("og:url")):
        host = (address or "").partition("://")[2].partition("/")[0].removeprefix("www.")
        if host:
            yield host
            yield host.partition(".")[0]
