"""The outlet a text came from, behind a label: `Source: CCTV`, `(Source AFP)`, `Quelle: example.de, jro/dpa`."""

import re

from articles import Credit
from transforms.editorial import outlets, vocabulary

SOURCE_LENGTH = 60
SOURCE_WORDS = 8

END = re.compile(
    r"[)\]】）〕」|｜<\n•]|\s[-–—]{1,2}\s(?![A-Za-z]{1,4}\d{2})|\s\d{4}[-/.年]|\s\d{1,2}[:：]\s?\d\d|(?<=[^\W\d_]{2})[.。]\s"
    r"|[\s,;]{1,3}(?:Tel|Telefon|Phone|Fon|Fax|Mobil|E-?[Mm]ail|Mail|Twitter)\b"
)
"""What ends the value of a label: a bracket, a bar, a date or a clock, the next sentence, a telephone number."""

OPENING = " \t[(（【〔"
_INITIALS = re.compile(r"/[a-z]{2,4}(?:\([a-z]{2,4}\)?)?$")
# "Quelle: example.de, jro/dpa": the desk's initials and the agency it drew on.
_SIGNED = re.compile(r",\s[a-z]{2,4}(?:/[a-z]{2,4})*$")
_DESK = re.compile(r"/([a-z]{2,4})(?:\(([a-z]{2,4})\))?")
_SMALL = vocabulary.words("particles.txt") | vocabulary.words("place_particles.txt") | {"for", "with", "fra", "für"}
_OUTLET_WORDS = vocabulary.words("outlet_words.txt")
_PRONOUNS = frozenset(
    {"it", "he", "she", "they", "we", "i", "you", "there", "this", "that", "what", "who", "how", "why"}
)
_HAN_SENTENCE = re.compile(r"[㐀-鿿][。！？]\s*$")
_HAN_OUTLET = re.compile(r"(?:社|网|網|报|報|台|臺|客户端|新闻|新聞|日报|微博|公众号)[。]?\s*$")
_LABELS = vocabulary.alternation(["from", *(phrase for phrase in vocabulary.roles("source") if " " not in phrase)])
_BARE = re.compile(
    rf"[(\[（【]?\s?(?i:(?P<label>{_LABELS}))"
    r"\s(?:[-–—]\s)?(?P<outlet>[^()\[\]（）【】\n:：]{2,60}?)[.\s]?[)\]）】]?$"
)


def outlet(value: str) -> str | None:
    """Return the outlet that the value of a source's label names, None for a sentence.

    >>> outlet("Harbour Daily, 3 May"), outlet("told the Harbour Daily the deal was near")
    ('Harbour Daily, 3 May', None)
    """
    value = value.strip(OPENING)
    end = END.search(value)
    named = (value[: end.start()] if end is not None else value).strip(" \t,，;；.。_-–—")
    named = _SIGNED.sub("", named)
    words = named.split()
    if not named or len(named) > SOURCE_LENGTH or len(words) > SOURCE_WORDS:
        return None
    if _HAN_SENTENCE.search(value) and not _HAN_OUTLET.search(value):
        return None
    return None if _is_sentence(words, named) else named


def _is_sentence(words: list[str], named: str) -> bool:
    """Whether words read on like a sentence: several, and one in small letters that no outlet's name has."""
    if re.sub(r"['’].*", "", words[0].casefold()) in _PRONOUNS:
        return True
    if words[0][0].islower() and len(words) > 1 and words[0].isalpha() and outlets.match(named) is None:
        return words[-1].casefold() not in _OUTLET_WORDS
    small = [word for word in words if word[0].islower() and word.strip(",.").casefold() not in _SMALL]
    if not small or len(words) < 3 or outlets.match(named) is not None:
        return False
    return words[0][0].islower() or len(words) > 3


def without_initials(named: str) -> str:
    """Return an outlet without its desk's initials: "CNA/kv(aj)" is "CNA"."""
    return _INITIALS.sub("", named)


def initials(value: str, offset: int) -> list[Credit]:
    """Return the desk's initials behind a source: "Source: CNA/kv(aj)"."""
    desk = _DESK.search(value)
    groups = [number for number in (1, 2) if desk is not None and desk[number]]
    return [Credit("editor", None, desk[it], offset + desk.start(it), offset + desk.end(it)) for it in groups if desk]


def bare(text: str) -> str | None:
    """Return the outlet of a line that names it without a colon; only one that is known.

    >>> bare("(Source AFP)"), bare("Source - Reuters"), bare("From Paris"), bare("Source code")
    ('AFP', 'Reuters', None, None)
    """
    found = _BARE.match(text) if len(text) <= 90 else None
    if found is None or (found["label"].casefold() == "from" and text[0] not in "([（【"):
        return None
    known = outlets.known_at(found["outlet"])
    return found["outlet"] if known is not None and known.end() == len(found["outlet"]) else None
