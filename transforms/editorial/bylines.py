"""Bylines on a line of their own: `By Jane Roe, Reuters`, `Von A. B., dpa`, `(By Elaine Hou)`."""

import re
from collections.abc import Iterator

from articles import Credit
from transforms.editorial import days, names, outlets, vocabulary
from transforms.editorial.names import Person
from transforms.editorial.passages import Line

LENGTH = 140
"""Code points that a byline's line may have."""

_DESKS = vocabulary.words("desks.txt")
_CITIES = vocabulary.words("cities.txt")
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
_JOB_NOUNS = vocabulary.words("job_nouns.txt")
_SIGNOFF_WORDS = frozenset(phrase.split()[0] for phrase in vocabulary.roles("by")) - {"by", "text", "photo"}
# What a page puts behind the names: addresses, accounts, "Published …".
_BEHIND = re.compile(
    r"[\s|•·,(–—-]{1,4}(?:[\w.+-]{1,64}@[\w.-]{1,64}|@\w{2,30}"
    r"|(?i:published|updated|posted|last updated|first published|publié|mis à jour|modifié"
    r"|publicado|actualizado|atualizado|veröffentlicht|aktualisiert|stand|pubblicato|опубликовано)\b)"
)
_PARTS = re.compile(r"[\s|•·,(–—-]+$")
_AT_PLACE = re.compile(r"(?:in|at|from|à|au|en|aus|em|a|в|из)\s[^\W\d_a-zß-öø-ÿа-яё][\w.'’ -]{1,40}$")
_FILED_FROM = re.compile(r"\s(?:in|en|a|à|at|aus|da|из|в)\s[^\W\d_a-zß-öø-ÿа-яё][\w'’-]{1,30}$")
_DUTCH = re.compile(r"door|geschreven door|van onze \w+|een \w+ van", re.IGNORECASE)
_NAME_AND_JOB = re.compile(
    r"(?P<name>[^\W\d_a-zß-öø-ÿа-яё][\w.'’-]*(?:\s[^\W\d_][\w.'’-]*){1,3}),\s(?P<job>(?:[\w'’/-]+\s){0,4}[\w'’/-]+)$"
)
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
    if by is None:
        return _with_job(line)
    if by["open"].strip() and not by["close"]:
        return []
    base, start = line.start + by.start("names"), line.start + by.start("by")
    text = by["names"] if by["open"].strip() else by["names"] + by["close"]
    if _DUTCH.fullmatch(by["by"]):
        text = re.sub(r"\sen\s", " ,  ", text)  # "and" in Dutch, "in" in French and Spanish
    people = authors(_before_date(text))
    return [
        Credit("author", it.name, it.code, start if it is people[0] else base + it.start, base + it.end)
        for it in people
    ]


def _before_date(text: str) -> str:
    """Return the names without the address, the account or the day of publication that a page puts behind them.

    >>> _before_date("Jane Roe | November 15, 2019"), _before_date("Jane Roe (roe@example.com)")
    ('Jane Roe', 'Jane Roe')
    """
    behind, date = _BEHIND.search(text), days.search(text)
    ends = [it.start() if isinstance(it, re.Match) else it.start for it in (behind, date) if it is not None]
    return _PARTS.sub("", text[: min(ends)]) if ends and min(ends) > 0 else text


def _with_job(line: Line) -> list[Credit]:
    """Return the author of a line that has a name and a job: "Jane Roe, Staff Writer", but not "Rome, Reporter"."""
    found = _NAME_AND_JOB.match(line.text)
    if found is None or not _is_job(found["job"]) or any(it.casefold() in _NOT_NAMES for it in found["name"].split()):
        return []
    people = list(names.people(found["name"]))
    if len(people) != 1 or people[0].name != found["name"] or outlets.is_outlet(found["name"]):
        return []
    return [Credit("author", found["name"], None, line.start, line.start + found.end("name"))]


def _is_job(text: str) -> bool:
    """Whether a text is what a newsroom calls its people: of the list, or ending in such a noun."""
    text = _FILED_FROM.sub("", text)
    if _JOB.fullmatch(text):
        return True
    words = text.strip(" ,.").split() or [""]
    while len(words) > 1 and outlets.is_outlet(words[-1]):
        words.pop()
    return words[-1].casefold() in _JOB_NOUNS and all(
        word[0].isupper() or word in {"and", "at", "of", "for"} for word in words[:-1]
    )


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
    before = False
    for person in names.people(text):
        name = person.name or ""
        cut = _trailing_outlet(name)
        if outlets.is_outlet(name.rstrip(".")) or (_is_job(name) and (before or not cut)) or _is_desk(name):
            return
        if before and " " not in name and name[:1].isupper() and text[: person.start].rstrip().endswith(","):
            return  # "By Jane Roe, Berlin"
        before = True
        if cut:
            yield Person(name[:cut], person.code, person.start, person.start + cut)
            return
        yield person


def _trailing_outlet(name: str) -> int:
    """Return the length of the name before a job or an outlet that follows without a comma, 0 where there is none."""
    words = name.split()
    for size in range(2, len(words)):
        if _JOB.fullmatch(" ".join(words[size:])) and name.startswith(" ".join(words[:size])):
            return len(" ".join(words[:size]))
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
    rest = rest.strip(" ,.|/–—-()")
    if (
        not rest
        or _AT_PLACE.match(rest)
        or rest.casefold() in _CITIES
        or outlets.is_outlet(rest)
        or _JOB.match(rest)
        or _is_job(rest)
        or _is_desk(rest)
        or _FOR.fullmatch(rest)
    ):
        return True
    head, _, last = rest.rpartition(",")
    return bool(head) and _complete(head) and (_complete(last) or last.strip().istitle())


def _is_sentence(person: Person) -> bool:
    if person.name is None:
        return False
    words = [re.sub(r"['’]s$", "", word).casefold() for word in person.name.split()]
    return words[0] in _SIGNOFF_WORDS or not _NOT_NAMES.isdisjoint(words) or _DESKS.issuperset(words)
