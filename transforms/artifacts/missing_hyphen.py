"""Compound adjectives without their hyphen."""

import re
from collections.abc import Iterator

from articles import Span
from transforms.artifacts.lexicon import function_words, names, speech
from transforms.artifacts.text import Text
from transforms.artifacts.wordforms import trait_of

PARTICIPLE = trait_of(["made", "built", "backed", "led", "owned", "funded", "speaking", "controlled", "based"])
PEOPLE = ("an ", "ish ", "ese ", "ch ")
COMPOUND = re.compile(
    r"\b([A-Z][a-z]+(?:an|ish|ese|ch)) (made|built|backed|led|owned|funded|speaking|controlled|based) (?=[\w-])"
)


def missing_hyphen(text: Text) -> Iterator[Span]:
    """A compound adjective of a people and a participle without hyphen: "Russian made missile systems".

    Not "The Russian made a bid".
    """
    if not text.english or not follows_people(text) or text.is_headline_case:
        return
    for match in COMPOUND.finditer(text.string):
        following = text.word_after(match.end() - 1)
        if match[1] not in names() or following.lower() in function_words("determiner") | function_words("preposition"):
            continue
        if following[:1].isupper() or (set(speech(following)) & set("spj") and not following.endswith("ly")):
            yield Span(match.start(), match.end() - 1, f"{match[1]}-{match[2]}", 0.85)


def follows_people(text: Text) -> bool:
    """Whether a participle stands after what may be a people."""
    return any(
        text.string.endswith(PEOPLE, 0, at)
        for participle in text.having(PARTICIPLE)
        for at in text.find_word(participle)
    )
