"""Authors of a page: names from its metadata or its visible byline, without what is no name."""

import dataclasses
import re
from collections.abc import Iterable, Iterator

from articles import Credit
from sources.formats import html_jsonld as jsonld
from sources.formats import html_words as words
from sources.formats.html_header import DATE, LONG, Header
from sources.formats.html_metadata import Metadata
from sources.formats.html_tree import Block, fold, plain, short_text

MAX_AUTHORS = 50
_MAX_NAME = 80
_MAX_SIGNATURE = 40
_SENTENCE = 60

_ADDRESS = re.compile(r"https?://\S+|www\.\S+|[^\s@]{1,64}@[^\s@]+\.\w+|(?<!\w)@\w+")
_DOMAIN = re.compile(r"(?<![\w.])[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}(?![\w.])", re.IGNORECASE)
_DIVIDERS = re.compile(r"\s*[;|•·\n]\s*|\s+[/–—-]\s+")
_COMMA = re.compile(r"\s*,\s*")
_BRACKETS = re.compile(r"(?<=\S)\s?\([^()]{0,80}\)")
_EDGES = " \t.,:;/-–—|()[]\"'“”"
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_NO_NAME = re.compile(r"[\d?!:…]")
_STAFF_CODE = re.compile(r"[\s_（(]{1,3}(?P<code>[A-Za-z]{1,4}\d{2,6})[)）]?\s*$")
_LABELS = ("written by", "verfasst von", "écrit par", "escrito por", "scritto da", "geschreven door", "author")
_META = (
    "author", "article:author", "article:author_name", "og:article:author", "parsely-author", "sailthru.author",
    "dc.creator", "dcterms.creator", "dc.contributor", "byl", "byline", "cxenseparse:author", "citation_author",
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Bylines:
    """Authors, and the editors named beside them."""

    authors: tuple[str, ...]
    editors: tuple[Credit, ...]


def read_bylines(
    metadata: Metadata, header: Header, page: list[Block], lines: list[str], publisher: str | None
) -> Bylines:
    """The authors by the first of the page's sources that names people; a house's name only where none does.

    `page` are the page's blocks, `lines` the paragraphs of its text, under which a name may stand.
    """
    houses = _houses(metadata, publisher)
    editors = tuple({fold(credit.name or ""): credit for credit in _editors(metadata, page)}.values())
    edited = {fold(credit.name or "") for credit in editors}
    fallback: tuple[str, ...] = ()
    for raw, is_stated in (
        *((raw, True) for raw in _stated(metadata)),
        *((raw, False) for raw in _visible(header, lines)),
    ):
        named = clean_names(raw, houses, strict=not is_stated)
        authors = tuple(name for name in named if name.casefold() not in words.ACCOUNTS)
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


def _visible(header: Header, lines: list[str]) -> Iterator[list[str]]:
    """Bylines that a reader sees between headline and text or under it, the most certain first."""
    linked = [e for e in header.elements if "author" in (e.get("rel") or "").lower().split()]
    yield [text for element in linked if (text := short_text(element, _MAX_NAME))]
    for block in header.blocks:
        if len(block.text) <= LONG and (named := _named_in(block.text)):
            yield [named]
    for element in header.elements:
        marks = words.marks(element)
        if marks & words.BYLINE_CLASSES and not marks & words.NOT_BYLINE_CLASSES:
            text = short_text(element, LONG)
            if text and not words.EDITED_BY.match(text):
                yield [_before_date(text)]
    if len(lines) > 1 and _is_signature(lines[-1]) and len(lines[-2]) >= _SENTENCE:
        yield [lines[-1]]


def _named_in(line: str) -> str | None:
    """What a short line names as its author: from its start, behind a divider, or behind a label further on.

    >>> _named_in("3 May 2024 | By Ana Ruiz"), _named_in("2024年5月3日 来源：海港报 作者：王某 编辑：李某")
    ('Ana Ruiz', '王某')
    >>> _named_in("Passed by one vote") is None
    True
    """
    for part in (line, *_DIVIDERS.split(line)):
        if match := words.BY.match(part):
            return _before_date(part[match.end() :])
    if label := words.LABELLED.search(line):
        return words.NEXT_LABEL.split(_before_date(line[label.end() :]), maxsplit=1)[0]
    return None


def _is_signature(line: str) -> bool:
    return len(line) <= _MAX_SIGNATURE and 2 <= len(line.split()) <= 4 and line.istitle() and line[-1].isalpha()


def _before_date(text: str) -> str:
    date = DATE.search(text)
    return text[: date.start()] if date else text


def _editors(metadata: Metadata, page: list[Block]) -> Iterator[Credit]:
    """Who is named as editor, in JSON-LD or in a line of its own ("Editor: A. Name", "责任编辑：王某_NB123")."""
    if metadata.article is not None:
        for name, is_house in jsonld.names(metadata.article.get("editor"), metadata.nodes):
            if name and not is_house and len(name) <= _MAX_NAME:
                yield Credit("editor", name)
    for block in page:
        if len(block.text) <= LONG and (match := words.EDITED_BY.match(block.text)):
            code = _STAFF_CODE.search(block.text, match.end())
            named = clean_names([block.text[match.end() : code.start() if code else None]], strict=True)
            for name in named:
                yield Credit("editor", name, code["code"] if code and name == named[-1] else None)


def clean_names(raw: Iterable[str], houses: frozenset[str] = frozenset(), *, strict: bool = False) -> tuple[str, ...]:
    """Split and clean names as metadata and bylines give them; where `strict`, only what is written as a name is.

    >>> clean_names(["By Ana Ruiz and Tom Li, dpa"]), clean_names(["Jo Ek, professor of modern history"])
    (('Ana Ruiz', 'Tom Li', 'dpa'), ('Jo Ek',))
    """
    found: dict[str, str] = {}
    unlikely: list[str] = []
    for text in list(raw)[:MAX_AUTHORS]:
        for name in _names_in(text[:1000], houses, unlikely):
            found.setdefault(fold(name), name)
    found.pop("", None)
    people = {key: name for key, name in found.items() if key not in houses and not _DOMAIN.search(name)}
    return tuple((people or found).values())[:MAX_AUTHORS] or (() if strict else tuple(unlikely[:1]))


def _names_in(text: str, houses: frozenset[str], unlikely: list[str]) -> Iterator[str]:
    """Names of one value; what follows a house's name there, or stands after no name, is its seat or an office."""
    bare = _ADDRESS.sub(" ", text)
    if match := words.BY.match(bare):
        bare = bare[match.end() :]
    for part in _DIVIDERS.split(_BRACKETS.sub("", bare.strip())):
        for segment in _turned(_COMMA.split(part)):
            clean = plain(segment).strip(_EDGES)
            pieces = [piece.strip(_EDGES) for piece in _split_at_and(clean)]
            names = [name for name in pieces if name and not _is_office(name)]
            if names and all(map(_is_name, names)):
                yield from names
            elif _is_name(clean):
                yield clean
            elif clean and not _is_office(clean):
                unlikely.extend([clean] if len(clean) <= _MAX_NAME else [])
                break
            if _is_house(clean, houses):
                break


def _turned(segments: list[str]) -> list[str]:
    """A surname and a given name divided by a comma as one name ("RUIZ, Ana")."""
    if len(segments) == 2 and all(segment.isalpha() for segment in segments) and segments[1].istitle():
        last, first = segments
        return [f"{first} {last}"] if last.istitle() or last.isupper() else segments
    return segments


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
    """Whether a text is as a name is written: few words, most of them capitalized, no figure, office or sentence."""
    found = text.split()
    if not found or len(text) > _MAX_NAME or len(found) > 6 or _NO_NAME.search(text) or _is_office(text):
        return False
    if len(found) == 1:
        return True
    capital = sum(not word.lstrip("(").rstrip(").,")[:1].islower() for word in found)
    return capital * 2 > len(found)


def _is_office(text: str) -> bool:
    return all(word.casefold() in words.ROLES for word in _WORD.findall(text))
