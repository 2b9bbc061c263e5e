"""ninjs 1.x, 2.x and 3.x, https://iptc.org/standards/ninjs/: one item, a list of items, or items in an envelope.

Property names are read without regard to case and underscores (`versioncreated`, `versionCreated`,
`version_created`), unknown ones are passed over. What is read must be of the right type.
"""

import dataclasses
from collections.abc import Iterator, Mapping

import orjson

from articles import Article, Credit, Encoding, Origin, ParseError
from sources.charset import decode
from sources.formats import inlined, ninjs_schema
from sources.formats.ninjs_item import Item
from sources.formats.wirecodes import dateline_of, doc_type_of, rights_of, role_of, status_of, unique, urgency_of
from sources.formats.wiretext import keep_embargo
from sources.formats.xmlwire_body import looks_like_markup
from sources.identity import is_global, name_space
from sources.json_item import write_item

_MEDIA = frozenset(("picture", "photo", "graphic", "video", "audio", "animation"))
_WITHOUT_TEXT = frozenset(("event", "planning"))
_ENVELOPES = ("items", "item", "_items", "data")


def parse(payload: bytes, origin: Origin) -> Iterator[Article | ParseError]:
    """Each item in order, and after it those of its associations that are texts themselves."""
    return _parse(payload, origin, strict=False)


def parse_strictly(payload: bytes, origin: Origin) -> Iterator[Article | ParseError]:
    """As `parse`, but an item that breaks the schema of its version is yielded as `invalid`."""
    return _parse(payload, origin, strict=True)


def _parse(payload: bytes, origin: Origin, *, strict: bool) -> Iterator[Article | ParseError]:
    source, encoding = decode(payload, origin.content_type)
    try:
        document = orjson.loads(source)
    except orjson.JSONDecodeError as error:
        raise ParseError("bad-json", f"{origin.uri}: {error}") from None
    items = _items(document)
    whole = Article()
    for index, (value, is_part) in enumerate(items, origin.first_item):
        whole = whole if is_part else _standing(value)
        try:
            if strict and not is_part:
                _hold_to_schema(value)
            yield inlined.inherit(keep_embargo(_read_item(value, index, encoding)), whole)
        except ParseError as error:
            own = write_item(value) if len(items) > 1 else None
            yield ParseError(error.reason, f"item {index}: {error.message}", item_index=index, payload=own)


def _standing(value: object) -> Article:
    """Status and embargo of an item, which its parts are under too, though it be no text itself."""
    try:
        item = Item(value)
        status = status_of(item.text("pubstatus")) or "withheld"
        return keep_embargo(Article(status=status, embargo_raw=item.text("embargoeduntil", "embargoed")))
    except ParseError:
        return Article(status="withheld")


def _hold_to_schema(item: object) -> None:
    if problems := ninjs_schema.judge(item):
        raise ParseError("invalid", "; ".join(problems)[:1000])


def _items(document: object) -> list[tuple[object, bool]]:
    """The items of a document, each followed by its parts. Raises ParseError where there can be none."""
    if isinstance(document, Mapping) and not {"uri", "guid"} & document.keys():
        document = next(
            (document[key] for key in _ENVELOPES if isinstance(document.get(key), list | Mapping)), document
        )
        if isinstance(document, Mapping) and isinstance(document.get("items"), list):
            document = document["items"]
    values = document if isinstance(document, list) else [document]
    if not values:
        raise ParseError("no-text", "a list of no items")
    found: list[tuple[object, bool]] = []
    for value in values:
        whole = value["item"] if isinstance(value, Mapping) and isinstance(value.get("item"), Mapping) else value
        found.append((whole, False))
        found.extend((part, True) for part in _parts(whole))
    return found


def _parts(item: object) -> Iterator[object]:
    """Associated items that hold a text of their own; pictures and links are part of the item."""
    waiting = [item]
    while waiting:
        holder = waiting.pop()
        associations = holder.get("associations") if isinstance(holder, Mapping) else None
        values = list(associations.values()) if isinstance(associations, Mapping) else associations
        for part in values if isinstance(values, list) else ():
            if isinstance(part, Mapping):
                waiting.append(part)
                if part.get("type") in ("text", "composite") and any(str(key).startswith("bod") for key in part):
                    yield part


def _read_item(value: object, index: int, encoding: Encoding) -> Article:
    item = Item(value)
    item_id = item.text("uri", "guid")
    if item_id is None:
        raise ParseError("invalid", 'an item must have a "uri"')
    kind = _kind(item)
    article = _described(item, item_id, kind)
    article = inlined.fill(dataclasses.replace(article, item_index=index, encoding=encoding), _body(item))
    if not article.summary:
        article = _summarized(article, item)
    if article.summary and not article.title and not article.body:
        article = dataclasses.replace(article, body=article.summary, markup=_moved(article.markup))
    if kind in _MEDIA or (kind in _WITHOUT_TEXT and not article.body):
        raise ParseError("not-text", f"an item of type {kind}")
    if not (article.title or article.body or article.summary or article.status != "usable"):
        raise ParseError("no-text", "neither headline nor text")
    return article


def _moved(markup: frozenset[str]) -> frozenset[str]:
    """A description that stands in for the body is marked up there too."""
    return markup | {"body"} if "summary" in markup else markup


def _kind(item: Item) -> str:
    return (item.text("type") or "text").rstrip("/").rsplit("/", 1)[-1].lower()


def _described(item: Item, item_id: str, kind: str) -> Article:
    announced = item.text("pubstatus")
    status = status_of(announced)
    if status is None:
        raise ParseError("invalid", f'"pubstatus" is "{announced}", not usable, withheld or canceled')
    embargo = item.text("embargoeduntil", "embargoed")
    sources = [source.label() for source in item.objects("infosources", "infosource")]
    holder, notice = item.text("copyrightholder"), item.text("copyrightnotice")
    publisher = item.text("source", "provider") or holder or next(filter(None, sources), None)
    genres = [form for genre in item.objects("genres", "genre") for form in (genre.text("code", "uri"), genre.label())]
    return Article(
        source_item_id=item_id,
        source_version=item.number_or_text("version"),
        provider=name_space(item_id, publisher),
        publisher=publisher,
        url=item_id if is_global(item_id) and item_id.startswith("http") else None,
        title=_headline(item) or item.text("title") or "",
        language_declared=item.text("language"),
        published_raw=item.text("firstpublished", "firstcreated", "versioncreated", "contentcreated"),
        updated_raw=item.text("versioncreated"),
        embargo_raw=embargo,
        status="usable" if announced and announced.lower() == "embargoed" and embargo else status,
        doc_type=doc_type_of([kind, *genres]),
        urgency=urgency_of(item.number_or_text("urgency")),
        byline=unique([item.text("byline", "by")]),
        credits=tuple(_credits(item)),
        dateline=dateline_of(_dateline(item)),
        original_source=next((source for source in sources if source and source != publisher), None),
        located=item.text("located"),
        slug=item.text("slugline"),
        section=next((service.label() for service in item.objects("service", "services")), None),
        keywords=unique(word.label() for word in item.objects("keywords", "subjects", "subject")),
        editors_note=item.text("ednote"),
        rights=rights_of(_usage(item), holder or notice),
    )


def _dateline(item: Item) -> str | None:
    """Not in the standard, but some feeds have it: a string, or an object with a text."""
    value = item.get("dateline")
    return Item(value).text("text") if isinstance(value, Mapping) else item.text("dateline")


def _headline(item: Item) -> str | None:
    forms = list(item.variants("headline", "headlines"))
    main = [value for kind, value in forms if kind.split(" ")[0] in ("", "main", "headline")]
    return next((value.strip() for value in [*main, *(value for _, value in forms)] if value.strip()), None)


def _summarized(article: Article, item: Item) -> Article:
    """The description, plain before marked up; a caption only where there is no other."""
    forms = sorted(
        item.variants("description", "descriptions"), key=lambda form: ("caption" in form[0], _is_rich(form))
    )
    for kind, value in forms:
        if value.strip():
            markup = article.markup | ({"summary"} if _is_rich((kind, value)) else set())
            return dataclasses.replace(article, summary=value.strip(), markup=frozenset(markup))
    return article


def _body(item: Item) -> inlined.Text:
    """The richest form of the text: HTML has the paragraphs that plain forms often lost. Raises ParseError."""
    forms = [form for form in item.variants("body", "bodies") if form[1].strip()]
    if not forms:
        return inlined.Text()
    kind, value = min(forms, key=lambda form: (not _is_rich(form), "nitf" not in form[0]))
    return inlined.read_string(value, kind)


def _is_rich(form: tuple[str, str]) -> bool:
    kind, value = form
    return "nitf" not in kind and ("html" in kind or looks_like_markup(value))


def _credits(item: Item) -> Iterator[Credit]:
    for person in item.objects("authors"):
        if name := person.text("name"):
            yield Credit(role=role_of(person.text("role"), "author"), name=name, code=person.text("code"))


def _usage(item: Item) -> str | None:
    info = item.get("rightsinfo")
    linked = Item(info).text("linkedrights") if isinstance(info, Mapping) else None
    return item.text("usageterms") or linked
