"""Ends of sentences that came loose."""

import re
from collections.abc import Iterator

from articles import Span
from transforms.artifacts.lexicon import function_words, names, speech
from transforms.artifacts.text import Text

FRAGMENT = re.compile(r"\. (?<=[a-z]\. )([a-z]{3,}(?: [a-z]{2,}){0,2})\.(?=\s|\Z)")
LONGEST = 30
LONGER_THAN_ABBREVIATIONS = 4


def stray_fragment(text: Text) -> Iterator[Span]:
    """A word or three between full stops, with no verb and no capital: "his term. president. The".

    Decoders that reorder a clause leave its head behind. Not after an abbreviation: "Northern Ore Corp. said."
    """
    if not text.english or text.field != "body":
        return
    for match in FRAGMENT.finditer(text.string):
        last = text.string[max(0, match.start() - LONGEST) : match.start()].rpartition(" ")[2]
        if (
            is_whole(last)
            and not any(is_verb(word) for word in match[1].split(" "))
            and not text.is_protected(match.start())
        ):
            yield Span(match.start(1), match.end(), None, 0.75)


def is_whole(last: str) -> bool:
    """Whether a word before a full stop is no abbreviation: one of the lexicon, or a long name."""
    if last in function_words("pronoun") or last in function_words("unit") or last in function_words("determiner"):
        return True
    if last[:1].isupper() and len(last) > LONGER_THAN_ABBREVIATIONS and last not in function_words("company"):
        return not speech(last.lower()) or last in names()
    return len(last) > 3 and bool(set(speech(last)) - {"o"})


def is_verb(word: str) -> bool:
    """Whether a word can only be a verb, or makes one of what follows."""
    letters = set(speech(word))
    return word in function_words("auxiliary") or bool(letters & set("dz")) or letters == {"v"}
