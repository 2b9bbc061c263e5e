"""NITF 3.x, https://iptc.org/standards/nitf/: a story, its docdata and its body, one a file or inlined in NewsML."""

import dataclasses
from collections.abc import Iterator

from lxml import etree

from articles import Article, Credit, Dateline, Origin, ParseError
from sources.formats import xmlwire
from sources.formats.wirecodes import dateline_of, doc_type_of, rights_of, status_of, unique, urgency_of
from sources.formats.wiretext import keep_embargo
from sources.formats.xmlwire import attribute, child, children, text
from sources.formats.xmlwire_body import markup_of
from sources.identity import is_global, name_space


def parse(payload: bytes, origin: Origin) -> Iterator[Article | ParseError]:
    """The one story of a NITF document; a kill or a withheld story may have no text."""
    root, encoding = xmlwire.read(payload, origin.content_type)
    stories = [root] if xmlwire.name(root) == "nitf" else [e for e in root.iterchildren() if xmlwire.name(e) == "nitf"]
    if not stories:
        raise ParseError("unknown-format", f"<{xmlwire.name(root)}> is not NITF")
    for index, story in enumerate(stories, origin.first_item):
        article = keep_embargo(dataclasses.replace(read_story(story), encoding=encoding, item_index=index))
        if article.title or article.body or article.summary or article.status != "usable":
            yield article
        else:
            own = xmlwire.source_of(story) if len(stories) > 1 else None
            yield ParseError("no-text", f"item {index}: no headline and no body", item_index=index, payload=own)


def read_story(nitf: etree._Element) -> Article:
    """A `nitf` element as an article, wherever it stood."""
    data, head = child(nitf, "head", "docdata"), child(nitf, "body", "body.head")
    content, end = child(nitf, "body", "body.content"), child(nitf, "body", "body.end", "tagline")
    item_id, version = _identity(data)
    registrar = attribute(child(data, "doc-id"), "regsrc")
    distributor = text(child(head, "distributor"))
    holder = attribute(child(data, "doc.copyright"), "holder") or text(child(head, "rights", "rights.owner"))
    issued, release = attribute(child(data, "date.issue"), "norm"), attribute(child(data, "date.release"), "norm")
    publication = child(nitf, "head", "pubdata")
    published = issued or attribute(publication, "date.publication") or _story_date(head) or release
    announced = (attribute(data, "management-status") or "").lower()
    article = Article(
        source_item_id=item_id,
        source_version=version,
        provider=name_space(item_id, registrar, distributor, holder),
        publisher=distributor or registrar or holder,
        url=item_id if item_id and is_global(item_id) and item_id.startswith("http") else None,
        title=_title(nitf, head),
        summary=_paragraphs(child(head, "abstract")) or text(child(head, "hedline", "hl2")),
        body="\n".join(filter(None, (markup_of(part) for part in (content, end) if part is not None))),
        markup=frozenset({"body"}),
        language_declared=attribute(nitf, "baselang") or attribute(nitf, xmlwire.XML_LANG) or _language(nitf),
        published_raw=published,
        updated_raw=_last_revision(nitf) or attribute(publication, "date.publication"),
        embargo_raw=release if release and (release != issued or announced == "embargoed") else None,
        status=status_of(announced) or "withheld",
        doc_type=doc_type_of(_kinds(nitf, data)),
        urgency=urgency_of(attribute(child(data, "urgency"), "ed-urg")),
        byline=unique(_person(line) for line in children(head, "byline")),
        credits=tuple(_credits(head)),
        dateline=_dateline(child(head, "dateline")),
        located=_located(data),
        slug=_slug(nitf, data),
        section=attribute(publication, "position.section") or _subject(nitf),
        keywords=_keywords(nitf, data),
        editors_note=_notes(nitf, data),
        rights=rights_of(_usage(nitf, data, head), holder),
    )
    if announced == "embargoed" and article.embargo_raw:
        return dataclasses.replace(article, status="usable")
    return article


def _identity(data: etree._Element | None) -> tuple[str | None, str | None]:
    """The key that stays over versions (`du-key`), else the document a kill is about, else its own id."""
    key = child(data, "du-key")
    if attribute(key, "key"):
        return attribute(key, "key"), attribute(key, "version")
    status = (attribute(data, "management-status") or "").lower()
    about = attribute(data, "management-doc-idref") if status in ("canceled", "withheld") else None
    return about or attribute(child(data, "doc-id"), "id-string"), attribute(key, "version")


def _title(nitf: etree._Element, head: etree._Element | None) -> str:
    headline = child(head, "hedline")
    return text(child(headline, "hl1")) or text(child(nitf, "head", "title")) or text(headline) or ""


def _paragraphs(element: etree._Element | None) -> str | None:
    if element is None:
        return None
    parts = [text(part) for part in element.iterchildren() if xmlwire.name(part) in ("p", "block", "hl2")]
    return "\n\n".join(part for part in parts if part) or text(element)


def _person(byline: etree._Element) -> str | None:
    """A byline without the author's title (`byttl`), which is a job and no name."""
    whole, titles = text(byline) or "", [text(title) for title in children(byline, "byttl")]
    for title in titles:
        if title and whole.endswith(title):
            whole = whole[: -len(title)]
    return whole.rstrip(" ,;") or None


def _credits(head: etree._Element | None) -> Iterator[Credit]:
    """The people that a byline marks up, where it does."""
    for byline in children(head, "byline"):
        for person in byline.iterdescendants():
            if xmlwire.name(person) == "person" and (name := text(person)):
                yield Credit(role="author", name=name, code=attribute(person, "idsrc") and attribute(person, "value"))


def _dateline(line: etree._Element | None) -> Dateline | None:
    if line is None:
        return None
    place = _place(child(line, "location"))
    dated = child(line, "story.date")
    if place is None:
        bare = "".join([line.text or "", *(part.tail or "" for part in line)])
        found = dateline_of(xmlwire.fold(bare))
        return dataclasses.replace(found, date_text=found.date_text or text(dated)) if found else None
    return Dateline(place=place, date_text=text(dated) or attribute(dated, "norm"))


def _place(location: etree._Element | None) -> str | None:
    if location is None or (location.text or "").strip() or len(location) == 0:
        return text(location)
    return ", ".join(unique(text(part) for part in location))


def _story_date(head: etree._Element | None) -> str | None:
    return attribute(child(head, "dateline", "story.date"), "norm")


def _located(data: etree._Element | None) -> str | None:
    """The place of the event, from the small to the large."""
    place = child(data, "evloc")
    keys = ("city", "county-dist", "state-prov", "iso-cc")
    return ", ".join(unique(attribute(place, key) for key in keys)) or text(place)


def _language(nitf: etree._Element) -> str | None:
    metas = {attribute(meta, "name"): attribute(meta, "content") for meta in children(nitf, "head", "meta")}
    return metas.get("language") or metas.get("lang") or attribute(child(nitf, "body"), xmlwire.XML_LANG)


def _last_revision(nitf: etree._Element) -> str | None:
    stamps = [attribute(step, "norm") for step in children(nitf, "head", "revision-history")]
    return max((stamp for stamp in stamps if stamp), default=None)


def _kinds(nitf: etree._Element, data: etree._Element | None) -> Iterator[str | None]:
    if child(data, "correction") is not None:
        yield "correction"
    yield attribute(child(nitf, "head", "tobject"), "tobject.type")
    for prop in children(nitf, "head", "tobject", "tobject.property"):
        yield attribute(prop, "tobject.property.type")


def _slug(nitf: etree._Element, data: etree._Element | None) -> str | None:
    """The slug line: NITF has no element of its own, agencies use a meta tag, `fixture` or `series`."""
    metas = {(attribute(meta, "name") or "").lower(): meta for meta in children(nitf, "head", "meta")}
    for name in ("slug", "slugline", "anpa-keyword", "ap-slug"):
        if name in metas and (slug := attribute(metas[name], "content")):
            return slug
    return attribute(child(data, "fixture"), "fix-id") or attribute(child(data, "series"), "series.name")


def _subject(nitf: etree._Element) -> str | None:
    """The broadest subject, else the type of text where it says more than that it is news."""
    tobject = child(nitf, "head", "tobject")
    kind = attribute(tobject, "tobject.type")
    subject = attribute(child(tobject, "tobject.subject"), "tobject.subject.type")
    return subject or (kind if kind and kind.lower() != "news" else None)


def _keywords(nitf: etree._Element, data: etree._Element | None) -> tuple[str, ...]:
    words = [attribute(word, "key") for word in children(data, "key-list", "keyword")]
    words += [attribute(listed, "key") for listed in children(data, "key-list")]
    for subject in children(nitf, "head", "tobject", "tobject.subject"):
        parts = ("tobject.subject.detail", "tobject.subject.matter", "tobject.subject.type")
        words.append(next((value for part in parts if (value := attribute(subject, part))), None))
    return unique(words)


def _notes(nitf: etree._Element, data: etree._Element | None) -> str | None:
    """What is said to editors: `ed-msg`, what a correction corrects, notes of that class."""
    notes = [attribute(message, "info") or text(message) for message in children(data, "ed-msg")]
    notes += [attribute(message, "info") for message in children(data, "correction")]
    for note in children(nitf, "body", "body.head", "note"):
        notes.append(_paragraphs(child(note, "body.content")) or text(note))
    content = child(nitf, "body", "body.content")
    if content is not None:
        notes += [text(note) for note in content.iterdescendants() if xmlwire.name(note) == "note"]
    return "\n\n".join(unique(notes)) or None


def _usage(nitf: etree._Element, data: etree._Element | None, head: etree._Element | None) -> str | None:
    granted = child(data, "doc.rights")
    parts = [attribute(granted, key) for key in ("type", "geography", "limitations")]
    parts += [text(child(head, "rights", part)) for part in ("rights.type", "rights.geography", "rights.limitations")]
    return "; ".join(unique(parts)) or attribute(child(nitf, "head", "pubdata"), "limit.conditions")
