"""Subscription lists in OPML 1 and 2 (https://opml.org): feeds to poll, with the names and folders people gave them."""

import html
import itertools
import re
from collections.abc import Iterator

from lxml import etree

from articles import FeedState, ParseError
from sources.polling.errors import FetchError
from sources.polling.headers import public_url, request_url, subscribed_url

MAX_NAME = 300
"""Characters of a title or folder name that are kept."""

MAX_FOLDERS = 16
"""Folders of a path that are kept."""

FEED_TYPES = frozenset({"rss", "atom", "rdf", "feed", "jsonfeed"})

Outline = dict[str, str] | None
"""The attributes of an outline that opens, by lower-case name; None where one closes."""

_OPML = re.compile(r"<opml[\s>]", re.IGNORECASE)
_CHARSET = re.compile(rb"<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([\w.:-]{1,40})")
_CLOSING = re.compile(r"</(?:body|opml)", re.IGNORECASE)
_TAG = re.compile(r"<(/?)outline(?=[\s/>])", re.IGNORECASE)
_VALUES = {
    name: re.compile(rf"(?<=\s){name}\s{{0,9}}=\s{{0,9}}[\"']", re.IGNORECASE)
    for name in ("text", "title", "type", "xmlurl", "url")
}
_VALUE_END = re.compile(r"[\"'](?=\s{1,99}[\w:.-]{1,40}\s{0,9}=\s{0,9}[\"']|\s{0,99}/?>)")
_URL_END = re.compile(r"[\"'\s<>]")


def parse_opml(payload: bytes) -> Iterator[FeedState | ParseError]:
    """Yield a new feed for each subscription, once: the first of several with one address stays.

    The title becomes the publisher, the path of folders the category. A subscription whose address can't be polled is
    a ParseError in its place. Raises ParseError where the payload is no OPML.
    """
    seen: set[str] = set()
    folders: list[str] = []
    index = 0
    for attributes in _outlines(payload):
        if attributes is None:
            del folders[-1:]
            continue
        name = (attributes.get("title") or attributes.get("text") or "")[:MAX_NAME]
        is_feed = attributes.get("type", "").lower() in FEED_TYPES
        address = attributes.get("xmlurl") or (attributes.get("url", "") if is_feed else "")
        if address:
            feed = _subscription(address, name, folders, index)
            index += 1
            if isinstance(feed, ParseError) or feed.url not in seen:
                yield feed
            if isinstance(feed, FeedState):
                seen.add(feed.url)
        folders.append(name)


def _subscription(address: str, name: str, folders: list[str], index: int) -> FeedState | ParseError:
    url = subscribed_url(address)
    try:
        request_url(url)
    except FetchError as error:
        message = f"outline {name[:60]!r}: {error.message}"
        return ParseError("bad-feed-url", message, item_index=index, payload=public_url(address).encode())
    category = " / ".join(folder for folder in folders[:MAX_FOLDERS] if folder)
    return FeedState(url=url, publisher=name or None, category=category or None)


def _outlines(payload: bytes) -> Iterator[Outline]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(payload, parser)
    except (etree.XMLSyntaxError, ValueError):
        yield from _broken_outlines(payload)
        return
    if str(root.tag).lower() != "opml":
        raise ParseError("not-opml", f"the document is <{str(root.tag)[:60]}>, not <opml>")
    for event, element in etree.iterwalk(root, events=("start", "end"), tag="outline"):
        if event == "start":
            yield {str(name).lower(): str(value).strip() for name, value in element.attrib.items()}
        else:
            yield None


def _broken_outlines(payload: bytes) -> Iterator[Outline]:
    """Read what is no XML: lists in the wild hold bare ampersands, quotes and HTML in their attributes.

    XML parsers that recover from those drop the rest of the tag, with the address in it.
    """
    text = _decoded(payload)
    if not _OPML.search(text):
        raise ParseError("not-opml", "the document has no <opml> element")
    for tag, after in itertools.pairwise(itertools.chain(_TAG.finditer(text), [None])):
        if tag is None or tag[1]:
            yield None
            continue
        chunk = text[tag.end() : after.start() if after else len(text)]
        yield {name: value for name in _VALUES if (value := _value(chunk, name))}
        if _CLOSING.split(chunk, maxsplit=1)[0].rstrip().endswith("/>"):
            yield None


def _value(chunk: str, name: str) -> str:
    start = _VALUES[name].search(chunk)
    if start is None:
        return ""
    end = (_URL_END if name.endswith("url") else _VALUE_END).search(chunk, start.end())
    return html.unescape(chunk[start.end() : end.start()]).strip() if end else ""


def _decoded(payload: bytes) -> str:
    declared = _CHARSET.search(payload[:400])
    try:
        return payload.decode(declared[1].decode("ascii") if declared else "utf-8-sig", "replace")
    except LookupError:
        return payload.decode("utf-8", "replace")
