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
MOST_WORDS = 4


def repeated_words(text: Text) -> Iterator[Span]:
    """A word or phrase twice in a row: "the the", "fight poverty and fight poverty and".

    Not "had had", "very very" or "Bora Bora".

    One word twice counts only in languages that don't double on purpose, and not in names.
    """
    if len(text.words) == len(text.vocabulary):
        return
    firsts = find_doubles(text)
    end = -1
    for match in match_all(PHRASE, text, firsts[1]):
        if len(match[1]) >= LONG and not match[1][0].isdigit() and not is_chant(match[1]):
            if "," in match[0] and text.is_quoted(match.start()):
                continue
            yield Span(match.start(), match.end(), match[1], 0.9)
            end = match.end()
    if text.primary not in DOUBLING:
        return
    for match in match_all(ONCE_MORE, text, firsts[0]):
        if match.start() >= end and is_slip(text, match[1]):
            yield Span(match.start(), match.end(), match[1], 0.9)


def find_doubles(text: Text) -> tuple[set[str], set[str]]:
    """The words that follow themselves, and the first words of phrases that do, of two to four words."""
    words, numbers = text.words, text.numbers
    found: tuple[set[str], set[str]] = (set(), set())
    for size in range(1, MOST_WORDS + 1):
        same, run = (numbers[size:] == numbers[:-size]).tobytes(), b"\1" * size
        at = same.find(run)
        while at >= 0:
            found[size > 1].add(words[at])
            at = same.find(run, at + 1)
    return found


def match_all(pattern: re.Pattern[str], text: Text, firsts: set[str]) -> Iterator[re.Match[str]]:
    """What `finditer` gives, looking only where one of some words stands."""
    taken = 0
    for at in sorted(at for word in firsts for at in text.find_word(word)):
        match = pattern.match(text.string, at) if at >= taken else None
        if match is not None:
            taken = match.end()
            yield match


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
