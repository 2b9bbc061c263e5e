"""Features of style that carry no topic, for the translation model."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from transforms.artifacts.lexicon import function_words, read_lines, words
from transforms.artifacts.text import Text

CONTRACTION = re.compile(r"[’'](?:t|re|ve|ll|d|m)\Z")
POSSESSIVE = re.compile(r"[’']s?\Z")
MARKS = {"comma": ",", "semicolon": ";", "colon": ":", "parenthesis": "(", "question": "?", "dash": "–—", "quote": '"“'}
ENDINGS = ("ing", "ed", "ly", "tion", "s")
CLASSES = ("determiner", "preposition", "conjunction", "pronoun", "auxiliary", "adverb")
FIRST = re.compile(r"[\"“]|\w+")
FIRST_CLASS = {word: name for name in CLASSES for word in function_words(name)}
OPENINGS = (*CLASSES, "quote", "comma", "report", "other")
EARLY = 40
SENTENCE = re.compile(r"[.!?]+[\"'”’)]*(?:\s+|\Z)|\n+")
MARKERS = tuple(read_lines("style-markers.txt"))
"""Function words and pairs of them whose rates are features; a closed list without content words."""
PAIRS = tuple(marker for marker in MARKERS if " " in marker)
SINGLES = tuple(marker for marker in MARKERS if " " not in marker)


def measure(texts: Iterable[Text], artifacts: Mapping[str, int]) -> dict[str, float]:
    """Rates per word of function words, punctuation, endings and artifacts; sentence lengths in log words.

    `artifacts` counts the tags by kind. Rates are square roots of counts per word, which makes
    their spread alike in short and long texts (Anscombe's transform, roughly).
    """
    strings = [text.string for text in texts if text.string]
    joined = "\n".join(strings)
    tokens = [word.lower().replace("’", "'") for text in texts for word in text.words]
    counts = Counter(tokens)
    total = max(1, len(tokens))
    found: dict[str, float] = {f"word:{word}": counts[word] for word in SINGLES}
    if PAIRS:
        pairs = Counter(zip(tokens, tokens[1:], strict=False))
        found.update({f"pair:{pair}": pairs[tuple(pair.split(" "))] for pair in PAIRS})  # type: ignore[index]
    for name in CLASSES:
        found[f"class:{name}"] = sum(counts[word] for word in function_words(name))
    for name, marks in MARKS.items():
        found[f"mark:{name}"] = sum(map(joined.count, marks))
    found["contraction"] = sum(number for word, number in counts.items() if "'" in word and CONTRACTION.search(word))
    found["possessive"] = sum(number for word, number in counts.items() if "'" in word and POSSESSIVE.search(word))
    lexicon = words()
    content = [(word, number) for word, number in counts.items() if len(word) > 3]
    for ending in ENDINGS:
        found[f"ending:{ending}"] = sum(number for word, number in content if word.endswith(ending))
    for letter, name in (("p", "plural"), ("s", "noun"), ("j", "adjective"), ("d", "past"), ("g", "participle"), ("v", "base")):
        found[f"speech:{name}"] = sum(number for word, number in content if lexicon.get(word) == letter)
    rates = {name: math.sqrt(number / total) for name, number in found.items()}
    rates.update({f"artifact:{kind}": math.sqrt(number / total) for kind, number in artifacts.items()})
    rates.update(lengths(strings, counts, total))
    rates.update(openings(strings))
    return rates


def openings(strings: list[str]) -> dict[str, float]:
    """How sentences begin: shares by the class of the first word, and of those with an early comma."""
    found = Counter[str]()
    sentences = 0
    for string in strings:
        for piece in SENTENCE.split(string):
            if len(piece) <= 3:
                continue
            sentences += 1
            opening = piece[:60]
            first = FIRST.match(opening)
            if first is None:
                continue
            if first[0] in "\"“":
                found["quote"] += 1
            else:
                found[FIRST_CLASS.get(first[0].lower(), "other")] += 1
            if "," in opening and opening.index(",") < EARLY:
                found["comma"] += 1
            if "said" in piece or "told" in piece:
                found["report"] += 1
    return {f"opening:{name}": math.sqrt(found[name] / max(1, sentences)) for name in OPENINGS}


def lengths(strings: list[str], counts: Counter[str], total: int) -> dict[str, float]:
    """Sentence length and its spread, word length, and how often words come again."""
    spans = [math.log(piece.count(" ") + 1) for string in strings for piece in SENTENCE.split(string) if len(piece) > 3]
    mean = sum(spans) / max(1, len(spans))
    spread = math.sqrt(sum((value - mean) ** 2 for value in spans) / max(1, len(spans)))
    letters = sum(len(word) * number for word, number in counts.items()) / total
    return {
        "sentence:length": mean,
        "sentence:spread": spread,
        "word:length": letters / 5,
        "word:long": math.sqrt(sum(number for word, number in counts.items() if len(word) > 8) / total),
        "word:short": math.sqrt(sum(number for word, number in counts.items() if len(word) < 4) / total),
        "digits": math.sqrt(sum(number for word, number in counts.items() if word[0].isdigit()) / total),
        "once": math.sqrt(sum(number == 1 for number in counts.values()) / total),
        "variety": math.log(max(1, len(counts))) / math.log(max(2, total)),
    }
