"""What is remembered of a feed from one poll to the next: a row of the `_state/feeds` table.

The columns, in the order of the fields. `timestamp` is `timestamp[us, UTC]`; every column but `url`, the counters
(`int32`, never null) and the booleans written with a default is nullable.

| field | Arrow type | description |
|---|---|---|
| url | string | The address the feed was subscribed under; its identity. May hold credentials: show `public_url(url)` |
| publisher | string | Who publishes it, as the subscription list names it |
| category | string | The path of the OPML folders it stood in, joined by ` / ` |
| added_at | timestamp | First poll |
| moved_to | string | Where a permanent redirect, seen often enough, now sends every poll |
| redirect_target | string | Where the last polls were permanently redirected, not yet believed |
| redirect_sightings | int32 | Successful polls in a row that saw `redirect_target` |
| etag | string | ETag header, verbatim with quotes and `W/` |
| last_modified | string | Last-Modified header, verbatim |
| validator_url | string | The address that gave the two; they are sent to no other |
| validators_trusted | bool | False once a server kept its validators for changed entries |
| conditional_polls | int32 | Conditional polls since the last unconditional one |
| body_hash | string | SHA-256, in hex, of the entries' bytes as last received |
| next_poll_at | timestamp | Not to be polled before |
| last_poll_at | timestamp | Last poll that reached for the network |
| last_success_at | timestamp | Last poll that found the feed, changed or not |
| last_change_at | timestamp | Last poll that found other entries than before |
| usual_gap_seconds | float64 | Moving average of the time between changes |
| consecutive_failures | int32 | Failed polls since the last success |
| silent_polls | int32 | Successful polls since the last change |
| last_status | int32, nullable | HTTP status of the last answer |
| last_error | string | Kind of the last failure (docs/polling.md), null after a success |
| last_message | string | The same in words; no credentials |
| item_count | int32, nullable | Entries in the last body, null where they can't be counted |
| last_entry_at | timestamp | Newest publication time among the entries ever seen |
| alarm | string | `empty`, `html` or `silent`: the feed answers, and gives nothing |
| retired_at | timestamp | Polled no more since then |
| retired_reason | string | `gone` or `dead` |
| robots_checked_at | timestamp | When robots.txt was last read |
| robots_allowed | bool, nullable | Whether robots.txt allows the feed's address; null: unreachable or not asked |
| crawl_delay_seconds | float64 | Crawl-delay that robots.txt asks for |
| license_url | string | Where machine-readable licence terms are, for `rights` |
| license_source | string | What named them: `feed`, `link-header` or `robots.txt` |
"""

import dataclasses
import datetime as dt
from typing import Literal

FeedAlarm = Literal["empty", "html", "silent"]
RetiredReason = Literal["gone", "dead"]
FeedHealth = Literal["new", "ok", "failing", "empty", "html", "silent", "retired"]
LicenseSource = Literal["feed", "link-header", "robots.txt"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """One feed and its health. A new one needs no more than `FeedState(url=...)`.

    Times are aware and in UTC. The module's docstring describes every field.
    """

    url: str
    publisher: str | None = None
    category: str | None = None
    added_at: dt.datetime | None = None

    moved_to: str | None = None
    redirect_target: str | None = None
    redirect_sightings: int = 0

    etag: str | None = None
    last_modified: str | None = None
    validator_url: str | None = None
    validators_trusted: bool = True
    conditional_polls: int = 0
    body_hash: str | None = None

    next_poll_at: dt.datetime | None = None
    last_poll_at: dt.datetime | None = None
    last_success_at: dt.datetime | None = None
    last_change_at: dt.datetime | None = None
    usual_gap_seconds: float | None = None
    consecutive_failures: int = 0
    silent_polls: int = 0

    last_status: int | None = None
    last_error: str | None = None
    last_message: str | None = None
    item_count: int | None = None
    last_entry_at: dt.datetime | None = None
    alarm: FeedAlarm | None = None

    retired_at: dt.datetime | None = None
    retired_reason: RetiredReason | None = None

    robots_checked_at: dt.datetime | None = None
    robots_allowed: bool | None = None
    crawl_delay_seconds: float | None = None
    license_url: str | None = None
    license_source: LicenseSource | None = None

    @property
    def health(self) -> FeedHealth:
        """The state in one word: the worst that holds."""
        if self.retired_at is not None:
            return "retired"
        if self.consecutive_failures:
            return "failing"
        if self.alarm is not None:
            return self.alarm
        return "ok" if self.last_success_at is not None else "new"
