"""Two sentences without the full stop between them."""

import functools
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from articles import Span
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
CANDIDATE = re.compile(
    r" (?=[A-Z])(?<=[a-z\d][a-z\d”\"’')%] )"
    r"(?<! of )(?<! the )(?<! and )(?<! for )(?<! from )(?<! with )(?<! at )(?<! to )"
    r"([A-Z][A-Za-z]*(?:-[a-z]+)?)(?=['’](?:s|re|ll|ve|d|m)\b| [A-Za-z\d]|, [A-Za-z])"
)
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
PRONOMINAL = frozenset(
    ["this", "that", "these", "those", "all", "both", "some", "many", "much", "more", "less", "enough", "half", "each"]
)
AUXILIARIES = function_words("auxiliary")
NEVER_FINAL = (
    frozenset().union(*(function_words(kind) for kind in ("preposition", "conjunction", "determiner")))
    - function_words("particle")
    - PRONOMINAL
)
BEFORE_NAME = frozenset[str]().union(
    *(function_words(kind) for kind in ("apposed", "works", "magnitude", "clause-verb", "clause-noun"))
)
"""What a name can follow in one clause: in apposition, as a title, in a reported clause."""
NO_NOUN = NEVER_FINAL | PRONOMINAL | AUXILIARIES | function_words("particle") | function_words("number")
SAYING = frozenset(["said", "say", "says", "noted", "added"])
LATELY = frozenset(["last", "previous", "prior", "same", "this", "next"]) | (
    function_words("number") - {"first", "second", "third"}
)
LONGEST = 30
CLAUSE = re.compile(STOP.pattern + r"|\b(?:that|which|who|when|as|if|said|told)\b")
OFFICES = frozenset(
    ["general", "royal", "national", "federal", "western", "eastern", "northern", "southern", "central"]
)
PREFIXES = frozenset(["Non", "Pre", "Post", "Mid", "Half", "Year", "Long", "Short"])
PERSON = re.compile(r"(?:er|or|ers|ors|ist|ists|man|men|woman|women|ian|ians|ee|ees)\Z")


def missing_sentence_break(text: Text) -> Iterator[Span]:
    """A sentence that runs into the next: "at the conference He added", but not "the magazine The Economist".

    The second sentence opens with a capitalized function word, with a common noun and its verb, or
    with a name and a clause that is whole ("the merger Larsen paid him"; "the deal Larsen signed" may
    be one sentence). The first must end in a word that can end a sentence.
    """
    if not text.english or text.is_headline_case:
        return
    for match in CANDIDATE.finditer(text.string):
        first, last = match[1], last_token(text, match)
        word = last.rstrip("”\"’')%")
        if word in NEVER_FINAL or not (word.isalnum() or word.replace("-", "").isalnum()):
            continue
        if last in SAYING and first not in WEEKDAYS and ends_attribution(text, match.start()):
            found, confidence = True, 0.8
        elif first in NO_OPENERS:
            found, confidence = first == "A" and is_article(text, match, word), 0.9
        elif first in OPENING:
            found = can_end(word, first) and can_open(text, match)
            confidence = 0.9
        else:
            found, confidence = last.isalnum() and opens_with_noun(text, match, last), 0.7
        if found and not text.is_protected(match.start()) and not (confidence < 0.8 and text.is_quoted(match.start())):
            yield Span(match.start() - len(last), match.end(1), f"{last}. {first}", confidence)


def last_token(text: Text, match: re.Match[str]) -> str:
    """What stands before a match up to a blank."""
    start = match.start()
    return text.string[max(0, start - LONGEST) : start].rpartition(" ")[2]


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


def can_open(text: Text, match: re.Match[str]) -> bool:
    """Whether a capitalized function word opens a sentence: a pronoun with its verb, not in Title Case."""
    first, string = match[1], text.string
    if first in names() and first not in OPENERS:
        return False
    following = text.word_after(match.end())
    if not following:
        comma = string.startswith(", ", match.end())
        return first in PRONOUNS if not comma else first not in DETERMINERS or first in ("This", "That")
    if first in PRONOUNS or first == "You":
        verb = following.removesuffix("n't").removesuffix("n’t")
        return verb in function_words("auxiliary") or verb in ("all", "both") or is_verb(following)
    last_is_name = text.word_before(match.start())[:1].isupper()
    if last_is_name and first not in AFTER_NAME:
        return False
    if following == "I":
        return first in OPENERS
    if first == "Last":
        return is_time(following)
    if following[0].isupper():
        return (not last_is_name or text.word_before(match.start()) in PLAIN_NAMES) and opens_before_name(
            text, match, following
        )
    if first in NUMBERS:
        return following == "of" or bool(set(speech(following)) & set("psj"))
    after = text.word_after(match.end() + 1 + len(following))
    return not (after[:1].isupper() and string[match.start() - 20 : match.start()].istitle())


def opens_before_name(text: Text, match: re.Match[str], following: str) -> bool:
    """Whether a function word before a name opens a sentence: "debt The United States said", not "told The Times"."""
    last = last_token(text, match)
    if match[1] in PREPOSITIONS and (
        first_in_calendar(following) or text.string.startswith(", ", match.end() + 1 + len(following))
    ):
        return last not in function_words("works")
    if match[1] not in BEFORE_NAMES:
        return False
    if last in function_words("works"):
        return False
    if last == "that":
        return False
    if match[1] in AFTER_PARTICLE and (last in PRONOMINAL or match[1] != "The"):
        return True
    noun = last in PLAIN_NAMES or set(speech(last)) & set("sp")
    if match[1] not in LINKS and not noun and last not in function_words("unit") and not last[-1].isdigit():
        return False
    return match[1] != "The" or following not in styled_names(text.string)


def first_in_calendar(word: str) -> bool:
    """Whether a word is a day or a month."""
    return word in word_list("calendar") or word in ("May", "March")


@functools.lru_cache(maxsize=4)
def styled_names(string: str) -> frozenset[str]:
    """The names that a text writes with a capital article inside its sentences, more than once: "in The Hague"."""
    return frozenset(name for name, count in Counter(STYLED.findall(string)).items() if count > 1)


def is_article(text: Text, match: re.Match[str], last: str) -> bool:
    """Whether a capital A opens a sentence: "fell A broker said", but not "class A shares"."""
    following = text.word_after(match.end())
    if last[0].isupper() or not following or not following[0].islower() or last in function_words("rank"):
        return False
    return can_end(last, "A") and bool(set(speech(following)) & set("sj")) and "p" not in speech(following)


def opens_with_noun(text: Text, match: re.Match[str], last: str) -> bool:
    """Whether a capitalized noun, adjective or name opens a sentence."""
    first = match[1]
    if last in NO_NOUN or len(first) < 3 or not first[1:].islower():
        return False
    if "-" in first:
        return last[0].islower() and opens_with_compound(first) and has_verb_before(text, match.start())
    plain = last in PLAIN_NAMES
    if last[0].isupper() and not plain:
        return False
    if is_common(text, first) and opens_with_common(first.lower(), words_after(text, match.end()), last):
        return has_verb_before(text, match.start())
    return (not plain or ends_phrase(text, match, last)) and opens_with_name(text, match, last)


def opens_with_compound(first: str) -> bool:
    """Whether a compound has a capital for no name in it: "Non-oil prices", but not "Paris-based"."""
    head = first.partition("-")[0]
    return head not in names() and (head in PREFIXES or bool(set(speech(head)) - {"o"}))


def ends_phrase(text: Text, match: re.Match[str], last: str) -> bool:
    """Whether a place, a day or a time ends a clause that is whole: "sold houses in Japan", "rose last month"."""
    before = text.word_before(match.start() - len(last))
    led = before in function_words("preposition") or before in LATELY or last.endswith("day")
    return led and is_closed(text, match.start())


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


def opens_with_name(text: Text, match: re.Match[str], last: str) -> bool:
    """Whether a name opens a sentence: its clause is whole, and it stands in no apposition or reported clause."""
    timed = is_time(last) or last in PLAIN_NAMES
    if last in BEFORE_NAME or (timed and not ends_phrase(text, match, last)):
        return False
    if PERSON.search(last) and last.removesuffix("s") not in function_words("thing-in-er"):
        return False
    if match[1].removesuffix("s") in word_list("calendar"):
        return False
    letters = set(speech(last))
    ends = timed or last in function_words("unit") or last in ("them", "him", "it")
    if not ends and (not letters & set("sp") or letters & set("jg")):
        return False
    whole = is_whole_clause(words_after(text, name_end(text, match.end())))
    return whole and has_verb_before(text, match.start(), CLAUSE)


def is_verb(word: str) -> bool:
    """Whether a word can be a pronoun's verb, or the adverb before it."""
    if any(word in function_words(kind) for kind in ("preposition", "conjunction", "pronoun", "determiner")):
        return False
    return bool(set(speech(word)) & set("vzd")) or word.endswith("ly") or word in function_words("adverb")
