"""Two sentences without the full stop between them."""

import functools
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from articles import Span
from transforms.artifacts.break_places import NEVER_FINAL, PRONOMINAL, Place, find_places
from transforms.artifacts.break_score import APPOSED, PERSON, is_likely_break
from transforms.artifacts.clause import (
    SENTENCE,
    STOP,
    ends_attribution,
    is_closed,
    is_finite,
    is_time,
    is_whole_clause,
    name_end,
    words_after,
)
from transforms.artifacts.lexicon import function_words, names, speech, word_list, words
from transforms.artifacts.text import Text

STYLED = re.compile(r"(?<=[a-z,]) The (\w+)")
NO_OPENERS = frozenset(["A", "Or", "Own", "Near", "Past", "Off", "Down", "Up", "Out", "Per", "Round", "Via"])
OPENERS = (
    frozenset(
        word.capitalize()
        for kind in ("determiner", "preposition", "conjunction", "adverb", "subject")
        for word in function_words(kind)
    )
    | {"According", "None", "You", "Last", "Tonight"}
) - NO_OPENERS
PRONOUNS = frozenset(word.capitalize() for word in function_words("subject"))
NUMBERS = frozenset(word.capitalize() for word in function_words("number") - {"first", "second", "third"})
OPENING = (
    OPENERS | NUMBERS | {word.capitalize() for word, letters in words().items() if letters == "r" and word.isalpha()}
)
"""Words that open a sentence where they are capitalized: those of closed classes, and adverbs."""
WEEKDAYS = word_list("calendar")
PLAIN_NAMES = word_list("places") | word_list("calendar")
"""A place or a day, which begins no longer name: "in Japan The", "on Friday"."""
DETERMINERS = frozenset(word.capitalize() for word in function_words("determiner")) - {"No", "A"}
AFTER_NAME = DETERMINERS - {"Own", "Other", "Any"} | {"But", "Although", "While", "If", "When", "However"}
PREPOSITIONS = frozenset(word.capitalize() for word in function_words("preposition"))
AFTER_PARTICLE = frozenset(["The", "But", "However", "Although"])
LINKS = frozenset(["But", "However", "Although", "While", "If", "When", "Because"])
BEFORE_NAMES = LINKS | {"The", "Since", "Its", "His", "Their"}
AUXILIARIES = function_words("auxiliary")
NO_NOUN = NEVER_FINAL | PRONOMINAL | AUXILIARIES | function_words("particle") | function_words("number")
SCORED = 0.75
"""Confidence where the score alone tells."""
SAYING = frozenset(["said", "say", "says", "noted", "added"])
LATELY = frozenset(["last", "previous", "prior", "same", "this", "next"]) | (
    function_words("number") - {"first", "second", "third"}
)
CLAUSE = re.compile(STOP.pattern + r"|\b(?:that|which|who|when|as|if|said|told)\b")
OFFICES = frozenset(
    ["general", "royal", "national", "federal", "western", "eastern", "northern", "southern", "central"]
)
PREFIXES = frozenset(["Non", "Pre", "Post", "Mid", "Half", "Year", "Long", "Short"])


def missing_sentence_break(text: Text) -> Iterator[Span]:
    """A sentence that runs into the next: "at the conference He added", but not "the magazine The Economist".

    The second sentence opens with a capitalized function word, with a common noun and its verb, or
    with a name and a clause that is whole ("the merger Larsen paid him"; "the deal Larsen signed" may
    be one sentence). The first must end in a word that can end a sentence.
    """
    if not text.english or text.is_headline_case:
        return
    for place in find_places(text):
        confidence = find_by_rule(text, place) or find_by_score(text, place)
        if confidence is not None and not text.is_protected(place.start):
            yield Span(place.start - len(place.token), place.end, f"{place.token}. {place.first}", confidence)


def find_by_rule(text: Text, place: Place) -> float | None:
    """The confidence of the rule that finds a break at a place; None where no rule does."""
    first, last = place.first, place.token
    if last in SAYING and first not in WEEKDAYS and ends_attribution(text, place.start):
        return 0.8
    if first in NO_OPENERS:
        return 0.9 if first == "A" and is_article(text, place, place.last) else None
    if first in OPENING:
        return 0.9 if can_end(place.last, first) and can_open(text, place) else None
    found = last.isalnum() and opens_with_noun(text, place, last) and not text.is_quoted(place.start)
    return 0.7 if found else None


def find_by_score(text: Text, place: Place) -> float | None:
    """The confidence of the score where it finds a break; None where it does not, or no two sentences can part so."""
    return SCORED if can_part(place) and is_likely_break(text, place) else None


def can_part(place: Place) -> bool:
    """Whether a function word at a place can follow a sentence that ends so."""
    return place.first not in OPENING or can_end(place.last, place.first)


def can_end(last: str, first: str) -> bool:
    """Whether a sentence can end in this word, the next opening with the function word `first`."""
    if last[:1].isupper():
        return first in PRONOUNS or first in AFTER_NAME or first.lower() in function_words("adverb")
    if last in function_words("works") and first not in PRONOUNS and first not in AFTER_NAME:
        return False
    if last in AUXILIARIES:
        return first in ("He", "She", "We", "They", "But", "Although")
    if last in function_words("particle"):
        return first in PRONOUNS or first in AFTER_PARTICLE
    return True


def can_open(text: Text, place: Place) -> bool:
    """Whether a capitalized function word opens a sentence: a pronoun with its verb, not in Title Case."""
    first, string = place.first, text.string
    if first in names() and first not in OPENERS:
        return False
    following = text.word_after(place.end)
    if not following:
        comma = string.startswith(", ", place.end)
        return first in PRONOUNS if not comma else first not in DETERMINERS or first in ("This", "That")
    if first in PRONOUNS or first == "You":
        verb = following.removesuffix("n't").removesuffix("n’t")
        return verb in function_words("auxiliary") or verb in ("all", "both") or is_verb(following)
    last_is_name = text.word_before(place.start)[:1].isupper()
    if last_is_name and first not in AFTER_NAME:
        return False
    if following == "I":
        return first in OPENERS
    if first == "Last":
        return is_time(following)
    if following[0].isupper():
        return (not last_is_name or text.word_before(place.start) in PLAIN_NAMES) and opens_before_name(
            text, place, following
        )
    if first in NUMBERS:
        return following == "of" or bool(set(speech(following)) & set("psj"))
    after = text.word_after(place.end + 1 + len(following))
    return not (after[:1].isupper() and string[place.start - 20 : place.start].istitle())


def opens_before_name(text: Text, place: Place, following: str) -> bool:
    """Whether a function word before a name opens a sentence: "debt The United States said", not "told The Times"."""
    last = place.token
    if place.first in PREPOSITIONS and (
        first_in_calendar(following) or text.string.startswith(", ", place.end + 1 + len(following))
    ):
        return last not in function_words("works")
    if place.first not in BEFORE_NAMES:
        return False
    if last in function_words("works"):
        return False
    if last == "that":
        return False
    if place.first in AFTER_PARTICLE and (last in PRONOMINAL or place.first != "The"):
        return True
    noun = last in PLAIN_NAMES or set(speech(last)) & set("sp")
    if place.first not in LINKS and not noun and last not in function_words("unit") and not last[-1].isdigit():
        return False
    return place.first != "The" or following not in styled_names(text.string)


def first_in_calendar(word: str) -> bool:
    """Whether a word is a day or a month."""
    return word in word_list("calendar") or word in ("May", "March")


@functools.lru_cache(maxsize=4)
def styled_names(string: str) -> frozenset[str]:
    """The names that a text writes with a capital article inside its sentences, more than once: "in The Hague"."""
    return frozenset(name for name, count in Counter(STYLED.findall(string)).items() if count > 1)


def is_article(text: Text, place: Place, last: str) -> bool:
    """Whether a capital A opens a sentence: "fell A broker said", but not "class A shares"."""
    following = text.word_after(place.end)
    if last[0].isupper() or not following or not following[0].islower() or last in function_words("rank"):
        return False
    return can_end(last, "A") and bool(set(speech(following)) & set("sj")) and "p" not in speech(following)


def opens_with_noun(text: Text, place: Place, last: str) -> bool:
    """Whether a capitalized noun, adjective or name opens a sentence."""
    first = place.first
    if last in NO_NOUN or len(first) < 3 or not first[1:].islower():
        return False
    if "-" in first:
        return last[0].islower() and opens_with_compound(first) and has_verb_before(text, place.start)
    plain = last in PLAIN_NAMES
    if last[0].isupper() and not plain:
        return False
    if is_common(text, first) and opens_with_common(first.lower(), words_after(text, place.end), last):
        return has_verb_before(text, place.start)
    return (not plain or ends_phrase(text, place, last)) and opens_with_name(text, place, last)


def opens_with_compound(first: str) -> bool:
    """Whether a compound has a capital for no name in it: "Non-oil prices", but not "Paris-based"."""
    head = first.partition("-")[0]
    return head not in names() and (head in PREFIXES or bool(set(speech(head)) - {"o"}))


def ends_phrase(text: Text, place: Place, last: str) -> bool:
    """Whether a place, a day or a time ends a clause that is whole: "sold houses in Japan", "rose last month"."""
    before = text.word_before(place.start - len(last))
    led = before in function_words("preposition") or before in LATELY or last.endswith("day")
    return led and is_closed(text, place.start)


def is_common(text: Text, first: str) -> bool:
    """Whether a capitalized word is a noun or adjective that the text does not use as a name."""
    small = first.lower()
    if first in names() or small in OFFICES or not set(speech(small)) & set("psj"):
        return False
    return text.own_names[first] < 2 and not (first.endswith("s") and text.own_names[first[:-1]])


def opens_with_common(small: str, words: Sequence[str], last: str) -> bool:
    """Whether a common noun or adjective opens a sentence: "could be lost Growers said"."""
    if not words or not words[0].islower():
        return False
    letters, following = set(speech(small)), words[0]
    if letters & set("sp") and has_plain_subject(words):
        return True
    if "p" in letters and (following in function_words("auxiliary") or is_verb(following)):
        return True
    if "p" in letters and following in function_words("preposition"):
        return any(is_finite(word) or "d" in speech(word) for word in words[1:])
    if "j" in letters and "p" in speech(following):
        return True
    if not ends_noun(last) or len(words) < 2:
        return False
    if set(speech(following)) & set("sp"):
        return is_finite(words[1])
    return following in ("is", "was") or (
        following in function_words("singular-auxiliary") and words[1] in ("be", "been")
    )


def has_plain_subject(words: Sequence[str]) -> bool:
    """Whether words after a noun go on to its verb, as without an article: "per share rose", "sources added"."""
    following, second = words[0], words[1] if len(words) > 1 else ""
    if not second[:1].islower():
        return False
    linked = following in function_words("preposition") or following in ("and", "that")
    return (linked or "p" in speech(following)) and any(map(is_finite, words[1:] if linked else words[1:4]))


def has_verb_before(text: Text, position: int, start: re.Pattern[str] = STOP) -> bool:
    """Whether a finite verb stands before a position in its sentence: "In 1986 Shell sold" has none before the name."""
    before = text.string[max(0, position - SENTENCE) : position]
    before = start.split(before)[-1]
    return any(is_finite(word) for word in before.split())


def ends_noun(last: str) -> bool:
    """Whether a clause's last word is a noun or unit that no other noun can stand after as its object."""
    letters = set(speech(last))
    return last in function_words("unit") or last[-1].isdigit() or (bool(letters & set("sp")) and "v" not in letters)


def opens_with_name(text: Text, place: Place, last: str) -> bool:
    """Whether a name opens a sentence: its clause is whole, and it stands in no apposition or reported clause."""
    timed = is_time(last) or last in PLAIN_NAMES
    if last in APPOSED or (timed and not ends_phrase(text, place, last)):
        return False
    if PERSON.search(last) and last.removesuffix("s") not in function_words("thing-in-er"):
        return False
    if place.first.removesuffix("s") in word_list("calendar"):
        return False
    letters = set(speech(last))
    ends = timed or last in function_words("unit") or last in ("them", "him", "it")
    if not ends and (not letters & set("sp") or letters & set("jg")):
        return False
    whole = is_whole_clause(words_after(text, name_end(text, place.end)))
    return whole and has_verb_before(text, place.start, CLAUSE)


def is_verb(word: str) -> bool:
    """Whether a word can be a pronoun's verb, or the adverb before it."""
    if any(word in function_words(kind) for kind in ("preposition", "conjunction", "pronoun", "determiner")):
        return False
    return bool(set(speech(word)) & set("vzd")) or word.endswith("ly") or word in function_words("adverb")
