"""Which language an article is in: letters first, words where letters are unsure, n-grams where both are."""

import dataclasses
import math
import re
from importlib import resources
from typing import NamedTuple

from articles import Article
from transforms.language_models import rank_by_bytes, score_ngrams, score_words
from transforms.language_scripts import find_script, only

_SAMPLE = 320
"""Characters looked at; on news texts more change nothing but the time (benchmarks/quality/language.py)."""

_GLANCE = 160
"""Characters that settle most texts, looked at first."""

_FEWEST_LETTERS = 3
"""Letters below which nothing is said, but for scripts of one language."""

_SURE = 20.0
"""Nats by which byte n-grams alone decide."""

_CANDIDATES = 24
"""Languages whose words are looked up in the end: by letters, a word or two of the right one may rank that low."""

_CONTENDERS = 8
"""Languages whose words are looked up first, that langdetect tells apart, and that share the confidence."""

_WORD_WEIGHT = 6.0
"""What a nat by words counts for, against one by letters: words are sparse but hardly ever mislead."""

_CLOSE = 40.0
"""Nats, after words, below which langdetect is asked as well."""

_NGRAM_WEIGHT = 0.5
_LEAST_PROBABILITY = 1e-3
_DECLARED = 6.0
"""Nats for the language the source declared: settles two words, never outweighs a paragraph."""

_ADDRESS = re.compile(r"\S*(?:://|www\.|@)\S*")
_RENAMED = {"no": "nb", "iw": "he", "in": "id", "ji": "yi", "tl": "fil", "mo": "ro", "sh": "sr", "cmn": "zh"}
"""Deprecated or wider subtags of BCP 47's registry, by the one this table has."""

_BY_SCRIPT = {"Kana": "ja", "Han": "zh", "Hangul": "ko"}


class Guess(NamedTuple):
    """A language (BCP 47) and the probability that it is right."""

    language: str
    confidence: float


class _Language(NamedTuple):
    code: str
    scripts: tuple[str, ...]
    labels: tuple[str, ...]
    word_list: str | None
    handicap: float


def _read_languages() -> dict[str, _Language]:
    table = resources.files("transforms").joinpath("data/languages.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return {
        code: _Language(
            code, tuple(scripts.split(",")), tuple(labels.split(",")), None if words == "-" else words, float(nats)
        )
        for code, scripts, labels, words, nats in rows
    }


_LANGUAGES = _read_languages()
_BY_LABEL = {label: language for language in _LANGUAGES.values() for label in language.labels}
_CODES_BY_SCRIPT: dict[str, list[str]] = {}
for _language in _LANGUAGES.values():
    for _script in _language.scripts:
        _CODES_BY_SCRIPT.setdefault(_script, []).append(_language.code)


def identify(article: Article) -> Article:
    """Give a normalized article its language, None where it has too few letters to tell."""
    guess = detect(_sample(article), article.language_declared)
    if guess is None:
        return dataclasses.replace(article, language=None, language_confidence=None)
    return dataclasses.replace(article, language=guess.language, language_confidence=guess.confidence)


def detect(text: str, declared: str | None = None) -> Guess | None:
    """Tell the language of `text`, whose source declared it to be `declared` (any BCP 47 tag).

    The same answer on every call. Chinese is `zh` in either script, Norwegian `nb` or `nn`.

    >>> detect("Das Wetter bleibt am Wochenende kühl und regnerisch.").language
    'de'
    >>> detect("+++ 17:05 +++") is None
    True
    """
    script, letters = find_script(text)
    if script is None:
        return None
    if script in _BY_SCRIPT:
        return Guess(_BY_SCRIPT[script], 1.0 if letters >= _FEWEST_LETTERS else 0.9)
    codes = _CODES_BY_SCRIPT.get(script, [])
    if len(codes) == 1:
        return Guess(codes[0], 1.0 if letters >= _FEWEST_LETTERS else 0.9)
    if not codes or letters < _FEWEST_LETTERS:
        return None
    return _weigh(only(script, text), script, declared)


def _weigh(text: str, script: str, declared: str | None) -> Guess | None:
    ranked = _rank_by_letters(text[:_GLANCE], script, declared)
    if len(text) > _GLANCE and not _is_clear(ranked, _SURE):
        ranked = _rank_by_letters(text, script, declared)
    if not ranked:
        return None
    if not _is_clear(ranked, _SURE):
        likely, further = ranked[:_CONTENDERS], ranked[_CONTENDERS:]
        ranked = _ask_words(text, dict(likely))
        if not _is_clear(ranked, _CLOSE):
            ranked = _best_first({**dict(ranked), **dict(_ask_words(text, dict(further)))})
            ranked = _ask_ngrams(text, dict(ranked[:_CONTENDERS]))
    return Guess(ranked[0][0], _confidence(ranked[:_CONTENDERS], min(len(text), _SAMPLE)))


def _is_clear(ranked: list[tuple[str, float]], nats: float) -> bool:
    return len(ranked) == 1 or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] >= nats)


def _best_first(scores: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def _rank_by_letters(text: str, script: str, declared: str | None) -> list[tuple[str, float]]:
    """Give the likeliest languages of the script, handicaps and declaration counted, best first."""
    preferred = _subtag(declared)
    scores: dict[str, float] = {}
    for label, score in rank_by_bytes(text, frozenset(_BY_LABEL)):
        language = _BY_LABEL[label]
        if script not in language.scripts:
            continue
        weighed = score - language.handicap + (_DECLARED if language.code == preferred else 0.0)
        scores[language.code] = max(weighed, scores.get(language.code, weighed))
        if len(scores) >= _CANDIDATES:
            break
    return _best_first(scores)


def _ask_words(text: str, scores: dict[str, float]) -> list[tuple[str, float]]:
    lists = {code: name for code in scores if (name := _LANGUAGES[code].word_list)}
    gains = score_words(text, lists)
    weighed = {code: score + _WORD_WEIGHT * gains.get(code, 0.0) for code, score in scores.items()}
    return _best_first(weighed)


def _ask_ngrams(text: str, scores: dict[str, float]) -> list[tuple[str, float]]:
    chances = score_ngrams(text, sorted(scores))
    if chances:
        for code in scores:
            scores[code] += _NGRAM_WEIGHT * math.log(max(chances.get(code, 0.0), _LEAST_PROBABILITY))
    return _best_first(scores)


def _confidence(ranked: list[tuple[str, float]], length: int) -> float:
    """Bring naive Bayes' overconfident nats to a probability: they grow with the text, its errors less so."""
    scale = 1.0 / math.sqrt(length)
    return 1.0 / sum(math.exp((score - ranked[0][1]) * scale) for _, score in ranked)


def _subtag(tag: str | None) -> str:
    primary = (tag or "").replace("_", "-").partition("-")[0].lower()
    return _RENAMED.get(primary, primary)


def _sample(article: Article) -> str:
    """Take the body's beginning, with title and summary where that is short."""
    text = article.body[: 2 * _SAMPLE]
    if len(text) < _SAMPLE:
        title = article.title.lower() if article.title.isupper() else article.title
        text = "\n".join((title, article.summary or "", text))
    if "://" in text or "@" in text or "www." in text:
        text = _ADDRESS.sub(" ", text)
    return text[:_SAMPLE]
