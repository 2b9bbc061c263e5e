"""Why a fetch failed."""

import datetime as dt


class FetchError(Exception):
    """Whatever the network or a server did instead of answering; the only error that leaves `Client`.

    `kind` is a code from the closed set of docs/polling.md. `message` is for people: no credentials, no control
    characters from servers, at most 500 characters. `retry_after` is how long the server asked to be left alone.
    """

    def __init__(
        self, kind: str, message: str, *, status: int | None = None, retry_after: dt.timedelta | None = None
    ) -> None:
        super().__init__(kind, message)
        self.kind = kind
        self.message = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in message[:500])
        self.status = status
        self.retry_after = retry_after

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}"
