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
from sources.formats.html_header import DATE
from sources.formats.html_tree import BLOCKS, extent, fold, text_content

_RIGHTS = re.compile(r"(?:©|\(c\)|copyright\b)[\s@©]*(?:19|20)\d\d", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.[a-z]{2,}", re.IGNORECASE)
_MAX_CAPTION = 400
_MAX_CAPTION_LINES = 2
_TEXT = ("p", "h1", "h2", "h3", "h4", "li")
_MAX_LABEL = 40
_MUCH = 1_000
"""Characters of text from which a picture with a few words around it is no article of its own."""
_TEXT_HOLDERS = frozenset({"article", "main", "body", "html", "table", "ul", "ol"})
_LINK_SHARE = 0.8
"""The share of linked characters from which a paragraph only leads elsewhere."""
_MAX_TEASER = 250
_PARAGRAPH = 80
_TOP = 4
"""Lines at the top of a text among which its byline may stand."""
_COVERAGE = 0.5
_MAX_SLOWLY = 8_000
"""Elements up to which the slower reading is tried."""
"""The share of the page's paragraphs below which the fast reading is not trusted."""
_AROUND = frozenset({"aside", "nav", "footer", "header", "figure", "form", "li", "blockquote"})

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def read_body(tree: HtmlElement, uri: str, *, is_live: bool = False) -> list[str]:
    """The paragraphs of the page's main text, headings among them; empty where there is none. Changes `tree`.

    The posts of a live blog, each an `article` of its own, are one text.
    """
    if is_live:
        for post in list(tree.iter("article")):
            post.tag = "div"
    total = sum(_paragraph_lengths(tree))
    _prune(tree, total)
    headings = frozenset(fold(text_content(heading)) for heading in tree.iter("h2", "h3", "h4", "h5"))
    lines = _extract(tree, uri, fast=True)
    if sum(map(len, lines)) < _COVERAGE * total and sum(1 for _ in tree.iter("*")) <= _MAX_SLOWLY:
        slower = _extract(tree, uri, fast=False)
        lines = max(lines, slower, key=lambda found: sum(map(len, found)))
    while lines and fold(lines[-1]) in headings:  # a heading with nothing under it
        lines.pop()
    return lines


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
        raise ParseError("malformed", f"{uri}: the text could not be told from the page: {error}") from error
    text = getattr(document, "text", None) or ""
    return [line for raw in str(text).split("\n") if (line := raw.strip())]


def _prune(tree: HtmlElement, total: int) -> None:
    """Drop captions, offers, quoted posts and paragraphs that only lead elsewhere; `total` is the text's length."""
    doomed: list[HtmlElement] = []
    lengths: dict[HtmlElement, int] = {}
    for element in tree.iter("*"):
        tag = element.tag
        if tag == "img":
            if total >= _MUCH and (frame := _frame(element, lengths)) is not None:
                doomed.append(frame)
        elif tag == "figcaption" or (words.marks(element) & words.BESIDE_CLASSES and tag not in _TEXT_HOLDERS):
            doomed.extend([element] if len(text_content(element)) <= _MAX_CAPTION else [])
        elif words.EMBEDS & frozenset((element.get("class") or "").split()):
            doomed.append(element)
        elif tag in {"p", "li", "h2", "h3", "h4"} and _only_leads_elsewhere(element):
            doomed.append(element)
            label = element.getprevious()
            if (
                label is not None
                and label.tag == "p"
                and len(text := text_content(label)) <= _MAX_LABEL
                and text.endswith(":")
            ):
                doomed.append(label)
    for element in doomed:
        if element.getparent() is not None:
            element.drop_tree()


def _frame(image: HtmlElement, lengths: dict[HtmlElement, int]) -> HtmlElement | None:
    """The largest element around a picture that holds at most a caption beside it; None where text is around it."""
    frame = None
    for ancestor in image.iterancestors():
        length = lengths.get(ancestor)
        if length is None:
            length = lengths[ancestor] = len(text_content(ancestor))
        if length > _MAX_CAPTION or ancestor.tag in _TEXT_HOLDERS:
            break
        if sum(1 for _ in ancestor.iter(*_TEXT)) > _MAX_CAPTION_LINES:
            break
        if ancestor.tag == "p" and ((ancestor.text or "").strip() or image.getparent() is not ancestor):
            return None
        frame = ancestor if length else frame
    return frame


def _only_leads_elsewhere(element: HtmlElement) -> bool:
    """Whether a paragraph is a link, or a short label and a link ("Read more: …")."""
    if element.find(".//a") is None:
        return False
    text = text_content(element)
    links = [text_content(link) for link in element.iter("a")]
    linked = sum(map(len, links))
    if not 0 < len(text) <= _MAX_TEASER or not linked:
        return False
    label = text[: text.find(links[0])].rstrip()
    is_label = len(label) <= _MAX_LABEL and label.endswith((":", "："))
    return linked + (len(label) if is_label else 0) >= _LINK_SHARE * len(text)


def _paragraph_lengths(tree: HtmlElement) -> Iterator[int]:
    """Lengths of the page's paragraphs of running text that stand in nothing set around it."""
    for element in tree.iter("p"):
        if not any(ancestor.tag in _AROUND for ancestor in element.iterancestors()):
            text = text_content(element)
            if extent(text) >= _PARAGRAPH:
                yield len(text)


def linked_share(tree: HtmlElement) -> float:
    """The share of the page's paragraph and heading text that is linked: near 1 on a section front."""
    total = linked = 0
    for element in tree.iter("p", "h1", "h2", "h3", "h4", "li"):
        if not any(child.tag in BLOCKS for child in element.iter("*") if child is not element):
            total += len(text_content(element))
            inside = element.find(".//a") is not None
            around = any(ancestor.tag == "a" for ancestor in element.iterancestors())
            linked += (
                len(text_content(element))
                if around
                else sum(len(text_content(a)) for a in element.iter("a"))
                if inside
                else 0
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
    while end > begin and (
        _is_byline(lines[end - 1], names) or _RIGHTS.match(lines[end - 1]) or _invites(lines[end - 1])
    ):
        rights = rights or (lines[end - 1] if _RIGHTS.match(lines[end - 1]) else None)
        end -= 1
    kept = [line for at, line in enumerate(lines[begin:end]) if at >= _TOP or not _is_byline(line, names)]
    if standfirst and fold(standfirst) not in fold("".join(kept)):
        kept.insert(0, standfirst)
    return kept, rights


def _is_heading(line: str, headlines: set[str], names: set[str]) -> bool:
    folded = fold(line)
    beside_kicker = any(
        len(title) >= 20 and folded.endswith(title) and len(folded) < len(title) + 60 for title in headlines
    )
    return folded in headlines or beside_kicker or _is_byline(line, names)


def _invites(line: str) -> bool:
    """Whether a line asks the reader to write to the paper."""
    return len(line) <= _MAX_TEASER and _EMAIL.search(line) is not None


def _is_byline(line: str, names: set[str]) -> bool:
    """Whether a line is an author's name or begins with it and holds the date, or is a date and its label."""
    if len(line) > _MAX_TEASER:
        return False
    match, date = words.BY.match(line), DATE.search(line)
    name = fold(line[match.end() :] if match else line)
    if date and (len(line) - len(date.group()) <= _MAX_LABEL or any(name.startswith(known) for known in names)):
        return True
    return name in names
