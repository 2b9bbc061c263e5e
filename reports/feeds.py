"""How the feeds stand, a row each, the ones that need a look first."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Final

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from articles import FeedState
from reports.plain import printable

ORDER: Final = ("failing", "empty", "html", "silent", "retired", "new", "ok")
"""Healths, worst first."""
_STYLES: Final = {"ok": "green", "new": "", "retired": "dim"}
_STEPS: Final = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def render(feeds: Iterable[FeedState], show_url: Callable[[str], str], now: dt.datetime) -> RenderableType:
    """A table of feeds; `show_url` takes the credentials out of an address."""
    states = sorted(feeds, key=lambda feed: (ORDER.index(feed.health), feed.url))
    table = Table("health", "feed", "last entry", "last change", "next poll", "entries", box=box.SIMPLE)
    for feed in states:
        name = Text(printable(show_url(feed.url)))
        for line in (feed.publisher, feed.last_message and f"{feed.last_error}: {feed.last_message}"):
            if line:
                name.append("\n" + printable(line), "dim")
        table.add_row(
            Text(feed.health, _STYLES.get(feed.health, "bold red")),
            name,
            age(feed.last_entry_at, now),
            age(feed.last_change_at, now),
            "never" if feed.retired_at else age(feed.next_poll_at, now),
            "" if feed.item_count is None else str(feed.item_count),
        )
    counts = [f"{sum(feed.health == health for feed in states)} {health}" for health in ORDER]
    return Group(table, Text(f"{len(states)} feeds: " + ", ".join(line for line in counts if line[0] != "0")))


def age(when: dt.datetime | None, now: dt.datetime) -> str:
    """A time as its distance from now, in the largest unit that fits.

    >>> age(dt.datetime(2026, 3, 5, 9), dt.datetime(2026, 3, 5, 12))
    '3 h ago'
    """
    if when is None:
        return ""
    seconds = (when - now).total_seconds()
    unit, length = next((step for step in _STEPS if abs(seconds) >= step[1]), _STEPS[-1])
    count = round(abs(seconds) / length)
    return f"in {count} {unit}" if seconds > 0 else f"{count} {unit} ago"
