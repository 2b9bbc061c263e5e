"""Text from outside, made safe to show on a terminal."""

import re
from typing import Final

_UNSAFE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters but tab and line feed, overrides of direction, halves of surrogate pairs."""


def printable(text: str) -> str:
    r"""The text with what could steer a terminal or turn a line around replaced.

    >>> printable("a\x1b[31mb")
    'a\ufffd[31mb'
    """
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)
