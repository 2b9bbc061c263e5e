"""NewsML 1.0 to 1.2, https://iptc.org/std/NewsML/: news items as trees of components, AFP's among them.

An item is one article, with two exceptions: parts that have a headline of their own (a bulletin of
several stories) are articles each, and pictures with their captions are no text.
"""

import dataclasses
import re
from collections.abc import Iterator

from lxml import etree

from articles import Article, Credit, Encoding, Origin, ParseError
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
from sources.identity import name_space

_REVISION = re.compile(r":\d{1,18}[ANU]?$")
_TEXT = ("text", "", "complextext", "composite")
_PICTURED = ("caption", "picture", "photo", "image", "graphic", "video", "audio", "thumbnail", "preview", "animation")


def parse(payload: bytes, origin: Origin) -> Iterator[Article | ParseError]:
    """Each news item of a NewsML document, in document order."""
    root, encoding = xmlwire.read(payload, origin.content_type)
    if xmlwire.name(root) not in ("NewsML", "NewsItem"):
        raise ParseError("unknown-format", f"<{xmlwire.name(root)}> is not NewsML 1")
    items = [root] if xmlwire.name(root) == "NewsItem" else [e for e in root.iter() if xmlwire.name(e) == "NewsItem"]
    if not items:
        raise ParseError("no-text", "a NewsML document without news items")
    index, envelope = origin.first_item, child(root, "NewsEnvelope")
    for item in items:
        try:
            for article in _read_item(item, envelope, encoding):
                yield keep_embargo(dataclasses.replace(article, item_index=index))
                index += 1
        except ParseError as error:
            own = xmlwire.source_of(item) if len(items) > 1 else None
            yield ParseError(error.reason, f"item {index}: {error.message}", item_index=index, payload=own)
            index += 1


def _read_item(item: etree._Element, envelope: etree._Element | None, encoding: Encoding) -> list[Article]:
    kind = last_part(attribute(child(item, "NewsManagement", "NewsItemType"), "FormalName"))
    managed = dataclasses.replace(_managed(item, envelope), encoding=encoding)
    main = child(item, "NewsComponent")
    if main is None and managed.status == "usable":
        part = next(
            (xmlwire.name(e) for e in item.iterchildren("{*}TopicSet", "{*}Update", "{*}Catalog")), "no component"
        )
        raise ParseError("not-text", f"a news item of type {kind or 'unknown'} with {part} and no text")
    if main is None:
        return [managed]
    stories, outer = _stories(main), _sections(main)
    articles = [_fill(managed, component, texts, main, outer) for component, texts in stories]
    if not articles:
        articles = [_fill(managed, main, [], main, outer)]
        if managed.status != "canceled" and any(
            last_part(attribute(m, "FormalName")) not in _TEXT for m in _media(item)
        ):
            raise ParseError("not-text", "a news item with pictures, sound or film and no text")
        if not (articles[0].title or articles[0].summary or managed.status != "usable"):
            raise ParseError("no-text", "a news item without headline or text")
    for number, article in enumerate(articles[1:], 2):
        articles[number - 1] = dataclasses.replace(
            article, source_item_id=_part_id(managed, stories[number - 1][0], number)
        )
    return articles


def _part_id(managed: Article, component: etree._Element, number: int) -> str | None:
    part = attribute(component, "Duid") or str(number)
    return f"{managed.source_item_id}#{part}" if managed.source_item_id else None


def _media(item: etree._Element) -> Iterator[etree._Element]:
    return (element for element in item.iterdescendants() if xmlwire.name(element) == "MediaType")


def _managed(item: etree._Element, envelope: etree._Element | None) -> Article:
    """What identification and management say: the same for every part of the item."""
    identifier, management = child(item, "Identification", "NewsIdentifier"), child(item, "NewsManagement")
    provider = text(child(identifier, "ProviderId"))
    item_id = _item_id(identifier)
    change = child(management, "StatusWillChange")
    announced = attribute(child(management, "Status"), "FormalName")
    if announced is None and child(management, "Status") is not None:
        announced = "none"
    status, until = status_of(announced) or "withheld", text(child(change, "DateAndTime"))
    embargoed = last_part(announced) == "embargoed"
    freed = status_of(attribute(child(change, "FutureStatus"), "FormalName")) == "usable"
    created = text(child(management, "FirstCreated")) or text(child(envelope, "DateAndTime"))
    revision = child(identifier, "RevisionId")
    urgency = child(management, "Urgency")
    kinds = [attribute(child(management, "NewsItemType"), "FormalName"), _revision_kind(revision)]
    instructions = [attribute(e, "FormalName") for e in children(management, "Instruction")]
    return Article(
        source_item_id=item_id,
        source_version=text(revision),
        provider=name_space(item_id, provider),
        publisher=provider,
        published_raw=created,
        updated_raw=text(child(management, "ThisRevisionCreated")) or created,
        embargo_raw=until if until and freed and status == "withheld" else None,
        status="usable" if embargoed and until and freed else status,
        doc_type=doc_type_of([*kinds, *instructions]),
        urgency=urgency_of(attribute(urgency, "FormalName"))
        or urgency_of(attribute(child(envelope, "Priority"), "FormalName")),
        slug=text(child(item, "Identification", "NameLabel")),
        editors_note="\n\n".join(unique(text(note) for note in _notes(item, management))) or None,
        section=attribute(child(envelope, "NewsProduct"), "FormalName"),
    )


def _item_id(identifier: etree._Element | None) -> str | None:
    """The public identifier without its revision: one story over all its versions."""
    parts = [text(child(identifier, part)) for part in ("ProviderId", "DateId", "NewsItemId")]
    if all(parts):
        return "urn:newsml:" + ":".join(part for part in parts if part)
    public = text(child(identifier, "PublicIdentifier"))
    return _REVISION.sub("", public) if public else parts[2]


def _revision_kind(revision: etree._Element | None) -> str | None:
    return "update" if (attribute(revision, "Update") or "N").upper() in ("U", "A") else None


def _notes(item: etree._Element, management: etree._Element | None) -> Iterator[etree._Element]:
    yield from children(management, "StatusWillChange", "Comment")
    for element in item.iterdescendants():
        if xmlwire.name(element) == "Comment" and not attribute(element, "FormalName"):
            yield element


def _stories(main: etree._Element) -> list[tuple[etree._Element, list[etree._Element]]]:
    """The components that are a story of their own, with the content items of their text, in order."""
    stories: dict[etree._Element, list[etree._Element]] = {}
    pictured = _pictured(main)
    lines = (e.getparent() for e in main.iterdescendants() if xmlwire.name(e) == "HeadLine")
    headed = {line.getparent() for line in lines if line is not None}
    for content in main.iterdescendants():
        if xmlwire.name(content) != "ContentItem" or not _is_text(content):
            continue
        chain = [e for e in content.iterancestors() if xmlwire.name(e) == "NewsComponent"]
        chain = chain[: chain.index(main) + 1]
        if any(xmlwire.name(e) == "NewsItem" for e in _between(content, main)) or any(e in pictured for e in chain):
            continue
        owner = next((e for e in chain if e in headed), main)
        chosen = stories.setdefault(owner, [])
        if not (chosen and any(attribute(e, "EquivalentsList") == "yes" for e in chain)):
            chosen.append(content)
    return list(stories.items())


def _between(content: etree._Element, main: etree._Element) -> Iterator[etree._Element]:
    for element in content.iterancestors():
        if element is main:
            return
        yield element


def _is_text(content: etree._Element) -> bool:
    media = last_part(attribute(child(content, "MediaType"), "FormalName"))
    mime = attribute(child(content, "MimeType"), "FormalName") or "text/"
    return media in _TEXT and child(content, "DataContent") is not None and mime.startswith(("text/", "application/"))


def _pictured(main: etree._Element) -> set[etree._Element]:
    """The components whose texts belong to a picture: by their role, or because they hold one too."""
    found = set()
    for element in main.iterdescendants():
        kind = xmlwire.name(element)
        if kind == "Role" and last_part(attribute(element, "FormalName")) in _PICTURED:
            found.add(element.getparent())
        elif kind == "MediaType" and last_part(attribute(element, "FormalName")) not in _TEXT:
            components = [e for e in element.iterancestors() if xmlwire.name(e) == "NewsComponent"]
            found.update(components[: components.index(main)])
    return {element for element in found if element is not None}


def _sections(component: etree._Element) -> dict[str, etree._Element]:
    """The parts of a component that describe it, looked for once: a bulletin may have thousands of stories."""
    found: dict[str, etree._Element] = {}
    for element in component.iterchildren():
        found.setdefault(xmlwire.name(element), element)
    return found


def _fill(
    managed: Article,
    owner: etree._Element,
    contents: list[etree._Element],
    main: etree._Element,
    outer: dict[str, etree._Element],
) -> Article:
    """An article from the story's own component, what it leaves open from the item's main one. Raises ParseError."""
    described = _described(managed, _sections(owner))
    if owner is not main:
        filled = _described(described, outer)
        own = {key: getattr(described, key) for key in ("slug", "section", "publisher")}
        nearer = {key: value for key, value in own.items() if value != getattr(managed, key)}
        described = dataclasses.replace(filled, **nearer)
    texts = [_read_content(content) for content in contents]
    story = next((found.story for found in texts if found.story), None)
    markup = any(found.is_markup for found in texts)
    bodies = [found.body if found.is_markup or not markup else _as_markup(found.body) for found in texts if found.body]
    return inlined.fill(described, inlined.Text(("\n" if markup else "\n\n").join(bodies), markup, story))


def _as_markup(plain: str) -> str:
    escaped = plain.replace("&", "&amp;").replace("<", "&lt;")
    return "\n".join(f"<p>{' '.join(part.split())}</p>" for part in escaped.split("\n\n"))


def _read_content(content: etree._Element) -> inlined.Text:
    data = child(content, "DataContent")
    if data is None:
        return inlined.Text()
    if len(data):
        return inlined.read_elements(data)
    media_type = attribute(child(content, "MimeType"), "FormalName") or attribute(
        child(content, "Format"), "FormalName"
    )
    encoding = attribute(child(content, "Encoding"), "Notation")
    return inlined.read_string(xmlwire.verbatim(data), media_type, encoding)


def _described(article: Article, sections: dict[str, etree._Element]) -> Article:
    """The article with what one component says, where nothing nearer has said it."""
    lines, about = sections.get("NewsLines"), sections.get("DescriptiveMetadata")
    admin, rights = sections.get("AdministrativeMetadata"), sections.get("RightsMetadata")
    holder = text(child(rights, "Copyright", "CopyrightHolder")) or text(child(lines, "CopyrightLine"))
    provider, source = _party(child(admin, "Provider")), _party(child(admin, "Source"))
    properties = [(attribute(p, "FormalName") or "", attribute(p, "Value")) for p in children(about, "Property")]
    named = {key.lower(): value for key, value in reversed(properties)}
    words = [text(word) for word in children(lines, "KeywordLine")]
    words += [value for key, value in properties if key.lower() in ("keyword", "topic", "subject")]
    publisher = provider or article.publisher
    return dataclasses.replace(
        article,
        title=article.title or text(child(lines, "HeadLine")) or "",
        summary=article.summary or text(child(lines, "SubHeadLine")) or text(child(lines, "SlugLine", "Abstract")),
        byline=article.byline or unique(text(line) for line in children(lines, "ByLine")),
        credits=article.credits or tuple(_credits(admin)),
        dateline=article.dateline or dateline_of(text(child(lines, "DateLine"))),
        located=article.located or _place(child(about, "Location")) or named.get("city") or named.get("country"),
        slug=text(child(lines, "SlugLine")) or article.slug,
        section=named.get("category") or article.section,
        keywords=article.keywords or unique(words),
        language_declared=article.language_declared or attribute(child(about, "Language"), "FormalName"),
        urgency=article.urgency or urgency_of(attribute(child(about, "Urgency"), "FormalName")),
        doc_type=doc_type_of([article.doc_type, *(attribute(g, "FormalName") for g in children(about, "Genre"))]),
        rights=article.rights or rights_of(_usage(rights, lines), holder),
        publisher=publisher,
        original_source=article.original_source or (source if source and source != publisher else None),
    )


def _party(element: etree._Element | None) -> str | None:
    return attribute(child(element, "Party"), "FormalName")


def _credits(admin: etree._Element | None) -> Iterator[Credit]:
    for tag in ("Creator", "Contributor"):
        for person in children(admin, tag):
            for party in children(person, "Party"):
                if name := attribute(party, "FormalName"):
                    yield Credit(role=role_of(attribute(party, "Topic"), tag.lower()), name=name)


def _place(location: etree._Element | None) -> str | None:
    values = [attribute(p, "Value") for p in children(location, "Property")]
    return ", ".join(unique(values)) or None


def _usage(rights: etree._Element | None, lines: etree._Element | None) -> str | None:
    terms = [text(terms) for each in children(rights, "UsageRights") for terms in children(each, "UsageType")]
    return "; ".join(unique(terms)) or text(child(lines, "RightsLine")) or None
