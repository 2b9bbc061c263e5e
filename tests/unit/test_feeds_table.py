import dataclasses
import datetime as dt
import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from articles import FeedState
from reports.feeds import render

NOW = dt.datetime(2026, 3, 5, 12, tzinfo=dt.UTC)
FAILING = dataclasses.replace(
    FeedState(url="https://user:secret@wire.example/a-rather-long-path/that-goes-on/and-on/index.rss"),
    last_error="address-refused",
    last_message="127.0.0.1 is \x1b[31mloopback",
    consecutive_failures=3,
    next_poll_at=NOW + dt.timedelta(minutes=15),
)
FINE = dataclasses.replace(
    FeedState(url="https://a.example/rss", publisher="Island News"),
    last_entry_at=NOW - dt.timedelta(hours=3),
    last_change_at=NOW - dt.timedelta(hours=2),
    next_poll_at=NOW + dt.timedelta(minutes=5),
    item_count=20,
)


def printed(width):
    console = Console(file=io.StringIO(), width=width)
    console.print(render([FINE, FAILING], lambda url: url.replace("user:secret@", ""), NOW))
    return console.file.getvalue()


@pytest.mark.parametrize("width", [50, 80, 109, 110, 200])
def test_all_is_told_within_the_terminal_and_the_worst_first(width):
    text = printed(width)
    assert max(map(cell_len, text.splitlines())) <= width
    assert "secret" not in text
    assert "\x1b" not in text
    words = " ".join(text.split())
    for told in ("3 h ago", "2 h ago", "in 15 min", "in 5 min", "20", "1 failing"):
        assert told in words
    assert text.index("\n  failing ") < text.index("\n  new ")


def test_what_can_be_done_is_said():
    assert "--allow-private-hosts polls it all the same" in printed(200)
