"""The body of a wire story, NITF or XHTML, as the small HTML that every rich body leaves a parser in.

One form for all: a flat row of `p`, `h2`, `li`, `pre` and `table` (`tr`, `td`), text inside, nothing else.
Pictures, their captions and producers, scripts and page furniture stay out: they are no part of the
text. What a telegraph layout says with indents becomes paragraphs of its own.
"""

import html
import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import document_fromstring

from articles import ParseError
from sources.formats import xmlwire

_LEFT_OUT = frozenset((
    "media", "figure", "figcaption", "picture", "img", "video", "audio", "iframe", "object", "embed", "svg",
    "script", "style", "noscript", "template", "head", "nav", "form", "button", "note", "pronounce", "alt-code",
    "nitf-table-metadata", "body.head", "body.end", "tagline", "bibliography",
))  # fmt: skip
_FURNITURE = frozenset(("header", "footer"))
_BLOCKS = {
    "p": "p", "hl1": "h2", "hl2": "h2", "h1": "h2", "h2": "h2", "h3": "h2", "h4": "h2", "h5": "h2", "h6": "h2",
    "li": "li", "dt": "li", "dd": "li", "pre": "pre", "td": "td", "th": "td", "caption": "p", "fn": "p",
    "block": "p", "div": "p", "section": "p", "article": "p", "main": "p", "aside": "p", "body": "p", "html": "p",
    "body.content": "p", "bq": "p", "blockquote": "p", "credit": "p", "datasource": "p", "details": "p",
    "summary": "p", "ul": "p", "ol": "p", "dl": "p", "table": "p", "tr": "p", "address": "p", "hr": "p",
}  # fmt: skip
_INDENTED = re.compile(r"^[ \t]{2,}\S")
_STRAY_BREAK = re.compile(r"^[ \t]*\n\s*(?=[.,;:!?)])")
"""A line end that a pretty printer put between an element and the punctuation after it."""
_WRAPPED = range(45, 90)
_ANY_TAG = re.compile(
    r"<(?:p|br|div|table|ul|ol|h[1-6]|section|article|html|body|pre|b|i|em|strong|a)\b", re.IGNORECASE
)


def markup_of(element: etree._Element) -> str:
    r"""An element's text as small HTML.

    >>> body = etree.fromstring("<body><hl2>One</hl2><p>Two <em>and</em> three</p><media><p>No</p></media></body>")
    >>> markup_of(body)
    '<h2>One</h2>\n<p>Two and three</p>'
    """
    full = "\n".join(_pieces(element, _LEFT_OUT | _FURNITURE))
    return full or "\n".join(_pieces(element, _LEFT_OUT))


def markup_of_html(source: str) -> str:
    """A string of HTML as small HTML. Raises ParseError where no parser can read it to its end."""
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
    )  # fmt: skip
    try:
        root = document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        if not source.strip() or "empty" in str(error):
            return ""
        raise ParseError("malformed", f"unreadable HTML inside the item: {error}") from None
    if cut_off := parser.error_log.filter_from_fatals():
        raise ParseError("too-complex", f"HTML inside the item that no parser reads to its end: {cut_off[0].message}")
    return markup_of(root)


def looks_like_markup(source: str) -> bool:
    """Whether a text that was declared plain holds tags of HTML all the same."""
    return _ANY_TAG.search(source) is not None


def _pieces(root: etree._Element, left_out: frozenset[str]) -> Iterator[str]:
    """The blocks of a tree in order; text outside any block is a paragraph too."""
    held: list[str] = []
    kinds = ["p"]
    skipped = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = xmlwire.name(element).lower()
        if event == "start":
            if skipped or (tag in left_out and element is not root):
                skipped += 1
                continue
            if tag in _BLOCKS:
                yield from _enter(held, kinds, tag, element)
            held.extend(("\v" if tag == "br" else "", element.text or ""))
            continue
        if skipped:
            skipped -= 1
        elif tag in _BLOCKS:
            yield from _leave(held, kinds)
        if not skipped and element is not root:
            held.append(_STRAY_BREAK.sub("", element.tail or ""))
    yield from _flush(held, kinds[-1])


def _enter(held: list[str], kinds: list[str], tag: str, element: etree._Element) -> Iterator[str]:
    """Begin a block; inside a cell, or a row, of a table of data only the table's own parts are blocks."""
    outer = kinds[-1]
    if outer in ("td", "in-td"):
        held.append(" ")
        kinds.append("in-td")
        return
    yield from _flush(held, outer)
    if tag == "table" and _holds_data(element):
        kinds.append("table")
    elif tag == "tr" and outer == "table":
        kinds.append("tr")
    elif tag in ("td", "th") and outer == "tr":
        kinds.append("td")
    else:
        kinds.append("p" if tag in ("td", "th") else _BLOCKS[tag])
    if kinds[-1] in ("table", "tr"):
        yield f"<{kinds[-1]}>"


def _leave(held: list[str], kinds: list[str]) -> Iterator[str]:
    kind = kinds.pop()
    if kind == "in-td":
        held.append(" ")
        return
    yield from _flush(held, kind)
    if kind in ("table", "tr"):
        yield f"</{kind}>"


def _holds_data(table: etree._Element) -> bool:
    """Whether a table is one of figures, not a frame for the layout of a page: at most one block a cell."""
    blocks = 0
    for element in table.iterdescendants():
        tag = xmlwire.name(element).lower()
        if tag == "table":
            return False
        if tag in ("td", "th"):
            blocks = 0
        elif tag in ("p", "div", "li", "h1", "h2", "h3", "section", "article"):
            blocks += 1
            if blocks > 1:
                return False
    return True


def _flush(held: list[str], kind: str) -> Iterator[str]:
    text = "".join(held)
    held.clear()
    if kind in ("td", "in-td"):
        yield f"<td>{_escaped(text)}</td>"
    elif kind == "pre":
        if text.strip():
            yield f"<pre>{html.escape(text.replace(chr(11), chr(10)), quote=False)}</pre>"
    elif text.strip():
        for part in _split(text):
            block = "p" if kind in ("table", "tr") else kind
            lines = [_escaped(line) for line in _unwrapped(part.split("\v"))]
            yield f"<{block}>{'<br/>'.join(line for line in lines if line)}</{block}>"


def _escaped(text: str) -> str:
    return html.escape(" ".join(text.split()), quote=False)


def _split(text: str) -> Iterator[str]:
    """A paragraph that is itself laid out as a telegraph text (Reuters): indents begin paragraphs.

    Told from a pretty-printed file by its other lines, which begin at the margin.
    """
    lines = text.strip("\r\n").split("\n")
    rest = [line for line in lines[1:] if line.strip()]
    if not any(_INDENTED.match(line) for line in rest) or all(line[0] in " \t" for line in rest):
        yield text
        return
    current: list[str] = []
    for line in lines:
        if (not line.strip() or _INDENTED.match(line)) and any(part.strip() for part in current):
            yield "\n".join(current)
            current = []
        current.append(line)
    if any(part.strip() for part in current):
        yield "\n".join(current)


def _unwrapped(lines: list[str]) -> list[str]:
    """Line breaks that only wrap at a teleprinter's width are blanks; others stay."""
    if len(lines) > 1 and all(len(line.strip()) in _WRAPPED for line in lines[:-1]):
        return [" ".join(lines)]
    return lines
