"""Stretches left in another language of the same script."""

import re
from collections.abc import Callable, Iterator

from articles import Span
from transforms.artifacts.lexicon import function_words, speech, word_list
from transforms.artifacts.text import Text
from transforms.artifacts.wordforms import trait_of

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
LONG_ENOUGH = 3
LATIN = frozenset(
    ["de", "fr", "es", "pt", "it", "nl", "sv", "da", "nb", "no", "pl", "cs", "ro", "hu", "fi", "tr", "id", "vi"]
)
FOREIGN = trait_of(word_list("foreign-small-words"))
ENGLISH = trait_of(word_list("english-small-words"))
CLOSED = ("determiner", "preposition", "conjunction", "pronoun", "auxiliary")


def untranslated_fragment(text: Text) -> Iterator[Span]:
    """Words left in another language of the same script: "said que la guerra no"; not "raison d'être".

    In English, three words or more in a row that are neither English nor names, two of them small
    words of another language. In other languages, an English clause of small words.
    """
    if text.english:
        if len(text.having(FOREIGN)) >= 2:
            yield from stretches(text, is_foreign, word_list("foreign-small-words"))
    elif text.primary in LATIN and len(text.having(ENGLISH)) >= 2:
        yield from stretches(text, is_english, word_list("english-small-words"))


def is_foreign(word: str) -> bool:
    """Whether a word can be part of a foreign stretch in English: a foreign small word, or small and not English."""
    if word in word_list("foreign-small-words"):
        return True
    return word.islower() and not speech(word) and not any(word in function_words(kind) for kind in CLOSED)


def is_english(word: str) -> bool:
    """Whether a word is English in lower case."""
    return word.islower() and (bool(speech(word)) or any(word in function_words(kind) for kind in CLOSED))


def stretches(text: Text, belongs: Callable[[str], bool], telling: frozenset[str]) -> Iterator[Span]:
    """Runs of words of one sentence that all pass a test and hold two telling small words."""
    start = end = -1
    count = small = 0
    for match in WORD.finditer(text.string):
        joined = count and end >= 0 and text.string[end : match.start()].strip(" ,") == "" and match.start() - end < 3
        if not belongs(match[0]):
            if count >= LONG_ENOUGH and small >= 2:
                yield Span(start, end, None, 0.7)
            count = small = 0
            continue
        if not joined:
            if count >= LONG_ENOUGH and small >= 2:
                yield Span(start, end, None, 0.7)
            start, count, small = match.start(), 0, 0
        count += 1
        small += match[0] in telling
        end = match.end()
    if count >= LONG_ENOUGH and small >= 2:
        yield Span(start, end, None, 0.7)
