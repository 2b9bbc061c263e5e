"""Words and phrases said twice in a row."""

import re
from collections.abc import Iterator

from articles import Span
from transforms.artifacts.lexicon import function_words, speech, word_list
from transforms.artifacts.text import Text

ONCE_MORE = re.compile(r"(?<![\w'’.-])([^\W\d_]{2,}) \1(?![\w'’-])")
PHRASE = re.compile(r"(?<![\w'’-])([^\W\d_]{2,20}(?:[ ,]{1,2}[^\W_]{2,20}){1,3}),? \1(?![\w'’-])")
DOUBLING = frozenset(["en", "de", "fr", "es", "pt", "it", "nl", "sv", "da", "nb", "no", "pl", "cs", "ru", "uk"])
"""Languages in which one word twice is rarely meant; others form plurals or adverbs so."""
LONG = 8


def repeated_words(text: Text) -> Iterator[Span]:
    """A word or phrase twice in a row: "the the", "fight poverty and fight poverty and".

    Not "had had", "very very" or "Bora Bora".

    One word twice counts only in languages that don't double on purpose, and not in names.
    """
    string = text.string
    end = -1
    for match in PHRASE.finditer(string) if has_doubles(text, 2, 3, 4) else ():
        if len(match[1]) >= LONG and not match[1][0].isdigit() and not is_chant(match[1]):
            if "," in match[0] and text.is_quoted(match.start()):
                continue
            yield Span(match.start(), match.end(), match[1], 0.9)
            end = match.end()
    if text.primary not in DOUBLING or not has_doubles(text, 1):
        return
    for match in ONCE_MORE.finditer(string):
        if match.start() >= end and is_slip(text, match[1]):
            yield Span(match.start(), match.end(), match[1], 0.9)


def has_doubles(text: Text, *sizes: int) -> bool:
    """Whether any so many words follow themselves: much cheaper than the pattern."""
    words = text.words
    return any(b"\1" * size in bytes(map(str.__eq__, words, words[size:])) for size in sizes)


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
