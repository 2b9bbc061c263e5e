"""Text reduced to what two copies of it share: its words, without case, marks and blanks."""

import re
import unicodedata

_MARKS = "".join(chr(code) for code in range(0x300, 0x10000) if unicodedata.category(chr(code)) in {"Mn", "Mc", "Me"})
"""Combining marks, which `\\w` leaves out: without them every Hindi and vocalized Arabic word falls apart."""

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
"""Thai, Lao, Burmese, Khmer: alphabets that put no blanks between words."""

_IDEOGRAPHS = "\u3005\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LETTERS_PER_WORD = 4
"""Letters, vowel signs apart, of a word in these alphabets, as a rough figure."""

_LETTER = rf"(?:[^\W_{_UNSPACED}{_IDEOGRAPHS}]|[{_MARKS}])"
_SINGLE = rf"[{_IDEOGRAPHS}]|(?=\w)[{_UNSPACED}][{_MARKS}]*"
_WORD = re.compile(rf"{_SINGLE}|(?=\w){_LETTER}+")
_PLAIN_WORD = re.compile(r"[^\W_]+")
_NOT_PLAIN = re.compile(rf"[{_MARKS}{_UNSPACED}{_IDEOGRAPHS}]")
"""What asks for the slow pattern; Latin, Cyrillic, Greek and Arabic news hold none of it."""

_COUNTED = re.compile(rf"({_SINGLE})|(?=\w){_LETTER}+(?:['’.]{_LETTER}+|,[0-9]+)*")
_PLAIN_COUNTED = re.compile(r"[^\W_]+(?:['’.][^\W_]+|,[0-9]+)*")
_ASCII_COUNTED = re.compile(r"[A-Za-z0-9]+(?:['.][A-Za-z0-9]+|,[0-9]+)*")
_NO_APOSTROPHES = str.maketrans("", "", "'‘’ʼ＇`´")
_ASCII_FOLD = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)} | {39: "", 96: ""}
"""Lower case, blanks for marks, nothing for apostrophes."""


def words(text: str) -> list[str]:
    """Give the folded words of `text`: no case, no compatibility forms, no punctuation; figures stay.

    An apostrophe goes without a trace, so that `Trump’s`, `Trump's` and `Trumps` agree.
    Han and kana characters and the letters of scripts without blanks are a word each.

    >>> words("Ｔhe Bank’s 3.5% 金利")
    ['the', 'banks', '3', '5', '金', '利']
    """
    if text.isascii():
        return text.translate(_ASCII_FOLD).split()
    folded = _casefold(text.translate(_NO_APOSTROPHES))
    return (_WORD if _NOT_PLAIN.search(folded) else _PLAIN_WORD).findall(folded)


def fold(text: str) -> str:
    """Give the folded words of `text` with one blank between them. Idempotent."""
    return " ".join(words(text))


def count_words(text: str) -> int:
    """Count words about as Unicode's UAX #29 parts them: `3,000` and `don't` are one, `well-known` two.

    A Han or kana character counts as one word, as word processors have it. Thai, Lao, Burmese and
    Khmer, whose words only a dictionary could part, count a word for every four letters begun.
    """
    if text.isascii():
        return len(_ASCII_COUNTED.findall(text))
    if not _NOT_PLAIN.search(text):
        return len(_PLAIN_COUNTED.findall(text))
    found = _COUNTED.findall(text)
    letters = sum(1 for single in found if single and not _is_ideograph(single))
    return len(found) - letters + -(-letters // _LETTERS_PER_WORD)


def _casefold(text: str) -> str:
    # toNFKC_Casefold, Unicode 15, section 3.13, definition 146.
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", text).casefold())
    return unicodedata.normalize("NFKC", text.casefold())


def _is_ideograph(single: str) -> bool:
    return single[0] > "\u3000"
