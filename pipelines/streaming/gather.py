"""Looking at the inputs: feeds that are due are polled, places that are watched are listed.

Inputs are keyed in groups, each with its own state. A group of feeds has all feeds of its hosts, so that pauses between
requests to a host are kept (docs/polling.md) and hosts are asked side by side; each watched place is a group.
"""

import dataclasses
import datetime as dt
import functools
import os
import tempfile
import time
import uuid
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import apache_beam as beam
from apache_beam.coders import PickleCoder
from apache_beam.io.filesystem import FileMetadata
from apache_beam.metrics.metric import Metrics
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec, TimerSpec, on_timer

from articles import FeedState
from pipelines.polling import recall
from pipelines.streaming.delivery import Delivery, Place
from pipelines.streaming.reading import Marks, Read, stage_units
from sources.containers import Limits
from sources.feeds import Client, Manners, Poll, Schedule, host_of, note_entries, poll_all, public_url
from sources.plan import plan
from sources.polled import put_aside
from sources.read import expand, open_uri
from sources.unit import Unit
from sources.watching import Sighting, look
from transforms.stages import Run

GROUPS: Final = 8
"""Groups of feeds, whatever the parallelism: a state stays with its key when a job is restored on more workers."""
_POLLS: Final = 64
"""Feeds polled in one look, at most: a checkpoint waits for the look to end."""
_KEPT_BACK: Final = dt.timedelta(minutes=5)
"""How long feeds' states may wait for entries to travel with."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How inputs are looked at."""

    place: Place
    manners: Manners
    tick: float
    poll_interval: float
    settle: float
    limits: Limits
    most_bytes: int
    strict: bool
    run: Run


@dataclasses.dataclass(frozen=True, slots=True)
class FeedGroup:
    """Feeds by address, as they were known when the job was submitted."""

    feeds: tuple[FeedState, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Watched:
    """A file, folder or glob."""

    pattern: str


@dataclasses.dataclass(frozen=True, slots=True)
class _Feeds:
    """State of a group of feeds: what is known of each, and the marks of the entries it gave last, by source.

    `waiting` are feeds whose states were not handed over yet, `since` when, with the `repeated` items and `outcomes`
    of their polls. An entry whose mark is here is in a delivery that was handed over: the engine keeps this state and
    that delivery together, so it need not be looked at again.
    """

    known: dict[str, FeedState]
    marks: dict[str, Marks] = dataclasses.field(default_factory=dict)
    waiting: frozenset[str] = frozenset()
    since: dt.datetime | None = None
    repeated: Counter[str] = dataclasses.field(default_factory=Counter)
    outcomes: Counter[str] = dataclasses.field(default_factory=Counter)


def group_feeds(feeds: Iterable[FeedState]) -> dict[str, FeedGroup]:
    """The groups by key; a host is in one."""
    groups: dict[str, list[FeedState]] = {}
    for feed in feeds:
        number = zlib.crc32(host_of(feed.moved_to or feed.url).encode()) % GROUPS
        groups.setdefault(f"feeds {number}", []).append(feed)
    return {key: FeedGroup(tuple(group)) for key, group in sorted(groups.items())}


@functools.lru_cache(maxsize=4)
def _client(manners: Manners, poll_interval: float) -> Client:
    """One a process, whatever Beam makes of the function that uses it: it knows when a host was asked last."""
    schedule = Schedule()
    interval = dt.timedelta(seconds=poll_interval)
    return Client(
        manners=manners,
        schedule=dataclasses.replace(
            schedule, min_interval=interval, max_interval=max(interval, schedule.max_interval)
        ),
    )


class Gather(beam.DoFn):
    """Seeds of groups to deliveries: a look at each group every `tick` seconds, by a timer of its own.

    The state is what a look must know of the looks before it.
    """

    STATE = ReadModifyWriteStateSpec("known", PickleCoder())
    TICK = TimerSpec("tick", TimeDomain.REAL_TIME)

    def __init__(self, groups: dict[str, FeedGroup | Watched], habits: Habits) -> None:
        self._groups = groups
        self._habits = habits

    def process(
        self,
        element: tuple[str, None],  # noqa: ARG002
        tick: Any = beam.DoFn.TimerParam(TICK),  # noqa: ANN401, B008
    ) -> None:
        tick.set(time.time())

    @on_timer(TICK)
    def look(
        self,
        key: Any = beam.DoFn.KeyParam,  # noqa: ANN401
        stamp: Any = beam.DoFn.TimestampParam,  # noqa: ANN401
        state: Any = beam.DoFn.StateParam(STATE),  # noqa: ANN401, B008
        tick: Any = beam.DoFn.TimerParam(TICK),  # noqa: ANN401, B008
    ) -> Iterator[Delivery]:
        """Look at a group, hand over what there is, and set the next look, unless the stream is being stopped."""
        if key not in self._groups:  # dropped from the inputs since the savepoint
            return
        last = self._habits.place.stop_sign.exists()
        now = dt.datetime.now(dt.UTC)
        Metrics.distribution("stream", "lag_ms").update(max(0, round((now.timestamp() - float(stamp)) * 1000)))
        group, before = self._groups[key], state.read()
        after: object
        if isinstance(group, FeedGroup):
            after, delivery = self._poll(group, before, now, last=last)
        else:
            after, delivery = self._look(group, before, now, last=last)
        if after != before:
            state.write(after)
        if delivery:
            yield dataclasses.replace(delivery, last=key) if last else delivery
        if not last:
            tick.set(time.time() + self._habits.tick)

    def _poll(
        self, group: FeedGroup, before: _Feeds | None, now: dt.datetime, *, last: bool
    ) -> tuple[_Feeds, Delivery | None]:
        before = before or _Feeds({})
        known = {state.url: state for state in recall({feed.url: feed for feed in group.feeds}, before.known)}
        due = [] if last else sorted(filter(functools.partial(_is_due, now=now), known.values()), key=_due_at)[:_POLLS]
        polls = list(poll_all(due, _client(self._habits.manners, self._habits.poll_interval), now)) if due else []
        outcomes = Counter(poll.outcome for poll in polls)
        for outcome, number in outcomes.items():
            Metrics.counter("polls", outcome).inc(number)
        read = self._read_polls(polls, before.marks, now)
        known |= {poll.feed.url: _noted(poll, read) for poll in polls}
        waiting = (before.waiting | {poll.feed.url for poll in polls}) & set(known)
        after = _Feeds(
            known,
            before.marks | {source: frozenset(marks) for source, marks in read.marks.items()},
            waiting,
            (before.since or now) if waiting else None,
            before.repeated + read.repeated,
            before.outcomes + outcomes,
        )
        overdue = after.since is not None and now - after.since >= _KEPT_BACK
        if not (read.files or last or overdue):
            return after, None
        states = tuple(known[url] for url in sorted(waiting))
        return _Feeds(known, after.marks), _delivery(now, read, states, after.repeated, after.outcomes)

    def _read_polls(self, polls: Sequence[Poll], passed: Mapping[str, Marks], now: dt.datetime) -> Read:
        with tempfile.TemporaryDirectory(prefix="newsbeam-") as folder:
            polled = (put_aside(poll, Path(folder)) for poll in polls)
            return self._stage([result.unit for result in polled if result.unit], now, passed)

    def _look(
        self, group: Watched, before: dict[str, Sighting] | None, now: dt.datetime, *, last: bool
    ) -> tuple[dict[str, Sighting], Delivery | None]:
        before = before or {}
        if last:
            return before, _delivery(now, Read())
        # Objects of a store appear whole; what settles is a file of this machine.
        settle = 0 if "://" in group.pattern else round(self._habits.settle * 1e9)
        found = _list(group.pattern, self._habits.place.output)
        after, names = look(before, found, time.time_ns(), settle, self._habits.most_bytes)
        units = (unit for name in names for unit in plan(name, after[name].size, open_uri, limits=self._habits.limits))
        read = self._stage(units, now) if names else Read()
        return after, _delivery(now, read) if read.items else None

    def _stage(self, units: Iterable[Unit], now: dt.datetime, passed: Mapping[str, Marks] | None = None) -> Read:
        habits = self._habits
        run = dataclasses.replace(habits.run, ingested_at=now)
        return stage_units(units, habits.place.rows, run, habits.limits, strict=habits.strict, passed=passed)


def _is_due(feed: FeedState, now: dt.datetime) -> bool:
    return feed.retired_at is None and (feed.next_poll_at is None or feed.next_poll_at <= now)


def _due_at(feed: FeedState) -> float:
    return feed.next_poll_at.timestamp() if feed.next_poll_at else 0.0


def _noted(poll: Poll, read: Read) -> FeedState:
    """The feed's new state, with what its payload held."""
    source = public_url(poll.feed.url)
    return note_entries(poll.feed, read.articles[source], read.newest.get(source)) if poll.payload else poll.feed


def _delivery(
    now: dt.datetime,
    read: Read,
    feeds: tuple[FeedState, ...] = (),
    repeated: Mapping[str, int] | None = None,
    outcomes: Mapping[str, int] | None = None,
) -> Delivery:
    return Delivery(
        id=uuid.uuid4().hex,
        seen=now,
        files=tuple(read.files),
        read=dict(read.items),
        repeated=dict(repeated or {}),
        feeds=feeds,
        outcomes=dict(outcomes or {}),
    )


def _list(pattern: str, output: Path) -> dict[str, Sighting]:
    """What is there now, without the tables themselves; nothing where a pattern has no file yet."""
    try:
        files = expand([pattern])
    except OSError:
        return {}
    found = {}
    for file in files:
        if "://" in file.path:
            found[file.path] = Sighting(file.size_in_bytes, _changed(file))
        elif not Path(file.path).resolve().is_relative_to(output):
            try:
                status = os.stat(file.path)  # noqa: PTH116
            except OSError:
                continue
            found[file.path] = Sighting(status.st_size, status.st_mtime_ns)
    return found


def _changed(file: FileMetadata) -> int:
    return round((file.last_updated_in_seconds or 0) * 1e9)
