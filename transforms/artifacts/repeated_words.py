"""Words and phrases said twice in a row."""

import re
from collections.abc import Iterator

import numpy as np

from articles import Span
from transforms.artifacts.lexicon import function_words, speech, word_list
from transforms.artifacts.text import Text

ONCE_MORE = re.compile(r"(?<![\w'’.-])([^\W\d_]{2,}) \1(?![\w'’-])")
PHRASE = re.compile(r"(?<![\w'’-])([^\W\d_]{2,20}(?:[ ,]{1,2}[^\W_]{2,20}){1,3}),? \1(?![\w'’-])")
DOUBLING = frozenset(["en", "de", "fr", "es", "pt", "it", "nl", "sv", "da", "nb", "no", "pl", "cs", "ru", "uk"])
"""Languages in which one word twice is rarely meant; others form plurals or adverbs so."""
LONG = 8
MOST_WORDS = 4


def repeated_words(text: Text) -> Iterator[Span]:
    """A word or phrase twice in a row: "the the", "fight poverty and fight poverty and".

    Not "had had", "very very" or "Bora Bora".

    One word twice counts only in languages that don't double on purpose, and not in names.
    """
    doubles = find_doubles(text.words) if len(text.words) > len(text.vocabulary) else ()
    if not doubles:
        return
    string = text.string
    end = -1
    for match in PHRASE.finditer(string) if max(doubles) > 1 else ():
        if len(match[1]) >= LONG and not match[1][0].isdigit() and not is_chant(match[1]):
            if "," in match[0] and text.is_quoted(match.start()):
                continue
            yield Span(match.start(), match.end(), match[1], 0.9)
            end = match.end()
    if text.primary not in DOUBLING or 1 not in doubles:
        return
    for match in ONCE_MORE.finditer(string):
        if match.start() >= end and is_slip(text, match[1]):
            yield Span(match.start(), match.end(), match[1], 0.9)


def find_doubles(words: list[str]) -> set[int]:
    """How many words, of one to four, follow themselves anywhere: much cheaper than the patterns.

    Compares the words' hashes, which strings keep, all at once.
    """
    hashes = np.fromiter(map(hash, words), np.int64, len(words))
    found = set()
    for size in range(1, MOST_WORDS + 1):
        same = hashes[size:] == hashes[:-size]
        for _ in range(size - 1):
            same = same[1:] & same[:-1]
        if same.any():
            found.add(size)
    return found


def is_slip(text: Text, word: str) -> bool:
    """Whether a word twice is a slip: a small word that isn't doubled on purpose."""
    if not word.islower() or word in word_list("meant-twice"):
        return False
    if not text.english:
        return True
    return bool(speech(word)) or any(
        word in function_words(kind) for kind in ("determiner", "preposition", "conjunction")
    )


def is_chant(phrase: str) -> bool:
    """Whether a phrase is itself one word over and over."""
    return len(set(phrase.lower().split())) == 1
