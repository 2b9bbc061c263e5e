"""NewsML-G2, https://iptc.org/std/NewsML-G2/: news messages, news items and packages with their items.

Only news items hold text. Concepts, knowledge, planning, catalogs, pictures and packages are yielded
as `not-text`: counted and explained, never silent.
"""

import dataclasses
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml import etree

from articles import Article, Credit, Encoding, Origin, ParseError, Rights
from sources.formats import inlined, xmlwire
from sources.formats.wirecodes import (
    dateline_of,
    doc_type_of,
    last_part,
    rights_of,
    role_of,
    status_of,
    unique,
    urgency_of,
)  # fmt: skip
from sources.formats.wiretext import keep_embargo
from sources.formats.xmlwire import attribute, child, children, text
from sources.identity import is_global, name_space

_ITEMS = ("newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem")
_FRAGMENTS = ("contentSet", "contentMeta", "itemMeta", "groupSet")
_MEDIA = ("picture", "graphic", "still", "video", "audio", "animation", "movingimage")


def parse(payload: bytes, origin: Origin) -> Iterator[Article | ParseError]:
    """Each item of a message, or the one item of a file, in document order."""
    root, encoding = xmlwire.read(payload, origin.content_type)
    kind = xmlwire.name(root)
    if kind in (*_ITEMS, *_FRAGMENTS):
        items, header = [root], None
    elif kind in ("newsMessage", "itemSet"):
        sets = children(root, "itemSet") if kind == "newsMessage" else iter([root])
        items, header = [item for each in sets for item in each.iterchildren()], child(root, "header")
    else:
        raise ParseError("unknown-format", f"<{kind}> is not NewsML-G2")
    if not items:
        raise ParseError("no-text", "a news message without items")
    for index, item in enumerate(items, origin.first_item):
        try:
            yield _read_item(item, header, index, encoding)
        except ParseError as error:
            own = xmlwire.source_of(item) if len(items) > 1 else None
            yield ParseError(error.reason, f"item {index}: {error.message}", item_index=index, payload=own)


def _read_item(item: etree._Element, header: etree._Element | None, index: int, encoding: Encoding) -> Article:
    kind = xmlwire.name(item)
    meta = child(item, "itemMeta")
    item_class = last_part(attribute(child(meta, "itemClass"), "qcode") or attribute(child(meta, "itemClass"), "uri"))
    if kind not in ("newsItem", "contentSet"):
        raise ParseError("not-text", f"a {kind}, which holds no story of its own")
    if item_class in _MEDIA:
        raise ParseError("not-text", f"a news item of class {item_class}")
    contents = list(item.iterchildren()) if kind == "contentSet" else _contents(item)
    article = inlined.fill(_described(item, meta, header), _text(contents))
    article = dataclasses.replace(article, item_index=index, encoding=encoding)
    if not article.title and article.body:
        article = dataclasses.replace(article, title=text(child(meta, "title")) or "")
    if not (article.title or article.summary or article.body or article.status != "usable"):
        remote = next((attribute(content, "href") for content in contents if attribute(content, "href")), None)
        elsewhere = f"; its content is not in the message but at {remote}" if remote else ""
        raise ParseError("no-text", f"neither headline nor text{elsewhere}")
    if item_class == "composite" and not article.body:
        raise ParseError("not-text", "a composite news item without a text")
    return keep_embargo(article)


def _contents(item: etree._Element) -> list[etree._Element]:
    return [content for each in children(item, "contentSet") for content in each.iterchildren()]


def _text(contents: list[etree._Element]) -> inlined.Text:
    """The first rendition that holds text: renditions are one content in several forms. Raises ParseError."""
    for content in contents:
        kind = xmlwire.name(content)
        found = inlined.Text()
        if kind == "inlineXML":
            found = inlined.read_elements(content)
        elif kind == "inlineData":
            media_type = attribute(content, "contenttype") or "text/plain"
            if media_type.startswith(("text/", "application/x", "application/nitf")):
                found = inlined.read_string(xmlwire.verbatim(content), media_type, attribute(content, "encoding"))
        if found.body or found.story:
            return found
    return inlined.Text()


def _described(item: etree._Element, meta: etree._Element | None, header: etree._Element | None) -> Article:
    """What `itemMeta`, `contentMeta` and `rightsInfo` say."""
    content = child(item, "contentMeta")
    item_id, sender = attribute(item, "guid"), text(child(header, "sender"))
    publisher = _label(child(meta, "provider")) or sender
    created, version = text(child(meta, "firstCreated")), text(child(meta, "versionCreated"))
    kinds = [*children(meta, "signal"), *children(content, "genre"), *children(meta, "role")]
    status = child(meta, "pubStatus")
    described = Article(
        source_item_id=item_id,
        source_version=attribute(item, "version"),
        provider=name_space(item_id, publisher, sender),
        publisher=publisher,
        url=item_id if item_id and is_global(item_id) and item_id.startswith("http") else None,
        title=text(_main(children(content, "headline"))) or "",
        summary=_summary(content),
        language_declared=attribute(child(content, "language"), "tag") or attribute(item, xmlwire.XML_LANG),
        published_raw=created or version or text(child(content, "contentCreated")) or text(child(header, "sent")),
        updated_raw=version or text(child(content, "contentModified")),
        embargo_raw=text(child(meta, "embargoed")),
        status=status_of(None if status is None else _code(status) or "none") or "withheld",
        doc_type=doc_type_of(map(_code, kinds)),
        urgency=urgency_of(text(child(content, "urgency"))),
        byline=unique(text(by) for by in children(content, "by")),
        credits=tuple(_credits(content)),
        original_source=_source(content, publisher),
        dateline=dateline_of(text(child(content, "dateline"))),
        located=_place(child(content, "located")),
        slug=text(child(content, "slugline")),
        section=_section(content),
        keywords=_keywords(content),
        editors_note="\n\n".join(unique(text(note) for note in children(meta, "edNote"))) or None,
        rights=_rights(item),
    )
    if child(meta, "embargoed") is not None and described.embargo_raw is None and described.status == "usable":
        # An empty element: under embargo until a later version says otherwise.
        return dataclasses.replace(described, status="withheld")
    return described


def _main(elements: Iterator[etree._Element]) -> etree._Element | None:
    """The first element without a role of its own (a sub-headline has one), else the first."""
    all_of_them = list(elements)
    plain = [e for e in all_of_them if last_part(e.get("role")) in ("", "main", "headline", "title")]
    return next(iter(plain or all_of_them), None)


def _summary(content: etree._Element | None) -> str | None:
    """The description that stands for the text, not a caption of something."""
    for description in children(content, "description"):
        if last_part(attribute(description, "role")) not in ("caption", "keywords", "headline"):
            return text(description)
    return None


def _code(element: etree._Element | None) -> str | None:
    return attribute(element, "qcode") or attribute(element, "uri") or attribute(element, "literal")


def _label(element: etree._Element | None) -> str | None:
    """A party or concept by its name, else its literal, else what identifies it in its code or address."""
    if element is None:
        return None
    named = text(child(element, "name")) or attribute(element, "literal")
    if named:
        return named
    uri, qcode = attribute(element, "uri"), attribute(element, "qcode")
    if uri:
        return _host(uri)
    return qcode.split(":", 1)[-1] if qcode else text(element)


def _host(uri: str) -> str:
    try:
        return urlsplit(uri).hostname or uri
    except ValueError:
        return uri


def _credits(content: etree._Element | None) -> Iterator[Credit]:
    for tag in ("creator", "contributor"):
        for party in children(content, tag):
            role = attribute(party, "role")
            name = text(child(party, "name")) or attribute(party, "literal")
            code = attribute(party, "qcode") or attribute(party, "uri")
            if name or code:
                yield Credit(role=role_of(role, tag), name=name, code=code)


def _source(content: etree._Element | None, publisher: str | None) -> str | None:
    """The source the item names, where it is another than the provider."""
    for source in children(content, "infoSource"):
        named = text(child(source, "name")) or attribute(source, "literal")
        if named and (publisher is None or named.casefold() not in publisher.casefold()):
            return named
    return None


def _place(located: etree._Element | None) -> str | None:
    """A place with what it is part of: its own name, else the last part of its code."""
    if located is None:
        return None
    names = [_label(located)]
    names += [text(child(wider, "name")) for wider in children(located, "broader")]
    return ", ".join(unique(names)) or None


def _section(content: etree._Element | None) -> str | None:
    for subject in children(content, "subject"):
        if last_part(attribute(subject, "type")) in ("category", "cat", "section"):
            return _label(subject)
    return None


def _keywords(content: etree._Element | None) -> tuple[str, ...]:
    """Keywords, then the names of the subjects."""
    words = [text(word) for word in children(content, "keyword")]
    for subject in children(content, "subject"):
        words.append(text(child(subject, "name")) or text(child(subject, "mainConcept", "name")))
        if subject.get("literal") and words[-1] is None:
            words.append(attribute(subject, "literal"))
    return unique(words)


def _rights(item: etree._Element) -> Rights | None:
    info = child(item, "rightsInfo")
    holder = child(info, "copyrightHolder")
    named = text(child(holder, "name")) or attribute(holder, "literal")
    notice = text(child(info, "copyrightNotice"))
    return rights_of(text(child(info, "usageTerms")), named or notice or _label(holder))
