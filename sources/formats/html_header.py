"""The part of a page between its headline and its text: where byline, date and standfirst stand."""

import dataclasses
import re

from lxml.html import HtmlElement

from sources.formats import html_words as words
from sources.formats.html_metadata import MAX_VALUE
from sources.formats.html_tree import Block, extent, fold, short_text

LONG = 120
"""Characters from which a block is a paragraph of text rather than a label."""
_SENTENCE = 40
_KICKED = 15
"""Letters from which a title that is part of another is the same without its kicker."""
_PARAGRAPHS = 3
"""Long blocks after the headline that may still be standfirst, caption and first paragraph."""
_MAX_BLOCKS = 60
_OUTSIDE = frozenset({"aside", "nav", "footer", "form", "figure", "figcaption"})

_MONTH = r"[^\W\d_]{3,12}\.?"
_ZONE = r"(?:\s(?:(?-i:[A-Z]{2,5})|[+-]\d{2}:?\d{2}))?"
_CLOCK = rf"(?:,?\s+(?:\w{{1,3}}\s+)?(?:\d{{1,2}}[:.h]\d{{2}}(?::\d{{2}})?)(?:\s?[ap]\.?m\.?)?{_ZONE})?"
DATE = re.compile(
    rf"(?:\d{{4}}-\d{{2}}-\d{{2}}(?:[T ]\d{{2}}:\d{{2}}(?::\d{{2}})?(?:Z|[+-]\d{{2}}:?\d{{2}})?)?"
    rf"|\d{{4}}年\d{{1,2}}月\d{{1,2}}日(?:\s*\d{{1,2}}[:：]\d{{2}})?"
    rf"|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{4}}{_CLOCK}"
    rf"|\d{{4}}[./]\d{{1,2}}[./]\d{{1,2}}{_CLOCK}"
    rf"|\d{{1,2}}\.?\s(?:de\s)?{_MONTH},?\s(?:de\s)?\d{{4}}{_CLOCK}"
    rf"|{_MONTH}\s\d{{1,2}},?\s\d{{4}}{_CLOCK})(?!\d)",
    re.IGNORECASE,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Header:
    """Elements and blocks after the headline, in document order, up to the first paragraphs."""

    elements: tuple[HtmlElement, ...] = ()
    blocks: tuple[Block, ...] = ()


def find_header(tree: HtmlElement, page: list[Block], title: str) -> Header:
    """The header of the article headed `title`, `page` being all blocks; empty where no heading is that title."""
    heading = _find_heading(tree, title)
    if heading is None:
        return Header()
    order = {element: place for place, element in enumerate(tree.iter("*"))}
    start, inside = order[heading], set(heading.iter("*"))
    found: list[Block] = []
    long = 0
    for block in page:
        if order[block.element] <= start or block.element in inside or _outside(block.element):
            continue
        found.append(block)
        long += extent(block.text) >= LONG
        if long >= _PARAGRAPHS or len(found) >= _MAX_BLOCKS:
            break
    if not found:
        return Header()
    stop = order[found[-1].element]
    between = [element for element, place in order.items() if start < place <= stop]
    return Header(tuple(e for e in between if e not in inside and not _outside(e)), tuple(found))


def _find_heading(tree: HtmlElement, title: str) -> HtmlElement | None:
    wanted = fold(title)
    headings = list(tree.iter("h1"))
    for heading in (*headings, *tree.iter("h2")):
        if _same_title(fold(short_text(heading, MAX_VALUE)), wanted):
            return heading
    return headings[0] if len(headings) == 1 else None


def _same_title(text: str, wanted: str) -> bool:
    """Whether two folded titles are one, or one is the other with a kicker."""
    return text == wanted != "" or (min(len(text), len(wanted)) > _KICKED and (wanted in text or text in wanted))


def _outside(element: HtmlElement) -> bool:
    return element.tag in _OUTSIDE or any(ancestor.tag in _OUTSIDE for ancestor in element.iterancestors())


def find_standfirst(header: Header, descriptions: tuple[str, ...]) -> str | None:
    """The sentences between headline and text: what the page's description repeats, or what is marked as such."""
    wanted = [fold(text.rstrip(" .…")) for text in descriptions if extent(text) >= _SENTENCE]
    for block in header.blocks:
        if extent(block.text) >= _SENTENCE and (_repeats(fold(block.text), wanted) or _is_marked(block)):
            return block.text
    return None


def _repeats(text: str, wanted: list[str]) -> bool:
    """Whether a text is one of those wanted, or its beginning where one of the two was cut."""
    return any(text.startswith(other) or (len(text) > _SENTENCE and other.startswith(text)) for other in wanted)


def _is_marked(block: Block) -> bool:
    if DATE.search(block.text) or words.BY.match(block.text):
        return False
    near = [block.element, *list(block.element.iterancestors())[:1]]
    return any(words.marks(e) & words.STANDFIRST_CLASSES and not words.marks(e) & words.CAPTION_CLASSES for e in near)


def find_date(header: Header) -> str | None:
    """The date the reader sees under the headline, verbatim and without its label."""
    for block in header.blocks:
        if len(block.text) <= LONG and (match := DATE.search(block.text)):
            return match.group()
    return None
