"""Wire formats in XML: a hardened reader, and the few ways the parsers look into a tree.

Nothing outside the payload is ever read: no DTD, no entity of its own making, no network. Broken
wires are mended where the damage is known and the repair loses nothing (a bare `&` or `<`, control
characters, an HTML entity without its DTD, a wrong charset). libxml2's own `recover` mode is not
used: it drops what it does not understand and says nothing, and a text that ends early is worse
than a reject that can be replayed.
"""

import dataclasses
import html
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from articles import Encoding, ParseError
from sources.charset import decode

MAX_BYTES = 64 * 1024 * 1024
"""Larger payloads are refused; the largest real messages seen are packages of a few megabytes."""

MAX_DEPTH = 200
"""Elements inside each other; libxml2 itself stops at 256."""

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_DECLARED = re.compile(rb"""encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_AMPERSAND = re.compile(r"&(?:(#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});)?")
_STRAY = re.compile(r"<(?=[\s\d=<&;,.])")
"""A sign for less, where no tag can begin."""
_XML_ENTITIES = frozenset(("amp", "lt", "gt", "quot", "apos"))
_C1 = re.compile(rb"[\x80-\x9f]")
_BREAKS = frozenset(("br", "p", "li", "hl1", "hl2", "td", "th", "tr", "div", "block"))


def read(payload: bytes, content_type: str | None = None) -> tuple[etree._Element, Encoding]:
    """The root of an XML payload, and how its bytes became text; `content_type` is an HTTP header's, if any.

    Raises ParseError: `too-large`, `entity-bomb` (it declares entities of its own), `too-complex` (nested
    too deeply), `malformed` (no XML, even after mending).
    """
    if len(payload) > MAX_BYTES:
        raise ParseError("too-large", f"{len(payload)} bytes of XML; at most {MAX_BYTES} are read")
    declared = _declared(payload)
    if not _mislabelled(payload, declared):
        try:
            root = _checked(_parse(payload))
            return root, Encoding(declared=declared, used=(root.getroottree().docinfo.encoding or "utf-8").lower())
        except etree.XMLSyntaxError:
            pass
    source, encoding = decode(payload, content_type, declared)
    source = _DECLARATION.sub("", source, count=1).strip("\ufeff \t\r\n")
    mended = _mend(source)
    try:
        root = _parse(mended.encode("utf-8", "replace"), "utf-8")
    except etree.XMLSyntaxError as error:
        raise ParseError("malformed", f"not well-formed: {error.msg}") from None
    repair = encoding.repair or ("xml-mended" if mended != source else None)
    return _checked(root), dataclasses.replace(encoding, repair=repair)


def read_fragment(source: str) -> etree._Element:
    """The root of XML that came as a string inside another format. Raises ParseError."""
    return read(_DECLARATION.sub("", source, count=1).encode("utf-8", "replace"))[0]


def name(element: etree._Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: etree._Element | None, *path: str) -> Iterator[etree._Element]:
    """The elements at a path of names below an element, in the namespace of each parent.

    An agency's extension of the same local name (`dpa:headline`) is not taken for the standard's.
    """
    if element is None:
        return
    space = element.tag[: element.tag.rfind("}") + 1]
    for child in element.iterchildren(space + path[0]):
        if len(path) > 1:
            yield from children(child, *path[1:])
        else:
            yield child


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first element at a path, or None."""
    return next(children(element, *path), None)


def text(element: etree._Element | None) -> str | None:
    """All text below an element, blanks folded; None where there is none."""
    if element is None:
        return None
    between = " " if any(name(below) in _BREAKS for below in element.iterdescendants()) else ""
    return fold(between.join(map(str, element.itertext())))


def verbatim(element: etree._Element) -> str:
    """All text below an element as it stands, blanks and all."""
    return "".join(map(str, element.itertext()))


def fold(value: str | None) -> str | None:
    """Runs of blanks as one; None for an empty text."""
    return (" ".join(value.split()) or None) if value else None


def attribute(element: etree._Element | None, key: str) -> str | None:
    """An attribute's value, blanks folded; None where it is missing or empty."""
    return fold(element.get(key)) if element is not None else None


def source_of(element: etree._Element) -> bytes:
    """An item's own part of a message, for its reject."""
    return etree.tostring(element, encoding="utf-8", with_tail=False)


def _parse(source: bytes, encoding: str | None = None) -> etree._Element:
    parser = etree.XMLParser(
        encoding=encoding,
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    return etree.fromstring(source, parser)


def _checked(root: etree._Element) -> etree._Element:
    """Refuse entities of the document's own, bound the depth, make references to HTML's text (NITF's DTD has them)."""
    subset: Any = root.getroottree().docinfo.internalDTD
    if subset is not None and next(subset.iterentities(), None) is not None:
        raise ParseError("entity-bomb", "the document declares entities of its own; wires never do")
    depth = 0
    unresolved: list[etree._Element] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise ParseError("too-complex", f"elements nested more than {MAX_DEPTH} deep")
        if event == "start":
            unresolved.extend(node for node in element if node.tag is etree.Entity)
    for node in unresolved:
        reference = node.text or ""
        value = html.unescape(reference)
        if value == reference:
            raise ParseError("malformed", f"undeclared entity {reference}")
        _replace(node, value)
    return root


def _replace(node: etree._Element, value: str) -> None:
    parent, before = node.getparent(), node.getprevious()
    if parent is None:
        return
    addition = value + (node.tail or "")
    if before is not None:
        before.tail = (before.tail or "") + addition
    else:
        parent.text = (parent.text or "") + addition
    node.tail = None
    parent.remove(node)


def _declared(payload: bytes) -> str | None:
    encoding = _DECLARED.search(payload[:200].split(b"?>")[0])
    return encoding.group(1).decode("ascii").lower() if encoding else None


def _mislabelled(payload: bytes, declared: str | None) -> bool:
    """latin-1 with bytes where latin-1 has control characters is windows-1252, as browsers read it."""
    return declared in ("iso-8859-1", "latin-1", "latin1", "us-ascii") and _C1.search(payload) is not None


def _mend(source: str) -> str:
    """Known damage repaired outside CDATA sections: see the module's docstring."""
    first, *sections = _ILLEGAL.sub("", source).split("<![CDATA[")
    mended = [_escaped(first)]
    for section in sections:
        verbatim_part, end, outside = section.partition("]]>")
        mended += ["<![CDATA[", verbatim_part, end, _escaped(outside)]
    return "".join(mended)


def _escaped(markup: str) -> str:
    return _STRAY.sub("&lt;", _AMPERSAND.sub(_reference, markup))


def _reference(match: re.Match[str]) -> str:
    reference = match.group(1)
    if reference is None:
        return "&amp;"
    if reference.startswith("#") or reference in _XML_ENTITIES:
        return match.group()
    value = html.unescape(match.group())
    return html.escape(value, quote=False) if value != match.group() else "&amp;" + match.group()[1:]
