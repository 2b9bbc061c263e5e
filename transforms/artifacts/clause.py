"""Whether the words after a noun are a clause of its own, told from the closed classes and the lexicon."""

import functools
import re
from collections.abc import Sequence

from transforms.artifacts.lexicon import function_words, speech, word_list
from transforms.artifacts.text import Text

FOLLOWING = re.compile(r"(?: [\w’'.,/-]*\w){1,8}")
SENTENCE = 300
STOP = re.compile(r"[.!?:;][\"”’)]* |\n")
CLAUSE_START = re.compile(
    STOP.pattern + r"|\b(?:that|which|who|where|when|as|if|said|told|and|but|or|because|since|while|whether|so)\b|, "
)
ATTRIBUTION = re.compile(r"(?P<claim>.+),(?P<quote>[\"”]?) (?P<who>[^,]{1,60}) (?:said|say|says|noted|added)")
SUBORDINATE = function_words("conjunction") | function_words("preposition") | {"that", "which", "who", "whose", "whom"}
NO_SPEAKER = SUBORDINATE | function_words("adverb")
RELATIVE = frozenset(["who", "which", "whose"])
COPULAS = frozenset(["is", "are", "was", "were", "isn't", "aren't", "wasn't", "weren't"])
PERFECTS = frozenset(["has", "have", "had"])
NAMED = re.compile(r"(?: (?:[A-Z][\w&-]*|and(?= [A-Z])|of(?= [A-Z]))){0,4}")


def words_after(text: Text, position: int) -> list[str]:
    """Up to eight words that follow one blank apart, within a sentence."""
    match = FOLLOWING.match(text.string, position)
    return match[0].split() if match else []


@functools.lru_cache(1 << 15)
def is_finite(word: str) -> bool:
    """Whether a word is a finite verb and no noun or adjective: "is", "rose", "signed"; not "shares"."""
    if word in function_words("auxiliary"):
        return True
    letters = set(speech(word))
    return ("d" in letters and not letters & set("sj")) or letters == {"z"}


def is_whole_clause(words: Sequence[str]) -> bool:
    """Whether words open with a finite verb that has what it needs: "paid him", "is a mine"; not "signed".

    A relative clause without its pronoun ("the deal Larsen signed") lacks the object that the noun
    before it stands for; a verb whose object follows opens no such clause.
    """
    rest = without_adverbs(words)
    if len(rest) < 2 or not (is_finite(rest[0]) or "z" in speech(rest[0])):
        return False
    verb, rest = rest[0], without_adverbs(rest[1:])
    if verb in COPULAS:
        return bool(rest) and (not rest[0].endswith("ing") or is_object(rest[1:]))
    if verb in function_words("auxiliary"):
        if not rest:
            return False
        if verb in PERFECTS and is_object(rest):
            return True
        verb, rest = rest[0], rest[1:]
        if verb in ("be", "been"):
            return bool(rest) and (not rest[0].endswith("ing") or is_object(rest[1:]))
        if not set(speech(verb)) & set("vn"):
            return False
    return is_object(rest)


def without_adverbs(words: Sequence[str]) -> Sequence[str]:
    """Words from the first that is no adverb."""
    for index, word in enumerate(words):
        if speech(word) != "r" and word not in function_words("adverb"):
            return words[index:]
    return []


def is_object(words: Sequence[str]) -> bool:
    """Whether words open with an object rather than a time: "the mine", "15 pct"; not "last week", "in May"."""
    if not words:
        return False
    first, second = words[0], words[1] if len(words) > 1 else ""
    if is_time(first) or is_time(second):
        return False
    if first[0].isdigit() or first in function_words("number") or first in function_words("determiner"):
        return bool(second)
    if first in ("him", "them", "it", "that", "us"):
        return True
    if first[0].isupper():
        return first not in word_list("calendar")
    letters = set(speech(first))
    return "p" in letters or ("j" in letters and bool(set(speech(second)) & set("sp"))) or letters == {"s"}


def is_time(word: str) -> bool:
    """Whether a word is a unit of time, one or many: "weeks"."""
    return word in function_words("time") or word.removesuffix("s") in function_words("time") or word == "ago"


def ends_attribution(text: Text, position: int) -> bool:
    """Whether a sentence ends with who said so: "prices rose, a trader said". No clause can follow what was said."""
    before = STOP.split(text.string[max(0, position - SENTENCE) : position])[-1]
    match = ATTRIBUTION.fullmatch(before)
    if match is None or match["who"].partition(" ")[0].lower() in NO_SPEAKER:
        return False
    if match["quote"]:
        return True
    claim = match["claim"].split()
    first, second = claim[0].lower(), claim[min(1, len(claim) - 1)]
    if first in SUBORDINATE or first.endswith(("ing", "ed")) or second in function_words("conjunction"):
        return False
    return any(map(is_finite, claim)) and RELATIVE.isdisjoint(match["claim"].rpartition(", ")[2].split()[:1])


def is_closed(text: Text, position: int) -> bool:
    """Whether the clause before a position has its verb, and one that no other clause hangs on: "rose in Japan"."""
    before = CLAUSE_START.split(text.string[max(0, position - SENTENCE) : position])[-1]
    verbs = [word for word in before.split() if is_finite(word)]
    return bool(verbs) and verbs[-1] not in function_words("clause-verb")


def name_end(text: Text, position: int) -> int:
    """Where the name ends that goes on at a position: " Inn" of "Pizza Inn has"."""
    match = NAMED.match(text.string, position)
    return match.end() if match else position
