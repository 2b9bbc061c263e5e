"""RSS 0.9x, 1.0 and 2.0, Atom, RDF and CDF, read by feedparser; it never fetches anything.

Modules known: Dublin Core, Media RSS, content, PRISM, FeedBurner, Creative Commons; Google News' `source`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import cast
from urllib.parse import urljoin
from xml.sax import SAXException

from articles import Article, Credit, Encoding, Origin, ParseError, Rights
from sources.formats.feed_reader import read_feed
from sources.formats.feed_xml import regularize
from sources.identity import Identity, name_space, tell_apart
from sources.json_item import write_item

Fields = Mapping[str, object]

_TAG = re.compile(r"<[^<>]*>")
_VOID_TAG = re.compile(r"<(?:br|hr|img|p|wbr)\b[^<>]*>", re.IGNORECASE)
_WEB = re.compile(r"https?://", re.IGNORECASE)
_MARKUP_TYPE = re.compile(r"text/html|.*[/+]xml|html|xhtml", re.IGNORECASE)
_TEXT_TYPE = re.compile(r"text/.*|.*[/+]xml|html|xhtml|text|plain|", re.IGNORECASE)
_FAILURES = (
    ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, SAXException, TypeError, ValueError,
)  # fmt: skip
"""What feedparser lets escape on hostile input: it documents none of it."""


def parse(payload: bytes, origin: Origin) -> Iterator[Article | ParseError]:
    """Read every entry that feedparser finds; one without title and text is a `ParseError` in its place.

    Raises `ParseError` where there is no feed, or a broken one without a single entry.
    """
    data, encoding = regularize(payload, origin.content_type)
    try:
        found = read_feed(data)
    except _FAILURES as error:
        raise ParseError("malformed", f"feedparser failed: {type(error).__name__}: {error}") from error
    feed, entries = found.feed, found.entries
    if not entries and found.fault:
        raise ParseError("malformed", f"a broken feed without entries: {found.fault}")
    if not entries and not found.version and not feed:
        raise ParseError("not-a-feed", "no element of any feed format")
    is_atom = found.version.startswith("atom")
    site = _web(_string(feed, "link")) or _web(origin.uri)
    claims = tell_apart([_claim(entry, site) for entry in entries], site)
    for index, (entry, claim) in enumerate(zip(entries, claims, strict=True), origin.first_item):
        yield _read_entry(entry, feed, claim, index, is_atom=is_atom, encoding=encoding, origin=origin)


def _read_entry(
    entry: Fields, feed: Fields, claim: Identity, index: int, *, is_atom: bool, encoding: Encoding, origin: Origin
) -> Article | ParseError:
    title, title_is_html = _read_title(entry, is_atom=is_atom)
    summary, summary_is_html = _read_summary(entry)
    body, body_is_html = _read_body(entry, summary, summary_is_html=summary_is_html)
    if not _TAG.sub("", title).strip() and not _TAG.sub("", body).strip():
        message = f"entry {index} ({claim.item_id}) has neither title nor text"
        return ParseError("no-text", message, item_index=index, payload=write_item(entry))
    marks = {"title": title_is_html, "summary": summary_is_html, "body": body_is_html}
    updated = _string(entry, "updated")
    return Article(
        title=title,
        summary=summary,
        body=body,
        markup=frozenset(name for name, is_html in marks.items() if is_html),
        language_declared=_read_language(entry, feed, is_atom=is_atom),
        source_item_id=claim.item_id,
        provider=name_space(
            claim.item_id,
            _string(feed, "id"),
            _self_link(feed),
            _string(feed, "link"),
            _string(feed, "title"),
            origin.uri,
        ),
        url=claim.url,
        publisher=_read_publisher(entry, feed),
        published_raw=_string(entry, "published") or _string(entry, "created") or updated,
        updated_raw=updated,
        byline=_read_names(entry) or (_read_names(feed) if is_atom else ()),
        credits=_read_credits(entry),
        original_source=_read_original(entry),
        keywords=_read_keywords(entry),
        section=_string(entry, "prism_section"),
        rights=_read_rights(entry, feed),
        encoding=encoding,
        item_index=index,
    )


def _string(fields: Fields, key: str) -> str | None:
    """The text of a field, None where it is blank or something else; never through feedparser's aliases."""
    value = dict.get(cast("dict[str, object]", fields), key)
    return value.strip() or None if isinstance(value, str) else None


def _dicts(fields: Fields, key: str) -> list[Fields]:
    values = dict.get(cast("dict[str, object]", fields), key)
    return [value for value in values if isinstance(value, Mapping)] if isinstance(values, list) else []


def _web(link: str | None) -> str | None:
    return link if link and _WEB.match(link) else None


def _self_link(feed: Fields) -> str | None:
    return next((_string(link, "href") for link in _dicts(feed, "links") if _string(link, "rel") == "self"), None)


def _claim(entry: Fields, site: str | None) -> Identity:
    link = _string(entry, "feedburner_origlink") or _string(entry, "link")
    if link is None:
        others = [link for link in _dicts(entry, "links") if _string(link, "rel") == "alternate"]
        link = _string(others[0], "href") if others else None
    if entry.get("guidislink") and not _web(link):  # a guid that claims to be a link by default
        link = None
    try:
        url = urljoin(site, link) if site and link else link
    except ValueError:
        url = link
    return Identity(_string(entry, "id"), url, _string(entry, "title") or "")


def _read_title(entry: Fields, *, is_atom: bool) -> tuple[str, bool]:
    title = _string(entry, "title") or ""
    is_html = _is_markup(entry.get("title_detail"))
    return title, is_html or (not is_atom and _VOID_TAG.search(title) is not None)


def _read_summary(entry: Fields) -> tuple[str | None, bool]:
    """The summary the feed itself gave: where it gave none, feedparser copies the content into its place."""
    detail = entry.get("summary_detail")
    return (_string(entry, "summary"), _is_markup(detail)) if detail else (None, False)


def _read_body(entry: Fields, summary: str | None, *, summary_is_html: bool) -> tuple[str, bool]:
    """The fullest text of an entry, measured without its tags, and whether it is markup."""
    texts = [
        (value, _is_markup(part))
        for part in _dicts(entry, "content")
        if (value := _string(part, "value")) and _TEXT_TYPE.fullmatch(_string(part, "type") or "")
    ]
    if summary:
        texts.append((summary, summary_is_html))
    return max(texts, key=lambda text: len(_TAG.sub("", text[0])), default=("", False))


def _is_markup(detail: object) -> bool:
    return isinstance(detail, Mapping) and _MARKUP_TYPE.fullmatch(_string(detail, "type") or "") is not None


def _read_language(entry: Fields, feed: Fields, *, is_atom: bool) -> str | None:
    """The nearest declaration; in Atom the feed's own is inherited already, or taken back by an empty one."""
    parts = [*_dicts(entry, "content"), entry.get("summary_detail"), entry.get("title_detail")]
    inside = [part for part in parts if isinstance(part, Mapping)]
    nearest = next((tag for part in inside if (tag := _string(part, "language"))), None)
    return _string(entry, "language") or nearest or (None if is_atom and inside else _string(feed, "language"))


def _read_publisher(entry: Fields, feed: Fields) -> str | None:
    """The feed that the entry was first in, else the publisher it names, else this feed."""
    source, publisher = entry.get("source"), entry.get("publisher_detail")
    first = _string(source, "title") if isinstance(source, Mapping) else None
    named = _string(publisher, "name") if isinstance(publisher, Mapping) else None
    return first or named or _string(entry, "publisher") or _string(feed, "title")


def _read_names(fields: Fields) -> tuple[str, ...]:
    names = [_string(author, "name") or _string(author, "email") for author in _dicts(fields, "authors")]
    return tuple(
        dict.fromkeys(name for name in (*names, *(() if any(names) else (_string(fields, "author"),))) if name)
    )


def _read_credits(entry: Fields) -> tuple[Credit, ...]:
    contributors = [
        ("contributor", _string(one, "name") or _string(one, "email")) for one in _dicts(entry, "contributors")
    ]
    media = [
        ((_string(one, "role") or "contributor").lower(), _string(one, "content"))
        for one in _dicts(entry, "media_credit")
    ]
    return tuple(Credit(role, name) for role, name in (*contributors, *media) if name)


def _read_original(entry: Fields) -> str | None:
    source = _string(entry, "dc_source")
    return source if source and not _web(source) else None


def _read_keywords(entry: Fields) -> tuple[str, ...]:
    tags = (_string(tag, "label") or _string(tag, "term") for tag in _dicts(entry, "tags"))
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def _read_rights(entry: Fields, feed: Fields) -> Rights | None:
    licences = (_string(link, "href") for link in _dicts(entry, "links") if _string(link, "rel") == "license")
    terms = (
        _string(entry, "rights") or _string(feed, "rights") or next((licence for licence in licences if licence), None)
    )
    holder = _string(entry, "media_copyright")
    return Rights(terms, holder) if terms or holder else None
