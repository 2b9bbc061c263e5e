"""Credits that carry a label: `Editor: Li Jun`, `责任编辑：张雪_NBJS7309`, `Source: CCTV Author: Wang Kun`."""

import dataclasses
import re
from collections.abc import Iterator

from articles import Credit
from transforms.editorial import names, outlets, vocabulary
from transforms.editorial.passages import Line

_ROLES = vocabulary.roles("label")
_SOURCES = vocabulary.roles("source")
_KNOWN = _ROLES | _SOURCES
_MAX_WORDS = max(len(phrase.split()) for phrase in _KNOWN)
_MAX_LETTERS, WORD_LENGTH = 8, 24
_LAST_WORDS = frozenset(phrase.split()[-1] for phrase in _KNOWN)
_LAST_WORD = re.compile(r"[^\s\d_|()（）\[\]【】•*·/—–;:,.]+$")
_LINKS = (" of ", " at ", " for ", " from ")

_HAN = "㐀-鿿豈-﫿ぁ-ヿ가-힣"
_MARK = re.compile(rf"\s?[:：︰]+\s?|(?<=[{_HAN}])\s?[/／|｜丨]\s?|(?<=[a-z])(?:/|\s\|\s)(?=[A-Z])")
_DESK = re.compile(r"\s(?:of|at|for|from)\s(?:the\s)?(?P<outlet>[^\s:：,;]+(?:\s[^\s:：,;]+){0,3})$")
_TAG = re.compile(
    rf"\s(?P<tag>{vocabulary.alternation([p for p in vocabulary.roles('tag') if p.isascii()])})\s+(?=[^\W\d_])",
    re.IGNORECASE,
)
_END = re.compile(
    r"[)\]】）〕」|｜<\n•]|\s[-–—]{1,2}\s(?![A-Za-z]{1,4}\d{2})|\s\d{4}[-/.年]|\s\d{1,2}[:：]\s?\d\d|(?<=[^\W\d_]{2})[.。]\s"
)
_OPENING = " \t[(（【〔"
# A lower-case word after the names: a sentence that goes on, and no credit.
_WORDS_GO_ON = re.compile(r"[\s,]*[a-zß-öø-ÿа-яё]{2}")
_PICTURES = frozenset({"photographer", "videographer", "graphics", "illustrator"})
_INITIALS = re.compile(r"/[a-z]{2,4}(?:\([a-z]{2,4}\)?)?$")
# "Quelle: example.de, jro/dpa": the desk's initials and the agency it drew on.
_SIGNED = re.compile(r",\s[a-z]{2,4}(?:/[a-z]{2,4})*$")
SHORT = 200
"""Code points of a line in which a slash or a bar may stand for the colon."""

SOURCE_LENGTH = 60
SOURCE_WORDS = 8


@dataclasses.dataclass(frozen=True, slots=True)
class Label:
    """A label in a line: the role it stands for (`source` for an outlet), and where its value is."""

    role: str
    start: int
    value: int
    outlet: str | None = None


def may_hold(text: str) -> bool:
    """Whether a line has a mark that labels end in."""
    if ":" in text or (len(text) <= SHORT and ("/" in text or "|" in text)):
        return True
    return not text.isascii() and _MARK.search(text) is not None


def find(line: Line) -> tuple[list[Credit], list[str]]:
    """Return the credits and the original sources that the labels of a line name.

    >>> credits, sources = find(Line(0, "Source: CCTV Author: Zhu Yanjing Duty editor: Li Bo, nn102"))
    >>> [(credit.role, credit.name, credit.code) for credit in credits], sources
    ([('author', 'Zhu Yanjing', None), ('editor', 'Li Bo', 'nn102')], ['CCTV'])
    """
    labels = list(_labels(line.text))
    credited: list[Credit] = []
    sources: list[str] = []
    ends = [label.start for label in labels[1:]] + [len(line.text)]
    for label, until in zip(labels, ends, strict=False):
        value = line.text[label.value : until]
        if label.role == "source":
            outlet = _outlet(value)
            desk = _INITIALS.search(outlet) if outlet else None
            sources += [outlet[: desk.start()] if desk is not None else outlet] if outlet else []
            credited += _initials(value, line.start + label.value) if desk is not None else []
            continue
        credited += _credits(label, value, line.start)
        if label.outlet and not sources and labels[0].role == "source":
            sources.append(label.outlet)
    return credited, sources


def _labels(text: str) -> Iterator[Label]:
    after = 0
    for mark in _MARK.finditer(text):
        label = _label(text, after, mark)
        if label is None:
            continue
        for tag in _TAG.finditer(text, after, label.start):
            if after and text[tag.start("tag")].isupper():
                yield Label(vocabulary.roles("tag")[_folded(tag["tag"])], tag.start("tag"), tag.end())
        yield label
        after = mark.end()
    if after:
        for tag in _TAG.finditer(text, after):
            if text[tag.start("tag")].isupper():
                yield Label(vocabulary.roles("tag")[_folded(tag["tag"])], tag.start("tag"), tag.end())


def _label(text: str, after: int, mark: re.Match[str]) -> Label | None:
    """Return the label that ends where the mark begins, looking back no further than `after`."""
    before = text[max(after, mark.start() - 80) : mark.start()]
    base = mark.start() - len(before)
    phrase = _phrase(before)
    if phrase is not None:
        return Label(_KNOWN[phrase[0]], base + phrase[1], mark.end()) if _opens(text, after, base + phrase[1]) else None
    desk = _DESK.search(before) if any(link in before for link in _LINKS) else None
    if desk is None:
        return None
    phrase = _phrase(before[: desk.start()])
    if phrase is None or phrase[0] not in _ROLES or not _opens(text, after, base + phrase[1]):
        return None
    return Label(_ROLES[phrase[0]], base + phrase[1], mark.end(), desk["outlet"])


def _phrase(before: str) -> tuple[str, int] | None:
    """Return the longest known label that `before` ends in, and where it starts."""
    last = before[-1:]
    if not last.isalpha():
        return None
    if not last.isascii() and re.match(rf"[{_HAN}]", last):
        for size in range(min(_MAX_LETTERS, len(before)), 0, -1):
            if before[-size:] in _KNOWN and (size > 1 or not re.match(rf"[{_HAN}]", before[-2:-1])):
                return before[-size:], len(before) - size
        return None
    word = _LAST_WORD.search(before, max(0, len(before) - WORD_LENGTH))
    if word is None or word[0].casefold() not in _LAST_WORDS:
        return None
    starts = [word.start() for word in re.finditer(r"(?:(?<=[\s\W_\d])|^)[^\W\d_]", before)][-_MAX_WORDS - 2 :]
    for start in starts:
        folded = _folded(before[start:])
        if folded in _KNOWN:
            return folded, start
    return None


def _opens(text: str, after: int, start: int) -> bool:
    """Whether a label may begin here: at a boundary, or with a capital, or behind another label.

    "two sources: police and" is no label; nor is a lower-case word inside a sentence.
    """
    if after or start == 0 or not text[after:start].strip(" \t[(（【〔•*·—–-_|｜"):
        return True
    return text[start].isupper() or not text[start].isascii() or text[start - 1] in "(（[【|｜;；"


def _credits(label: Label, value: str, offset: int) -> Iterator[Credit]:
    """Yield a credit a person. The first spans label and name, each further one its name alone."""
    opening = len(value) - len(value.lstrip(_OPENING))
    end = _END.search(value, opening)
    scope = value[: end.start()] if end is not None else value
    people = list(names.people(scope, loose=label.role not in _PICTURES))
    named = [it for it in people if not (it.name and outlets.is_outlet(it.name))]
    people = named or people
    if not people or _WORDS_GO_ON.match(scope, people[-1].end) or (people[-1].name or "").endswith(("'s", "’s")):
        return
    for person in people:
        start = label.start if person is people[0] else label.value + person.start
        yield Credit(label.role, person.name, person.code, offset + start, offset + label.value + person.end)


def _initials(value: str, offset: int) -> list[Credit]:
    """Return the desk's initials behind a source: "Source: CNA/kv(aj)"."""
    desk = re.search(r"/([a-z]{2,4})(?:\(([a-z]{2,4})\))?", value)
    groups = [number for number in (1, 2) if desk is not None and desk[number]]
    return [Credit("editor", None, desk[it], offset + desk.start(it), offset + desk.end(it)) for it in groups if desk]


def _outlet(value: str) -> str | None:
    value = value.strip(_OPENING)
    end = _END.search(value)
    outlet = (value[: end.start()] if end is not None else value).strip(" \t,，;；.。_-–—")
    outlet = _SIGNED.sub("", outlet)
    if not outlet or len(outlet) > SOURCE_LENGTH or len(outlet.split()) > SOURCE_WORDS:
        return None
    return outlet


def _folded(phrase: str) -> str:
    return " ".join(phrase.casefold().split())
