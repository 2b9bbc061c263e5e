"""Credits with neither colon nor bracket: a line `CCTV reporter Zhang Gang`, a last word `（记者 王某）`.

In Latin letters only romanised Chinese names are taken, for whose line this is the form: "Reporter Jailed
In Capital" is a headline.
"""

import re

from articles import Credit
from transforms.editorial import names, vocabulary
from transforms.editorial.passages import Line

_ROLES = vocabulary.roles("tag")
_LATIN = re.compile(rf"\b(?P<tag>(?i:{vocabulary.alternation([it for it in _ROLES if it.isascii()])}))\s+(?=[A-Z])")
_HAN_TAG = rf"[㐀-鿿]{{0,6}}?(?P<tag>{vocabulary.alternation([it for it in _ROLES if not it.isascii()])})"
_NEXT_TAG = re.compile(rf"(?<=[\s、，])(?:{vocabulary.alternation([it for it in _ROLES if not it.isascii()])})")
_TAG = re.compile(rf"(?:{vocabulary.alternation([it for it in _ROLES if not it.isascii()])})")
_HAN_LINE = re.compile(rf"{_HAN_TAG}\s*(?P<names>[㐀-鿿·、，\s]{{2,60}})$")
_HAN_END = re.compile(rf"[（(]\s?{_HAN_TAG}\s*(?P<names>[㐀-鿿·、，\s]{{2,60}})[）)]$")
_OUTLET = re.compile(r"(?:(?:[^\Wa-z_][^\s,·]*|client|of|the|news|daily|by)[\s,·]*){0,8}$")
_SIGNOFFS = frozenset(phrase.split()[0] for phrase in vocabulary.roles("by"))
_WORDS = frozenset(phrase.split()[0] for phrase in _ROLES)
_OPENING = re.compile(r"[（(\[【](?P<inside>[^()\[\]（）【】]{4,60})[）)\]】]")
# "김철수 기자", "山田花子記者": the name before the job, and an address behind it.
_AFTER_NAME = re.compile(
    r"(?:[가-힣]{2,6}\s)?(?P<name>[가-힣]{2,4}) ?(?P<tag>기자|특파원|선임기자|수습기자)"
    r"(?:\s{0,2}[=:]?\s{0,2}[(<]?[\w.+-]{1,40}@[\w.-]{1,40}[)>]?)?$"
    r"|[【（(]?(?P<ja>[㐀-鿿々]{2,4}[ \u3000]?[㐀-鿿々ぁ-ヶ]{0,4}?)(?P<job>記者|特派員|編集委員)[】）)]?$"
)
LENGTH = 100
"""Code points of a line that is a credit and nothing else."""


def may_be(text: str) -> bool:
    """Whether a line is short enough, or ends in a bracket."""
    return len(text) <= LENGTH or text[-1] in "）)" or text[0] in "（([【"


def find(line: Line) -> list[Credit]:
    """Return the credits of a line that is a credit and nothing else, or of the brackets that end a line.

    >>> [(it.role, it.name) for it in find(Line(0, "Hunan Daily reporter Jiang Rui correspondent Xiao Yan"))]
    [('reporter', 'Jiang Rui'), ('reporter', 'Xiao Yan')]
    >>> find(Line(0, "Reporter jailed in the capital"))
    []
    """
    text = line.text
    opening = _OPENING.match(text)
    if opening is not None:
        bracketed = find(Line(line.start + opening.start("inside"), opening["inside"], line.opens))
        if bracketed:
            return bracketed
    if not text.isascii():
        after = _AFTER_NAME.match(text)
        if after is not None:
            name = after["name"] or after["ja"]
            return [
                Credit(
                    "reporter",
                    name,
                    None,
                    line.start + after.start("name" if after["name"] else "ja"),
                    line.start + (after.end("tag") if after["name"] else after.end("job")),
                )
            ]
        ending = _HAN_END.search(text, max(0, len(text) - 60)) if text[-1] in "）)" else None
        tagged = ending or (_HAN_LINE.match(text) if len(text) <= LENGTH else None)
        if tagged is not None:
            return _han_credits(text, tagged.start("tag"), tagged.end("names"), line.start)
    if not line.opens or len(text) > LENGTH or text[-1] in ".!?":
        return []
    tags = list(_LATIN.finditer(text)) if not _WORDS.isdisjoint(text.casefold().split()) else []
    if not tags or text.split()[0].casefold() in _SIGNOFFS or not _OUTLET.match(text[: tags[0].start()]):
        return []
    ends = [*(tag.start() for tag in tags[1:]), len(text)]
    found = [_credits(text, tag.start(), tag.end(), end, line.start) for tag, end in zip(tags, ends, strict=True)]
    return [credit for it in found for credit in it] if all(found) else []


def _han_credits(text: str, start: int, end: int, offset: int) -> list[Credit]:
    """Return the people of each tag in "记者张某 通讯员李某", [] where one of them isn't all names."""
    starts = [start, *(tag.start() for tag in _NEXT_TAG.finditer(text, start, end))]
    found = []
    for at, until in zip(starts, [*starts[1:], end], strict=True):
        tag = _TAG.match(text, at)
        found.append(_credits(text, at, tag.end(), until, offset) if tag is not None else [])
    return [credit for it in found for credit in it] if all(found) else []


def _credits(text: str, tag: int, start: int, end: int, offset: int) -> list[Credit]:
    """Return the people between two offsets, [] where anything but names of Chinese people stands there."""
    people = list(names.people(text[:end], start))
    if not people or text[people[-1].end : end].strip(" ,") or not all(_plausible(it.name or "") for it in people):
        return []
    role = _ROLES[" ".join(text[tag:start].casefold().split())]
    starts = [tag, *(it.start for it in people[1:])]
    return [Credit(role, it.name, it.code, offset + at, offset + it.end) for it, at in zip(people, starts, strict=True)]


def _plausible(name: str) -> bool:
    return names.is_chinese(name) and " " in name if name.isascii() else len(name.replace(" ", "")) <= 4
