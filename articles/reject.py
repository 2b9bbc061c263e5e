"""Input that could not become an article: an error while it is parsed, a row of `rejects` after."""

import dataclasses

REJECT_PAYLOAD_CAP = 65_536
"""Bytes of a payload that a row of `rejects` keeps; `payload_sha256` is of the whole."""


class ParseError(Exception):
    """Bad input, the only error that may leave a parser.

    Raised, it condemns the whole payload. Yielded in an article's place, it condemns one item and
    parsing goes on. `reason` is a code from a closed set that people group by
    (docs/data-contract.md#reject-reasons), `message` says what was wrong and where, `payload` is the
    item's own part of the input (None: the whole payload).
    """

    def __init__(self, reason: str, message: str, *, item_index: int = 0, payload: bytes | None = None) -> None:
        super().__init__(reason, message)
        self.reason = reason
        self.message = message
        self.item_index = item_index
        self.payload = payload

    def __str__(self) -> str:
        return f"{self.reason}: {self.message}"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """A row of the `rejects` table: one item that went in and could not become an article."""

    source_uri: str
    source_format: str | None
    item_index: int
    stage: str
    reason: str
    message: str
    payload: bytes
    payload_sha256: str
    run_id: str = ""
