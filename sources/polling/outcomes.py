"""What a poll makes of a feed's state: one function for each way it can end."""

import dataclasses
import datetime as dt

from articles import FeedAlarm, FeedState
from sources.polling import schedule as times
from sources.polling.client import Response
from sources.polling.contents import Contents
from sources.polling.errors import FetchError
from sources.polling.headers import authorization, freshness, public_url, retry_after
from sources.polling.schedule import Schedule, Wishes

IM_USED = 226
"""Status of RFC 3229: the body holds only the entries that are new to us."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One poll of one feed: the state to commit, and the payload to parse.

    `outcome` is `fetched` (then, and only then or with `error:not-a-feed`, there is a `payload`), `not-modified`,
    `unchanged-body`, `not-due`, `retired` or `error:<kind>`; docs/polling.md has the kinds. `final_url` is where the
    redirects led and free of credentials, as is `message`. `content_type` is the header verbatim: its charset may lie.
    """

    feed: FeedState
    outcome: str
    payload: bytes | None = None
    content_type: str | None = None
    final_url: str | None = None
    status: int | None = None
    message: str = ""


def spared(feed: FeedState, outcome: str, message: str) -> Poll:
    """Nothing was asked."""
    return Poll(feed=feed, outcome=outcome, message=message)


def not_modified(feed: FeedState, response: Response, now: dt.datetime, schedule: Schedule) -> Poll:
    """The server says that nothing changed."""
    feed = dataclasses.replace(feed, silent_polls=feed.silent_polls + 1, conditional_polls=feed.conditional_polls + 1)
    alarm = "empty" if feed.alarm == "empty" else _silence(feed, now, schedule)
    return _succeeded(feed, response, "not-modified", now, schedule, Wishes(), alarm)


def unchanged_body(
    feed: FeedState, response: Response, contents: Contents, now: dt.datetime, schedule: Schedule, *, conditional: bool
) -> Poll:
    """The server sent what it had sent before."""
    feed = dataclasses.replace(_validated(feed, response, conditional=conditional), silent_polls=feed.silent_polls + 1)
    alarm = _emptiness(feed, contents) or _silence(feed, now, schedule)
    return _succeeded(feed, response, "unchanged-body", now, schedule, contents.wishes, alarm)


def fetched(
    feed: FeedState, response: Response, contents: Contents, now: dt.datetime, schedule: Schedule, *, conditional: bool
) -> Poll:
    """Entries that weren't there before."""
    partial = response.status == IM_USED
    lied = feed.body_hash is not None and not partial and _same_validators(feed, response)
    alarm = feed.alarm if partial else _emptiness(feed, contents)
    changed = dataclasses.replace(
        _validated(feed, response, conditional=conditional),
        validators_trusted=feed.validators_trusted and not lied,
        body_hash=feed.body_hash if partial else contents.body_hash,
        item_count=feed.item_count if partial else contents.item_count,
        usual_gap_seconds=times.usual_gap(feed, now),
        last_change_at=now,
        silent_polls=0,
    )
    result = _succeeded(changed, response, "fetched", now, schedule, contents.wishes, alarm)
    message = "the server keeps its ETag or Last-Modified for changed entries: never asked conditionally again"
    return dataclasses.replace(
        result,
        payload=response.body,
        content_type=response.headers.get("Content-Type"),
        message=message if lied else result.message,
    )


def not_a_feed(feed: FeedState, response: Response, now: dt.datetime, schedule: Schedule) -> Poll:
    """An HTML page stands in the feed's place. It is handed on, so that it can be a reject."""
    error = FetchError("not-a-feed", f"{response.url[:200]} is an HTML page, not a feed", status=response.status)
    return dataclasses.replace(
        failed(dataclasses.replace(feed, alarm="html"), error, now, schedule),
        payload=response.body,
        content_type=response.headers.get("Content-Type"),
        final_url=response.url,
    )


def failed(feed: FeedState, error: FetchError, now: dt.datetime, schedule: Schedule) -> Poll:
    """No feed came. Back off; forget a redirect that leads nowhere; give up a feed that is gone or long dead."""
    feed = dataclasses.replace(
        feed,
        consecutive_failures=feed.consecutive_failures + 1,
        last_status=error.status,
        last_error=error.kind,
        last_message=error.message[:300],
        alarm="empty" if error.kind == "empty" and feed.item_count else feed.alarm,
    )
    feed = dataclasses.replace(feed, next_poll_at=times.next_try(feed, now, schedule, error.retry_after))
    outcome, message = f"error:{error.kind}", error.message
    reason = times.retirement(feed, now, schedule)
    if feed.moved_to and (reason or feed.consecutive_failures >= schedule.moved_failures):
        message += f"; {feed.moved_to[:200]} is forgotten, the next poll asks the feed's own address"
        feed = dataclasses.replace(feed, moved_to=None, validator_url=None)
    elif reason:
        outcome = "retired"
        feed = dataclasses.replace(feed, retired_at=now, retired_reason=reason, next_poll_at=None)
    return Poll(feed=feed, outcome=outcome, status=error.status, message=message)


def status_error(response: Response, now: dt.datetime) -> FetchError:
    """What a status other than success says."""
    status = response.status
    named = {401: "forbidden", 402: "forbidden", 403: "forbidden", 451: "forbidden", 404: "not-found", 410: "gone"}
    kinds = {**named, 429: "rate-limited", 503: "unavailable", 304: "unexpected-304"}
    general = {4: "client-error", 5: "server-error"}.get(status // 100, "unexpected-status")
    return FetchError(
        kinds.get(status, general),
        f"{response.url[:200]} answered {status}",
        status=status,
        retry_after=retry_after(response.headers.get("Retry-After"), now),
    )


def note_entries(feed: FeedState, parsed: int, newest: dt.datetime | None) -> FeedState:
    """Add what the parser found in a fetched payload: how many entries, and when the newest was published."""
    known = [when for when in (feed.last_entry_at, newest) if when is not None]
    alarm: FeedAlarm | None = "empty" if parsed == 0 and feed.item_count else feed.alarm
    return dataclasses.replace(feed, last_entry_at=max(known, default=None), alarm=alarm)


def revive(feed: FeedState) -> FeedState:
    """Take up a retired feed again: the next poll asks it at once."""
    return dataclasses.replace(
        feed,
        retired_at=None,
        retired_reason=None,
        consecutive_failures=0,
        last_error=None,
        last_message=None,
        next_poll_at=None,
        added_at=None,
        last_success_at=None,
    )


def _succeeded(
    feed: FeedState,
    response: Response,
    outcome: str,
    now: dt.datetime,
    schedule: Schedule,
    wishes: Wishes,
    alarm: FeedAlarm | None,
) -> Poll:
    headers = response.headers
    fresh = freshness(headers.get("Cache-Control"), headers.get("Expires"), headers.get("Date"), headers.get("Age"))
    feed = dataclasses.replace(
        _redirected(feed, response, schedule),
        consecutive_failures=0,
        last_success_at=now,
        last_status=response.status,
        last_error=None,
        last_message=None,
        alarm=alarm,
    )
    due = times.next_poll(feed, now, schedule, fresh, wishes)
    return Poll(
        feed=dataclasses.replace(feed, next_poll_at=due),
        outcome=outcome,
        final_url=response.url,
        status=response.status,
    )


def _redirected(feed: FeedState, response: Response, schedule: Schedule) -> FeedState:
    """Believe a permanent redirect once it was seen often enough: a captive portal's or an outage's passes sooner.

    A feed with credentials keeps its address: they would not go with it.
    """
    target = response.permanent_url
    if target is None or authorization(feed.url):
        return dataclasses.replace(feed, redirect_target=None, redirect_sightings=0)
    sightings = feed.redirect_sightings + 1 if target == feed.redirect_target else 1
    if sightings < schedule.redirect_sightings:
        return dataclasses.replace(feed, redirect_target=target, redirect_sightings=sightings)
    moved = None if target == public_url(feed.url) else target
    return dataclasses.replace(feed, moved_to=moved, redirect_target=None, redirect_sightings=0)


def _validated(feed: FeedState, response: Response, *, conditional: bool) -> FeedState:
    return dataclasses.replace(
        feed,
        etag=_validator(response, "ETag"),
        last_modified=_validator(response, "Last-Modified"),
        validator_url=response.url,
        conditional_polls=feed.conditional_polls + 1 if conditional else 0,
    )


def _validator(response: Response, name: str) -> str | None:
    """A header's value as it can be sent back: no control characters, ASCII, of sane length."""
    value = (response.headers.get(name) or "").strip()
    return value if value and value.isprintable() and value.isascii() and len(value) <= 1000 else None


def _same_validators(feed: FeedState, response: Response) -> bool:
    if feed.validator_url != response.url:
        return False
    if feed.etag or _validator(response, "ETag"):
        return feed.etag == _validator(response, "ETag")
    return feed.last_modified is not None and feed.last_modified == _validator(response, "Last-Modified")


def _emptiness(feed: FeedState, contents: Contents) -> FeedAlarm | None:
    return "empty" if contents.item_count == 0 and (feed.item_count or feed.alarm == "empty") else None


def _silence(feed: FeedState, now: dt.datetime, schedule: Schedule) -> FeedAlarm | None:
    return "silent" if times.is_silent(feed, now, schedule) else None
