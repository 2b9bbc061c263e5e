"""One name in two spellings."""

import collections
import itertools
import re
from collections.abc import Iterator

from articles import Span
from transforms.artifacts.lexicon import names, speech
from transforms.artifacts.text import Text

LONG_ENOUGH = 6
SHOUTED = re.compile(r"[A-Z]{3,}[ ,/-]+[A-Z]{3,}|[A-Z]{3,}, (?:[A-Z]|[a-z]+ \d)|\A[A-Z ]+|\n[A-Z ]{4,}")
SUFFIXES = ("s", "es", "n", "an", "ian", "ean", "i", "ese", "ish", "er", "ers", "a", "o", "y")
MOST_NAMES = 150


def inconsistent_name(text: Text) -> Iterator[Span]:
    """A name that the text also spells another way: "Clayburn" beside "Clyburn", "Covid" beside "COVID".

    Not "Williams" beside "William", "Austria" beside "Australia", "Ukrainian" beside "Ukraine": both
    spellings known to the lexicon are two names, and an ending is no misspelling. Yields the rarer.
    """
    if text.field != "body" or not text.english or text.is_headline_case:
        return
    for rare, usual in variants(count_names(text)):
        for match in re.finditer(rf"(?<![\w.’'@#/<-]){rare}(?![\w’-]|\.\w)", text.string):
            if rare.isupper() and SHOUTED.search(text.string[max(0, match.start() - 40) : match.end() + 12]):
                continue
            yield Span(match.start(), match.end(), usual, 0.6)


def count_names(text: Text) -> collections.Counter[str]:
    """How often each capitalized word of ASCII letters stands, in the possessive or not."""
    used = text.vocabulary
    forms = [word for word in text.capitalized if len(word) > 3 and word.isascii()]
    counts = collections.Counter({word: used[word] for word in forms if word.isalpha()})
    for word in [*itertools.filterfalse(str.isalpha, text.capitalized)]:
        bare = word.partition("'")[0].partition("’")[0]
        if len(bare) > 3 and bare.isascii() and bare.isalpha():
            counts[bare] += used[word]
    return counts


def variants(counts: collections.Counter[str]) -> Iterator[tuple[str, str]]:
    """Pairs of the rarer and the usual spelling of what looks like one name."""
    groups = collections.defaultdict[str, list[str]](list)
    for name in counts:
        if len(name) >= LONG_ENOUGH and not name.isupper():
            groups[name[:2]].append(name)
    taken: set[str] = set()
    for group in groups.values():
        for index, first in enumerate(group[:MOST_NAMES]):
            for second in group[index + 1 : MOST_NAMES]:
                if first not in taken and second not in taken and is_variant(first, second):
                    rare, usual = sorted((first, second), key=lambda name: (counts[name], name))
                    if counts[rare] < counts[usual] and not is_listed(rare):
                        taken.add(rare)
                        yield rare, usual
    yield from cases(counts)


def is_listed(name: str) -> bool:
    """Whether the lexicon has the spelling, as a name or a word."""
    return name in names() or bool(speech(name.lower()))


def cases(counts: collections.Counter[str]) -> Iterator[tuple[str, str]]:
    """Acronyms written both ways: "COVID" and "Covid"."""
    for name in filter(str.isupper, counts):
        mixed = name.capitalize()
        if mixed in counts and not speech(name.lower()) and mixed not in names():
            rare, usual = sorted((name, mixed), key=lambda form: (counts[form], form))
            if counts[rare] < counts[usual]:
                yield rare, usual


def is_variant(first: str, second: str) -> bool:
    """Whether two names that begin alike differ by one letter inside, or two neighbours changed places."""
    if abs(len(first) - len(second)) > 1:
        return False
    shorter, longer = sorted((first, second), key=len)
    if longer.startswith(shorter):
        return longer[len(shorter) :] not in SUFFIXES
    head = 0
    while shorter[head] == longer[head]:
        head += 1
    rest_shorter, rest_longer = shorter[head:], longer[head:]
    if len(shorter) == len(longer):
        swapped = rest_shorter[:2] == rest_longer[:2][::-1] and rest_shorter[2:] == rest_longer[2:]
        return swapped or (rest_shorter[1:] == rest_longer[1:] and bool(rest_shorter[1:]))
    return rest_shorter == rest_longer[1:]
