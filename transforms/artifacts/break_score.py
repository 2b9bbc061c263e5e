"""How well the words around a blank fit two sentences rather than one: a logistic score of their classes.

The rules of missing_sentence_break want one clear sign; this adds up many that are none alone: the class of the
word before and of those after, whether both sides have a finite verb of their own and how far away it is, how the
text writes the word elsewhere. No feature names a content word. The weights are fitted by
benchmarks/quality/train_breaks.py to sentences whose full stop was taken out, and stand in data/breaks.json.
"""

import functools
import itertools
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence

from transforms.artifacts.break_places import Place
from transforms.artifacts.clause import (
    CLAUSE_START,
    COPULAS,
    SENTENCE,
    STOP,
    is_finite,
    is_time,
    is_whole_clause,
    name_end,
    words_after,
)
from transforms.artifacts.lexicon import DATA, function_words, names, speech, word_list
from transforms.artifacts.text import Text

KINDS = ("auxiliary", "preposition", "conjunction", "determiner", "pronoun", "number", "unit", "adverb")
OPENING_KINDS = ("determiner", "subject", "preposition", "conjunction", "adverb")
APPOSED = frozenset[str]().union(
    *(function_words(kind) for kind in ("apposed", "works", "magnitude", "clause-verb", "clause-noun"))
)
"""What a name can follow in one clause: in apposition, as a title, in a reported clause."""
PERSON = re.compile(r"(?:er|or|ers|ors|ist|ists|man|men|woman|women|ian|ians|ee|ees)\Z")
RELATING = frozenset(
    ["that", "which", "who", "when", "as", "if", "because", "while", "what", "where", "how", "said", "told", "whether"]
) | {"whom", "than"}
COMPARED = re.compile(r"\b(?:from|against|vs|versus|than|with) [\d.,]+ \w+\Z")
LEAD = 40
LINKING = COPULAS | {"be", "been", "being", "seem", "remain", "look", "appear", "remained", "seemed"}
ORDINARY = function_words("number") - {"hundred", "thousand", "million", "billion"}
RELATIVES = frozenset(["whom", "who", "whose", "which"])
AHEAD = 250
NEAR = 20_000
"""Characters around a place that are searched for the same words: the cost must not grow with a text's square."""
LOOK = 9
FEATURES = (
    ("last", "first", "next", "second", "state", "last+first", "first+next", "kind"),
    ("elsewhere-small", "elsewhere-name", "elsewhere-both"),
    ("verb-after", "verb-kind", "whole", "whole+verb", "length-after", "after-name", "name-length"),
    ("verbs-clause", "verbs-sentence", "verb-before", "verb-distance", "length-before", "relating"),
)
"""The names of all features, in groups: a place that can't reach the threshold any more is not measured further."""
THRESHOLDS = {"name": 1.0, "clause": 0.25, "common": 0.5, "open": -0.5}
"""The least score by what opens the second sentence: a name, one with a whole clause, a common noun, a closed class."""


@functools.cache
def load_weights() -> Mapping[str, float]:
    """The weights that ship with newsbeam, by feature."""
    stored = json.loads((DATA / "breaks.json").read_text(encoding="utf-8"))
    return {"": stored["intercept"], **stored["weights"]}


def is_likely_break(text: Text, place: Place) -> bool:
    """Whether the score is high enough where no rule speaks against a break."""
    if is_barred(place.last, place.first):
        return False
    kind, state = opening_kind(place.first), end_state(text, place)
    if is_one_phrase(text, place, kind, state):
        return False
    weights = load_weights()
    score, threshold = weights[""], min(THRESHOLDS[kind], THRESHOLDS["clause"] if kind == "name" else math.inf)
    for group, rest in zip(feature_groups(text, place, state), most_left(), strict=True):
        for feature in group:
            score += weights.get(feature, 0.0)
            if feature == "whole=False":
                threshold = THRESHOLDS[kind]
        if score + rest <= threshold:
            return False
    return True


@functools.cache
def most_left() -> Sequence[float]:
    """The most that the groups of features after each can still add: most places are decided by the first."""
    most: dict[str, float] = {}
    for feature, weight in load_weights().items():
        name = feature.partition("=")[0]
        most[name] = max(most.get(name, 0.0), weight)
    groups = [sum(most.get(name, 0.0) for name in names) for names in FEATURES]
    return [sum(groups[place:]) for place in range(1, len(groups) + 1)]


def is_one_phrase(text: Text, place: Place, kind: str, state: str) -> bool:
    """Whether the two words can hardly be parted: "several former Bard", "class A", "told Larsen", "4.5 mln Larsen"."""
    if is_barred(place.last, place.first) or (kind != "open" and state in ("modifier", "verb")):
        return True
    if place.first.lower() in function_words("subject"):
        return False
    if word_class(place.last) == "finite" and state != "predicate":
        return True
    counts = place.last in function_words("magnitude") and not (kind == "common" and is_plural(place.first))
    return counts and not is_compared(text, place)


@functools.lru_cache(1 << 16)
def is_barred(word: str, opener: str) -> bool:
    """Whether two words can hardly be parted wherever they stand: "class A", "April Three", "analyst Larsen"."""
    last, before, kind = word_class(word), last_kind(word), opening_kind(opener)
    small = opener.lower()
    if opener == "I" or (opener == "A" and (last in ("Cap", "unit") or before == "rank")):
        return True
    if small in function_words("number") and (last in ("day", "Cap") or before == "rank"):
        return True
    apposed = before == "apposed" and word not in function_words("magnitude")
    apposed = apposed and not (kind == "common" and is_plural(opener))
    if small not in function_words("subject") and (apposed or before == "rank" or last == "clause-verb"):
        return True
    return kind != "open" and (last == "Cap" or word in ORDINARY or word in RELATIVES or before == "person")


def is_compared(text: Text, place: Place) -> bool:
    """Whether a magnitude ends a comparison, and counts nothing that could follow: "from 37.2 mln"."""
    lead = text.string[max(0, place.start - LEAD) : place.start]
    return place.last in function_words("magnitude") and COMPARED.search(lead) is not None


def is_plural(word: str) -> bool:
    """Whether a capitalized word is a common noun in the plural alone, which stands in no apposition to a noun."""
    return set(speech(word.lower())) <= {"p", "z", "o"} and word not in names()


def features(text: Text, place: Place, state: str) -> Iterator[str]:
    """What is measured at a place, each as its name and value."""
    return itertools.chain.from_iterable(feature_groups(text, place, state))


def feature_groups(text: Text, place: Place, state: str) -> Iterator[Iterator[str]]:
    """The same in groups, as `FEATURES` names them, each made when it is asked for."""
    stop = STOP.search(text.string, place.end, place.end + AHEAD)
    after = text.string[place.end : stop.start() + 1 if stop else place.end + AHEAD].split()
    yield features_at(text, place, state, after)
    yield features_elsewhere(text, place)
    yield features_after(text, place, after)
    yield features_before(STOP.split(text.string[max(0, place.start - SENTENCE) : place.start])[-1])


def features_at(text: Text, place: Place, state: str, after: Sequence[str]) -> Iterator[str]:
    """The classes of the words on both sides."""
    last, first = word_class(place.last), first_class(place.first)
    following, second = next_classes(text.string, place, after)
    yield from (f"last={last}", f"first={first}", f"next={following}", f"second={second}", f"state={state}")
    yield from (f"last+first={last}|{first}", f"first+next={first}|{following}", f"kind={last_kind(place.last)}")


def features_elsewhere(text: Text, place: Place) -> Iterator[str]:
    """How the text writes the words elsewhere."""
    yield f"elsewhere-small={place.first.lower() in text.vocabulary}"
    yield f"elsewhere-name={min(text.own_names[place.first], 3)}"
    both = text.string.count(f"{place.last} {place.first}", max(0, place.start - NEAR), place.end + NEAR)
    yield f"elsewhere-both={min(both, 2)}"


def features_before(before: str) -> Iterator[str]:
    """The finite verbs of the clause and the sentence before, and what a subordinate clause hangs on."""
    words, clause = before.split(), CLAUSE_START.split(before)[-1].split()
    verbs = [index for index, finite in enumerate(map(is_finite, clause)) if finite]
    yield f"verbs-clause={min(len(verbs), 2)}"
    yield f"verbs-sentence={min(sum(map(is_finite, words)), 3)}"
    if verbs:
        reported = clause[verbs[-1]] in function_words("clause-verb")
        yield f"verb-before={'reporting' if reported else 'other'}"
        yield f"verb-distance={min(len(clause) - 1 - verbs[-1], 6)}"
    yield f"length-before={min(len(words) // 4, 8)}"
    yield f"relating={next((word for word in reversed(words) if word in RELATING), 'none')}"


def features_after(text: Text, place: Place, after: Sequence[str]) -> Iterator[str]:
    """The first finite verb that follows, whether a comma parts it off, and the clause that it opens."""
    verb = next((index for index, word in enumerate(after[:LOOK]) if may_be_verb(word, index)), LOOK)
    comma = next((index for index, word in enumerate(after) if word[-1] in ",;:)"), AHEAD)
    yield f"verb-after={verb}{'c' if comma < verb < LOOK else ''}"
    if verb < LOOK:
        yield f"verb-kind={verb_kind(after[verb].rstrip(','))}"
    end = name_end(text, place.end)
    whole = is_whole_clause(words_after(text, end))
    yield f"whole={whole}"
    yield f"whole+verb={whole}|{min(verb, 3)}|{opening_kind(place.first)}"
    yield f"length-after={min(len(after) // 4, 8)}"
    yield f"after-name={word_class(text.word_after(end)) if text.string.startswith(' ', end) else 'mark'}"
    yield f"name-length={min(text.string.count(' ', place.end, end), 3)}"


def may_be_verb(word: str, index: int) -> bool:
    """Whether a word is a finite verb, or, near the subject, one that could be a noun too."""
    return is_finite(word.rstrip(",")) or (index < 4 and speech(word) == "z")


def verb_kind(verb: str) -> str:
    """An auxiliary, a verb of saying, or another."""
    if verb in function_words("auxiliary"):
        return "auxiliary"
    return "saying" if verb in ("said", "told", "added", "says") else "other"


def next_classes(string: str, place: Place, after: Sequence[str]) -> tuple[str, str]:
    """The classes of the two words that follow, or the marks that do."""
    if string.startswith(",", place.end):
        following = "comma"
    elif string.startswith(("'", "’"), place.end):
        following = "possessive"
    else:
        following = word_class(after[0]) if after else "none"
    if after and after[0].endswith(","):
        return following, "comma"
    return following, word_class(after[1]) if len(after) > 1 else "none"


def last_kind(word: str) -> str:
    """What the word before may have after it in one phrase: a name in apposition, a rank's number, a person's name."""
    if word in APPOSED:
        return "apposed"
    if word in function_words("rank"):
        return "rank"
    if word in function_words("kin"):
        return "person"
    noun = word.islower() and not set(speech(word)).isdisjoint("sp")
    person = noun and PERSON.search(word) and word.removesuffix("s") not in function_words("thing-in-er")
    return "person" if person else "other"


def end_state(text: Text, place: Place) -> str:
    """How the word before ends its phrase: as its noun, adverb, predicate ("is off"), verb, or a modifier of more."""
    word, kind, letters = place.last, word_class(place.last), set(speech(place.last))
    if kind in ("unit", "figure", "time", "day", "place") or letters <= {"o"}:
        return "noun"
    if kind == "adverb" or letters <= {"r", "o"} or word in function_words("particle"):
        return "adverb"
    lead = text.string[max(0, place.start - len(word) - LEAD) : place.start - len(word)].split()[-3:]
    if "j" in letters and not COPULAS.isdisjoint(lead[-2:]):
        return "predicate"
    if not letters & set("sp") and not LINKING.isdisjoint(lead):
        return "predicate"
    if letters & set("jg"):
        return "modifier"
    return "noun" if letters & set("sp") else "verb"


@functools.lru_cache(1 << 16)
def word_class(word: str) -> str:
    """The class of a word where it stands: closed, or its parts of speech."""
    word = word.strip("\"”“'’(),;:%")
    if not word or not word[0].isalnum():
        return "none"
    if word[0].isdigit():
        return "figure"
    if word[0].isupper():
        return "day" if word in word_list("calendar") else "place" if word in word_list("places") else "Cap"
    closed = next((kind for kind in KINDS if word in function_words(kind)), "")
    if is_time(word):
        return "time"
    if closed or word in function_words("clause-verb"):
        return closed or "clause-verb"
    if is_finite(word):
        return "finite"
    letters = speech(word)
    return "compound" if not letters and "-" in word else letters.replace("o", "") if len(letters) < 5 else "many"


@functools.lru_cache(1 << 16)
def first_class(word: str) -> str:
    """The class of a capitalized word: closed, or whether it is a name, and its parts of speech when small."""
    small = word.lower()
    if word in ("I", "A"):
        return word
    for kind in ("number", *OPENING_KINDS):
        if small in function_words(kind):
            return kind
    if word in word_list("calendar"):
        return "day"
    if word.isupper() and len(word) > 1:
        return "acronym"
    letters = speech(small).replace("o", "")
    return ("N" if word in names() else "") + (letters if len(letters) < 5 else "many")


@functools.lru_cache(1 << 16)
def opening_kind(word: str) -> str:
    """What a capitalized word opens a sentence as: "open" for closed classes, "common" or "name"."""
    kind = first_class(word)
    if kind in ("I", "A", "number") or kind in OPENING_KINDS or kind == "r":
        return "open"
    return "name" if kind[:1] == "N" or kind in ("acronym", "") else "common"
