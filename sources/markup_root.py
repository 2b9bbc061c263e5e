"""The root element of XML or HTML, found without parsing the document."""

import dataclasses
import re

JUNK = 4096
"""Characters before the first known tag that are forgiven: warnings of a web server, stray blanks."""

_WARNING_TAGS = frozenset(["b", "br", "p", "div", "font"])
_BLANKS = re.compile(r"\s*")
_HTML_TYPE = re.compile(r"<!doctype\s+html\b", re.IGNORECASE)
_SUBSET_END = re.compile(r"\]\s*>")
_SKIPPED = (("<?", "?>"), ("<!--", "-->"))
_TAG = re.compile(r"<(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)(?=[\s/>]|$)")
_XMLNS = re.compile(r"""\bxmlns(?::([\w.-]+))?\s*=\s*["']([^"'<>]*)["']""")
_LATE = re.compile(r"<\?xml\s|<(?:rss|feed|\w+:RDF|nitf|NewsML|newsItem|newsMessage|packageItem)[\s>]")


@dataclasses.dataclass(frozen=True, slots=True)
class Root:
    """The local name and name space of a root element; `is_html` where a document type says HTML."""

    name: str
    namespace: str | None = None
    is_html: bool = False


def find_root(text: str) -> Root | None:
    """Find the first element after declarations, comments and the document type, or None in other text.

    >>> find_root("<?xml version='1.0'?><!-- <rss> --><a:feed xmlns:a='urn:x'>")
    Root(name='feed', namespace='urn:x', is_html=False)
    """
    position, is_html, may_skip = 0, False, True
    if not text.lstrip().startswith("<"):
        position, may_skip = _skip_junk(text, 0), False
    while True:
        position = _skip_misc(text, position)
        if text.startswith("<!", position):
            is_html = is_html or _HTML_TYPE.match(text, position) is not None
            position = _skip_doctype(text, position)
            continue
        tag = _TAG.match(text, position)
        if tag is None:
            return None
        if may_skip and tag.group(2) in _WARNING_TAGS:  # what a web server puts in front of the document
            may_skip = False
            beyond = _skip_junk(text, tag.end())
            if beyond > tag.end():
                position = beyond
                continue
        break
    prefix, name = tag.groups()
    end = text.find(">", tag.end())
    spaces = {
        match.group(1): match.group(2) for match in _XMLNS.finditer(text, tag.end(), end if end >= 0 else len(text))
    }
    return Root(name, spaces.get(prefix), is_html)


def _skip_junk(text: str, position: int) -> int:
    late = _LATE.search(text, position, position + JUNK)
    return late.start() if late else position


def _skip_misc(text: str, position: int) -> int:
    """The end of blanks, comments and processing instructions."""
    while True:
        position = _BLANKS.match(text, position).end()  # type: ignore[union-attr]  # matches the empty string
        closer = next((end for start, end in _SKIPPED if text.startswith(start, position)), None)
        if closer is None:
            return position
        end = text.find(closer, position)
        if end < 0:
            return len(text)
        position = end + len(closer)


def _skip_doctype(text: str, position: int) -> int:
    """The end of `<!DOCTYPE …>`, its internal subset included."""
    end, subset = text.find(">", position), text.find("[", position)
    if 0 <= subset < end:
        closed = _SUBSET_END.search(text, subset)
        return closed.end() if closed else len(text)
    return end + 1 if end >= 0 else len(text)
