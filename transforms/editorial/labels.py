"""Credits that carry a label: `Editor: Li Jun`, `责任编辑：张雪_NBJS7309`, `Source: CCTV Author: Wang Kun`."""

import dataclasses
import re
from collections.abc import Iterator

from articles import Credit
from transforms.editorial import names, outlets, sources, vocabulary
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
_TAG_ROLES = vocabulary.roles("tag")
_HAN_TAGS = vocabulary.alternation([phrase for phrase in _TAG_ROLES if not phrase.isascii() and len(phrase) > 1])
_HAN_TAG = re.compile(rf"[\s|｜](?P<tag>{_HAN_TAGS})[\s丨|｜]{{1,3}}(?=[{_HAN}])")
_TAG = re.compile(
    rf"\s(?P<tag>{vocabulary.alternation([p for p in _TAG_ROLES if p.isascii()])})\s+(?=[^\W\d_])",
    re.IGNORECASE,
)
# A lower-case word after the names: a sentence that goes on, and no credit.
_WORDS_GO_ON = re.compile(r"[\s,]*[a-zß-öø-ÿа-яё]{2}")
_LEAD = re.compile(
    r"[（(](?P<names>[㐀-鿿々ァ-ヶ・ ]{2,30}?)(?:記者)?[、，\s\u3000]{1,2}"
    r"(?=(?:[㐀-鿿]{0,4}(?:編集|翻訳|取材))\s?[：:])"
)
_PICTURES = frozenset({"photographer", "videographer", "graphics", "illustrator"})
# "Photo: Wu Na (left) shows": who is seen, not who took it.
_SEEN = re.compile(r"[\s,]*\((?!\w+\)$)[a-zß-öø-ÿа-яё]{2}|[\s,]*\((?:left|right|[lr]\b|c\b|center|centre|links|rechts)")
# What stands in a name's place where nobody is named.
_PLACEHOLDERS = vocabulary.words("placeholders.txt")
_FUNCTION_LETTERS = frozenset(vocabulary.words("han_function_letters.txt"))
_COMMA = re.compile(r"\s?,\s")
# "采写：海港报记者 王某": the outlet and the job before the name.
_HAN_DESK = re.compile(r"[㐀-鿿]{0,8}?(?:记者|記者|通讯员)\s+(?=[㐀-鿿])")
_ASKED = re.compile(r"\s?[？?！!]")
_DETERMINERS = frozenset({"the", "this"})
SHORT = 200
"""Code points of a line in which a slash or a bar may stand for the colon."""


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

    >>> credits, outlet_names = find(Line(0, "Source: CCTV Author: Zhu Yanjing Duty editor: Li Bo, nn102"))
    >>> [(credit.role, credit.name, credit.code) for credit in credits], outlet_names
    ([('author', 'Zhu Yanjing', None), ('editor', 'Li Bo', 'nn102')], ['CCTV'])
    """
    labels = list(_labels(line.text))
    credited: list[Credit] = []
    outlet_names: list[str] = []
    ends = [label.start for label in labels[1:]] + [len(line.text)]
    for label, until in zip(labels, ends, strict=False):
        value = line.text[label.value : until]
        if label.role == "source":
            outlet = sources.outlet(value)
            named = sources.without_initials(outlet) if outlet else None
            outlet_names += [named] if named else []
            credited += sources.initials(value, line.start + label.value) if named != outlet else []
            continue
        credited += _credits(label, value, line.start)
        if label.outlet and not outlet_names and labels[0].role == "source":
            outlet_names.append(label.outlet)
    return [*_led(line), *credited], outlet_names


def _labels(text: str) -> Iterator[Label]:
    after = 0
    for mark in _MARK.finditer(text):
        label = _label(text, after, mark)
        if label is None:
            continue
        yield from _tagged(text, after, label.start)
        yield label
        after = mark.end()
    yield from _tagged(text, after, len(text))


def _tagged(text: str, after: int, until: int) -> Iterator[Label]:
    """Yield the labels without a mark behind one with it: "Source: CCTV Reporter Li Bo", "来源：央视网｜记者 李某"."""
    for form in (_TAG, _HAN_TAG):
        for tag in form.finditer(text, after, until) if after else ():
            if not text[tag.start("tag")].islower():
                yield Label(_TAG_ROLES[_folded(tag["tag"])], tag.start("tag"), tag.end())


def _label(text: str, after: int, mark: re.Match[str]) -> Label | None:
    """Return the label that ends where the mark begins, looking back no further than `after`."""
    before = text[max(after, mark.start() - 80) : mark.start()]
    base = mark.start() - len(before)
    phrase = _phrase(before)
    if phrase is not None:
        role, start = _KNOWN[phrase[0]], base + phrase[1]
        opens = _opens(text, after, start, role) or (
            " " in phrase[0] and text[after:start].strip().casefold() in _DETERMINERS
        )
        return Label(role, start, mark.end()) if opens else None
    desk = _DESK.search(before) if any(link in before for link in _LINKS) else None
    if desk is None:
        return None
    phrase = _phrase(before[: desk.start()])
    if phrase is None or phrase[0] not in _ROLES or not _opens(text, after, base + phrase[1], _ROLES[phrase[0]]):
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
    if word is None or word[0].lstrip("-").casefold() not in _LAST_WORDS:
        return None
    starts = [word.start() for word in re.finditer(r"(?:(?<=[\s\W_\d])|^)[^\W\d_]", before)][-_MAX_WORDS - 2 :]
    for start in starts:
        folded = _folded(before[start:])
        if folded in _KNOWN:
            return folded, start
    return None


def _opens(text: str, after: int, start: int, role: str) -> bool:
    """Whether a label may begin here: at a boundary, or with a capital, or behind another label.

    "two sources: police and" is no label; nor is a lower-case word inside a sentence, "сообщил источник: …",
    or a source in a sentence of a script without blanks, "他说消息来源：…".
    """
    if after or start == 0 or not text[after:start].strip(" \t[(（【〔•*·—–-_|｜"):
        return True
    before = text[start - 1]
    if text[start].isupper() or before in "(（[【|｜;；":
        return True
    return _is_han(text[start]) and (role != "source" or not (_is_han(before) or before in "，、"))


def _is_han(letter: str) -> bool:
    return re.match(rf"[{_HAN}]", letter) is not None and not re.match("[가-힣]", letter)


def _led(line: Line) -> Iterator[Credit]:
    """Yield the reporters that stand before the first label in Japanese brackets: （山田花子、編集：田中一郎）."""
    lead = _LEAD.match(line.text)
    if lead is not None:
        for person in names.people(lead["names"]):
            at = line.start + lead.start("names")
            yield Credit("reporter", person.name, person.code, at + person.start, at + person.end)


def _credits(label: Label, value: str, offset: int) -> Iterator[Credit]:
    """Yield a credit a person. The first spans label and name, each further one its name alone."""
    opening = len(value) - len(value.lstrip(sources.OPENING))
    opening = _end(_HAN_DESK, value, opening)
    end = sources.END.search(value, opening)
    scope = value[: end.start()] if end is not None else value
    people = list(names.people(scope, opening, loose=label.role not in _PICTURES))
    named = [it for it in people if not (it.name and outlets.is_outlet(it.name))]
    people = named or people if label.role not in _PICTURES else named
    if people and label.role in _PICTURES and _SEEN.match(scope, people[-1].end):
        return
    if people and (outlet := outlets.known_at(scope, _end(_COMMA, scope, people[-1].end))) is not None:
        scope = scope[: outlet.start()].rstrip(" ,")  # "Autor: Jane Roe, dpa"
    if not people or _ASKED.match(scope, people[-1].end) or not all(_plausible(it, label.role) for it in people):
        return
    if _WORDS_GO_ON.match(scope, people[-1].end) or (people[-1].name or "").endswith(("'s", "’s")):
        return
    for person in people:
        start = label.start if person is people[0] else label.value + person.start
        for role in label.role.split("+"):
            yield Credit(role, person.name, person.code, offset + start, offset + label.value + person.end)


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found is not None else position


def _plausible(person: names.Person, role: str) -> bool:
    """Whether a value may be a name: "记者：你怎么看" is a question, "Photo: File" names nobody."""
    name = person.name or ""
    if name.casefold() in _PLACEHOLDERS:
        return False
    if not name or not _is_han(name[0]):
        return True
    long = role == "reporter" and len(name.replace(" ", "")) > 4 and not re.search("[·•・‧ぁ-ヶ]", name)
    return not long and _FUNCTION_LETTERS.isdisjoint(name)


def _folded(phrase: str) -> str:
    return " ".join(phrase.casefold().split())
