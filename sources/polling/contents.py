"""What a feed's body says of itself, as far as the poll needs it, before anybody parses the entries."""

import contextlib
import dataclasses
import datetime as dt
import hashlib
import re
from collections.abc import Iterator

import orjson
from lxml import etree

from sources.polling.headers import web_url
from sources.polling.schedule import Wishes

HEAD = 65_536
"""Bytes in which a feed's own elements are looked for, before its entries."""

ROOT_WITHIN = 4_096
"""Bytes in which a feed's root element is looked for: declarations, comments and stylesheets stand before it."""

RSL = "https://rslstandard.org/rsl"
"""Namespace of Really Simple Licensing 1.0, whose terms a feed may carry or point to."""

_ENTRY = re.compile(rb"<(?:[A-Za-z][\w.-]{0,30}:)?(?:item|entry)[\s/>]", re.IGNORECASE)
_ENTRY_END = re.compile(rb"</(?:[A-Za-z][\w.-]{0,30}:)?(?:item|entry)\s{0,9}>", re.IGNORECASE)
_ROOT = re.compile(rb"<(?:[A-Za-z][\w.-]{0,30}:)?(?:rss|feed|rdf|channel)[\s>]", re.IGNORECASE)
_PREAMBLE = re.compile(rb"\s+|<\?[^>]{0,1000}>|<!--(?:(?!-->).){0,4000}-->", re.DOTALL)
_HTML = re.compile(rb"<!doctype\s+html\b|<(?:html|head|body)[\s>]", re.IGNORECASE)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 24 * 7, "monthly": 24 * 30, "yearly": 24 * 365}
_NUMBER = re.compile(r"\s*(\d{1,9})\s*")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """`item_count` is None where entries can't be counted; `body_hash` is of the entries' bytes."""

    is_html: bool
    item_count: int | None
    body_hash: str
    wishes: Wishes
    license_url: str | None = None


def examine(payload: bytes, url: str) -> Contents:
    """Look a body over; never raises. `url` is where it came from, the base of relative licence links."""
    wishes, license_url = _head(payload, url)
    return Contents(
        is_html=is_html(payload),
        item_count=count_items(payload),
        body_hash=hashlib.sha256(_entries(payload)).hexdigest(),
        wishes=wishes,
        license_url=license_url,
    )


def is_html(payload: bytes) -> bool:
    """Whether the first tag is an HTML page's.

    >>> is_html(b"<?xml version='1.0'?><!DOCTYPE html PUBLIC ''><html>"), is_html(b"<rss><html>")
    (True, False)
    """
    text, position = _narrow(payload[:HEAD]), 0
    while match := _PREAMBLE.match(text, position):
        position = match.end()
    return bool(_HTML.match(text, position))


def count_items(payload: bytes) -> int | None:
    """Entries in a feed, None where the body is no feed of a known kind.

    Counts tags, not parsed elements: a check on the parser must not share its mistakes.
    """
    if _is_xml_feed(payload):
        return sum(1 for _ in _ENTRY.finditer(_narrow(payload)))
    if _narrow(payload[:HEAD]).lstrip().startswith(b"{"):
        try:
            feed = orjson.loads(payload)
        except orjson.JSONDecodeError:
            return None
        items = feed.get("items")
        return len(items) if isinstance(items, list) else None
    return None


def _entries(payload: bytes) -> bytes:
    """The bytes from a feed's first entry's start to its last one's end; all bytes of what is no RSS, RDF or Atom.

    What stands around the entries (lastBuildDate, a comment on the time it took) changes with every answer of some
    servers, and makes no new article.
    """
    first = last = end = -1
    if not _is_xml_feed(payload):
        return payload
    for match in _ENTRY.finditer(payload):
        last = match.start()
        first = last if first < 0 else first
    for match in _ENTRY_END.finditer(payload, max(last, 0)):
        end = match.end()
    return payload[first:end] if 0 <= last < end else payload[max(first, 0) :]


def _is_xml_feed(payload: bytes) -> bool:
    return bool(_ROOT.search(_narrow(payload[:ROOT_WITHIN])))


def _narrow(payload: bytes) -> bytes:
    """UTF-16 and UTF-32 brought to where tags can be seen as ASCII; the byte order mark gone."""
    if b"\x00" in payload[:8]:
        payload = payload.replace(b"\x00", b"")
    return payload.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")


def _head(payload: bytes, url: str) -> tuple[Wishes, str | None]:
    """The feed's own elements, from in front of its entries."""
    ttl: int | None = None
    period, frequency = 0, 1
    hours: set[int] = set()
    days: set[int] = set()
    license_url: str | None = None
    first = _ENTRY.search(payload, 0, HEAD)
    # A parser that recovers lets surrogates pass (`&#xD800;`), which then can't be read.
    with contextlib.suppress(UnicodeDecodeError):
        for element in _elements(payload[: first.end() if first else HEAD]):
            name, text = _names(element)[1], (element.text or "").strip()
            number = int(match[1]) if (match := _NUMBER.fullmatch(text)) else None
            match name:
                case "ttl":
                    ttl = number
                case "updatePeriod":
                    period = _PERIODS.get(text.lower(), 0)
                case "updateFrequency":
                    frequency = number or 1
                case "hour" if number is not None and _within(element, "skipHours"):
                    hours.add(number % 24)
                case "day" if text.lower() in _DAYS and _within(element, "skipDays"):
                    days.add(_DAYS.index(text.lower()))
                case _:
                    license_url = license_url or _license(element, url)
    wish = dt.timedelta(minutes=min(ttl, 10**6)) if ttl else dt.timedelta(hours=period) / min(frequency, 10**6)
    return Wishes(interval=wish or None, skip_hours=frozenset(hours), skip_days=frozenset(days)), license_url


def _elements(head: bytes) -> Iterator[etree._Element]:
    """Elements in front of the first entry, each once it is complete; broken XML read as far as it goes."""
    parser = etree.XMLPullParser(
        events=("start", "end"), recover=True, resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
    )
    with contextlib.suppress(etree.XMLSyntaxError):
        parser.feed(head)
        for event, element in parser.read_events():
            if not isinstance(element, etree._Element):  # noqa: SLF001
                continue
            if event == "end":
                yield element
            elif _names(element)[1].lower() in ("item", "entry"):
                return


def _names(element: etree._Element) -> tuple[str, str]:
    """Namespace and local name. Feeds use prefixes they never declared, which `etree.QName` refuses."""
    namespace, _, name = str(element.tag).rpartition("}")
    return namespace.removeprefix("{"), name.rpartition(":")[2]


def _within(element: etree._Element, name: str) -> bool:
    parent = element.getparent()
    return parent is not None and _names(parent)[1] == name


def _license(element: etree._Element, url: str) -> str | None:
    """Licence terms that an element carries or points to: RSL, RFC 4946 links, the Creative Commons modules."""
    namespace, name = _names(element)
    if namespace == RSL and name == "content":
        pointers = (found.text or "" for found in element.iter(f"{{{RSL}}}terms", f"{{{RSL}}}standard"))
        return next(filter(None, map(web_url, pointers)), None) or web_url(url)
    if name == "link" and "license" in (element.get("rel") or "").lower().split():
        return web_url(element.get("href") or "", url)
    if name == "license" and namespace and namespace != RSL:
        resource = element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource")
        return web_url(resource or element.text or "", url)
    return None
