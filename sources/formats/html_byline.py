"""Authors of a page: names from its metadata or its visible byline, without what is no name."""

import dataclasses
import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from sources.formats import html_jsonld as jsonld
from sources.formats import html_words as words
from sources.formats.html_header import DATE, LONG, Header
from sources.formats.html_metadata import Metadata
from sources.formats.html_tree import blocks, fold, plain, text_of

MAX_AUTHORS = 50
_MAX_NAME = 80

_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\w+|(?<!\w)@\w+")
_DOMAIN = re.compile(r"(?<![\w.])[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}(?![\w.])", re.IGNORECASE)
_DIVIDERS = re.compile(r"\s*[;|•·\n]\s*|\s+[/–—-]\s+")
_COMMA = re.compile(r"\s*,\s*")
_EDGES = " \t.,:;/-–—|()[]\"'“”"
_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_LABELS = ("written by", "verfasst von", "écrit par", "escrito por", "scritto da", "geschreven door", "author")
_META = (
    "author", "article:author", "article:author_name", "og:article:author", "parsely-author", "sailthru.author", "dc.creator",
    "dcterms.creator", "dc.contributor", "byl", "byline", "cxenseparse:author", "citation_author", "twitter:creator:name",
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Bylines:
    """Authors, and the editors named beside them."""

    authors: tuple[str, ...]
    editors: tuple[str, ...]


def read_bylines(metadata: Metadata, header: Header, tree: HtmlElement, publisher: str | None) -> Bylines:
    """The authors by the first of the page's sources that names people; a house's name only where none does."""
    houses = _houses(metadata, publisher)
    editors = tuple(_editors(metadata, tree))
    edited = {fold(name) for name in editors}
    fallback: tuple[str, ...] = ()
    for raw in (*_stated(metadata), *_visible(header)):
        authors = clean_names(raw, houses)
        people = tuple(name for name in authors if not _is_house(name, houses) and fold(name) not in edited)
        if people:
            return Bylines(people, editors)
        fallback = fallback or authors
    return Bylines(fallback, editors)


def _houses(metadata: Metadata, publisher: str | None) -> frozenset[str]:
    """The folded names by which the publisher goes."""
    names = [
        publisher,
        metadata.first("og:site_name"),
        metadata.first("application-name"),
        metadata.first("dc.publisher"),
    ]
    names += [handle.lstrip("@") for handle in metadata.tags.get("twitter:site", ())]
    for address in (metadata.links.get("canonical"), metadata.first("og:url")):
        host = (address or "").partition("://")[2].partition("/")[0].removeprefix("www.")
        names += [host, host.partition(".")[0]]
    if metadata.article is not None:
        names += [name for name, is_house in jsonld.names(metadata.article.get("author"), metadata.nodes) if is_house]
    return frozenset(fold(name) for name in names if name and len(fold(name)) >= 2)


def _is_house(name: str, houses: frozenset[str]) -> bool:
    folded = fold(name)
    return folded in houses or bool(_DOMAIN.search(name)) or any(len(h) >= 6 and h in folded for h in houses)


def _stated(metadata: Metadata) -> Iterator[list[str]]:
    """What metadata says of authors, source by source."""
    if metadata.article is not None:
        for key in ("author", "creator"):
            yield [name for name, _ in jsonld.names(metadata.article.get(key), metadata.nodes)]
    yield list(metadata.items.get("author", metadata.items.get("creator", ())))
    for name in _META:
        yield list(metadata.tags.get(name, ()))
    if (metadata.first("twitter:label1") or "").casefold().strip(": ") in _LABELS:
        yield list(metadata.tags.get("twitter:data1", ())[:1])


def _visible(header: Header) -> Iterator[list[str]]:
    """Bylines that a reader sees between headline and text, the most certain first."""
    linked = [e for e in header.elements if "author" in (e.get("rel") or "").lower().split()]
    yield [text for element in linked if 0 < len(text := text_of(element)) <= _MAX_NAME]
    for block in header.blocks:
        if len(block.text) <= LONG and (match := words.BY.match(block.text)):
            yield [_before_date(block.text[match.end() :])]
    for element in header.elements:
        marks = words.marks(element)
        if marks & words.BYLINE_CLASSES and not marks & words.NOT_BYLINE_CLASSES:
            text = text_of(element)
            if 0 < len(text) <= LONG and not words.EDITED_BY.match(text):
                yield [_before_date(text)]


def _before_date(text: str) -> str:
    date = DATE.search(text)
    return text[: date.start()] if date else text


def _editors(metadata: Metadata, tree: HtmlElement) -> Iterator[str]:
    """Who is named as editor, in JSON-LD or in a line of its own ("Editor: A. Name")."""
    if metadata.article is not None:
        for name, is_house in jsonld.names(metadata.article.get("editor"), metadata.nodes):
            if name and not is_house and len(name) <= _MAX_NAME:
                yield name
    for block in blocks(tree):
        if len(block.text) <= LONG and (match := words.EDITED_BY.match(block.text)):
            yield from clean_names([block.text[match.end() :]], frozenset())


def clean_names(raw: Iterable[str], houses: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Split and clean names as metadata and bylines give them.

    >>> clean_names(["By Ana Ruiz and Tom Li, dpa"]), clean_names(["Jo Ek, professor of modern history"])
    (('Ana Ruiz', 'Tom Li', 'dpa'), ('Jo Ek',))
    """
    found: dict[str, str] = {}
    for text in list(raw)[:MAX_AUTHORS]:
        parts = list(_split(text[:1000]))
        likely = [part for part in parts if _is_name(part)] or [part for part in parts if len(part) <= _MAX_NAME][:1]
        for part in likely:
            found.setdefault(fold(part), part)
    found.pop("", None)
    people = {key: name for key, name in found.items() if key not in houses and not _DOMAIN.search(name)}
    return tuple((people or found).values())[:MAX_AUTHORS]


def _split(text: str) -> Iterator[str]:
    bare = _ADDRESS.sub(" ", text)
    if match := words.BY.match(bare):
        bare = bare[match.end() :]
    for part in _DIVIDERS.split(bare):
        for piece in _COMMA.split(part):
            for name in _split_at_and(piece):
                if clean := plain(name).strip(_EDGES):
                    yield clean


def _split_at_and(text: str) -> Iterator[str]:
    """Names joined by a word; a joining word of one letter may be part of a name."""
    begin = 0
    for match in words.AND.finditer(text):
        word = match.group().strip()
        before, after = text[begin : match.start()], text[match.end() :]
        if len(word) > 2 or not word.isalpha() or (len(before.split()) >= 2 and len(after.split()) >= 2):
            yield before
            begin = match.end()
    yield text[begin:]


def _is_name(text: str) -> bool:
    """Whether a text is as a name is written: few words, most of them capitalized, no office, no sentence."""
    found = _WORD.findall(text)
    if not found or len(text) > _MAX_NAME or len(found) > 6 or any(char in text for char in "?!:…"):
        return False
    if all(word.casefold() in words.ROLES for word in found):
        return False
    if len(found) == 1:
        return True
    capital = sum(not word[0].islower() for word in found)
    return capital * 2 > len(found)
