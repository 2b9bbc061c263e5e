"""One item of a JSON document, written out again: the payload of an item that has none of its own."""

import orjson


def write_item(item: object) -> bytes | None:
    """Write an item as compact JSON; None where it cannot be, as it is nested beyond 254 levels.

    orjson reads 1,024 levels, but writes fewer. What JSON has no type for is written as a string.

    >>> write_item({"id": 1, "title": "t"})
    b'{"id":1,"title":"t"}'
    """
    try:
        return orjson.dumps(item, default=str, option=orjson.OPT_NON_STR_KEYS)
    except orjson.JSONEncodeError:
        return None
