"""How the feeds stand, for the page."""

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Final

from articles import FeedState
from reports.feeds import ORDER
from reports.html.counts import short

MOST: Final = 300
"""Feeds shown, the ones that need a look first."""
_TIMES: Final = ("last_entry_at", "last_change_at", "last_success_at", "last_poll_at", "next_poll_at", "retired_at")
_NUMBERS: Final = (
    "last_status",
    "item_count",
    "consecutive_failures",
    "silent_polls",
    "usual_gap_seconds",
)
_WORDS: Final = ("publisher", "category", "last_error", "last_message", "retired_reason")


def table(feeds: Iterable[FeedState], show_url: Callable[[str], str]) -> dict[str, Any]:
    """The feeds; `show_url` takes the credentials out of an address."""
    states = sorted(feeds, key=lambda feed: (ORDER.index(feed.health), feed.url))
    counts = Counter(feed.health for feed in states)
    return {
        "rows": [_row(feed, show_url) for feed in states[:MOST]],
        "all": len(states),
        "by_health": {health: counts[health] for health in ORDER if counts[health]},
    }


def _row(feed: FeedState, show_url: Callable[[str], str]) -> dict[str, Any]:
    state = dataclasses.asdict(feed)
    row: dict[str, Any] = {"url": show_url(feed.url), "health": feed.health}
    row |= {name: short(state[name], 240) for name in _WORDS if state[name]}
    row |= {name: round(state[name]) for name in _NUMBERS if state[name] is not None}
    row |= {name: _time(state[name]) for name in _TIMES if state[name] is not None}
    return row


def _time(moment: dt.datetime) -> str:
    return moment.replace(microsecond=0, tzinfo=None).isoformat() + "Z"
