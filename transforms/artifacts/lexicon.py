"""Word lists the detectors take their evidence from; each file in data/ names its source and licence."""

import functools
from collections.abc import Mapping
from pathlib import Path

DATA = Path(__file__).with_name("data")


def read_lines(name: str) -> list[str]:
    """The lines of a data file without comments and blank lines."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@functools.cache
def words() -> Mapping[str, str]:
    """English words in lower case with the letters of their parts of speech (key in data/words.txt)."""
    return dict(line.split("\t") for line in read_lines("words.txt"))


@functools.cache
def names() -> frozenset[str]:
    """Words that English writes with a capital."""
    return frozenset(line.rstrip("*") for line in read_lines("names.txt"))


@functools.cache
def names_lowered() -> Mapping[str, str]:
    """Names that are no word when written small: "ankara" to "Ankara", but no "turkey"."""
    found: dict[str, str] = {}
    for name in read_lines("names.txt"):
        if name.isalpha():
            found.setdefault(name.lower(), name)
    return found


@functools.cache
def function_words(kind: str) -> frozenset[str]:
    """The words of a closed class: "determiner", "preposition", "auxiliary" and so on."""
    classes = dict(line.split(": ", 1) for line in read_lines("function-words.txt"))
    return frozenset(classes[kind].split())


@functools.cache
def word_list(name: str) -> frozenset[str]:
    """A plain list: every line of data/`name`.txt."""
    return frozenset(read_lines(f"{name}.txt"))


def speech(word: str) -> str:
    """Letters for the parts of speech that a word can be, "" for an unknown one.

    >>> speech("visit"), speech("friendship"), speech("said")
    ('sv', 's', 'dn')
    """
    return words().get(word) or words().get(word.lower(), "")
