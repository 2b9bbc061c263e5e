"""When to ask a feed again, and when to give it up. Pure functions of the state: no clock, no random state."""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Collection

from articles import FeedState
from articles.feed import RetiredReason


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How often feeds are asked. docs/polling.md has the rules in prose.

    `min_interval` is also the first step of the backoff, `max_interval` the cap of everything: intervals, backoff
    and Retry-After. `seed` makes the jitter differ between installations.
    """

    min_interval: dt.timedelta = dt.timedelta(minutes=15)
    max_interval: dt.timedelta = dt.timedelta(hours=24)
    slow_after: int = 8
    jitter: float = 0.1
    unconditional_every: int = 24
    redirect_sightings: int = 3
    moved_failures: int = 3
    dead_after: dt.timedelta = dt.timedelta(days=60)
    dead_failures: int = 10
    silent_gaps: float = 8.0
    silent_min: dt.timedelta = dt.timedelta(hours=48)
    seed: int = 0

    def peace(self, asked: dt.timedelta | None) -> dt.timedelta:
        """For how long a host that said 429 or 503 is left alone."""
        return min(max(asked or self.min_interval, dt.timedelta(0)), self.max_interval)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a feed's body says of how often to ask.

    `interval` is RSS's `ttl` or the syndication module's `updatePeriod`; `skip_hours` are in UTC, `skip_days` count
    from 0, Monday.
    """

    interval: dt.timedelta | None = None
    skip_hours: Collection[int] = ()
    skip_days: Collection[int] = ()


def next_poll(
    feed: FeedState, now: dt.datetime, schedule: Schedule, fresh: dt.timedelta | None, wishes: Wishes
) -> dt.datetime:
    """When to ask again after a success.

    The longest of the minimum, the answer's freshness and the feed's own wish; doubled for every `slow_after` polls
    without a change; at most the maximum; a little jitter; then the next hour the feed doesn't skip.
    """
    interval = max(schedule.min_interval, fresh or dt.timedelta(0), wishes.interval or dt.timedelta(0))
    doublings = min(feed.silent_polls // schedule.slow_after, 10)
    interval = min(min(interval, schedule.max_interval) * (1 << doublings), schedule.max_interval)
    due: dt.datetime = now + interval * (
        1 + schedule.jitter * _fraction(schedule.seed, feed.url, str(feed.last_poll_at))
    )
    return _unskipped(due, wishes)


def next_try(feed: FeedState, now: dt.datetime, schedule: Schedule, asked: dt.timedelta | None) -> dt.datetime:
    """When to ask again after the failure that `feed` already counts.

    Exponential backoff with full jitter (https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/)
    above a floor of `min_interval`, never before the Retry-After the server `asked` for, as far as that is within the
    maximum.
    """
    steps = min(max(feed.consecutive_failures - 1, 0), 20)
    spread = min(schedule.min_interval * (1 << steps), schedule.max_interval) - schedule.min_interval
    fraction = _fraction(schedule.seed, feed.url, f"failure {feed.consecutive_failures}")
    backoff = schedule.min_interval + max(spread, dt.timedelta(0)) * fraction
    return now + max(backoff, min(asked or dt.timedelta(0), schedule.max_interval))


def retirement(feed: FeedState, now: dt.datetime, schedule: Schedule) -> RetiredReason | None:
    """Whether a failing feed is given up.

    `gone` at once where it says 410; `dead` after `dead_failures` failures in a row and `dead_after` without a success.
    """
    if feed.last_error == "gone":
        return "gone"
    since = feed.last_success_at or feed.added_at or now
    if feed.consecutive_failures >= schedule.dead_failures and now - since >= schedule.dead_after:
        return "dead"
    return None


def is_silent(feed: FeedState, now: dt.datetime, schedule: Schedule) -> bool:
    """Whether a feed with a rhythm has been still for many times its usual gap."""
    if feed.last_change_at is None or feed.usual_gap_seconds is None:
        return False
    limit = max(dt.timedelta(seconds=feed.usual_gap_seconds * schedule.silent_gaps), schedule.silent_min)
    return now - feed.last_change_at > limit


def usual_gap(feed: FeedState, now: dt.datetime) -> float | None:
    """The moving average of the time between changes, with a change at `now` (weight 1/4)."""
    if feed.last_change_at is None:
        return None
    gap = (now - feed.last_change_at).total_seconds()
    return gap if feed.usual_gap_seconds is None else feed.usual_gap_seconds * 0.75 + gap * 0.25


def _unskipped(due: dt.datetime, wishes: Wishes) -> dt.datetime:
    if len(wishes.skip_hours) >= 24 or len(wishes.skip_days) >= 7:
        return due
    for _ in range(24 * 7):
        if due.hour not in wishes.skip_hours and due.weekday() not in wishes.skip_days:
            return due
        due = due.replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
    return due


def _fraction(seed: int, *of: str) -> float:
    """A number in 0…1 that looks random and is the same whenever a poll is repeated from the same state."""
    digest = hashlib.blake2b("\n".join((str(seed), *of)).encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64
