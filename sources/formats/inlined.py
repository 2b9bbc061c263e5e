"""A story inside an item: NITF, XHTML, HTML or plain text that another wire format carries."""

import base64
import binascii
import dataclasses

from lxml import etree

from articles import Article, ParseError
from sources.formats import xmlwire
from sources.formats.nitf import read_story
from sources.formats.xmlwire import children
from sources.formats.xmlwire_body import looks_like_markup, markup_of, markup_of_html

_PROSE = frozenset((
    "html", "body", "section", "article", "main", "div", "p", "pre", "ul", "ol", "table", "h1", "h2", "h3", "span",
    "blockquote", "body.content", "block", "hl2",
))  # fmt: skip
_SEVERITY = {"usable": 0, "withheld": 1, "canceled": 2}


@dataclasses.dataclass(frozen=True, slots=True)
class Text:
    """A body; `story` is what inlined NITF says beside it."""

    body: str = ""
    is_markup: bool = False
    story: Article | None = None


def read_elements(content: etree._Element) -> Text:
    """The text of an element that holds NITF, XHTML, loose paragraphs or a string. Raises ParseError.

    Other vocabularies (SportsML, EventsML) are data, not text, and give none.
    """
    for root in content.iterchildren():
        if xmlwire.name(root) == "nitf":
            return _of_story(root)
    if any(xmlwire.name(root).lower() in _PROSE for root in content.iterchildren()):
        bodies = [body for html in content.iterchildren() for body in children(html, "body")]
        return Text(markup_of(bodies[0] if bodies else content), is_markup=True)
    return read_string(xmlwire.verbatim(content), None) if len(content) == 0 else Text()


def read_string(value: str, media_type: str | None, encoding: str | None = None) -> Text:
    """The text of a string: NITF, HTML (also where it was declared plain), or plain. Raises ParseError."""
    if encoding and encoding.lower().endswith("base64"):
        try:
            value = base64.b64decode(value).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            raise ParseError("invalid", "content says it is base64 and is not") from None
    if "<nitf" in value[:4096]:
        root = xmlwire.read_fragment(value)
        stories = [element for element in root.iter() if xmlwire.name(element) == "nitf"]
        if stories:
            return _of_story(stories[0])
    if "html" in (media_type or "").lower() or looks_like_markup(value):
        return Text(markup_of_html(value), is_markup=True)
    return Text(value.strip("\r\n").rstrip())


def fill(article: Article, inner: Text) -> Article:
    """An item with its text; what the item itself left open is taken from the story inside.

    The stricter of two statuses counts, and an embargo of either.
    """
    markup = frozenset({"body"}) if inner.is_markup else frozenset()
    article = dataclasses.replace(article, body=inner.body, markup=markup)
    story = inner.story
    if story is None:
        return article
    return dataclasses.replace(
        inherit(article, story),
        doc_type=article.doc_type if article.doc_type != "story" else story.doc_type,
        title=article.title or story.title,
        summary=article.summary or story.summary,
        byline=article.byline or story.byline,
        credits=article.credits or story.credits,
        dateline=article.dateline or story.dateline,
        located=article.located or story.located,
        urgency=article.urgency or story.urgency,
        slug=article.slug or story.slug,
        section=article.section or story.section,
        keywords=article.keywords or story.keywords,
        editors_note=article.editors_note or story.editors_note,
        rights=article.rights or story.rights,
        publisher=article.publisher or story.publisher,
        published_raw=article.published_raw or story.published_raw,
        language_declared=article.language_declared or story.language_declared,
    )


def inherit(part: Article, whole: Article) -> Article:
    """A part under the stricter of its own status and that of the whole, and under an embargo of either."""
    status = max(part.status, whole.status, key=_SEVERITY.__getitem__)
    return dataclasses.replace(part, status=status, embargo_raw=part.embargo_raw or whole.embargo_raw)


def _of_story(root: etree._Element) -> Text:
    story = read_story(root)
    return Text(story.body, is_markup=True, story=story)
