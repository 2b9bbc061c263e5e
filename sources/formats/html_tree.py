"""A web page as a tree: parsed within limits, and its text by blocks."""

import dataclasses
import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from articles import ParseError

MAX_CHARACTERS = 5_000_000
"""Of one page; news pages with their scripts and styles inlined have about one million at most."""
MAX_ELEMENTS = 30_000
"""Of one page; long articles have about 5,000, and extraction time grows faster than their number."""
MAX_CROWDING = 20_000_000
"""The sum over all elements of squared numbers of inline children: extraction time grows with it."""

_ATTRIBUTE = r"""[\s/]++[^\s"'>/=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"']++))?+"""
_CROWDED_TAG = re.compile(rf"<[a-zA-Z][^\s/>]*+(?:{_ATTRIBUTE}){{300}}")
"""A tag of three hundred attributes: libxml2 needs time that grows with their square."""

_UNUSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_IDEOGRAPH = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b\u2060\ufeff\ud800-\udfff\ufffe\uffff]")

BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "dd", "details", "dialog", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html",
    "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip
_UNSEEN = frozenset({"script", "style", "template", "noscript", "svg", "iframe"})
_UNREAD = _UNSEEN | {"head", "select", "textarea", "button"}


@dataclasses.dataclass(frozen=True, slots=True)
class Block:
    """A run of text no block element divides, and the element it stands in."""

    element: HtmlElement
    text: str


def read_tree(markup: str, uri: str) -> HtmlElement:
    """Parse a page; `ParseError` where it is empty, larger or more crowded than any real one."""
    if len(markup) > MAX_CHARACTERS:
        raise ParseError("too-large", f"{uri}: {len(markup):,} characters, more than {MAX_CHARACTERS:,}")
    if _CROWDED_TAG.search(markup):
        raise ParseError("too-complex", f"{uri}: a tag of more than 300 attributes")
    clean = _UNUSABLE.sub("", markup)
    if not clean.strip():
        raise ParseError("empty", f"{uri} holds no text")
    # A parser of its own for every page: one that is shared keeps every name it has ever seen.
    parser = HTMLParser(encoding="utf-8", collect_ids=False, remove_comments=True, remove_pis=True)
    try:
        tree = document_fromstring(clean.encode(), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ParseError("malformed", f"{uri}: {error}") from error
    _check_complexity(tree, uri)
    return tree


def _check_complexity(tree: HtmlElement, uri: str) -> None:
    crowding = 0
    for elements, element in enumerate(tree.iter("*"), 1):
        children = len(element)
        if children > 100:
            crowding += sum(child.tag not in BLOCKS for child in element) ** 2
        if elements > MAX_ELEMENTS or crowding > MAX_CROWDING:
            raise ParseError("too-complex", f"{uri}: too many elements, or too many side by side")


def plain(text: str) -> str:
    """The text of one line: blanks single, invisible characters gone."""
    return " ".join((text if text.isprintable() else _INVISIBLE.sub("", text)).split())


def extent(text: str) -> int:
    """Length of a text in letters of an alphabet: an ideograph, kana or syllable block says as much as three.

    >>> extent("bridge"), extent("大桥")
    (6, 6)
    """
    return len(text) if text.isascii() else len(text) + 2 * len(_IDEOGRAPH.findall(text))


def text_of(element: HtmlElement) -> str:
    """All text of an element on one line, without that of scripts."""
    return plain("".join(_strings(element)))


def text_content(element: HtmlElement) -> str:
    """All text of an element on one line, faster than `text_of`: blocks run together, scripts count."""
    return plain(str(_STRING(element)))


def short_text(element: HtmlElement, limit: int) -> str:
    """The text of an element, or "" where that is longer than `limit`: time is bounded however deep elements nest."""
    if len(str(_STRING(element))) > limit * _INDENTED:
        return ""
    return text if len(text := text_of(element)) <= limit else ""


_STRING = etree.XPath("string()")
_INDENTED = 50
"""Characters of markup, blanks among them, that one of text may take."""


def drop_scripts(tree: HtmlElement) -> None:
    """Take away what no reader sees."""
    etree.strip_elements(tree, *sorted(_UNSEEN), with_tail=False)


def _strings(element: HtmlElement) -> Iterator[str]:
    for block in blocks(element):
        yield block.text
        yield " "


def blocks(root: HtmlElement) -> Iterator[Block]:
    """The blocks below `root` that hold text, in document order."""
    pending: list[str] = []
    holders = [root]
    unread = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        if event == "start":
            unread += tag in _UNREAD
            if tag in BLOCKS:
                yield from _flush(pending, holders[-1])
                holders.append(element)
            elif tag == "br":
                pending.append(" ")
            if not unread and element.text:
                pending.append(element.text)
            continue
        unread -= tag in _UNREAD
        if tag in BLOCKS:
            yield from _flush(pending, holders.pop())
        if not unread and element is not root and element.tail:
            pending.append(element.tail)
    yield from _flush(pending, root)


def _flush(pending: list[str], holder: HtmlElement) -> Iterator[Block]:
    if text := plain("".join(pending)):
        yield Block(holder, text)
    pending.clear()


_NOT_LETTERS = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Text by its letters and digits only, to compare what different parts of a page say."""
    return _NOT_LETTERS.sub("", text.casefold())
