"""Read who wrote, edited and filed a text from the text itself."""

import dataclasses
import re
from collections.abc import Iterable
from typing import Any

from articles import Article, Credit, Dateline, DocType, Status
from transforms.editorial import (
    bylines,
    datelines,
    east_asian,
    embargoes,
    headlines,
    initials,
    labels,
    notices,
    passages,
    signoffs,
    sources,
    tags,
    vocabulary,
)
from transforms.editorial.passages import Line

_PORTALS = vocabulary.words("portals.txt")
_AUTHORS = frozenset({"author", "writer"})
_SLUG_FLAGS = re.compile(r"\((?P<flags>[A-Z][A-Z0-9 ,]+)\)$")
_EAST_ASIAN = re.compile(r"[\u3040-\u9fff가-힣［（]")
_NEXT_SENTENCE = re.compile(r"[^\W\d_]{3}[.!?][\"”’']?\s|[。！？].")
_SENTENCE_ENDS = frozenset('.!?…。！？"”»')
MAX_LINES = 8
STORY_LENGTH = 110
"""Code points of a line that ends like a sentence: longer, or of several sentences, it is the story's first."""


def annotate(article: Article) -> Article:
    """Fill in byline, credits, dateline, source, notes, slug, type and status from title and body.

    What a wire format already gave wins over the text. Title and body stay as they are. A year that the
    text doesn't give comes from `published_at`, never from today.
    """
    head, tail = passages.head(article.body), passages.tail(article.body)
    dateline, filed_by, opening = _opening(head, article)
    found = notices.read(opening, tail)
    labelled, source = _labelled(head, tail)
    authors = [credit for line in opening for credit in bylines.find(line)]
    bracketed = [credit for line in tail[-4:] if line.text[0] in "(（" for credit in bylines.find(line)]
    signed = [
        *signoffs.find(article.body, tail),
        *(it for line in tail[-4:] for it in initials.find(line.text, line.start)),
    ]
    credited = _disjoint([*filed_by, *labelled, *authors, *signed, *bracketed])
    doc_type, status = _flags(article, opening, found)
    return dataclasses.replace(
        article,
        byline=bylines.field(article.byline)
        or _byline(credited, (*filed_by, *_above(opening, labelled, article.body))),
        credits=_joined(article.credits, credited),
        dateline=_filled(article.dateline, dateline),
        original_source=article.original_source or source,
        editors_note=article.editors_note or found.note,
        slug=article.slug or found.slug,
        take=article.take or found.take,
        **_embargo(article, found.embargo),
        doc_type=doc_type,
        status=status,
    )


def _embargo(article: Article, line: str | None) -> dict[str, Any]:
    """Give the columns that an embargo line decides: where its end can't be read, the item is withheld."""
    if line is None or article.embargo_raw is not None:
        return {}
    return {"embargo_raw": line, "embargoed_until": embargoes.end(line)}


def _opening(head: list[Line], article: Article) -> tuple[Dateline | None, tuple[Credit, ...], list[Line]]:
    """Return the dateline, the reporters it names, and the lines that come before the story."""
    title = article.title.strip()
    before: list[Line] = []
    for line in head[:MAX_LINES]:
        if not line.opens and not (before and _is_apart(before[-1], title)):
            break
        read = east_asian.find if _is_east_asian(line.text) else datelines.find
        dateline, filed_by = read(line, article.published_at)
        if dateline is not None:
            return dateline, filed_by, before
        before.append(line)
        if _is_story(line.text) and not _is_apart(line, title):
            break
    return None, (), before


def _is_story(text: str) -> bool:
    """Whether a line is a paragraph of the story: after it comes no dateline, and no byline."""
    return text[-1] in _SENTENCE_ENDS and (len(text) > STORY_LENGTH or _NEXT_SENTENCE.search(text) is not None)


def _is_apart(line: Line, title: str) -> bool:
    """Whether a line stands outside the story: the title again, a byline, or a notice."""
    return line.text == title or notices.is_notice(line.text) or bool(bylines.find(line))


def _is_east_asian(text: str) -> bool:
    opening = text[:12]
    return not opening.isascii() and _EAST_ASIAN.search(opening) is not None


def _labelled(head: list[Line], tail: list[Line]) -> tuple[list[Credit], str | None]:
    credited: list[Credit] = []
    outlets: list[str] = []
    for line in {line.start: line for line in [*head, *tail]}.values():
        if labels.may_hold(line.text):
            more, named = labels.find(line)
            credited += more
            outlets += named
        elif (bare := sources.bare(line.text)) is not None:
            outlets.append(bare)
        elif tags.may_be(line.text):
            credited += tags.find(line)
    return credited, next((it for it in outlets if it.casefold() not in _PORTALS), None)


def _disjoint(found: Iterable[Credit]) -> tuple[Credit, ...]:
    """Sort credits by place; where two overlap the one found first stays, unless both span the same."""
    kept: list[Credit] = []
    for credit in found:
        start, end = credit.start or 0, credit.end or 0
        if all(end <= (it.start or 0) or start >= (it.end or 0) or _twin(it, credit) for it in kept):
            kept.append(credit)
    return tuple(sorted(dict.fromkeys(kept), key=lambda it: (it.start or 0, it.end or 0)))


def _twin(first: Credit, second: Credit) -> bool:
    """Whether one person has two roles in one phrase ("Reporting and writing by …")."""
    return (first.start, first.end, first.name) == (second.start, second.end, second.name) and not (
        {first.role, second.role} <= _AUTHORS
    )


def _joined(given: tuple[Credit, ...], found: tuple[Credit, ...]) -> tuple[Credit, ...]:
    """Return a wire's own credits, with their place in the text where it repeats them, then those of the text alone."""
    said = {_key(credit): credit for credit in reversed(found)}
    known = {_key(credit) for credit in given}
    kept = [said.get(_key(credit), credit) if credit.start is None else credit for credit in given]
    return (*kept, *(credit for credit in found if _key(credit) not in known))


def _key(credit: Credit) -> tuple[str, str | None, str | None]:
    return credit.role, credit.name.casefold() if credit.name else None, credit.code


def _filled(given: Dateline | None, found: Dateline | None) -> Dateline | None:
    """Return a wire's own dateline, with what only the text's has: its place in the text above all."""
    if given is None or found is None:
        return given or found
    values = {key: value for key, value in dataclasses.asdict(given).items() if value is not None}
    return dataclasses.replace(found, **values)


def _above(opening: list[Line], labelled: list[Credit], body: str) -> list[Credit]:
    """Return the reporters that a line above the story names; those at its end are credits only."""
    ends = [line.end for line in opening if not _is_story(line.text)]
    first = ends[0] if ends and body[ends[0] :].strip() else 0
    return [it for it in labelled if it.role == "reporter" and (it.end or 0) <= first]


def _byline(credited: Iterable[Credit], filed_by: tuple[Credit, ...]) -> tuple[str, ...]:
    """Return the authors; where no credit names one, the reporters that dateline or first line name."""
    authors = [it.name for it in credited if it.role in _AUTHORS and it.name]
    return tuple(dict.fromkeys(authors or [it.name for it in filed_by if it.name]))


def _flags(article: Article, opening: list[Line], found: notices.Notices) -> tuple[DocType, Status]:
    """Return document type and status: a field's, else what headline, first lines and notes say."""
    readings = [headlines.read(article.title)]
    flagged = _SLUG_FLAGS.search(article.slug or "")
    readings += [headlines.read(flagged["flags"])] if flagged is not None else []
    readings += [headlines.read(line.text) for line in opening[:4] if line.text.isupper() and len(line.text) < 80]
    doc_type = next((it.doc_type for it in readings if it.doc_type), None) or found.doc_type
    status = next((it.status for it in readings if it.status), None)
    if found.embargo and article.embargo_raw is None and embargoes.end(found.embargo) is None:
        status = status or "withheld"
    return (
        (doc_type or "story") if article.doc_type == "story" else article.doc_type,
        (status or "usable") if article.status == "usable" else article.status,
    )
