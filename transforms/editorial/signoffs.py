"""Sign-offs in words: `(Reporting by A in Paris; Editing by B)`, `X contributed to this report`."""

import re
from collections.abc import Iterator, Sequence

from articles import Credit
from transforms.editorial import names, outlets, vocabulary
from transforms.editorial.passages import Line

_ROLES = vocabulary.roles("by")
_GERUNDS = {phrase.removesuffix(" by"): role for phrase, role in _ROLES.items() if phrase.endswith("by")}
_GERUND = rf"(?:{vocabulary.alternation(_GERUNDS)})"
_PHRASE = (
    rf"(?i:(?:with\s+)?{_GERUND}(?:(?:\s*,\s*|\s+and\s+|\s*&\s*|\s*/\s*){_GERUND}){{0,3}}\s+by"
    rf"|{vocabulary.alternation([it for it in _ROLES if not it.endswith('by')])})"
)
_CLAUSE = re.compile(rf"(?:^|(?<=[\s(;,.–—-]))(?P<phrase>{_PHRASE})\s*:?\s+(?=[^\W_])")
_NOT_NAMES = vocabulary.words("not_places.txt")
_TAGS = vocabulary.roles("tag")
_BY = re.compile(rf"(?i:{vocabulary.alternation(vocabulary.words('by_words.txt'))})\s+")
_FIRST_WORDS = frozenset(phrase.split()[0] for phrase in _ROLES)
_BRACKET = re.compile(r"[(\[（]\s?(?P<word>[^\W\d_]+)")
_FIRST_WORD = re.compile(r"[-–—*•\s]{0,3}(?P<word>[^\W\d_]+)")
_LAST_SENTENCE = re.compile(r"[.!?\"”]\s(?P<word>(?i:reporting|additional|writing|editing|compiled|translated))\s")
_UNIT_END = re.compile(r"[)\]）]|\n[ \t]*\n|\n[ \t]{3,}|\Z")
_BRACKETS = re.compile(r"\((?P<inside>[^()]{8,600})\)")
_WORDS_GO_ON = re.compile(r"[\s,]*(?!(?:reporter|photographer|writer|staff|via)\b)[a-zß-öø-ÿа-яё]{2}")

_CONTRIBUTED = re.compile(
    r"\s+(?:also\s+|all\s+|both\s+)?contributed\s+(?:to\s+th(?:is|e)\s+(?:report|story|article|dispatch|coverage)(?=[\s]*(?:[.;,\n]|$|from\b|with\b))"
    r"|(?:additional\s+)?(?:reporting|research)\b)"
)
# "Harbour Press writers A and B contributed.", "… contributed from Paris.": only behind the job.
_HELPED = re.compile(r"\s+(?:also\s+)?contributed(?=\s*(?:\.|$)|\s+from\s+[^\W\d_a-z])")
_FROM = re.compile(r"\s+reported\s+from\s+(?=[^\W\d_a-z][\w.'’,; -]{0,80}?(?:[.;,]|\band\b|$))", re.MULTILINE)
# "Roe reported from Paris and Muster from Rome."
_ALSO_FROM = re.compile(r"(?:[,;]\s(?:and\s)?|\sand\s)(?P<name>[^\W\d_a-z][\w.'’ -]{1,40}?)\s+from\s+(?=[^\W\d_a-z])")
_NEXT_PART = re.compile(r"(?:[,;]\s(?:and\s)?|\sand\s)(?=[^\W\d_a-z])")
_OWNER = re.compile(r"[^\W\d_][\w.& -]{1,30}?[’']s\s")
_TITLES = re.compile(
    r"\b(?:writers?|reporters?|journalists?|correspondents?|editors?|photographers?|producers?|researchers?|chief)\s+",
    re.IGNORECASE,
)
_SENTENCE_START = re.compile(r"(?:\n|_{3,}|(?<=[^\W\d_]{3}[.!?])\s|(?<=[^\W\d_]{3}[.!?][\"”])\s)\s*")

WINDOW, BRACKETS_WINDOW, MAX_UNIT, MAX_UNITS = 1_200, 500, 700, 24
"""Code points: looked at from the end, for brackets that open with a name, and of one sign-off at most; how many are
read, from the end."""


def find(body: str, tail: Sequence[Line]) -> Iterator[Credit]:
    """Yield the credits of the sign-offs at the end of a body, of which `tail` are the last lines.

    >>> body = "It rained. (Reporting by A. Roe in Paris and B Li; writing by C Ng; Editing by D O'Hara)"
    >>> [(credit.role, credit.name) for credit in find(body, [Line(0, body)])]
    [('reporter', 'A. Roe'), ('reporter', 'B Li'), ('writer', 'C Ng'), ('editor', "D O'Hara")]
    """
    base = max(0, len(body) - WINDOW)
    text = body[base:]
    taken = 0
    for start, end, bracketed in sorted(_units(text, base, tail))[-MAX_UNITS:]:
        if start >= taken:
            found = list(_clauses(text, start, end, base, bracketed=bracketed))
            if found:
                yield from found
                taken = end
    if "contributed" in text:
        yield from _sentences(text, base, _CONTRIBUTED, "contributor")
        yield from _sentences(text, base, _HELPED, "contributor", titled=True)
    if "reported from" in text:
        yield from _sentences(text, base, _FROM, "reporter")


def _units(text: str, base: int, tail: Sequence[Line]) -> Iterator[tuple[int, int, bool]]:
    """Yield start and end of what may be a sign-off, and whether it stands in brackets."""
    if "(" in text or "[" in text or "（" in text:
        for opening in _BRACKET.finditer(text):
            if _opens(text, opening.start("word"), opening["word"]):
                yield opening.start("word"), _unit_end(text, opening.end()), True
        for brackets in _BRACKETS.finditer(text, max(0, len(text) - BRACKETS_WINDOW)):
            if not _FIRST_WORDS.isdisjoint(brackets["inside"].casefold().split()):
                yield brackets.start("inside"), brackets.end("inside"), True
    signed = False
    for line in tail:
        word = _FIRST_WORD.match(line.text) if line.start >= base and (line.opens or signed) else None
        signed = word is not None and _opens(text, line.start - base + word.start("word"), word["word"])
        if signed:
            start = line.start - base + word.start("word") if word is not None else 0
            yield start, line.end - base if not line.opens else _unit_end(text, start), False
    for opening in _LAST_SENTENCE.finditer(text, max(0, tail[-1].start - base) if tail else len(text)):
        yield opening.start("word"), _unit_end(text, opening.end()), False


def _opens(text: str, start: int, word: str) -> bool:
    """Whether a sign-off's phrase begins at `start`: "In Paris" begins with a word of one, and is none."""
    return word.casefold() in _FIRST_WORDS and _CLAUSE.match(text, start) is not None


def _unit_end(text: str, start: int) -> int:
    end = _UNIT_END.search(text, start)
    return end.start() if end is not None else len(text)


def _clauses(text: str, start: int, end: int, base: int, *, bracketed: bool) -> Iterator[Credit]:
    clauses = list(_CLAUSE.finditer(text, start, end)) if end - start <= MAX_UNIT else []
    if not clauses or (not bracketed and clauses[0].start() > start):
        return
    if clauses[0].start() > start:
        by = _BY.match(text, start, clauses[0].start())
        at, roles = (by.end(), ["author"]) if by is not None else (start, ["reporter"])
        yield from _credits(text[at : clauses[0].start()], base + at, base + start, roles)
    ends = [clause.start() for clause in clauses[1:]] + [end]
    for clause, until in zip(clauses, ends, strict=True):
        value = text[clause.end() : until]
        if not bracketed and _goes_on(value):
            return
        yield from _credits(value, base + clause.end(), base + clause.start(), _clause_roles(clause["phrase"]))


def _goes_on(value: str) -> bool:
    """Whether more than names follows where no bracket shows that the clause is a sign-off."""
    people = list(names.people(value, _titled(value)))
    rest = names.rest(value, people[-1].end).strip(" \n.,;:|") if people else ""
    return not people or bool(rest and rest.casefold() not in _TAGS)


def _clause_roles(phrase: str) -> list[str]:
    folded = " ".join(phrase.casefold().split())
    if folded in _ROLES:
        return [_ROLES[folded]]
    words = re.split(r"\s*,\s*|\s+and\s+|\s*[&/]\s*", folded.removesuffix(" by").removeprefix("with "))
    return list(dict.fromkeys(_GERUNDS[word] for word in words if word in _GERUNDS))


def _credits(value: str, at: int, label: int, roles: list[str]) -> Iterator[Credit]:
    people = [it for it in names.people(value, _titled(value)) if it.name and not outlets.is_outlet(it.name)]
    if not people or _WORDS_GO_ON.match(names.rest(value, people[-1].end)):
        return
    for role in roles:
        for person in people:
            yield Credit(
                role, person.name, person.code, label if person is people[0] else at + person.start, at + person.end
            )


def _titled(value: str) -> int:
    """Return where the names begin behind an outlet and a job: "China News Service reporter Fu Tian"."""
    outlet = outlets.match(value)
    title = _TITLES.match(value, outlet.end() + 1) if outlet is not None else None
    return title.end() if title is not None else 0


def _sentences(text: str, base: int, verb: re.Pattern[str], role: str, *, titled: bool = False) -> Iterator[Credit]:
    """Yield the people that stand before a verb in a sentence of its own, or in the part that goes on from another."""
    last = 0
    for found in verb.finditer(text):
        starts = [0] + [it.end() for it in _SENTENCE_START.finditer(text, max(0, found.start() - 500), found.start())]
        parts = _NEXT_PART.search(text, last, found.start()) if last > starts[-1] else None
        start = parts.end() if parts is not None else starts[-1]
        last = found.end()
        titles = [it.end() for it in _TITLES.finditer(text, start, found.start())]
        if titled and not titles:
            continue
        owner = _OWNER.match(text, start, found.start())
        at = titles[-1] if titles else owner.end() if owner is not None else start
        people = _signers(text[: found.start()], at)
        for person in people:
            first = start if person is people[0] else person.start
            yield Credit(role, person.name, person.code, base + first, base + person.end)
        also = _ALSO_FROM.search(text, last, last + 120) if people and verb is _FROM else None
        if also is not None and not _SENTENCE_START.search(text, last, also.start()):
            for person in _signers(text[: also.end("name")], also.start("name")):
                yield Credit(role, person.name, person.code, base + person.start, base + person.end)


def _signers(text: str, start: int) -> list[names.Person]:
    """Return the people from `start` to the end of a text; [] where an outlet or anything else stands there."""
    people = list(names.people(text, start))
    rest = names.rest(text, people[-1].end) if people else ""
    first = (people[0].name or "").casefold() if people else ""
    if rest.strip(" ,") or first in _NOT_NAMES or (len(people) == 1 and outlets.is_outlet(people[0].name or "")):
        return []
    return people
