"""Features of style that carry no topic, for the translation model."""

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from transforms.artifacts.lexicon import function_words, read_lines, words
from transforms.artifacts.text import Text

MARKS = {"comma": ",", "semicolon": ";", "colon": ":", "parenthesis": "(", "question": "?", "dash": "–—", "quote": '"“'}
CONTRACTED = ("'t", "'re", "'ve", "'ll", "'d", "'m")
ENDINGS = ("ing", "ed", "ly", "tion", "s")
LAST = {"g": ("ing",), "d": ("ed",), "y": ("ly",), "n": ("tion",), "s": ("s",)}
ENDING_OF = {ending: f"ending:{ending}" for ending in ENDINGS}
CLASSES = ("determiner", "preposition", "conjunction", "pronoun", "auxiliary", "adverb")
SPEECH = {
    "p": "speech:plural", "s": "speech:noun", "j": "speech:adjective", "d": "speech:past", "g": "speech:participle",
    "v": "speech:base",
}  # fmt: skip
FORMS = (
    "once", "word:short", "word:long", "contraction", "possessive", "digits", *ENDING_OF.values(), *SPEECH.values(),
)  # fmt: skip
FIRST = re.compile(r"[\"“]|\w+")
FIRST_CLASS = {word: name for name in CLASSES for word in function_words(name)}
OPENINGS = (*CLASSES, "quote", "comma", "report", "other")
EARLY = 40
MARKERS = tuple(read_lines("style-markers.txt"))
"""Function words and pairs of them whose rates are features; a closed list without content words."""
PAIRS = {
    (first, second): f"pair:{first} {second}" for first, _, second in (m.partition(" ") for m in MARKERS) if second
}
SINGLES = {marker: f"word:{marker}" for marker in MARKERS if " " not in marker}


def measure(texts: Iterable[Text], artifacts: Mapping[str, int]) -> dict[str, float]:
    """Rates per word of function words, punctuation, endings and artifacts; sentence lengths in log words.

    `artifacts` counts the tags by kind. Rates are square roots of counts per word, which makes
    their spread alike in short and long texts (Anscombe's transform, roughly).
    """
    strings = [text.string for text in texts if text.string]
    joined = "\n".join(strings)
    tokens = " ".join([word for text in texts for word in text.words]).lower().replace("’", "'").split(" ")
    counts = Counter(tokens)
    total = max(1, len(tokens))
    pairs = Counter(itertools.pairwise(tokens))
    found: dict[str, float] = {name: counts[word] for word, name in SINGLES.items()}
    found.update({name: pairs[pair] for pair, name in PAIRS.items()})
    for name in CLASSES:
        found[f"class:{name}"] = sum(map(counts.__getitem__, function_words(name) & counts.keys()))
    for name, marks in MARKS.items():
        found[f"mark:{name}"] = sum(map(joined.count, marks))
    found.update(sort_forms(counts))
    rates = {name: math.sqrt(number / total) for name, number in found.items() if number}
    rates.update({f"artifact:{kind}": math.sqrt(number / total) for kind, number in artifacts.items()})
    rates["variety"] = math.log(max(1, len(counts))) / math.log(max(2, total))
    rates["word:length"] = sum(map(len, tokens)) / total / 5
    pieces = split_sentences(joined)
    rates.update(lengths(pieces))
    rates.update(openings(pieces))
    return rates


def split_sentences(string: str) -> list[str]:
    """Stretches between full stops and line ends; quick rather than exact, as only averages are taken."""
    for mark in ('."', ".”", '?"', "?”", '!"', "!”", "? ", "! ", "\n"):
        string = string.replace(mark, ". ")
    return [piece for piece in string.split(". ") if len(piece) > 3]


def sort_forms(counts: Counter[str]) -> dict[str, int]:
    """How many words have which ending, length and unmistakable part of speech."""
    found = dict.fromkeys(FORMS, 0)
    lexicon = words()
    for word, number in counts.items():
        if number == 1:
            found["once"] += 1
        if len(word) < 4:
            found["word:short"] += number
        elif not word.isalpha():
            sort_mixed(word, number, found)
        else:
            letters = lexicon.get(word)
            if letters in SPEECH:
                found[SPEECH[letters]] += number
            if len(word) > 8:
                found["word:long"] += number
            if word[-1] in LAST:
                for ending in LAST[word[-1]]:
                    if word.endswith(ending):
                        found[ENDING_OF[ending]] += number
    return found


def sort_mixed(word: str, number: int, found: dict[str, int]) -> None:
    """Count a word with digits or an apostrophe."""
    if word.endswith(CONTRACTED):
        found["contraction"] += number
    elif word.endswith("'s"):
        found["possessive"] += number
    elif word[0].isdigit():
        found["digits"] += number


def lengths(pieces: list[str]) -> dict[str, float]:
    """Mean and spread of the sentences' lengths, in log words."""
    spans = [math.log(piece.count(" ") + 1) for piece in pieces]
    mean = sum(spans) / max(1, len(spans))
    spread = math.sqrt(sum((value - mean) ** 2 for value in spans) / max(1, len(spans)))
    return {"sentence:length": mean, "sentence:spread": spread}


def openings(pieces: list[str]) -> dict[str, float]:
    """How sentences begin: shares by the class of the first word, and of those with an early comma."""
    found = Counter[str]()
    for piece in pieces:
        first = FIRST.match(piece)
        if first is None:
            continue
        if first[0] in '"“':
            found["quote"] += 1
        else:
            found[FIRST_CLASS.get(first[0].lower(), "other")] += 1
        found["comma"] += piece.find(",", 0, EARLY) >= 0
        found["report"] += "said" in piece or "told" in piece
    return {f"opening:{name}": math.sqrt(found[name] / max(1, len(pieces))) for name in OPENINGS}
