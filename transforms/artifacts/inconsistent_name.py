"""One name in two spellings."""

import collections
import re
from collections.abc import Iterable, Iterator

from articles import Span
from transforms.artifacts.lexicon import names, speech
from transforms.artifacts.text import Text
from transforms.artifacts.wordforms import trait_where

LONG_ENOUGH = 6
SHOUTED = re.compile(r"[A-Z]{3,}[ ,/-]+[A-Z]{3,}|[A-Z]{3,}, (?:[A-Z]|[a-z]+ \d)|\A[A-Z ]+|\n[A-Z ]{4,}")
SUFFIXES = ("s", "es", "n", "an", "ian", "ean", "i", "ese", "ish", "er", "ers", "a", "o", "y")
MOST_NAMES = 150


def is_name(word: str) -> bool:
    """Whether a word has the form of a name: a capital, and letters of ASCII alone."""
    return len(word) > 3 and word[0].isupper() and word.isascii() and word.isalpha()


def owner(word: str) -> str:
    """What stands before the apostrophe of a word."""
    return word.partition("'")[0].partition("’")[0]


NAME = trait_where(is_name)
OWNER = trait_where(lambda word: not word.isalpha() and is_name(owner(word)))


def inconsistent_name(text: Text) -> Iterator[Span]:
    """A name that the text also spells another way: "Clayburn" beside "Clyburn", "Covid" beside "COVID".

    Not "Williams" beside "William", "Austria" beside "Australia", "Ukrainian" beside "Ukraine": both
    spellings known to the lexicon are two names, and an ending is no misspelling. Yields the rarer.
    """
    if text.field != "body" or not text.english or text.is_headline_case:
        return
    for rare, usual in variants(Names(text)):
        for match in re.finditer(rf"(?<![\w.’'@#/<-]){rare}(?![\w’-]|\.\w)", text.string):
            if rare.isupper() and SHOUTED.search(text.string[max(0, match.start() - 40) : match.end() + 12]):
                continue
            yield Span(match.start(), match.end(), usual, 0.6)


class Names:
    """The distinct names of a text, in the possessive or not, and how often each stands."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.owners = [(owner(word), word) for word in text.having(OWNER)]
        self.distinct = dict.fromkeys([*text.having(NAME), *(name for name, _ in self.owners)])

    def count(self, name: str) -> int:
        """How often a name stands."""
        used = self.text.counts
        return used[name] + sum(used[word] for owner_, word in self.owners if owner_ == name)


def variants(found: Names) -> Iterator[tuple[str, str]]:
    """Pairs of the rarer and the usual spelling of what looks like one name."""
    taken: set[str] = set()
    for group in alike(found.distinct):
        for index, first in enumerate(group[:MOST_NAMES]):
            for second in group[index + 1 : MOST_NAMES]:
                if first not in taken and second not in taken and is_variant(first, second):
                    rare, usual = sorted((first, second), key=lambda name: (found.count(name), name))
                    if found.count(rare) < found.count(usual) and not is_listed(rare):
                        taken.add(rare)
                        yield rare, usual
    yield from cases(found)


def alike(names_used: Iterable[str]) -> list[list[str]]:
    """The long names that share their first two letters, where two or more do."""
    long = [name for name in names_used if len(name) >= LONG_ENOUGH and not name.isupper()]
    heads = collections.Counter([name[:2] for name in long])
    groups: dict[str, list[str]] = {head: [] for head, count in heads.items() if count > 1}
    for name in long if groups else ():
        if name[:2] in groups:
            groups[name[:2]].append(name)
    return [*groups.values()]


def is_listed(name: str) -> bool:
    """Whether the lexicon has the spelling, as a name or a word."""
    return name in names() or bool(speech(name.lower()))


def cases(found: Names) -> Iterator[tuple[str, str]]:
    """Acronyms written both ways: "COVID" and "Covid"."""
    for name in filter(str.isupper, found.distinct):
        mixed = name.capitalize()
        if mixed in found.distinct and not speech(name.lower()) and mixed not in names():
            rare, usual = sorted((name, mixed), key=lambda form: (found.count(form), form))
            if found.count(rare) < found.count(usual):
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
