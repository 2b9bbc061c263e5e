"""Lines for editors around a story: trash lines, corrections, slugs, takes, embargoes."""

import dataclasses
import re
from collections.abc import Iterable
from typing import get_args

from articles import DocType
from transforms.editorial import headlines, vocabulary
from transforms.editorial.passages import Line

_TOP = {
    opening: kind
    for where, kind, openings in vocabulary.rows("notes.tsv")
    if where == "top"
    for opening in openings.split("|")
}
_LINE = {
    opening: kind
    for where, kind, openings in vocabulary.rows("notes.tsv")
    if where == "line"
    for opening in openings.split("|")
}

_BRACKETED = re.compile(
    rf"[\[(（]\s*(?P<opening>(?i:{vocabulary.alternation({*_TOP, *_LINE})}))(?!\w)"
    r"(?P<rest>[^()\[\]（）]*(?:\([^()]*\)[^()]*)*)[\])）]?$"
)
_TRASH = re.compile(
    r"[(\[]\s*This\s(?:\w+\s){0,4}(?:story|article|report|item)\b(?P<rest>[^()\[\]]*(?:\([^()]*\)[^()]*)*)[\])]?$"
)
_OPENED = re.compile(rf"(?i:(?P<opening>{vocabulary.alternation(_LINE)}))(?!\w)(?P<mark>\s?[:：.–—-]|\s)?")
_FIRST_WORD = re.compile(r"[^\W_]+")
_FIRST_WORDS = frozenset(found[0] for opening in _LINE if (found := _FIRST_WORD.match(opening)))
_SHOUTED = re.compile(r"(?:ATTENTION|ACHTUNG|ATTN|ATENCIÓN)\s[-–—:]\s?\S.*")
_BEFORE_EMBARGO = r"(?:(?i:check against delivery|achtung|attention|please note)\s?[:!.,–—-]{0,2}\s+)?"
_EMBARGO = re.compile(
    rf"[*\s(\[（【]*{_BEFORE_EMBARGO}(?P<opening>(?i:{vocabulary.alternation(vocabulary.words('embargoes.txt'))}))"
    r"(?![a-zà-ÿа-яё])\s*[:：]?\s*(?P<when>[^\n]{3,80}?)[\s*)\]）】.]*$"
)
# An embargo that ends with what no clock tells: it is kept until somebody lifts it.
_EVENT = re.compile(
    r"(?i:(?:time\sof\s|the\s)?(?:delivery|speech|further notice|release|publication|redebeginn|auf weiteres|beginn))\b"
)
_SLUG = re.compile(
    r"(?:(?i:slug)\s?:\s?(?P<named>\S[^\n]{1,60})"
    r"|(?P<slashed>[A-Z][A-Z0-9.&'-]+(?:[-/][A-Z0-9.&'-]+)*/[A-Z0-9.&'-]*)(?:\s\((?P<flags>[A-Z][A-Z0-9 ,]+)\))?"
    r"|(?P<ap>(?:AM|PM|BC)-[A-Z][^,\n]{2,60})(?:,\s?(?P<ld>[^,\n]*[^\W\d][^,\n]*))?(?:,\s?[A-Z]{2,4})?(?:,\s?\d{2,5})?)$"
)
_TAKE = re.compile(r"(?i:\(?take\s(?P<number>\d{1,2})(?:\sof\s\d{1,2})?\)?|=(?P<mark>\d{1,2}))$")


@dataclasses.dataclass(frozen=True, slots=True)
class Notices:
    """What the lines around a story say; None where no line says it."""

    note: str | None = None
    doc_type: DocType | None = None
    slug: str | None = None
    take: str | None = None
    embargo: str | None = None


_NONE = Notices()


def read(head: Iterable[Line], tail: Iterable[Line]) -> Notices:
    """Read the notices among a body's first and last lines; the first of each sort counts.

    >>> it = read([Line(0, "TURKEY-USA/MISSILES"), Line(21, "(Corrects spelling in paragraph 3)")], [])
    >>> it.note, it.doc_type, it.slug
    ('Corrects spelling in paragraph 3', 'correction', 'TURKEY-USA/MISSILES')
    """
    found = _NONE
    for line in head:
        for notices in (_slugs(line.text), _embargoed(line.text), _noted(line.text, top=True)):
            found = _merged(found, notices)
    for line in tail:
        found = _merged(found, _noted(line.text, top=False))
    return found


def is_notice(text: str) -> bool:
    """Whether a line is for editors, and the story begins after it."""
    return any(it is not _NONE for it in (_slugs(text), _embargoed(text), _noted(text, top=True)))


def _noted(text: str, *, top: bool) -> Notices:
    if len(text) > 600:
        return _NONE
    if text[0] in "([（":
        found = (_BRACKETED.match(text) if top else None) or _TRASH.match(text)
        if found is not None:
            opening = found.groupdict().get("opening")
            kind = _kind(opening) if opening else "correction" if "correct" in found["rest"] else "-"
            return Notices(note=text.strip("([（）)] "), doc_type=_doc_type(kind))
    word = _FIRST_WORD.match(text)
    opened = _OPENED.match(text) if word is not None and word[0].casefold() in _FIRST_WORDS else None
    if opened is not None:
        opening = " ".join(opened["opening"].casefold().split())
        if (" " in opening and len(opening) > 18) or (opened["mark"] or "").strip():
            return Notices(note=text, doc_type=_doc_type(_LINE[opening]))
    if top and _SHOUTED.match(text):
        return Notices(note=text)
    return _NONE


def _kind(opening: str) -> str:
    folded = " ".join(opening.casefold().split())
    return _TOP.get(folded) or _LINE[folded]


def _doc_type(kind: str) -> DocType | None:
    return next((it for it in get_args(DocType) if it == kind), None)


def _embargoed(text: str) -> Notices:
    found = _EMBARGO.match(text) if len(text) <= 160 else None
    if found is None or not (re.search(r"\d", found["when"]) or _EVENT.match(found["when"])):
        return _NONE
    closed = ")" if found["when"].count("(") > found["when"].count(")") and ")" in text[found.end("when") :] else ""
    return Notices(embargo=found["when"] + closed)


def _slugs(text: str) -> Notices:
    if len(text) > 100:
        return _NONE
    take = _TAKE.match(text)
    if take is not None:
        return Notices(take=take["number"] or take["mark"])
    slug = _SLUG.match(text)
    if slug is None:
        return _NONE
    if slug["slashed"] and not slug["flags"] and not re.search(r"-.*/|/$", slug["slashed"]):
        return _NONE  # "GETTY/AFP" is the credit of a picture
    flagged = headlines.read(slug["flags"] or slug["ld"] or "")
    return Notices(slug=slug["named"] or slug["slashed"] or slug["ap"], take=slug["ld"], doc_type=flagged.doc_type)


def _merged(first: Notices, second: Notices) -> Notices:
    if second is _NONE:
        return first
    both = (getattr(first, it.name) or getattr(second, it.name) for it in dataclasses.fields(Notices))
    merged = Notices(*both)
    return dataclasses.replace(merged, doc_type="correction") if second.doc_type == "correction" else merged
