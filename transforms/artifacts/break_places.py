"""Where two sentences could run together: a blank between a word that can end one and a capital."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from transforms.artifacts.lexicon import function_words
from transforms.artifacts.text import Text

CANDIDATE = re.compile(
    r" (?=[A-Z])(?<=[a-z\d][a-z\d”\"’')%] )"
    r"(?<! of )(?<! the )(?<! and )(?<! for )(?<! from )(?<! with )(?<! at )(?<! to )"
    r"([A-Z][A-Za-z]*(?:-[a-z]+)?)(?=['’](?:s|re|ll|ve|d|m)\b| [A-Za-z\d]|, [A-Za-z])"
)
PRONOMINAL = frozenset(
    ["this", "that", "these", "those", "all", "both", "some", "many", "much", "more", "less", "enough", "half", "each"]
)
NEVER_FINAL = (
    frozenset().union(*(function_words(kind) for kind in ("preposition", "conjunction", "determiner")))
    - function_words("particle")
    - PRONOMINAL
)
LONGEST = 30


class Place(NamedTuple):
    """A blank: what stands before it, the word therein, the word after it; its offset and that word's end."""

    token: str
    last: str
    first: str
    start: int
    end: int


def find_places(text: Text) -> Iterator[Place]:
    """Every place in a text, from left to right."""
    string = text.string
    for match in CANDIDATE.finditer(string):
        start = match.start()
        token = string[max(0, start - LONGEST) : start].rpartition(" ")[2]
        last = token.rstrip("”\"'’)%")
        if last not in NEVER_FINAL and (last.isalnum() or last.replace("-", "").isalnum()):
            yield Place(token, last, match[1], start, match.end(1))
