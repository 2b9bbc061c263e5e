"""The script a text is written in, which often is its language, and never the other way round."""

import bisect
import re
from collections import Counter
from importlib import resources

_ROWS = sorted(
    (int(first, 16), int(last, 16), name)
    for name, first, last in (
        line.split("\t")
        for line in resources.files("transforms").joinpath("data/scripts.tsv").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    )
)
_STARTS = [first for first, _, _ in _ROWS]
_LETTERS = re.compile(r"[^\W\d_]")
_LATIN = re.compile("[A-Za-z\u00aa-\u024f\u1e00-\u1eff]")
_NOT_LATIN = re.compile(r"[^\W\d_A-Za-z\u00aa-\u024f\u1e00-\u1eff]+")

_KANA_SHARE = 0.05
"""Japanese prose is half kana and its tersest headlines a tenth; Chinese quotes a kana word at most."""

_WEIGHT = 3
"""Latin letters that one of another script outweighs: Latin names, headers and links stand in every
language's text, other scripts in Latin text only as a quoted word. A Han character is a word, too."""


def find_script(text: str) -> tuple[str | None, int]:
    """Give the script of most letters (`Han`, `Kana` for Japanese, …; None without letters) and their number.

    >>> find_script("總統府發言人表示"), find_script("東京の天気")[0], find_script("17:05")
    (('Han', 8), 'Kana', (None, 0))
    """
    if text.isascii():
        letters = len(_LATIN.findall(text))
        return ("Latin", letters) if letters else (None, 0)
    counts = Counter(map(_script_of, _LETTERS.findall(text)))
    if not counts:
        return None, 0
    latin = counts.pop("Latin", 0)
    han, kana, hangul = counts.pop("Han", 0), counts.pop("Kana", 0), counts.pop("Hangul", 0)
    if han or kana or hangul:
        east_asian = "Hangul" if hangul * 4 > han + kana else "Kana" if kana > _KANA_SHARE * (han + kana) else "Han"
        counts[east_asian] = han + kana + hangul
    script, letters = max(counts.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    return (script, letters) if letters * _WEIGHT > latin else ("Latin", latin)


def only(script: str, text: str) -> str:
    """Blank out the letters of other scripts, so that names and web addresses in Latin don't vote.

    >>> only("Cyrillic", "по данным Reuters").split()
    ['по', 'данным']
    """
    if script == "Latin":
        return text if text.isascii() else _NOT_LATIN.sub(" ", text)
    return _LATIN.sub(" ", text)


def _script_of(letter: str) -> str:
    code = ord(letter)
    if code < _STARTS[0]:
        return "Latin"
    _, last, name = _ROWS[bisect.bisect_right(_STARTS, code) - 1]
    return name if code <= last else "Latin"
