"""Patterns tried only where their first words stand: plain search for a phrase is far cheaper than a pattern's."""

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

ANCHOR = re.compile(r"\\b|\(\?:\(\?<=[^|]*\)\|\(\?<=\\n\)\|\\A\)")
"""What a pattern begins with that takes no letter: a word's or a sentence's beginning."""
ELEMENT = re.compile(r"(?:\(\?:([\w |]+)\)|\[(\w+)\]|([\w ]))(?![?*+{|])")
"""A group of plain alternatives, a class of letters, or a letter."""
MOST = 8
REACH = 100
"""More characters than any pattern takes before or after its anchor."""


class Headed(NamedTuple):
    """A pattern and the phrases one of which everything it finds begins with; () where they are too many to tell."""

    phrases: tuple[str, ...]
    pattern: re.Pattern[str]

    def find(self, string: str) -> Iterator[tuple[int, int]]:
        """The ranges that `finditer` gives."""
        taken = 0
        for at in sorted(at for phrase in self.phrases for at in find_all(string, phrase)):
            match = self.pattern.match(string, at) if at >= taken else None
            if match is not None:
                taken = match.end()
                yield match.span()


def compile_headed(source: str) -> Headed:
    r"""Compile a pattern and read off the phrases it begins with.

    >>> compile_headed(r"\b(?:This|It) (?:is|was) \w+").phrases
    ('This is ', 'This was ', 'It is ', 'It was ')
    """
    anchor = ANCHOR.match(source)
    at = anchor.end() if anchor else 0
    phrases = [""]
    while (element := ELEMENT.match(source, at)) is not None:
        choices = element[1].split("|") if element[1] else element[2] or element[3]
        if len(phrases) * len(choices) > MOST:
            break
        phrases = ["".join(pair) for pair in itertools.product(phrases, choices)]
        at = element.end()
    return Headed(tuple(phrases) if phrases[0] else (), re.compile(source))


def find_near(pattern: re.Pattern[str], string: str, anchors: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The ranges that a pattern finds around some offsets, of which everything that it finds holds one."""
    windows: list[tuple[int, int]] = []
    for anchor in sorted(anchors):
        start, end = max(0, anchor - REACH), anchor + REACH
        if windows and start <= windows[-1][1]:
            start = windows.pop()[0]
        windows.append((start, end))
    for window in windows:
        yield from (match.span() for match in pattern.finditer(string, *window))


def find_all(string: str, phrase: str) -> Iterator[int]:
    """Every offset at which a phrase stands."""
    at = string.find(phrase)
    while at >= 0:
        yield at
        at = string.find(phrase, at + 1)
