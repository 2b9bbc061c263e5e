"""When a page says it was published: the source's own words, with the time and zone some other source adds."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from sources.formats.html_header import Header, find_date
from sources.formats.html_metadata import Metadata
from sources.formats.html_tree import plain

_MAX_DATE = 80
_PUBLISHED = (
    "article:published_time", "og:published_time", "og:article:published_time", "article:published", "parsely-pub-date",
    "sailthru.date", "cxenseparse:publishtime", "cxenseparse:recs:publishtime", "dc.date.issued", "dcterms.issued",
    "dc.date.created", "dcterms.created", "dcterms.date", "dc.date", "datepublished", "date_published", "publish-date",
    "publish_date", "publishdate", "publication_date", "pubdate", "pub_date", "article.published", "citation_date",
    "date",
)  # fmt: skip
_UPDATED = (
    "article:modified_time", "og:updated_time", "og:article:modified_time", "article:updated_time", "dcterms.modified",
    "dc.date.modified", "datemodified", "lastmod", "article.updated", "last-modified",
)  # fmt: skip
_PLACEHOLDER = re.compile(r"\D*(?:0000|0001|1970-01-01)")
_YEAR = re.compile(r"\d{2}")
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]+(\d{2}:\d{2})[\d:.,]*)?\s*(Z|[+-]\d{2}:?\d{2}|UTC|GMT)?")
_IN_ADDRESS = re.compile(r"/((?:19|20)\d{2}[/-](?:0?[1-9]|1[0-2])[/-](?:0?[1-9]|[12]\d|3[01]))(?=[/_-])")


def choose_published(metadata: Metadata, header: Header, url: str | None) -> str | None:
    """The date of publication, verbatim; None rather than a date that stands for something else."""
    stated = list(_stated(metadata))
    if stated:
        return _most_precise(stated)
    for element in header.elements:
        if element.tag == "time" and (value := _time_value(element)):
            return value
    if seen := find_date(header):
        return seen
    address = _IN_ADDRESS.search(metadata.links.get("canonical") or url or "")
    return address.group(1).replace("/", "-") if address else None


def choose_updated(metadata: Metadata) -> str | None:
    """The date of the last change, verbatim."""
    values = (metadata.said("dateModified"), *metadata.items.get("datemodified", ())[:1], metadata.first(*_UPDATED))
    return next((value for value in values if _is_date(value)), None)


def _stated(metadata: Metadata) -> Iterator[str]:
    candidates = [metadata.said("datePublished"), *metadata.items.get("datepublished", ())[:1]]
    candidates += [metadata.first(name) for name in _PUBLISHED]
    candidates += [metadata.said("dateCreated"), *metadata.items.get("datecreated", ())[:1]]
    for value in candidates:
        if value is not None and _is_date(value):
            yield value


def _is_date(value: str | None) -> bool:
    return bool(value and len(value) <= _MAX_DATE and _YEAR.search(value) and not _PLACEHOLDER.match(value))


def _most_precise(stated: list[str]) -> str:
    """The first date, or a later one that agrees with it and adds what it lacks, the time or the zone."""
    best = stated[0]
    for other in stated[1:]:
        mine, theirs = _ISO.fullmatch(best), _ISO.fullmatch(other)
        if mine and theirs and mine[1] == theirs[1]:
            adds_time = mine[2] is None and theirs[2] is not None
            adds_zone = mine[2] == theirs[2] and mine[3] is None and theirs[3] is not None
            best = other if adds_time or adds_zone else best
    return best


def _time_value(element: HtmlElement) -> str | None:
    for value in (element.get("datetime"), element.text_content()):
        if value and _is_date(clean := plain(value)):
            return clean
    return None
