"""Bylines on a line of their own: `By Jane Roe, Reuters`, `Von A. B., dpa`, `(By Elaine Hou)`."""

import re
from collections.abc import Iterator

from articles import Credit
from transforms.editorial import names, outlets, vocabulary
from transforms.editorial.names import Person
from transforms.editorial.passages import Line

LENGTH = 140
"""Code points that a byline's line may have."""

_DESKS = vocabulary.words("desks.txt")
_NOT_NAMES = vocabulary.words("not_places.txt")
_BY = re.compile(
    rf"(?P<open>[(（\[]?\s*)(?P<by>(?i:{vocabulary.alternation(vocabulary.words('by_words.txt'))}))\s*[:：,]?\s+(?P<names>.+?)\s*(?P<close>[)）\]]?)$"
)
# In a field nothing but the name is expected, and a name may begin with "Von" or "Di".
_FIELD_WORDS = frozenset({"by", "written by", "par", "por", "автор"})
_JOB = re.compile(
    rf"(?:\s*(?:[,|/–—-]|\bof\b|\bfor\b)?\s*(?i:the\s)?(?:(?i:{vocabulary.alternation(vocabulary.words('job_titles.txt'))})\b\.?))+\s*$"
)
# "for The Harbour": an outlet of any name.
_FOR = re.compile(r"(?:for|of|from)\s(?:the\s)?(?:[A-Z][\w.'’&-]*\s?){1,5}")
_UNCASED = re.compile(r"(?P<name>[^\W\d_][\w.'’-]*(?:\s[^\W\d_][\w.'’-]*){1,3}),\s")


def find(line: Line) -> list[Credit]:
    """Return the authors of a line that is a byline and nothing else.

    >>> [credit.name for credit in find(Line(0, "By JEAN-LOUP DUPONT and Ann de Vries, Reuters"))]
    ['JEAN-LOUP DUPONT', 'Ann de Vries']
    >>> find(Line(0, "By Friday, the army had left."))
    []
    """
    if len(line.text) > LENGTH:
        return []
    by = _BY.match(line.text)
    if by is None or bool(by["open"].strip()) != bool(by["close"]):
        return []
    base, start = line.start + by.start("names"), line.start + by.start("by")
    people = authors(by["names"])
    return [
        Credit("author", it.name, it.code, start if it is people[0] else base + it.start, base + it.end)
        for it in people
    ]


def authors(text: str) -> list[Person]:
    """Return the people a byline names, without the outlet or the job that follows them.

    Nothing where anything else stands there.
    """
    people = [it for it in _without_outlets(text) if it.name]
    if not people:
        uncased = _UNCASED.match(text)
        if uncased is not None and outlets.is_outlet(text[uncased.end() :].rstrip(". ")):
            return [Person(uncased["name"], None, 0, uncased.end("name"))]
        return []
    rest = names.rest(text, people[-1].end)
    if not any(" " in it.name for it in people if it.name):
        return []  # "Von Neumann", "By Wednesday"
    return people if _complete(rest) and not any(_is_sentence(it) for it in people) else []


def field(byline: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names in a byline that came as a field: "By Jane Roe, Reuters" is "Jane Roe".

    An entry that isn't in the form of a byline stays as it is.
    """
    return tuple(dict.fromkeys(name for entry in byline for name in _entry(entry)))


def _entry(entry: str) -> list[str]:
    by = _BY.match(entry.strip())
    if by is None or by["by"].casefold() not in _FIELD_WORDS:
        return [entry.strip()] if entry.strip() else []
    return [it.name for it in authors(by["names"]) if it.name] or [entry.strip()]


def _without_outlets(text: str) -> Iterator[Person]:
    for person in names.people(text):
        name = person.name or ""
        if outlets.is_outlet(name.rstrip(".")) or _JOB.fullmatch(name) or _is_desk(name):
            return
        cut = _trailing_outlet(name)
        if cut:
            yield Person(name[:cut], person.code, person.start, person.start + cut)
            return
        yield person


def _trailing_outlet(name: str) -> int:
    """Return the length of the name before an outlet that follows without a comma, 0 where there is none."""
    words = name.split()
    for size in range(len(words) - 1, 1, -1):
        head = " ".join(words[:size])
        if outlets.KNOWN.fullmatch(" ".join(words[size:])) and name.startswith(head):
            return len(head)
    return 0


def _is_desk(text: str) -> bool:
    """Whether a text is a part of an agency: "CNN Business", "Reuters Staff"."""
    known = outlets.known_at(text)
    if known is None:
        return False
    last = text.rsplit(maxsplit=1)[-1]
    return last.casefold() in _DESKS or (known[0].isupper() and last.istitle())


def _complete(rest: str) -> bool:
    """Whether nothing but an outlet, a job or a place follows the names."""
    rest = rest.strip(" ,.|/–—-")
    if not rest or outlets.is_outlet(rest) or _JOB.match(rest) or _is_desk(rest) or _FOR.fullmatch(rest):
        return True
    head, _, last = rest.rpartition(",")
    return bool(head) and _complete(head) and (_complete(last) or last.strip().istitle())


def _is_sentence(person: Person) -> bool:
    return person.name is not None and person.name.split()[0].casefold() in _NOT_NAMES
