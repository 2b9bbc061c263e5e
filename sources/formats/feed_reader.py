"""feedparser's two parsers, driven by us: regular bytes in, entries out, and no pattern that hostile text slows.

What `feedparser.parse` does, without its ways to open files and addresses, without a second guess at
the charset, and with bounds where its own code takes time quadratic in what a feed says.
"""

import dataclasses
import io
import xml.sax
import xml.sax.handler
import xml.sax.xmlreader
from typing import cast

from feedparser import api
from feedparser.sanitizer import replace_doctype

Fields = dict[str, object]

_MAX_AUTHOR = 200
"""Characters of an author that are searched for an address: the pattern is quadratic in them."""
_MAX_TAGS = 500
"""Keywords of an entry: each new one is compared with all before it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """A feed, its entries, its version as feedparser names it, and why it is broken, if so."""

    feed: Fields
    entries: list[Fields]
    version: str
    fault: str | None


class _Bounded:
    resolve_relative_uris = False
    sanitize_html = False
    can_be_relative_uri = api.StrictFeedParser.can_be_relative_uri - {"id"}  # an id stays what the feed said

    def _sync_author_detail(self, key: str = "author") -> None:
        value = self._get_context().get(key)  # type: ignore[attr-defined]
        if not isinstance(value, str) or len(value) <= _MAX_AUTHOR:
            super()._sync_author_detail(key)  # type: ignore[misc]

    def _add_tag(self, term: str | None, scheme: str | None, label: str | None) -> None:
        if len(self._get_context().setdefault("tags", [])) < _MAX_TAGS:  # type: ignore[attr-defined]
            super()._add_tag(term, scheme, label)  # type: ignore[misc]


class _Strict(_Bounded, api.StrictFeedParser):  # type: ignore[misc]
    """Reads well-formed XML."""


class _Loose(_Bounded, api.LooseFeedParser):  # type: ignore[misc]
    """Reads everything else."""


def read_feed(data: bytes) -> Found:
    """Read a feed from UTF-8 with a declaration, as XML, and where that fails as tag soup."""
    version, data, entities = replace_doctype(data)
    fault = None
    parser = _Strict(None, None, "utf-8")
    reader = xml.sax.make_parser()  # noqa: S317  # expat; outer entities stay closed, inner ones are bounded
    reader.setFeature(xml.sax.handler.feature_namespaces, True)
    reader.setFeature(xml.sax.handler.feature_external_ges, False)
    reader.setContentHandler(parser)
    reader.setErrorHandler(parser)
    source = xml.sax.xmlreader.InputSource()
    source.setByteStream(io.BytesIO(data))
    try:
        reader.parse(source)
    except xml.sax.SAXException as error:
        fault = str(parser.exc or error)
        parser = _Loose(None, None, "utf-8", entities)
        parser.feed(data.decode("utf-8", "replace"))
    return Found(cast("Fields", parser.feeddata), parser.entries, str(version or parser.version), fault)
