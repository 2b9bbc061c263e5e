import datetime as dt

import pytest

from articles import FeedState
from sources.polling.schedule import Schedule, Wishes, next_poll, next_try, retirement

NOW = dt.datetime(2025, 3, 3, 12, 0, tzinfo=dt.UTC)
"""A Monday."""
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
STEADY = Schedule(jitter=0.0)


def feed(**fields: object) -> FeedState:
    return FeedState(url="https://wire.example/rss", added_at=NOW, **fields)


@pytest.mark.parametrize(
    ("fresh", "wish", "minutes"),
    [
        (None, None, 15),
        (MINUTE, MINUTE, 15),
        (HOUR, None, 60),
        (None, HOUR, 60),
        (HOUR, 2 * HOUR, 120),
        (90 * DAY, None, 1440),
    ],
)
def test_the_longest_wish_counts_within_bounds(
    fresh: dt.timedelta | None, wish: dt.timedelta | None, minutes: int
) -> None:
    assert next_poll(feed(), NOW, STEADY, fresh, Wishes(interval=wish)) == NOW + minutes * MINUTE


@pytest.mark.parametrize(("silent", "minutes"), [(0, 15), (7, 15), (8, 30), (16, 60), (10_000, 1440)])
def test_feed_without_news_is_asked_less_often(silent: int, minutes: int) -> None:
    assert next_poll(feed(silent_polls=silent), NOW, STEADY, None, Wishes()) == NOW + minutes * MINUTE


def test_skipped_hours_and_days_are_waited_out() -> None:
    hours = Wishes(skip_hours={12, 13})
    assert next_poll(feed(), NOW, STEADY, None, hours) == NOW.replace(hour=14)
    days = Wishes(skip_days={0, 1})
    assert next_poll(feed(), NOW, STEADY, None, days) == (NOW + 2 * DAY).replace(hour=0)
    never = Wishes(skip_hours=range(24))
    assert next_poll(feed(), NOW, STEADY, None, never) == NOW + 15 * MINUTE, "who skips every hour is not believed"


def test_jitter_is_small_and_the_same_each_time() -> None:
    due = {next_poll(feed(last_poll_at=NOW + n * DAY), NOW, Schedule(), None, Wishes()) for n in range(50)}
    assert len(due) == 50
    assert all(NOW + 15 * MINUTE <= when <= NOW + 16.5 * MINUTE for when in due)
    assert next_poll(feed(), NOW, Schedule(), None, Wishes()) == next_poll(feed(), NOW, Schedule(), None, Wishes())


def test_backoff_is_exponential_with_full_jitter_and_a_floor() -> None:
    waits = {
        n: [next_try(feed(consecutive_failures=n), NOW, Schedule(seed=s), None) - NOW for s in range(300)]
        for n in range(1, 12)
    }
    for n, spread in waits.items():
        ceiling = min(15 * MINUTE * 2 ** (n - 1), DAY)
        assert min(spread) >= 15 * MINUTE
        assert max(spread) <= ceiling
        if n > 1:
            width = ceiling - 15 * MINUTE
            assert min(spread) < 15 * MINUTE + width / 10, "full jitter reaches down to the floor"
            assert max(spread) > ceiling - width / 10


def test_backoff_never_overflows() -> None:
    assert next_try(feed(consecutive_failures=10**9), NOW, Schedule(), 10**5 * DAY) == NOW + DAY


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"last_error": "gone"}, "gone"),
        ({"consecutive_failures": 10, "last_success_at": NOW - 60 * DAY}, "dead"),
        ({"consecutive_failures": 9, "last_success_at": NOW - 90 * DAY}, None),
        ({"consecutive_failures": 90, "last_success_at": NOW - 59 * DAY}, None),
        ({"consecutive_failures": 10}, None),
    ],
)
def test_feed_is_given_up_when_gone_or_long_dead(fields: dict[str, object], reason: str | None) -> None:
    assert retirement(feed(**fields), NOW, Schedule()) == reason
