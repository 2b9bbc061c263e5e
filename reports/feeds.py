"""How the feeds stand, a row each, the ones that need a look first."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from articles import FeedState
from reports.plain import printable

ORDER: Final = ("failing", "empty", "html", "silent", "retired", "new", "ok")
"""Healths, worst first."""
_STYLES: Final = {"ok": "green", "new": "", "retired": "dim"}
_WIDE: Final = 110
"""Columns of a terminal that has room for three times beside each other."""
_HINTS: Final = {
    "address-refused": "--allow-private-hosts polls it all the same",
    "not-found": "is the address still right?",
}
"""What can be done about an error, where that is known."""
_NARROW: Final = 72
"""Columns of a terminal that has no room for times beside the feed."""
_STEPS: Final = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def render(feeds: Iterable[FeedState], show_url: Callable[[str], str], now: dt.datetime) -> RenderableType:
    """A table of feeds; `show_url` takes the credentials out of an address."""
    states = sorted(feeds, key=lambda feed: (ORDER.index(feed.health), feed.url))
    counts = [f"{sum(feed.health == health for feed in states)} {health}" for health in ORDER]
    total = f"{len(states)} feed{'s' * (len(states) != 1)}"
    return Group(
        _Feeds(states, show_url, now), Text(f"{total}: " + ", ".join(line for line in counts if line[0] != "0"))
    )


@dataclasses.dataclass(frozen=True, slots=True)
class _Feeds:
    """A row each: the times beside each other, or below each other in a narrow terminal."""

    states: Sequence[FeedState]
    show_url: Callable[[str], str]
    now: dt.datetime

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        wide, narrow = options.max_width >= _WIDE, options.max_width < _NARROW
        names = ("last entry", "last change", "next poll")
        table = Table(box=box.SIMPLE)
        table.add_column("health", no_wrap=True)
        table.add_column("feed", overflow="fold")
        for name in names if wide else () if narrow else ("seen",):
            table.add_column(name, no_wrap=True)
        table.add_column("entries", justify="right", no_wrap=True)
        for feed in self.states:
            times = self._times(feed)
            stacked = "\n".join(f"{name} {time}" for name, time in zip(names, times, strict=True) if time)
            told = self._name(feed)
            table.add_row(
                Text(feed.health, _STYLES.get(feed.health, "bold red")),
                told.append(f"\n{stacked}") if narrow else told,
                *(times if wide else () if narrow else [stacked]),
                "" if feed.item_count is None else str(feed.item_count),
            )
        yield table

    def _name(self, feed: FeedState) -> Text:
        name = Text(printable(self.show_url(feed.url)))
        message = feed.last_message and f"{feed.last_error}: {feed.last_message}"
        for line in (feed.publisher, message, _HINTS.get(feed.last_error or "")):
            if line:
                name.append("\n" + printable(line), "dim")
        return name

    def _times(self, feed: FeedState) -> list[str]:
        following = "never" if feed.retired_at else age(feed.next_poll_at, self.now)
        return [age(feed.last_entry_at, self.now), age(feed.last_change_at, self.now), following]


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
