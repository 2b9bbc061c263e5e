"""The text of an article page: trafilatura's reading of it, freed of what is set around a text."""

import copy
import logging
import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction

from articles import ParseError
from sources.formats import html_words as words
from sources.formats.html_tree import BLOCKS, fold, text_of

_RIGHTS = re.compile(r"(?:©|\(c\)|copyright\b)[\s@©]*(?:19|20)\d\d", re.IGNORECASE)
_LINK_SHARE = 0.8
"""The share of linked characters from which a paragraph only leads elsewhere."""
_MAX_TEASER = 250
_PARAGRAPH = 80
_COVERAGE = 0.5
"""The share of the page's paragraphs below which the fast reading is not trusted."""
_AROUND = frozenset({"aside", "nav", "footer", "header", "figure", "form", "li", "blockquote"})

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def read_body(tree: HtmlElement, uri: str) -> list[str]:
    """The paragraphs of the page's main text, headings among them; empty where there is none. Changes `tree`."""
    captions = _prune(tree)
    total = sum(_paragraph_lengths(tree))
    lines = _extract(tree, uri, fast=True)
    if sum(map(len, lines)) < _COVERAGE * total:
        slower = _extract(tree, uri, fast=False)
        lines = max(lines, slower, key=lambda found: sum(map(len, found)))
    return [line for line in lines if fold(line) not in captions]


def _extract(tree: HtmlElement, uri: str, *, fast: bool) -> list[str]:
    try:
        document = bare_extraction(copy.copy(tree), fast=fast, include_comments=False, with_metadata=False)
    except (
        etree.LxmlError,
        RecursionError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        KeyError,
        AssertionError,
    ) as error:
        raise ParseError("bad-html", f"{uri}: the text could not be told from the page: {error}") from error
    text = getattr(document, "text", None) or ""
    return [line for raw in str(text).split("\n") if (line := raw.strip())]


def _prune(tree: HtmlElement) -> frozenset[str]:
    """Drop quoted posts and paragraphs that are nothing but links; give the folded texts of captions."""
    captions: set[str] = set()
    doomed: list[HtmlElement] = []
    for element in tree.iter("*"):
        tag = element.tag
        if tag == "figcaption" or (tag != "img" and words.marks(element) & words.CAPTION_CLASSES):
            captions.update(_caption_texts(element))
        elif tag == "img":
            captions.add(fold((element.get("alt") or "")[:1000]))
        elif (
            tag == "p"
            and _only_leads_elsewhere(element)
            or words.EMBEDS & frozenset((element.get("class") or "").split())
        ):
            doomed.append(element)
    for element in doomed:
        if element.getparent() is not None:
            element.drop_tree()
    return frozenset(caption for caption in captions if len(caption) >= 10)


def _caption_texts(element: HtmlElement) -> Iterator[str]:
    text = text_of(element)
    if len(text) <= 1000:
        yield fold(text)
        for part in element.iter("p", "span", "div"):
            yield fold(text_of(part))


def _only_leads_elsewhere(element: HtmlElement) -> bool:
    if element.find(".//a") is None:
        return False
    text = text_of(element)
    linked = sum(len(text_of(link)) for link in element.iter("a"))
    return 0 < len(text) <= _MAX_TEASER and linked >= _LINK_SHARE * len(text)


def _paragraph_lengths(tree: HtmlElement) -> Iterator[int]:
    """Lengths of the page's paragraphs of running text that stand in nothing set around it."""
    for element in tree.iter("p"):
        if not any(ancestor.tag in _AROUND for ancestor in element.iterancestors()):
            length = len(text_of(element))
            if length >= _PARAGRAPH:
                yield length


def linked_share(tree: HtmlElement) -> float:
    """The share of the page's paragraph and heading text that is linked: near 1 on a section front."""
    total = linked = 0
    for element in tree.iter("p", "h1", "h2", "h3", "h4", "li"):
        if not any(child.tag in BLOCKS for child in element.iter("*") if child is not element):
            total += len(text_of(element))
            inside = element.find(".//a") is not None
            around = any(ancestor.tag == "a" for ancestor in element.iterancestors())
            linked += (
                len(text_of(element)) if around else sum(len(text_of(a)) for a in element.iter("a")) if inside else 0
            )
    return linked / total if total else 1.0


def tidy(
    lines: list[str], titles: tuple[str, ...], authors: tuple[str, ...], standfirst: str | None
) -> tuple[list[str], str | None]:
    """Paragraphs without what the record's fields hold already, and a copyright line found at the end.

    Taken away are the headline and byline around the text; the standfirst is put first where it is missing.
    """
    headlines = {fold(title) for title in titles if title}
    names = {fold(name) for name in authors}
    begin, end = 0, len(lines)
    rights = None
    while begin < end and _is_heading(lines[begin], headlines, names):
        begin += 1
    while end > begin and (_is_byline(lines[end - 1], names) or _RIGHTS.match(lines[end - 1])):
        rights = rights or (lines[end - 1] if _RIGHTS.match(lines[end - 1]) else None)
        end -= 1
    kept = lines[begin:end]
    if standfirst and fold(standfirst) not in fold("".join(kept)):
        kept.insert(0, standfirst)
    return kept, rights


def _is_heading(line: str, headlines: set[str], names: set[str]) -> bool:
    folded = fold(line)
    beside_kicker = any(
        len(title) >= 20 and folded.endswith(title) and len(folded) < len(title) + 60 for title in headlines
    )
    return folded in headlines or beside_kicker or _is_byline(line, names)


def _is_byline(line: str, names: set[str]) -> bool:
    match = words.BY.match(line)
    return fold(line[match.end() :] if match else line) in names and len(line) < 200
