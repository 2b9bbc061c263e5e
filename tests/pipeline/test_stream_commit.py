"""Windows of a stream, committed once whatever is handed over again; no cluster needed."""

import dataclasses
import datetime as dt
import os
import uuid
from pathlib import Path

import apache_beam as beam
import pyarrow.dataset as ds
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.direct.direct_runner import BundleBasedDirectRunner
from apache_beam.testing.test_stream import TestStream as Script
from feed_server import FeedServer, answer, rss

from articles import FeedState
from pipelines.cli import main
from pipelines.streaming import committing
from pipelines.streaming.committing import Commit, Settings, commit_window
from pipelines.streaming.delivery import Delivery, Place
from pipelines.streaming.gather import Gather, Habits, Watched, group_feeds
from pipelines.streaming.job import CommitWindows
from pipelines.streaming.reading import stage_units
from sinks.feeds import read_feeds
from sinks.layout import INTENT
from sinks.manifest import last_manifest, manifests
from sources.containers import Limits
from sources.feeds import Manners
from sources.unit import Unit
from transforms.duplicates.compare import Rules
from transforms.stages import Run

NOW = dt.datetime(2026, 3, 5, 12, tzinfo=dt.UTC)
RUN = Run("", NOW, "0", 1)
URL = "https://wire.example/rss"
WORDS = ["ferries", "piers", "cranes", "ropes", "tides", "buoys", "lamps"]


@pytest.fixture
def settings(tmp_path):
    place = Place(tmp_path / "tables", "stream")
    place.rows.mkdir(parents=True)
    return Settings(
        place=place,
        rules=Rules(near_threshold=0.8, days=30),
        max_duplicate_rate=0.9,
        lock_wait=0.0,
        run=RUN,
    )


def deliver(settings, *numbers, etag="1", minutes=0):
    """A delivery with some entries of one feed, and its state."""
    payload = settings.place.home / f"{uuid.uuid4().hex}.xml"
    payload.write_bytes(feed(numbers))
    unit = Unit(uri=str(payload), source_uri=URL, size=1, polled=True, content_type="application/rss+xml")
    read = stage_units([unit], settings.place.rows, RUN, Limits(), strict=False)
    when = NOW + dt.timedelta(minutes=minutes)
    return Delivery(
        id=uuid.uuid4().hex,
        seen=when,
        files=tuple(read.files),
        read=dict(read.items),
        feeds=(FeedState(url=URL, etag=etag, last_poll_at=when),),
        outcomes={"fetched": 1},
    )


def feed(numbers):
    texts = {n: " ".join(f"{word}{n}" for word in WORDS) for n in numbers}
    entries = "".join(
        f"<item><title>{texts[n]}</title><guid>urn:harbour:{n}</guid><description>{texts[n]}</description></item>"
        for n in numbers
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Quay</title>{entries}</channel></rss>'.encode()


def rows(settings, table="articles"):
    folder = settings.place.output / table
    if not folder.is_dir():
        return []
    return sorted(
        ds.dataset(folder, partitioning=None).to_table(columns=["source_item_id"])["source_item_id"].to_pylist()
    )


def etag(settings):
    files = [file for file in last_manifest(settings.place.output).state if file.table == "feeds"]
    return read_feeds(settings.place.output, files)[URL].etag


def is_sound(settings):
    return main(["verify", str(settings.place.output)]) == 0


def test_a_window_handed_over_again_commits_once(settings):
    deliveries = [deliver(settings, 1, 2), deliver(settings, 3, minutes=1)]
    first = commit_window(deliveries, settings)
    assert first.totals["articles"] == 3
    assert commit_window(deliveries[::-1], settings) is None
    assert len(list(manifests(settings.place.output))) == 1
    assert is_sound(settings)


def test_a_window_with_other_contents_after_a_restore_adds_what_is_new(settings):
    kept = deliver(settings, 1, 2)
    commit_window([kept, deliver(settings, 3, minutes=1)], settings)
    polled_again = deliver(settings, 2, 3, 4, minutes=2)
    second = commit_window([kept, polled_again], settings)
    assert (second.totals["articles"], second.totals["unchanged"], second.totals["duplicates"]) == (1, 4, 0)
    assert rows(settings) == [f"urn:harbour:{n}" for n in (1, 2, 3, 4)]
    assert is_sound(settings)


def test_what_a_window_has_several_times_is_no_duplicate_of_itself(settings):
    manifest = commit_window([deliver(settings, 1, 2), deliver(settings, 1, 2, 3, minutes=1)], settings)
    assert (manifest.totals["read"], manifest.totals["articles"], manifest.totals["unchanged"]) == (5, 3, 2)
    assert rows(settings, "duplicates") == []
    assert is_sound(settings)


def test_bad_items_that_come_again_in_a_window_are_one_reject(settings):
    broken = settings.place.home / "broken.xml"
    broken.write_bytes(b"<html><p>Please log in</p></html>")
    unit = Unit(uri=str(broken), source_uri=URL, size=1, polled=True)
    reads = [stage_units([unit], settings.place.rows, RUN, Limits(), strict=False) for _ in range(2)]
    deliveries = [
        Delivery(id=str(n), seen=NOW, files=tuple(read.files), read=dict(read.items)) for n, read in enumerate(reads)
    ]
    manifest = commit_window(deliveries, settings)
    assert (manifest.totals["read"], manifest.totals["rejects"], manifest.totals["unchanged"]) == (2, 1, 1)
    assert is_sound(settings)


def test_a_commit_cut_off_after_its_intent_is_finished_and_not_repeated(settings, monkeypatch):
    deliveries = [deliver(settings, 1, 2)]

    def cut(output, manifest):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("sinks.commit_files._carry_out", cut)
        with pytest.raises(KeyboardInterrupt):
            commit_window(deliveries, settings)
    assert list(settings.place.output.glob(f"_staging/*/{INTENT}"))
    assert commit_window(deliveries, settings) is None
    assert rows(settings) == ["urn:harbour:1", "urn:harbour:2"]
    assert is_sound(settings)


def test_a_commit_cut_off_before_its_intent_leaves_nothing(settings, monkeypatch):
    deliveries = [deliver(settings, 1, 2)]

    def fail(*_, **__):
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(committing, "settle", fail)
        with pytest.raises(OSError, match="disk full"):
            commit_window(deliveries, settings)
    assert not list(settings.place.output.glob("_staging/*"))
    assert commit_window(deliveries, settings).totals["articles"] == 2


def test_a_feed_is_never_set_back(settings):
    early, late = deliver(settings, 1, etag="1"), deliver(settings, 2, etag="2", minutes=5)
    commit_window([late], settings)
    commit_window([early], settings)
    assert etag(settings) == "2"


def test_rows_that_are_gone_take_the_state_of_their_feed_along(settings):
    lost = deliver(settings, 1, etag="lost", minutes=5)
    for file in lost.files:
        Path(file.path).unlink()
    manifest = commit_window([deliver(settings, 2, etag="kept"), lost], settings)
    assert rows(settings) == ["urn:harbour:2"]
    assert etag(settings) == "kept"
    assert "1 deliveries of the stream stream are lost" in manifest.alarms[0]


def test_staged_files_of_long_ago_are_cleared_up_and_later_ones_kept(settings):
    old, orphan, waiting = deliver(settings, 1), deliver(settings, 2), deliver(settings, 3)
    long_ago = (NOW - dt.timedelta(days=2)).timestamp()
    for delivery in (old, orphan):
        os.utime(delivery.files[0].path, (long_ago, long_ago))
    os.utime(waiting.files[0].path, (NOW.timestamp(), NOW.timestamp()))
    commit_window([old], settings)
    assert [str(path) for path in settings.place.rows.glob("*")] == [waiting.files[0].path]
    assert rows(settings) == ["urn:harbour:1"]


def test_nothing_is_committed_where_there_is_nothing(settings):
    assert commit_window([Delivery(id="a", seen=NOW, last="feeds 0")], settings) is None
    assert last_manifest(settings.place.output) is None


def test_an_empty_pane_is_no_commit(settings):
    assert list(Commit(settings).process((0, []))) == []
    assert not (settings.place.output / "_lock").exists()
    (run_id,) = Commit(settings).process((0, [deliver(settings, 1)]))
    assert run_id.startswith("stream-20260305T120000Z-")


def test_each_window_of_arrival_is_a_commit(settings):
    first, second, third = deliver(settings, 1), deliver(settings, 2), deliver(settings, 3)
    ended = Delivery(id="end", seen=NOW, last="feeds 0")
    events = (
        Script()
        .add_elements([first])
        .advance_processing_time(5)
        .add_elements([second])
        .advance_processing_time(30)
        .add_elements([third, ended])
        .advance_processing_time(30)
        .advance_watermark_to_infinity()
    )
    # The one local runner on which time can be scripted.
    with beam.Pipeline(runner=BundleBasedDirectRunner(), options=PipelineOptions(["--streaming"])) as pipeline:
        pipeline | events | CommitWindows(settings, 20)
    assert [manifest.totals["articles"] for manifest in manifests(settings.place.output)] == [2, 1]
    assert rows(settings) == [f"urn:harbour:{n}" for n in (1, 2, 3)]
    assert len(list(settings.place.ended.glob("*"))) == 1
    assert is_sound(settings)


def gather(groups, settings, looks, stop=False):
    """What some looks give, each with the state that the one before left; with a last one at the stop sign."""
    habits = Habits(
        place=settings.place,
        manners=Manners(allow_private_hosts=True, host_delay=0.0),
        tick=1.0,
        poll_interval=0.001,
        settle=0.0,
        limits=Limits(),
        most_bytes=1 << 20,
        strict=False,
        run=RUN,
    )
    function, state, timer, found = Gather(groups, habits), State(), Timer(), []
    for _ in range(looks):
        for key in groups:
            found += function.look(key, NOW.timestamp(), state.of(key), timer)
    assert timer.times == looks * len(groups)
    if stop:
        settings.place.stop_sign.touch()
        for key in groups:
            found += function.look(key, NOW.timestamp(), state.of(key), timer)
        assert timer.times == looks * len(groups)
    return found


class Timer:
    """Counts how often it is set."""

    times = 0

    def set(self, when):
        self.times += 1


class State:
    """What Beam keeps between calls, by key."""

    def __init__(self, values=None, key=None):
        self.values = {} if values is None else values
        self.key = key

    def of(self, key):
        return State(self.values, key)

    def read(self):
        return self.values.get(self.key)

    def write(self, value):
        self.values[self.key] = value


def test_entries_and_the_state_of_their_feed_leave_together(settings, feed_server: FeedServer):
    url = feed_server.serve("/rss", lambda request: [answer(body=rss(request.attempt), ETag=f'"{request.attempt}"')])
    first, second = gather(group_feeds([FeedState(url=url)]), settings, 2)
    assert [dict(delivery.read) for delivery in (first, second)] == [{url: 1}, {url: 1}]
    assert second.repeated == {url: 1}
    assert [delivery.feeds[0].etag for delivery in (first, second)] == ['"1"', '"2"']
    assert first.outcomes == {"fetched": 1}
    manifest = commit_window([first, second], settings)
    assert (manifest.totals["read"], manifest.totals["articles"], manifest.totals["unchanged"]) == (3, 2, 1)
    assert is_sound(settings)


def test_states_without_entries_wait_and_go_with_the_last(settings, feed_server: FeedServer):
    url = feed_server.serve("/rss", lambda request: [answer(500)])
    assert gather(group_feeds([FeedState(url=url)]), settings, 2) == []
    failed, *more = gather(group_feeds([FeedState(url=url)]), settings, 2, stop=True)
    assert not more
    assert failed.last.startswith("feeds ")
    assert failed.feeds[0].last_error == "server-error"


def test_an_entry_that_changes_is_given_again(settings, feed_server: FeedServer):
    bodies = [rss(2), rss(2).replace(b"day 1", b"day one"), rss(2)]
    url = feed_server.serve("/rss", lambda request: [answer(body=bodies[min(request.attempt, 3) - 1])])
    found = gather(group_feeds([FeedState(url=url)]), settings, 4)
    assert [dict(delivery.read) for delivery in found] == [{url: 2}, {url: 1}, {url: 1}]
    for delivery in found:
        commit_window([delivery], settings)
    assert len(rows(settings)) == 3  # back to its first text, the entry is unchanged
    assert is_sound(settings)


def test_hosts_are_in_one_group_each():
    feeds = [FeedState(url=f"https://{host}.example/{n}") for host in "abcdefghijkl" for n in range(3)]
    groups = group_feeds(feeds)
    places = {}
    for key, group in groups.items():
        for state in group.feeds:
            places.setdefault(state.url.split("/")[2], set()).add(key)
    assert sum(len(group.feeds) for group in groups.values()) == len(feeds)
    assert all(len(keys) == 1 for keys in places.values())
    assert len(groups) > 1


def test_a_watched_folder_gives_what_comes_and_what_changes(settings, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    groups = {"place": Watched(str(inbox))}
    assert gather(groups, settings, 1) == []
    (inbox / "a.xml").write_bytes(feed([1, 2]))
    (inbox / ".b.xml.part").write_bytes(feed([9]))
    (found,) = gather(groups, settings, 3)
    assert sum(found.read.values()) == 2
    assert gather({"place": Watched(str(inbox / "none*.xml"))}, settings, 1) == []


def test_tables_below_a_watched_folder_are_not_read(settings, tmp_path):
    (settings.place.output / "articles").mkdir(parents=True)
    (settings.place.output / "articles" / "a.txt").write_text("Ferries wait for the tide at the pier. " * 5)
    assert gather({"place": Watched(str(tmp_path))}, settings, 2) == []


def test_deliveries_can_be_told_apart(settings):
    one = deliver(settings, 1)
    assert commit_window([one], settings)
    other = dataclasses.replace(one, id="other")
    assert commit_window([other], settings).totals["unchanged"] == 1
