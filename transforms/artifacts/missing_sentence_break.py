"""Two sentences without the full stop between them."""

import re
from collections.abc import Iterator

from articles import Span
from transforms.artifacts.lexicon import function_words, names, speech
from transforms.artifacts.text import Text

CANDIDATE = re.compile(
    r" (?<=[a-z\d][a-z\d”\"’')%] )(He|She|They|We|It|You|There|This|These|Those|That|However|But|And|The|In|On|At|After"
    r"|Before|For|If|When|While|As|Although|Since|During|According|His|Her|Their|Its|Our|An|Some|Many|Most|Under|With|To"
    r"|By|From|No|Not|So|Now|Then|What|Who|Why|How|Only|Also|Last|More|Another|Meanwhile|Both|All|Such|One|Two)"
    r"(?= [a-z0-9]|['’](?:s|re|ll|ve|d|m)\b|, [a-z])"
)
CONTENT = re.compile(r" (?<=[a-z]{3} )([A-Z][a-z]{3,}) ([a-z]{2,})")
ADVERBS = frozenset(["However", "Also", "But", "Meanwhile", "Now", "Then", "So", "What", "That", "There"])
OFFICES = frozenset(
    ["general", "royal", "national", "federal", "western", "eastern", "northern", "southern", "central"]
)
LONGEST = 30
PRONOUNS = frozenset(["He", "She", "They", "We", "It", "There"])
NEVER_FINAL = ("preposition", "conjunction", "determiner", "auxiliary")
WORKS = re.compile(
    r"(?:called|titled|entitled|named|song|film|movie|book|novel|album|series|show|magazine|band|newspaper)\Z"
)


def missing_sentence_break(text: Text) -> Iterator[Span]:
    """A sentence that runs into the next: "at the conference He added", but not "the magazine The Economist".

    The second sentence must open with a capitalized function word before a lower-case word, the
    first must end in a word that can end a sentence, and capitals must mean something in the line.
    """
    if not text.english or text.is_headline_case:
        return
    yield from content_breaks(text)
    for match in CANDIDATE.finditer(text.string):
        last = text.string[max(0, match.start() - LONGEST) : match.start()].rpartition(" ")[2]
        word = last.rstrip("”\"’')%")
        if (
            word.isalnum()
            and can_end(word, match[1])
            and can_open(text, match)
            and not text.is_protected(match.start())
        ):
            yield Span(match.start() - len(last), match.end(), f"{last}. {match[1]}", 0.9)


def can_end(last: str, first: str) -> bool:
    """Whether a sentence can end in this word, the next opening with `first`."""
    if last[:1].isupper():
        return first in PRONOUNS and last not in names()
    if WORKS.search(last):
        return False
    if last in function_words("particle"):
        return first in PRONOUNS or first == "The"
    return not any(last in function_words(kind) for kind in NEVER_FINAL)


def content_breaks(text: Text) -> Iterator[Span]:
    """Breaks before a common noun or adjective: "could be lost Growers said", but not "company President said"."""
    for match in CONTENT.finditer(text.string):
        first, following = match.groups()
        if not opens_with_content(text, first, following):
            continue
        last = text.string[max(0, match.start() - LONGEST) : match.start()].rpartition(" ")[2]
        ends = last.isalpha() and can_end(last, first) and last not in function_words("number")
        if ends and not text.is_quoted(match.start()):
            yield Span(match.start() - len(last), match.end(1), f"{last}. {first}", 0.7)


def opens_with_content(text: Text, first: str, following: str) -> bool:
    """Whether two words can open a sentence: a plural and its verb, or an adjective and its plural; no name."""
    small = first.lower()
    letters = set(speech(small)) & set("pj")
    if not letters or first in names() or small in OFFICES or text.own_names[first] > 1:
        return False
    if first.endswith("s") and text.own_names[first[:-1]]:
        return False
    if "p" in letters and (following in function_words("auxiliary") or is_verb(following)):
        return True
    return "j" in letters and "p" in speech(following)


def can_open(text: Text, match: re.Match[str]) -> bool:
    """Whether a capitalized function word opens a sentence: a pronoun with its verb, not in Title Case."""
    following = text.word_after(match.end())
    if not following:
        return match[1] in PRONOUNS or match[1] in ADVERBS
    if match[1] in PRONOUNS:
        return following in function_words("auxiliary") or is_verb(following)
    after = text.word_after(match.end() + 1 + len(following))
    return not (after[:1].isupper() and text.string[match.start() - 20 : match.start()].istitle())


def is_verb(word: str) -> bool:
    """Whether a word can be a pronoun's verb, or the adverb before it."""
    if any(word in function_words(kind) for kind in ("preposition", "conjunction", "pronoun", "determiner")):
        return False
    return bool(set(speech(word)) & set("vzd")) or word.endswith("ly") or word in function_words("adverb")
