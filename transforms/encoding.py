"""Text that was decoded with the wrong charset, set right; nothing else about it changes."""

import re
import unicodedata
from collections.abc import Sequence

import ftfy
from ftfy.badness import is_bad
from ftfy.fixes import fix_c1_controls

_SIGN = re.compile("[\u0080-\u009f\u00c2\u00c3\u0152\u0153]|[\u00a0-\u04ff\u1e00-\u26ff\uf8ff\ufb00-\ufb06\ufffd]{2}")
"""What every pattern of ftfy's heuristic holds: a C1 control, Â, Ã, Œ, or two neighbours of single-byte charsets."""


def repair(text: str) -> tuple[str, str | None]:
    r"""Undo mojibake line by line, and say how; `(text, None)` where there is no sign of any.

    A line is touched only where ftfy's heuristic calls it bad, so that one odd character elsewhere
    neither blocks nor causes a repair. The answer's second part names the charsets the text went
    through, such as `utf-8-as-windows-1252`, joined by `+` where there are several.

    >>> repair("The cafÃ© reopened.")
    ('The café reopened.', 'utf-8-as-latin-1')
    >>> repair("São Paulo")
    ('São Paulo', None)
    """
    if text.isascii() or not _SIGN.search(text) or not is_bad(text):
        return text, None
    repairs: set[str] = set()
    lines = []
    for line in text.split("\n"):
        if _SIGN.search(line) and is_bad(line):
            fixed, steps = ftfy.fix_encoding_and_explain(line)
            repairs.update(_charsets(steps))
            modern = fix_c1_controls(fixed)
            if modern != fixed:
                repairs.add("windows-1252-as-latin-1")
            lines.append(modern)
        else:
            lines.append(line)
    return "\n".join(lines), "+".join(sorted(repairs)) or None


def compose(text: str) -> str:
    """Bring `text` to Unicode NFC, with lone surrogates (which UTF-8 can't hold) as U+FFFD."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        # Halves of a pair that were escaped one by one ("\ud83d\ude00" in sloppy JSON) are joined.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", text)


def _charsets(steps: Sequence[tuple[str, str]] | None) -> list[str]:
    """Read ftfy's steps as pairs of the charset the bytes were in and the one they were read with."""
    pairs = []
    read_as = None
    for action, parameter in steps or ():
        if action == "encode":
            read_as = parameter.removeprefix("sloppy-")
        elif action == "decode" and read_as:
            pairs.append(f"{parameter.removeprefix('sloppy-').replace('utf-8-variants', 'utf-8')}-as-{read_as}")
        elif parameter == "decode_inconsistent_utf8":
            pairs.append("utf-8-in-part")
    return pairs
