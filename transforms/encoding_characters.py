"""Characters that are no text: controls, marks of order and joining where they do nothing."""

import re

_CONTROLS = {
    **dict.fromkeys([*range(0x20), 0x7F, *range(0x80, 0xA0)]),
    ord("\t"): "\t",
    ord("\n"): "\n",
    0x0B: "\n",
    0x0C: "\n",
    0x85: "\n",
    0x2028: "\n",
    0x2029: "\n\n",
    0x00AD: None,  # soft hyphen: where a word may be broken on a page, not how it is written
    0x180E: None,
    0xFEFF: None,  # byte order mark
    0xFFFC: None,  # stands for an object that is not here
    **dict.fromkeys([0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0x202D, 0x202E, *range(0x206A, 0x2070)]),
    **dict.fromkeys([0xFFF9, 0xFFFA, 0xFFFB, 0xFFFE, 0xFFFF, *range(0xFDD0, 0xFDF0)]),
}
_SUSPECT = re.compile(
    r"[^\t\n -~\xa0-\xac\xae-\u02ff\u0370-\u180d\u180f-\u1fff\u2010-\u2027\u2030-\u205f"
    r"\u2070-\ufdcf\ufdf0-\ufefe\uff00-\ufff8]"
)
"""What the table may map, found first because most texts hold none of it."""

_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202c\u2066-\u2069]")
_TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]{1,10}\U000e007f)|[\U000e0000-\U000e007f]")
_JOINERS = re.compile("[\u200b\u200c\u200d]+")

_JOINING = re.compile(
    "[\u0600-\u08ff\u0900-\u0dff\u0e80-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u18af\ufb50-\ufdff\ufe0f\ufe70-\ufeff"
    "\u2190-\u2bff\U00011000-\U00011fff\U0001f000-\U0001faff]"
)
"""Scripts in which a joiner decides how letters look (Arabic, Indic, Khmer, Mongolian) and emoji."""

_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
"""Scripts that mark a word's end by a zero-width space where they mark it (Thai, Lao, Burmese, Khmer)."""


def drop_controls(text: str) -> str:
    r"""Bring line ends to `\n` and remove what is neither letter, mark, sign nor blank.

    Joiners stay inside Arabic, Indic and emoji sequences, zero-width spaces inside Thai, Lao,
    Burmese and Khmer, direction marks in texts that hold a right-to-left letter. Overrides
    (U+202D, U+202E) show a text other than it is written, and always go.

    >>> drop_controls("Wire\x00d\u200b news\r\n")
    'Wired news\n'
    >>> drop_controls("می‌خواهد") == "می‌خواهد"
    True
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not _SUSPECT.search(text):
        return text
    text = text.translate(_CONTROLS)
    text = _TAGS.sub(lambda match: match[1] or "", text)
    if not _RTL.search(text):
        text = _DIRECTION.sub("", text)
    return _JOINERS.sub(_keep_joiners, text)


def _keep_joiners(match: re.Match[str]) -> str:
    before = match.string[match.start() - 1 : match.start()] if match.start() else ""
    after = match.string[match.end() : match.end() + 1]
    if not before or not after or after.isspace():
        return ""
    kept = ""
    if _JOINING.match(before):
        kept = "\u200c\u200d"
    if _UNSPACED.match(before) and _UNSPACED.match(after):
        kept += "\u200b"
    return "".join(mark for mark in match[0] if mark in kept)
