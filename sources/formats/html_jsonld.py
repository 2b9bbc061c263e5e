"""JSON-LD of a page (https://json-ld.org, https://schema.org/NewsArticle): the node that describes the article."""

import html
import json
import re
from collections.abc import Iterator
from typing import cast

import orjson
from lxml.html import HtmlElement

from sources.formats.html_tree import fold, plain

Node = dict[str, object]

MAX_BLOCK = 2_000_000
"""Characters of one script element that are read."""
MAX_NODES = 5_000

_OPENING = ("<!--", "//", "/*", "<![CDATA[", "*/")
_CLOSING = ("-->", "//", "*/", "]]>", "/*", "//")
_TRAILING_COMMA = re.compile(r",(?=\s*+[}\]])")
_TAG = re.compile(r"<[^<>]*>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,30});")
_OTHER_TYPES = frozenset({"BlogPosting", "LiveBlogPosting", "Report", "DiscussionForumPosting"})
_BELOW = ("@graph", "mainEntity", "mainEntityOfPage", "mainContentOfPage", "itemReviewed")
"""Where a page keeps its own article; other properties (`hasPart`, `itemListElement`) hold other pages' articles."""


def read_nodes(tree: HtmlElement) -> tuple[Node, ...]:
    """Every object at the top of the page's JSON-LD scripts, broken ones mended where that is plain."""
    nodes: list[Node] = []
    for script in tree.iter("script"):
        kind = (script.get("type") or "").strip().lower()
        if kind.startswith("application/ld+json") and script.text and len(script.text) <= MAX_BLOCK:
            nodes.extend(_descend(_loads(script.text)))
        if len(nodes) >= MAX_NODES:
            break
    return tuple(nodes[:MAX_NODES])


def _loads(text: str) -> object:
    """The value of a JSON text, tolerating comment marks, raw line ends and trailing commas; None where hopeless."""
    try:
        return cast("object", orjson.loads(text))
    except orjson.JSONDecodeError:
        bare = _unwrap(text)
    for attempt in (bare, _TRAILING_COMMA.sub("", bare)):
        try:
            return cast("object", json.loads(attempt, strict=False))
        except (ValueError, RecursionError):
            continue
    return None


def _unwrap(text: str) -> str:
    """A script's text without the comment marks that hid it from old browsers."""
    bare = text.strip(" \t\r\n;")
    for mark in _OPENING:
        bare = bare.removeprefix(mark).lstrip()
    for mark in _CLOSING:
        bare = bare.removesuffix(mark).rstrip(" \t\r\n;")
    return bare


def _descend(value: object) -> Iterator[Node]:
    stack = [value]
    seen = 0
    while stack and seen < MAX_NODES:
        seen += 1
        current = stack.pop()
        if isinstance(current, list):
            stack.extend(reversed(current[:MAX_NODES]))
        elif isinstance(current, dict):
            yield current
            stack.extend(current[key] for key in _BELOW if isinstance(current.get(key), dict | list))


def types(node: Node) -> tuple[str, ...]:
    """The types of a node by their bare names.

    >>> types({"@type": ["http://schema.org/NewsArticle", "Product"]})
    ('NewsArticle', 'Product')
    """
    value = node.get("@type")
    names = value if isinstance(value, list) else [value]
    return tuple(re.split(r"[/#:]", name)[-1].strip() for name in names if isinstance(name, str))


def find_article(nodes: tuple[Node, ...], titles: tuple[str, ...], urls: tuple[str, ...]) -> Node | None:
    """The node of the page's own article: the one that agrees with the page's titles and addresses, and says most."""
    candidates = [node for node in nodes if any(_is_article(name) for name in types(node))]
    folded = {fold(title) for title in titles}
    own = {url.rstrip("/") for url in urls}

    def evidence(node: Node) -> tuple[int, int, int]:
        headline, name = fold(text(node, "headline") or ""), fold(text(node, "name") or "")
        agrees = bool({headline, name} & folded - {""}) + bool({u.rstrip("/") for u in addresses(node)} & own)
        return agrees, sum(key in node for key in ("headline", "datePublished", "author")), len(node)

    best = max(candidates, key=evidence, default=None)
    return best if best is not None and evidence(best)[:2] > (0, 0) else None


def _is_article(name: str) -> bool:
    return name.endswith("Article") or name in _OTHER_TYPES


def addresses(node: Node) -> tuple[str, ...]:
    """The URLs a node gives itself."""
    page = node.get("mainEntityOfPage")
    values = [node.get("url"), page, node.get("@id"), page.get("@id") if isinstance(page, dict) else None]
    return tuple(value for value in values if isinstance(value, str) and value.startswith(("http://", "https://")))


def text(node: Node, key: str) -> str | None:
    """A property as one line of text, entities resolved; None where it is no text."""
    return next(iter(texts(node.get(key))), None)


def texts(value: object) -> tuple[str, ...]:
    """The strings of a property that may be a string, an object with a value or a list of these."""
    values = value if isinstance(value, list) else [value]
    found = []
    for item in values[:MAX_NODES]:
        single = item.get("@value", item.get("name")) if isinstance(item, dict) else item
        if isinstance(single, str) and (line := plain(unescape(single))):
            found.append(line)
    return tuple(found)


def unescape(value: str) -> str:
    """Resolve entities that were escaped once too often, and drop the tags they hid.

    >>> unescape("Law &amp;amp; order"), unescape("AT&T")
    ('Law & order', 'AT&T')
    """
    for _ in range(2):
        if not _ENTITY.search(value):
            break
        value = html.unescape(value)
    return _TAG.sub("", value) if "</" in value else value


def names(value: object, nodes: tuple[Node, ...]) -> Iterator[tuple[str, bool]]:
    """Names of `author`, `editor` and the like, and whether each is said to be an organization.

    A reference (`{"@id": …}`) is looked up among the page's nodes.
    """
    known = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and "name" in node}
    for item in (value if isinstance(value, list) else [value])[:100]:
        if isinstance(item, str):
            yield plain(unescape(item)), False
        elif isinstance(item, dict):
            reference = item.get("@id")
            node = item if "name" in item or not isinstance(reference, str) else known.get(reference, item)
            given = " ".join(filter(None, (text(node, "givenName"), text(node, "familyName"))))
            for name in texts(node.get("name")) or ((given,) if given else ()):
                yield name, any("Organization" in kind for kind in types(node))
