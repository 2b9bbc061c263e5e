"""The part of a page between its headline and its text: where byline, date and standfirst stand."""

import dataclasses
import re

from lxml.html import HtmlElement

from sources.formats import html_words as words
from sources.formats.html_tree import Block, blocks, fold, text_of

LONG = 120
"""Characters from which a block is a paragraph of text rather than a label."""
_PARAGRAPHS = 3
"""Long blocks after the headline that may still be standfirst, caption and first paragraph."""
_MAX_BLOCKS = 60
_OUTSIDE = frozenset({"aside", "nav", "footer", "form"})

_MONTH = r"[^\W\d_]{3,12}\.?"
_CLOCK = r"(?:,?\s+(?:\w{1,3}\s+)?(?:\d{1,2}[:.h]\d{2}(?::\d{2})?)(?:\s?[ap]\.?m\.?)?(?:\s(?:[A-Z]{2,5}|[+-]\d{2}:?\d{2}))?)?"
DATE = re.compile(
    rf"(?:\d{{4}}-\d{{2}}-\d{{2}}(?:[T ]\d{{2}}:\d{{2}}(?::\d{{2}})?(?:Z|[+-]\d{{2}}:?\d{{2}})?)?"
    rf"|\d{{4}}年\d{{1,2}}月\d{{1,2}}日(?:\s*\d{{1,2}}[:：]\d{{2}})?"
    rf"|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{4}}{_CLOCK}"
    rf"|\d{{1,2}}\.?\s(?:de\s)?{_MONTH},?\s(?:de\s)?\d{{4}}{_CLOCK}"
    rf"|{_MONTH}\s\d{{1,2}},?\s\d{{4}}{_CLOCK})(?!\d)",
    re.IGNORECASE,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Header:
    """Elements and blocks after the headline, in document order, up to the first paragraphs."""

    elements: tuple[HtmlElement, ...] = ()
    blocks: tuple[Block, ...] = ()


def find_header(tree: HtmlElement, title: str) -> Header:
    """The header of the article that is headed `title`; empty where the page has no such heading."""
    heading = _find_heading(tree, title)
    if heading is None:
        return Header()
    # Blocks of the whole page: only a walk from the root knows what divides them.
    order = {element: place for place, element in enumerate(tree.iter("*"))}
    start = order[heading]
    inside = set(heading.iter("*"))
    found: list[Block] = []
    long = 0
    for block in blocks(tree):
        if order[block.element] <= start or block.element in inside or _outside(block.element):
            continue
        found.append(block)
        long += len(block.text) >= LONG
        if long >= _PARAGRAPHS or len(found) >= _MAX_BLOCKS:
            break
    if not found:
        return Header()
    stop = order[found[-1].element]
    elements = tuple(e for e, place in order.items() if start < place <= stop and e not in inside and not _outside(e))
    return Header(elements, tuple(found))


def _find_heading(tree: HtmlElement, title: str) -> HtmlElement | None:
    wanted = fold(title)
    headings = list(tree.iter("h1"))
    for heading in (*headings, *tree.iter("h2")):
        text = fold(text_of(heading))
        if (
            text
            and wanted
            and (text == wanted or (len(wanted) > 15 and (wanted in text or text in wanted)) and len(text) > 15)
        ):
            return heading
    return headings[0] if len(headings) == 1 else None


def _outside(element: HtmlElement) -> bool:
    return element.tag in _OUTSIDE or any(ancestor.tag in _OUTSIDE for ancestor in element.iterancestors())


def find_standfirst(header: Header, descriptions: tuple[str, ...]) -> str | None:
    """The sentences between headline and text: what the page's description repeats, or what is marked as such."""
    wanted = [fold(text.rstrip(" .…")) for text in descriptions if len(text) >= 40]
    for block in header.blocks:
        text = fold(block.text)
        if len(text) >= 30 and any(
            text == other
            or (len(other) >= 50 and text.startswith(other))
            or (len(text) >= 50 and other.startswith(text))
            for other in wanted
        ):
            return block.text
    for block in header.blocks:
        if len(block.text) >= 40 and _is_marked(block.element):
            return block.text
    return None


def _is_marked(element: HtmlElement) -> bool:
    near = [element, *list(element.iterancestors())[:1]]
    return any(words.marks(e) & words.STANDFIRST_CLASSES and not words.marks(e) & words.CAPTION_CLASSES for e in near)


def find_date(header: Header) -> str | None:
    """The date the reader sees under the headline, verbatim and without its label."""
    for block in header.blocks:
        if len(block.text) <= LONG and (match := DATE.search(block.text)):
            return match.group()
    return None
