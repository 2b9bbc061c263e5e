"""Brings every article to one form, whatever wire it came from. Words never change."""

import dataclasses
from collections.abc import Callable
from typing import Any

from articles import Article, Encoding, ParseError
from transforms.dates import parse
from transforms.editorial import embargoes
from transforms.encoding import compose, repair
from transforms.encoding_characters import drop_controls
from transforms.fold import count_words
from transforms.markup import decode_references, extract, holds_markup
from transforms.paragraphs import one_line, tidy
from transforms.urls import canonicalize

_MOST_ESCAPES = 6
"""How many times over a text may be escaped or wrongly decoded; more is somebody's joke."""


def normalize(article: Article) -> Article:
    """Repair the encoding, turn markup to paragraphs, tidy blanks, read the dates, canonicalize the URL.

    Fields named in `markup` are HTML; the others are too where their text plainly is. Dates that can't
    be read stay None beside their raw string; an embargo whose end can't be read withholds the article.
    Idempotent; depends on the article alone. Raises ParseError with reason `no-text` where neither
    title nor body has text left, unless the article is a kill: that needs no text.
    """
    repairs: set[str] = set()
    title = _settle(article.title, "title" in article.markup, one_line, repairs)
    body = _settle(article.body, "body" in article.markup, tidy, repairs)
    if not title and not body and article.status != "canceled":
        raise ParseError("no-text", _no_text_message(article), item_index=article.item_index)
    summary = _settle(article.summary or "", "summary" in article.markup, tidy, repairs)
    return dataclasses.replace(
        article,
        title=title,
        summary=summary or None,
        body=body,
        word_count=count_words(body),
        markup=frozenset(),
        encoding=_record(article.encoding, repairs),
        canonical_url=canonicalize(article.url),
        **_read_dates(article),
        **_read_embargo(article),
    )


def _read_dates(article: Article) -> dict[str, Any]:
    """Give the columns that the raw dates decide; a date without a raw string is another stage's."""
    columns: dict[str, Any] = {}
    if article.published_raw is not None:
        published = parse(article.published_raw)
        columns["published_at"] = published and published.moment
        columns["published_offset"] = published and published.offset
        columns["date_source"] = "published" if published else "ingested"
    if article.updated_raw is not None:
        updated = parse(article.updated_raw)
        columns["updated_at"] = updated and updated.moment
    return columns


def _read_embargo(article: Article) -> dict[str, Any]:
    """When the embargo ends. What is not sure never ends it early: no zone means the last one, no time means never."""
    if article.embargo_raw is None:
        return {}
    until = embargoes.end(article.embargo_raw)
    withheld = until is None and article.status == "usable"
    return {"embargoed_until": until, "status": "withheld" if withheld else article.status}


def _settle(text: str, is_markup: bool, shape: Callable[[str], str], repairs: set[str]) -> str:
    """Clean and shape a field until neither finds more to do: blanks can hide a wrong decoding."""
    shaped = shape(_clean(text, is_markup, repairs))
    for _ in range(_MOST_ESCAPES):
        again = shaped if shaped.isascii() or shaped == text else shape(_clean(shaped, False, repairs))
        if again == shaped:
            break
        shaped = again
    return shaped


def _clean(text: str, is_markup: bool, repairs: set[str]) -> str:
    """Give the characters a reader of the text would see, repairs noted in `repairs`."""
    for _ in range(_MOST_ESCAPES):
        text = _repair(text, repairs)
        read = decode_references(extract(text) if is_markup else text)
        is_markup = "<" in read and holds_markup(read)
        if read == text and not is_markup:
            return text
        text = read
    return _repair(text, repairs)


def _repair(text: str, repairs: set[str]) -> str:
    """Repair until nothing is left to repair: one wrong decoding may hide another."""
    while True:
        fixed, how = repair(text)
        fixed = compose(drop_controls(fixed))
        if how:
            repairs.add(how)
        if fixed == text or fixed.isascii():
            return fixed
        text = fixed


def _record(encoding: Encoding | None, repairs: set[str]) -> Encoding | None:
    if not repairs:
        return encoding
    known = encoding or Encoding()
    before = known.repair.split("+") if known.repair else []
    added = sorted({name for how in repairs for name in how.split("+")} - set(before))
    return dataclasses.replace(known, repair="+".join([*before, *added]))


def _no_text_message(article: Article) -> str:
    return (
        f"item {article.item_index} has neither a title nor a body with text in it "
        f"({len(article.title)} and {len(article.body)} characters before cleaning)"
    )
