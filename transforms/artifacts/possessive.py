"""Whether a capitalized word in -s is the possessive of a name, by its form, what stands around it, and its use."""

import itertools
import re

from transforms.artifacts.lexicon import function_words, names, speech, word_list
from transforms.artifacts.text import Text

NOT_BEFORE = frozenset("’'&.@#/<-")
CALENDAR = frozenset(f"{name}s" for name in word_list("calendar"))
CLOSED = ("preposition", "conjunction", "pronoun", "auxiliary", "determiner")
CLOSED_WORDS = frozenset().union(*(function_words(kind) for kind in CLOSED))
SIBILANT = re.compile(r"[a-z](?:[xz]|ch|sh|ss)s\Z")
"""No English plural and hardly a name ends so: they take -es."""
Y_ENDING = re.compile(r"[a-z]{2}[^aeiou\W]ys\Z")
NO_PHRASE = ("preposition", "conjunction", "auxiliary", "pronoun")
ARTICLES = frozenset(["the", "a", "an", "every", "each", "this"])
HABITUAL = frozenset(["on", "for", "to", "of", "in"])
"""What a plural of weekdays can stand after: "on Fridays close", but not "at Fridays close"."""
VERB_PREFIXES = frozenset(
    ["re", "co", "pre", "de", "dis", "mis", "over", "out", "under", "up", "cross", "fast", "double"]
)
BEFORE = 60
EVIDENCE = 20
"""Mentions of a name that are looked at: the cost of a text must not grow with their square."""


def is_possessive(text: Text, word: str, start: int) -> bool:
    """Whether a capitalized word in -s is a name's possessive, by lexicon, the text's own names and what follows."""
    stem, end = word[:-1], start + len(word)
    before = text.word_before(start)
    if text.string[start - 1 : start] in ("", "\n") and text.word_after(end)[:1].isdigit():
        return False  # a row of a table: "Revs 2.1 mln"
    if word in CALENDAR:
        if not word.endswith("days"):
            following = text.word_after(end)
            return is_noun(following) or is_participle_phrase(text, end, following)
        return before.lower() in function_words("dated") and is_noun(
            text.word_after(end), strict=before.lower() in HABITUAL
        )
    if is_told_by_form(text, word, end):
        return True
    if stem in word_list("places"):
        plural = is_plural_phrase(before) and before != "all"
        return not plural and before != "the" and opens_noun_phrase(text, end, known_bare=True)
    if len(stem) < 3 or stem.lower() + "s" != word.lower() or is_name_itself(text, word):
        return False
    return is_told_by_phrase(text, word, start, before) or is_told_by_use(text, word, end, before)


def is_told_by_form(text: Text, word: str, end: int) -> bool:
    """Whether a form can be no plural: "Moodys" beside "Moody's", "Qintexs bid", "Partys plans"."""
    if is_owned_elsewhere(text, word[:-1]) and not speech(word.lower()):
        return True
    if not SIBILANT.search(word) and not is_misspelt_plural(word):
        return False
    following = text.word_after(end)
    if following in function_words("number"):
        return True
    return following[:1].islower() and not any(following in function_words(kind) for kind in NO_PHRASE)


def is_told_by_phrase(text: Text, word: str, start: int, before: str) -> bool:
    """Whether the words around a form in -s leave no reading but the possessive."""
    stem, end = word[:-1], start + len(word)
    following, common = text.word_after(end), speech(word.lower())
    if before[:1].isupper() and stem in function_words("company") and is_noun(following):
        return True
    if before[:1].isupper() and is_longer_name(text, before, stem):
        return opens_noun_phrase(text, end, known_bare=True)
    if not common and is_personal(before):
        titled = not speech(before.lower()) or before.lower() in function_words("rank-of-person")
        if is_noun(following, strict=not titled):
            return True
    if is_body(text, stem, start) and has_possession(text, end):
        return True
    return (not common or (common == "o" and text.own_names[stem] > 0)) and stands_for_determiner(text, word, start)


def is_told_by_use(text: Text, word: str, end: int, before: str) -> bool:
    """Whether the text, or else the lexicon, knows the name that a form in -s would be the possessive of."""
    stem = word[:-1]
    known_bare = is_used(text, stem) and (text.own_names[stem] > 0 or stem in names())
    if is_plural_phrase(before) or not (known_bare or is_known(text, stem)):
        return False
    if before.lower() in ("the", "a") and not stem.isupper():
        return is_titled(text, stem) and is_noun(text.word_after(end), strict=True)
    if speech(word.lower()) and not is_proper(text, stem):
        return False
    return opens_noun_phrase(text, end, known_bare=known_bare)


def is_personal(before: str) -> bool:
    """Whether the word before is a name or a person's title."""
    return before in names() or before.lower() in function_words("rank-of-person")


def is_other_name(text: Text, word: str, start: int) -> bool:
    """Whether a form in -s that is a name too ("Frances", "Graces") is the possessive of one the text uses."""
    stem, end = word[:-1], start + len(word)
    before = text.word_before(start)
    if stem in word_list("places") and before.lower() not in ("the", "a"):
        return is_noun(text.word_after(end), strict=text.own_names[stem] == 0)
    if text.bare_names[stem] == 0 or before[:1].isupper() or before in ("the", "a") or is_plural_phrase(before):
        return False
    return not is_name_itself(text, word) and opens_noun_phrase(text, end, known_bare=True)


def is_owned_elsewhere(text: Text, stem: str) -> bool:
    """Whether the text has the possessive with its apostrophe: "Moody's" beside "Moodys"."""
    owned = 0
    for field in text.fields if any(stem in field.possessors for field in text.fields) else ():
        owned += field.counts[f"{stem}'s"] + field.counts[f"{stem}’s"]
    return owned > 0 and owned * 4 >= sum(field.counts[f"{stem}s"] for field in text.fields)


def is_body(text: Text, stem: str, start: int) -> bool:
    """Whether a word is the head of one body's name: "Energy Departments", not "Energy and Commerce Departments"."""
    if stem.lower() not in function_words("body"):
        return False
    before = text.string[max(0, start - BEFORE) : start].split()
    if len(before) < 2 or {"and", "or", "&"} & set(before[-3:-1]) or before[-2].endswith(","):
        return False
    if before[-1] == "the":
        return text.own_names[stem] > 0 or stem.lower() in text.vocabulary
    return before[-1][0].isupper()


def is_misspelt_plural(word: str) -> bool:
    """Whether a form in -ys is no plural: that of a common noun is written -ies."""
    return bool(Y_ENDING.search(word)) and "s" in speech(word[:-1].lower()) and not speech(word.lower())


def has_possession(text: Text, end: int) -> bool:
    """Whether a noun follows and, if it is a verb too, no object of its own: "study on", not "study the"."""
    following = text.word_after(end)
    second = text.word_after(end + 1 + len(following))
    return (
        following[:1].islower()
        and is_noun(following)
        and second not in function_words("determiner")
        and second not in function_words("pronoun")
    )


def stands_for_determiner(text: Text, word: str, start: int) -> bool:
    """Whether one noun follows that would else lack its article: "from Alcoas mine"."""
    end = start + len(word)
    before, following = text.word_before(start), text.word_after(end)
    letters = set(speech(following))
    second = text.word_after(end + 1 + len(following))
    if (
        "s" not in letters
        or letters & set("pxz")
        or (letters & set("dnj") and second not in function_words("auxiliary"))
    ):
        return False
    if not (is_free(before) or (before in names() and not speech(before.lower()))):
        return False
    ends = not second or any(second in function_words(kind) for kind in ("preposition", "conjunction", "auxiliary"))
    return ends and not is_name_itself(text, word)


def is_free(before: str) -> bool:
    """Whether the word before a noun phrase is no part of it."""
    if not before or before in function_words("determiner"):
        return False
    return any(before in function_words(kind) for kind in ("preposition", "conjunction", "clause-verb")) or bool(
        set(speech(before)) and not set(speech(before)) & set("spj")
    )


def is_plural_phrase(before: str) -> bool:
    """Whether the word before calls for a plural: "both", "these", "two"."""
    return before.lower() in function_words("plural-determiner")


def is_used(text: Text, word: str) -> bool:
    """Whether a word stands in title or body."""
    return any(word in field.vocabulary for field in text.fields)


def is_longer_name(text: Text, before: str, stem: str) -> bool:
    """Whether the text has the name of two words that the possessive would belong to: "World Bank" of "World Banks"."""
    name = f"{before} {stem}"
    return any(
        field.string[at + len(name) : at + len(name) + 1] not in NOT_BEFORE
        for field in text.fields
        if not field.is_headline_case
        for at in itertools.islice(field.find_word(name), EVIDENCE)
    )


def is_titled(text: Text, stem: str) -> bool:
    """Whether the text speaks of one such body, by "the" and the singular: "the Treasury"."""
    return any(
        text.word_before(at).lower() == "the" and not text.word_after(at + len(stem))[:1].isupper()
        for at in itertools.islice(text.find_word(stem), EVIDENCE)
    )


def is_name_itself(text: Text, word: str) -> bool:
    """Whether the text elsewhere uses the form in -s where a possessive can't stand: "Dixons said", "<Dixons>"."""
    for field in text.fields:
        for at in itertools.islice(field.find_word(word), EVIDENCE):
            following = field.word_after(at + len(word))
            if not following or following in function_words("auxiliary") or set(speech(following)) == {"d", "n"}:
                return True
    return False


def is_known(text: Text, stem: str) -> bool:
    """Whether a word is a name by the lexicon or by the text's own use."""
    return (stem in names() and len(stem) > 4) or stem.isupper() or text.own_names[stem] > 0


def is_proper(text: Text, stem: str) -> bool:
    """Whether a word that also has a common sense ("Turkey", "Senator") is a name: used bare, not after an article."""
    bare = 0
    for field in text.fields:
        for at in itertools.islice(field.find_word(stem), EVIDENCE):
            before, following = field.word_before(at), field.word_after(at + len(stem))
            if before.lower() in ARTICLES and not (following and is_noun(following)):
                return False
            bare += not before[:1].isupper() and before.lower() not in ARTICLES and not following[:1].isupper()
    return bare > 0


def opens_noun_phrase(text: Text, position: int, *, known_bare: bool) -> bool:
    """Whether the word after a position continues a noun phrase and is no verb of the word before it."""
    following = text.word_after(position)
    if not following:
        return False
    if following[0].isupper() or following[0].isdigit():
        if following.partition("'")[0] in function_words("company") or len(following) == 1:
            return False
        return known_bare and following.lower() not in function_words("preposition")
    if following in function_words("number") or following in ("more", "most"):
        return known_bare
    if not known_bare:
        return is_noun(following, strict=True) or is_graded(text, position, following)
    if "-" in following:
        return is_compound(text, position, following)
    if speech(following) in ("", "o") or (
        text.word_after(position + 1 + len(following)) == "of" and "s" in speech(following)
    ):
        return following.isalpha() and following not in CLOSED_WORDS
    return is_noun(following) or is_participle_phrase(text, position, following) or is_graded(text, position, following)


def is_noun(word: str, *, strict: bool = False) -> bool:
    """Whether a word can stand after a possessive and is no finite verb or function word; `strict`: nor any verb."""
    if word in function_words("possessed"):
        return True
    if word in CLOSED_WORDS:
        return False
    letters = speech(word)
    if not letters and "-" in word:
        return not strict and not word.endswith("-")
    if not set(letters) & set("spj"):
        return False
    return not set(letters) & set("dxvz" if strict else "dx") and word not in function_words("adverb")


def is_participle_phrase(text: Text, position: int, following: str) -> bool:
    """Whether a past form after a name is an adjective: "Trumps failed bid"."""
    if not set(speech(following)) & set("ng") or following in function_words("auxiliary"):
        return False
    second = text.word_after(position + 1 + len(following))
    return bool(second) and second[0].islower() and bool(set(speech(second)) & set("sp")) and is_noun(second)


def is_compound(text: Text, position: int, following: str) -> bool:
    """Whether a compound can qualify or follow a name: "Norways state-owned mine", not "Norways co-signed the pact"."""
    first, _, last = following.rpartition("-")
    letters = set(speech(last))
    if not first or first in VERB_PREFIXES or not letters & set("spjngr"):
        return False
    second = text.word_after(position + 1 + len(following))
    return "d" not in letters or bool(set(speech(second)) & set("spj"))


def is_graded(text: Text, position: int, following: str) -> bool:
    """Whether an adverb and what it qualifies follow: "New Zealands broadly defined supply"."""
    second = text.word_after(position + 1 + len(following))
    return speech(following) == "r" and following.endswith("ly") and bool(set(speech(second)) & set("jn"))
