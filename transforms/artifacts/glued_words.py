"""Two words with no blank between them."""

import re
from collections.abc import Iterator

from articles import Span
from transforms.artifacts.lexicon import function_words, names, speech
from transforms.artifacts.text import Text
from transforms.artifacts.wordforms import trait_where

GLUED = re.compile(r"(?<![\w@#/.:&’'-])([a-z]{2,20})([A-Z][a-z]{1,20})(?![\w@/])")
FRAMES = frozenset(["the", "and", "that", "with", "from", "said", "this", "their", "was"])
"""Words before which a name may be any."""
INNER_CAPITAL = trait_where(lambda word: word.isalpha() and not (word.islower() or word[0].isupper()))
CLOSED = ("preposition", "conjunction", "determiner", "auxiliary", "pronoun")


def glued_words(text: Text) -> Iterator[Span]:
    """A capital in the middle of what are two words: "noted thatBiden", "relationsThis means".

    Not "iPhone", "eBay" or "macOS".
    """
    if not text.english or not text.traits & INNER_CAPITAL or b"aaAa" not in text.shape:
        return
    for match in GLUED.finditer(text.string):
        if match[1] in FRAMES or (is_word(match[1]) and is_opening(text, match[2])):
            yield Span(match.start(), match.end(), f"{match[1]} {match[2]}", 0.85)


def is_word(left: str) -> bool:
    """Whether the first part is a word of running text."""
    return (len(left) > 3 and bool(speech(left))) or any(left in function_words(kind) for kind in CLOSED)


def is_opening(text: Text, right: str) -> bool:
    """Whether the second part is a name or a word that opens sentences."""
    small = right.lower()
    return right in names() or text.own_names[right] > 0 or any(small in function_words(kind) for kind in CLOSED)
