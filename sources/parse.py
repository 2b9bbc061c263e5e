"""From a payload to articles and rejects: the one place where a `ParseError` becomes a `Reject`."""

import dataclasses
import hashlib
from collections.abc import Iterable, Iterator

from articles import REJECT_PAYLOAD_CAP, Article, Origin, ParseError, Reject
from sources.formats import FORMATS, STRICT
from sources.sniff import sniff


def parse(
    payload: bytes, origin: Origin, source_format: str | None = None, *, strict: bool = False
) -> Iterator[Article | Reject]:
    """Read every item of a payload, in order, in the format given or else found.

    `strict` rejects items that break the schema of their format, where we have one (`STRICT`).
    Only bad input becomes a `Reject`: any other error is a bug of a parser and passes through. Raises
    `ValueError` for a `source_format` that isn't in `FORMATS`.
    """
    try:
        found = source_format or sniff(payload, origin.uri, origin.content_type)
    except ParseError as error:
        yield reject(error, origin, None, payload)
        return
    parser = (STRICT.get(found) if strict else None) or FORMATS.get(found)
    if parser is None and source_format:
        raise ValueError(f"unknown source format {source_format!r}; known are {', '.join(FORMATS)}")
    if parser is None:
        yield reject(ParseError("unknown-format", f"{found} is not read yet"), origin, found, payload)
        return
    yield from settle(parser(payload, origin), origin, found, payload)


def settle(
    items: Iterable[Article | ParseError], origin: Origin, source_format: str, payload: bytes
) -> Iterator[Article | Reject]:
    """Complete what a parser yields, and turn its errors, yielded or raised, into rejects.

    A parser whose items have payloads of their own has filled in the origin itself.
    """
    digest = ""
    try:
        for item in items:
            if isinstance(item, ParseError):
                digest = digest or ("" if item.payload is not None else hashlib.sha256(payload).hexdigest())
                yield reject(item, origin, source_format, payload, digest)
            elif item.payload_sha256:
                yield item
            else:
                digest = digest or hashlib.sha256(payload).hexdigest()
                yield dataclasses.replace(
                    item, source_uri=origin.uri, source_format=source_format, payload_sha256=digest
                )
    except ParseError as error:
        yield reject(error, origin, source_format, payload)


def reject(error: ParseError, origin: Origin, source_format: str | None, payload: bytes, digest: str = "") -> Reject:
    """Make the row of `rejects`: a capped copy of the item's payload, and the digest of all of it.

    `digest` is that of `payload`, where it is known.
    """
    part = payload if error.payload is None else error.payload
    return Reject(
        source_uri=origin.uri,
        source_format=source_format,
        item_index=error.item_index,
        stage="read" if error.reason == "unreadable" else "parse",
        reason=error.reason,
        message=error.message,
        payload=part[:REJECT_PAYLOAD_CAP],
        payload_sha256=(digest if error.payload is None else "") or hashlib.sha256(part).hexdigest(),
    )
