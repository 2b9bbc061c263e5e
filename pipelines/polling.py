"""Feeds among the inputs: which they are, polling them, and what a run has learned of each."""

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import apache_beam as beam
import pyarrow as pa
import pyarrow.compute as pc

from articles import FeedState, ParseError
from pipelines.mistakes import suggest_inputs
from pipelines.options import UsageError
from pipelines.runners import running_here
from sinks.write import Collect, collected
from sources.feeds import Manners, note_entries, public_url, subscribed_url
from sources.opml import parse_opml
from sources.polled import Polled
from sources.read import PollFeeds
from storage.paths import Location

_SCHEMES: Final = ("http://", "https://", "feed:")


def subscriptions(inputs: Sequence[str]) -> tuple[list[str], dict[str, FeedState], list[str]]:
    """Tell inputs that are read from those that are polled.

    Gives the former, the feeds of the latter by address, and a line on each subscription passed over.
    A feed is named by its URL, or by an OPML file that is named itself; an OPML file in a folder is not
    taken for a wish to poll. Raises `UsageError` for an OPML file that can't be read or names no feed.
    """
    files: list[str] = []
    feeds: dict[str, FeedState] = {}
    passed_over: list[str] = []
    for name in inputs:
        if name.lower().startswith(_SCHEMES):
            url = subscribed_url(name)
            feeds.setdefault(url, FeedState(url=url))
        elif name.lower().endswith(".opml"):
            for state in _read_opml(Path(name)):
                if isinstance(state, FeedState):
                    feeds.setdefault(state.url, state)
                else:
                    passed_over.append(f"{name}: passed over a subscription: {state.message}")
        else:
            files.append(name)
    return files, feeds, passed_over


def _read_opml(path: Path) -> list[FeedState | ParseError]:
    try:
        found = list(parse_opml(path.read_bytes()))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}{suggest_inputs([str(path)])}") from error
    except ParseError as error:
        raise UsageError(f"{path}: {error}") from error
    if not any(isinstance(state, FeedState) for state in found):
        msg = f"{path}: names no feed that can be polled"
        raise UsageError(msg)
    return found


def recall(wanted: Mapping[str, FeedState], known: Mapping[str, FeedState]) -> list[FeedState]:
    """The states to poll with: what is known of each feed, under the name its subscription gives it now."""
    states = []
    for url, state in wanted.items():
        old = known.get(url, state)
        named = {name: getattr(state, name) or getattr(old, name) for name in ("publisher", "category")}
        states.append(dataclasses.replace(old, **named))
    return states


def poll_feeds(feeds: Sequence[FeedState], folder: Location, manners: Manners, now: dt.datetime) -> list[Polled]:
    """Poll them all once, from this machine: the pauses between requests are kept in one place.

    Payloads and the receipt are put in `folder`.
    """
    receipt = folder / "polled.receipt"
    with running_here() as pipeline:
        polled = pipeline | "feeds" >> beam.Create([tuple(feeds)]) | "poll" >> PollFeeds(str(folder), manners, now)
        polled | "collect" >> Collect(str(receipt))
    return sorted(collected(receipt), key=lambda result: result.feed.url)


def learn(polled: Iterable[Polled], items: pa.Table) -> list[FeedState]:
    """The new states, with what the payloads held.

    `items` has a row for each item read, with its `source_uri`, `table` and `published_at`.
    """
    states = []
    for result in polled:
        if result.unit is None:
            states.append(result.feed)
            continue
        own = items.filter(pc.equal(items["source_uri"], public_url(result.feed.url)))
        own = own.filter(pc.not_equal(own["table"], "rejects"))
        states.append(note_entries(result.feed, len(own), pc.max(own["published_at"]).as_py()))
    return states


def outcomes(polled: Iterable[Polled]) -> dict[str, int]:
    """Polls by outcome."""
    return dict(sorted(Counter(result.outcome for result in polled).items()))


def alarms(states: Iterable[FeedState]) -> tuple[str, ...]:
    """A line on each feed that answers, and gives nothing."""
    return tuple(
        f"{public_url(state.url)}: {state.alarm}, {state.silent_polls} polls without a new entry"
        for state in states
        if state.alarm
    )
