"""What the name of a person or a desk looks like, in many languages, by rule and not by a list of names."""

import dataclasses
import re
from collections.abc import Iterator

from transforms.editorial import vocabulary

_PARTICLES = vocabulary.words("particles.txt")
_DESKS = vocabulary.words("desks.txt")
_NOT_NAMES = vocabulary.words("not_places.txt")
_SURNAMES = vocabulary.words("surnames.txt")

_WORD = re.compile(r"(?:[^\W\d_]|['’‘`](?=[^\W\d_]))(?:[^\W\d_]|['’‘`.\-‐‑·](?=[^\W\d_])|(?<=[^\W\d_])\.)*")
_HAN = re.compile(r"[㐀-鿿豈-﫿々]{1,12}(?:[·•・‧][㐀-鿿ァ-ヶー]{1,12})*")
_KANA_OR_HANGUL = re.compile(r"[ぁ-ヶー㐀-鿿]{2,12}|[가-힣]{2,5}")
_CODE = re.compile(r"[\s_,，\-–—(（\[]{0,3}(?P<code>[A-Za-z]{1,4}[-_]?\d{2,6})(?![\w])[)）\]]?")
_PARTED_CODE = re.compile(r"[\s_,，]{1,2}(?P<code>[A-Za-z]{2,4} \d{3,6})(?!\w)")
_SEPARATOR = re.compile(
    r"\s*(?:,\s*and\s+|[,、，;；/&|｜+]|\s(?:and|et|und|y|e|и|en|og|och|with|avec|mit|con)\s|\band\b)\s*", re.IGNORECASE
)
_THE = re.compile(r"the\s(?=[^\W\d_a-z])")
_JOINERS = frozenset({"and", "et", "und", "og", "och", "with", "avec", "mit", "e", "y", "и"})
_OPENING = re.compile(r"[\s\[(（【〔“\"'‘：:>*]*")
_PLACE = re.compile(r"\s+(?:in|from|at|à|au|en|aus|v|в|из|a|desde|em)\s+(?=[^\W\d_])")
_FILED_FROM = re.compile(
    r"\s+(?:in|from|at|à|au|en|aus|in|в|из|desde|em|a)\s+"
    r"(?:(?:the|la|der|a)\s+(?:newsroom|redacción|rédaction|redaktion|redação|redazione)\s+(?:in|de|di|à|a|em)\s+)?(?:[^\W\d_a-zß-öø-ÿа-яё][\w.'’-]*(?:,?\s+(?:and\s+)?|,)?){1,8}"
)
_SYLLABLE = (
    r"(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?"
    r"(?:[aeiouüv]|[ae]i|[ao]u|ao|[ae]ng?|er|ong|i(?:a|e|ao|u|ang?|ng?|ong)|u(?:a|o|ai|i|ang?|n|e)|[üv]e)"
)
_PINYIN = re.compile(rf"(?:{_SYLLABLE}){{1,3}}(?:['’-]?{_SYLLABLE})?", re.IGNORECASE)
MAX_WORDS, LOOSE_WORDS = 6, 3


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """A name, a staff code, or both; half-open offsets into the text that was read."""

    name: str | None
    code: str | None
    start: int
    end: int


def people(text: str, start: int = 0, *, loose: bool = False) -> Iterator[Person]:
    """Yield the people named one after the other from `start` on; stop at the first thing that's no name.

    `loose` also takes up to three words that aren't all capitalised where nothing follows them, as desks
    and accounts sign ("huaxia", "zhang wei", "Northern lights").

    >>> [(p.name, p.code) for p in people("Liu Yuxin, nbjs7825")]
    [('Liu Yuxin', 'nbjs7825')]
    >>> [p.name for p in people("Sun Tingwen Zhao Yamin and J. M. de la Cruz in Paris")]
    ['Sun Tingwen', 'Zhao Yamin', 'J. M. de la Cruz']
    """
    position, placed = start, False
    while True:
        position = _end(_OPENING, text, position)
        desk = _end(_THE, text, position)
        found = _person(text, desk, loose=loose)
        if found is None or (desk > position and not _is_desk(found)):
            return
        single = found.name is not None and " " not in found.name and found.name.isascii()
        if not (placed and single):
            yield found
        position, placed_here = _skip_place(text, found.end)
        placed = placed_here or (placed and single)
        after = _SEPARATOR.match(text, position)
        if after is not None:
            position = after.end()
        elif not text[position : position + 1].isspace() or not _follows(
            text, position, chinese=is_chinese(found.name or "")
        ):
            return


def _is_desk(person: Person) -> bool:
    return person.name is not None and person.name.rsplit(maxsplit=1)[-1].casefold() in _DESKS


def _follows(text: str, position: int, *, chinese: bool) -> bool:
    """Whether another name stands right after a blank: a Chinese one, which is short enough to tell."""
    rest = text[position:].lstrip()
    if _han_name(rest, 0) is not None:
        return True
    words = list(_words(rest, 0))
    if chinese and len(words) == 2:
        return words[0][0].casefold() in _SURNAMES and words[0][0].istitle() and words[1][0].istitle()
    return _chinese_words(words) > 0


def rest(text: str, end: int) -> str:
    """Return what follows the last name, the places it was filed from left out.

    >>> rest("A. Roe in Washington, D.C.; writing", 6)
    '; writing'
    """
    return text[_end(_FILED_FROM, text, end) :]


def is_chinese(name: str) -> bool:
    """Whether a romanised name begins with a Chinese surname."""
    return name.partition(" ")[0].casefold() in _SURNAMES


def _person(text: str, start: int, *, loose: bool) -> Person | None:
    end = _name_end(text, start, loose=loose)
    code = _CODE.match(text, end) or (_PARTED_CODE.match(text, end) if is_chinese(text[start:end]) else None)
    if code is not None and (end > start or code.start("code") == start):
        return Person(text[start:end] or None, code["code"], start, code.end("code"))
    return Person(text[start:end], None, start, end) if end > start else None


def _name_end(text: str, start: int, *, loose: bool) -> int:
    han = _han_name(text, start)
    if han is not None:
        return han
    words = list(_words(text, start))
    if not words:
        return start
    chinese = _chinese_words(words)
    if chinese:
        return words[chinese - 1].end()
    if loose and len(words) <= LOOSE_WORDS and words[-1].end() == len(text.rstrip()):
        lowered = [word[0].casefold() for word in words]
        chinese_name = lowered[0] in _SURNAMES and all(_PINYIN.fullmatch(word) for word in lowered)
        if len(words) == 1 or chinese_name or (words[0][0].istitle() and _NOT_NAMES.isdisjoint(lowered)):
            return words[-1].end()
    return _cased_end(words, start)


def _cased_end(words: list[re.Match[str]], start: int) -> int:
    """Where a name of capitalised words and particles ends; `start` where the first word is none."""
    end = start
    shouted = all(word[0].isupper() for word in words[:2]) and any(len(word[0].strip(".")) > 2 for word in words[:2])
    for index, word in enumerate(words[:MAX_WORDS]):
        text = word[0].rstrip(".'’")
        if not text or (end > start and text.casefold() in _JOINERS):
            break
        capitalised = text[0].isupper() or (
            text[:2].casefold() in {"d'", "d’", "o'", "o’", "l'", "l’"} and text[2:3].isupper()
        )
        acronym = text.isupper() and len(text) > 2 and "." not in text and index < len(words) - 1
        small = not text.isupper() and len(text) > 2 and text.casefold() not in _PARTICLES | _DESKS
        if end > start and (acronym if not shouted else index > 1 and small):
            break  # "Li Yan ECNS App", "JANE ROE Associated Press"
        if text.casefold() in _DESKS and end > start:
            return word.end() if not word[0].endswith(".") else word.end() - 1
        if capitalised:
            end = word.end() if _abbreviated(word[0]) else word.start() + len(text)
            if word[0].endswith(".") and not _abbreviated(word[0]):
                break
        elif text.casefold() not in _PARTICLES:
            break
    return end


def _abbreviated(word: str) -> bool:
    """Whether the full stop belongs to the word: an initial, or a short form such as "Jr."."""
    return word.endswith(".") and (len(word) <= 3 or word.count(".") > 1)


def _words(text: str, start: int) -> Iterator[re.Match[str]]:
    """Yield the words from `start` on that only blanks part."""
    position = start
    for _ in range(MAX_WORDS + 2):
        word = _WORD.match(text, position)
        if word is None or text[word.end() : word.end() + 1].isdecimal():
            return
        yield word
        position = word.end()
        while position < len(text) and text[position] in " \t\n\xa0":
            position += 1
        if position == word.end():
            return


def _chinese_words(words: list[re.Match[str]]) -> int:
    """How many of the words make one romanised Chinese name, surname first; 0 for none.

    "Wang Jin Jin" has three, "Wang Jin Zhou Zhe" begins with two: the third is a surname again.
    """
    texts = [word[0] for word in words]
    if len(texts) < 2 or texts[0].casefold() not in _SURNAMES or not (texts[0][0].isupper() and texts[1][0].isupper()):
        return 0
    if not _PINYIN.fullmatch(texts[1].rstrip(".")) or (len(texts) > 2 and texts[2].casefold() in _DESKS):
        return 0
    third = len(texts) > 2 and texts[2][0].isupper() and _PINYIN.fullmatch(texts[2]) is not None and len(texts[1]) <= 5
    if third and not (texts[2].casefold() in _SURNAMES and len(texts) > 3 and _PINYIN.fullmatch(texts[3])):
        return 3
    return 2


def _han_name(text: str, start: int) -> int | None:
    """Where a name in Chinese, Japanese or Korean letters ends; two letters with a blank between are one."""
    han = _HAN.match(text, start)
    if han is None:
        other = _KANA_OR_HANGUL.match(text, start)
        return other.end() if other is not None else None
    if len(han[0]) == 1:
        second = re.compile(r"[ \u3000]{1,2}[㐀-鿿](?![㐀-鿿])").match(text, han.end())
        return second.end() if second is not None else None
    return han.end()


def _skip_place(text: str, position: int) -> tuple[int, bool]:
    """Step over "in Paris"; tell whether there was a place."""
    place = _PLACE.match(text, position)
    if place is None:
        return position, False
    words = list(_words(text, place.end()))
    end = _cased_end(words, place.end()) if words else place.end()
    return (end, True) if end > place.end() else (position, False)


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found is not None else position
