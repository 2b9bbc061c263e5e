"""What a page says of itself outside its text: JSON-LD, meta tags (OpenGraph, Dublin Core, parsely …), microdata."""

import dataclasses
import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin, urlsplit

import orjson
from lxml.html import HtmlElement

from sources.formats import html_jsonld as jsonld
from sources.formats.html_tree import plain, short_text

MAX_VALUE = 2_000
"""Characters of one value; a longer one is no headline, name or date."""

_ITEMPROPS = frozenset(
    {"headline", "datepublished", "datecreated", "datemodified", "author", "creator", "articlesection"}
)
_MAX_HEADINGS = 50
_MAX_ITEMS = 500
_ASIDE = frozenset({"aside", "nav", "footer", "figure", "figcaption"})


@dataclasses.dataclass(frozen=True, slots=True)
class Metadata:
    """The sources of a page's fields, not yet weighed against each other.

    `tags` and `items` are the meta tags and microdata by lower-case name, values in document order.
    """

    tags: Mapping[str, tuple[str, ...]]
    items: Mapping[str, tuple[str, ...]]
    headings: tuple[str, ...]
    page_title: str
    nodes: tuple[jsonld.Node, ...]
    article: jsonld.Node | None
    links: Mapping[str, str]
    language: str | None

    def first(self, *names: str) -> str | None:
        """The first value of the first of these meta tags that has one."""
        return next((values[0] for name in names if (values := self.tags.get(name))), None)

    def said(self, key: str) -> str | None:
        """A property of the JSON-LD article as a line of text."""
        return jsonld.text(self.article, key) if self.article is not None else None


def collect(tree: HtmlElement, url: str | None) -> Metadata:
    """Gather everything a page says of itself."""
    tags, links = _read_tags(tree), _read_links(tree, url)
    headings = tuple(_read_headings(tree))
    page_title = next((plain(title.text_content()) for title in tree.iter("title")), "")[:MAX_VALUE]
    nodes = jsonld.read_nodes(tree)
    titles = (*headings[:1], *tags.get("og:title", ())[:1], page_title)
    own = tuple(filter(None, (url, links.get("canonical"), *tags.get("og:url", ())[:1])))
    return Metadata(
        tags=tags,
        items=_read_items(tree),
        headings=headings,
        page_title=page_title,
        nodes=nodes,
        article=jsonld.find_article(nodes, titles, own),
        links=links,
        language=(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip() or None,
    )


def _read_headings(tree: HtmlElement) -> Iterator[str]:
    for heading in list(tree.iter("h1"))[:_MAX_HEADINGS]:
        for element in heading.iter("*"):  # a kicker and a headline that only style sheets set apart
            if element is not heading and not element.tail and element.getnext() is not None:
                element.tail = " "
        if text := short_text(heading, MAX_VALUE):
            yield text


def _read_tags(tree: HtmlElement) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for meta in tree.iter("meta"):
        content = plain(jsonld.unescape((meta.get("content") or "")[: MAX_VALUE * 2]))
        if not content:
            continue
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            # Some pages put several names into one attribute: property="og:title headline".
            for name in (meta.get(attribute) or "").lower().split()[:5]:
                found[name].append(content)
    for name, value in _read_parsely(found.get("parsely-page", ())):
        found.setdefault(name, []).append(value)
    return {name: tuple(dict.fromkeys(values)) for name, values in found.items()}


def _read_parsely(pages: tuple[str, ...] | list[str]) -> Iterator[tuple[str, str]]:
    """Fields of parse.ly's older tag, a JSON object in one attribute."""
    for page in pages[:1]:
        try:
            fields = orjson.loads(page)
        except orjson.JSONDecodeError:
            return
        if isinstance(fields, dict):
            for key in ("title", "author", "pub_date", "section", "link"):
                for value in jsonld.texts(fields.get(key)):
                    yield f"parsely-{key.replace('_', '-')}", value


def _read_links(tree: HtmlElement, url: str | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for link in tree.iter("link"):
        address = (link.get("href") or "").strip()
        for relation in (link.get("rel") or "").lower().split():
            if relation in {"canonical", "license", "shortlink"} and address and len(address) <= MAX_VALUE:
                found.setdefault(relation, _join(url, address))
    return found


def _join(base: str | None, address: str) -> str:
    try:
        return urljoin(base or "", address)
    except ValueError:
        return address


def _read_items(tree: HtmlElement) -> dict[str, tuple[str, ...]]:
    """Microdata (https://schema.org/docs/gs.html) of an article, not of the page's other things."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for element in itertools.islice(tree.iterfind(".//*[@itemprop]"), _MAX_ITEMS):
        names = {name.lower() for name in (element.get("itemprop") or "").split()[:5]} & _ITEMPROPS
        if names and _belongs_to_article(element):
            value = _item_value(element)
            for name in sorted(names):
                if value and len(value) <= MAX_VALUE:
                    found[name].append(value)
    return {name: tuple(dict.fromkeys(values)) for name, values in found.items()}


def _belongs_to_article(element: HtmlElement) -> bool:
    for ancestor in element.iterancestors():
        if ancestor.tag in _ASIDE:
            return False
        if ancestor.get("itemscope") is not None:
            kind = (ancestor.get("itemtype") or "Article").rstrip("/")
            return kind.endswith(("Article", "Posting", "Report", "WebPage"))
    return True


def _item_value(element: HtmlElement) -> str:
    for attribute in ("content", "datetime"):
        if value := plain(element.get(attribute) or ""):
            return value
    name = next(iter(element.iterfind(".//*[@itemprop='name']")), None)
    if name is None:
        return short_text(element, MAX_VALUE)
    return plain(name.get("content") or "") or short_text(name, MAX_VALUE)


def canonical_link(metadata: Metadata, url: str | None) -> str | None:
    """The page's own address: what it calls canonical, unless that is another site or the site's front page."""
    candidates = (metadata.links.get("canonical"), metadata.first("og:url"), *_node_addresses(metadata))
    for candidate in candidates:
        if candidate and _is_page(joined := _join(url, candidate)) and (url is None or _same_site(joined, url)):
            return joined
    return url


def _node_addresses(metadata: Metadata) -> tuple[str, ...]:
    return jsonld.addresses(metadata.article) if metadata.article is not None else ()


def _is_page(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and bool(parts.path.strip("/") or parts.query)


def _same_site(one: str, other: str) -> bool:
    """Whether two addresses have the last two labels of their host in common (amp.example.org, www.example.org)."""
    try:
        hosts = [(urlsplit(address).hostname or "").split(".")[-2:] for address in (one, other)]
    except ValueError:
        return False
    return hosts[0] == hosts[1]
