"""The keys of a JSON object, read from the start of a document that may be cut off."""

import re
from collections.abc import Mapping

import orjson

_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s"{}\[\]:,]+')


def find_keys(text: str) -> Mapping[str, str] | None:
    r"""Map each key of the object that `text` starts with to its value if that is a string, else to "".

    None where the text starts with no object. Later values are cut off, not wrong.

    >>> find_keys('{"uri": "urn:x", "by": {"n": 1}, "head')
    {'uri': 'urn:x', 'by': ''}
    """
    text = text.lstrip()
    if not re.match(r'\{\s*(?:["}]|$)', text):
        return None
    keys: dict[str, str] = {}
    depth, key, is_value = 0, "", False
    for piece in _PIECE.findall(text):
        depth += (piece in "{[") - (piece in "}]")
        if depth <= 0:
            break
        if depth == 1 and piece == ":":
            is_value = True
        elif depth == 1 and piece == ",":
            is_value = False
        elif depth == 1 and piece.startswith('"'):
            key = key if is_value else _read(piece)
            keys[key] = _read(piece) if is_value else ""
    return keys


def _read(piece: str) -> str:
    try:
        value = orjson.loads(piece)
    except orjson.JSONDecodeError:
        return ""
    return value if isinstance(value, str) else ""
