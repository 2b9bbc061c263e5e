"""Reported speech in the first person without quotation marks."""

import bisect
import itertools
import re
from collections.abc import Iterator

from articles import Span
from transforms.artifacts.text import Text
from transforms.artifacts.wordforms import trait_where

FIRST_PERSON = re.compile(
    r"[IMmWwUuOo](?<![\w.].)(?:(?<=I)(?= [a-z]|['’])|(?<=[Mm])(?:e|y|yself)|(?<=[Ww])e|(?<=[Uu])s(?!\.)"
    r"|(?<=[Oo])ur(?:s|selves)?)\b(?!\.[A-Z]|-)"
)
PRONOUNS = frozenset(
    [
        "I",
        "me",
        "Me",
        "my",
        "My",
        "we",
        "We",
        "us",
        "our",
        "Our",
        "ours",
        "I'm",
        "I've",
        "I'll",
        "I'd",
        "we're",
        "we've",
    ]
)
FORMS = PRONOUNS | {"Us", "Ours", "myself", "Myself", "ourselves", "Ourselves"}
SAYING = (
    "said|says|told|added|stressed|noted|explained|stated|wrote|emphasized|declared"
    "|continued|concluded|recalled|tweeted"
)
NAME = r"(?:[A-Za-z][\w.’'-]+ ){0,5}?[A-Za-z][\w.’'-]+"
TAIL = re.compile(rf"[,?!] ?(?:{NAME} (?:{SAYING})|(?:{SAYING}) {NAME})\b[^\n,;:]*\Z")
HEAD = re.compile(rf"\b(?:{SAYING})(?: [\w ]{{1,30}})?: ?(?=\S)")
REPORT = re.compile(
    rf"\b(?:[A-Z]\w+|he|she|they|spokes\w+|officials?|minister|president) (?:\w+ly )?(?:{SAYING}|quoted)\b"
    r"|\b(?:told|quoted)\b"
)
FIRST = trait_where(lambda word: without_ending(word) in FORMS)
MARKS = frozenset('"“”«»„「」')


def missing_quotes(text: Text) -> Iterator[Span]:
    """Speech in the first person without marks: "We hope to solve it, Smith said"; not a columnist's own I.

    Two kinds of evidence: an attribution in the same sentence, "said: no one can stop me"; or, in a
    text of attributions that has no quotation mark at all, a first person that no one else explains.
    """
    if not text.english or not text.traits & FIRST:
        return
    if "'" not in text.marks and text.vocabulary.isdisjoint(PRONOUNS):
        return
    speakers = list(sentences(text))
    if not speakers:
        return
    marked = has_marks(text)
    if not marked and text.field == "body" and is_reported(text):
        yield from runs(text, speakers)
        return
    for start, end in speakers:
        sentence = text.string[start:end]
        if not MARKS.isdisjoint(sentence):
            continue
        speech = attributed(sentence.rstrip(" .!?\n"))
        if speech and FIRST_PERSON.search(sentence, *speech) and not text.is_quoted(start + speech[0]):
            yield Span(start + speech[0], start + speech[1], None, 0.8)


def sentences(text: Text) -> Iterator[tuple[int, int]]:
    """The sentences in the first person."""
    found = (at for word in {without_ending(word) for word in text.having(FIRST)} for at in text.find_word(word))
    places = sorted(at for at in found if FIRST_PERSON.match(text.string, at))
    for start, end in text.sentences if places else ():
        index = bisect.bisect_left(places, start)
        if index < len(places) and places[index] < end:
            yield start, end


def without_ending(word: str) -> str:
    """The word up to its apostrophe."""
    return word.partition("'")[0].partition("’")[0]


def has_marks(text: Text) -> bool:
    """Whether the text uses quotation marks anywhere."""
    return '"' in text.string or not MARKS.isdisjoint(text.exotic)


def is_reported(text: Text) -> bool:
    """Whether the text is a report, which quotes, rather than a piece in its author's voice: it attributes twice."""
    return "I " not in text.string[:200] and len(list(itertools.islice(REPORT.finditer(text.string), 2))) == 2


def attributed(sentence: str) -> tuple[int, int] | None:
    """The range of the speech in a sentence that attributes it, before or after a verb of saying."""
    head = HEAD.search(sentence)
    if head:
        return head.end(), len(sentence)
    tail = TAIL.search(sentence)
    if tail:
        begin = len(sentence) - len(sentence.lstrip())
        return begin, tail.start()
    return None


def runs(text: Text, speakers: list[tuple[int, int]]) -> Iterator[Span]:
    """Stretches of first-person sentences within a paragraph."""
    open_at = closed_at = -1
    for start, end in speakers:
        sentence = text.string[start:end]
        begin = start + len(sentence) - len(sentence.lstrip())
        speech = attributed(sentence.rstrip(" .!?\n"))
        if speech and FIRST_PERSON.search(sentence, *speech):
            begin, end = start + speech[0], start + speech[1]  # noqa: PLW2901
        if open_at >= 0 and "\n" not in text.string[closed_at:begin] and not text.string[closed_at:begin].strip():
            closed_at = end
            continue
        if open_at >= 0:
            yield Span(open_at, closed_at, None, 0.75)
        open_at, closed_at = begin, end
    if open_at >= 0:
        yield Span(open_at, closed_at, None, 0.75)
