"""What the HTML report adds up."""

import dataclasses
import datetime as dt
import math
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import FeedState
from reports.html import counts, days, duplicates, feeds, rejects, runs, sample, sources, standing, tally

NOW = dt.datetime(2026, 3, 5, 12, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 5)


def a_run(sequence, seconds=10.0, **totals):
    ledger = dict.fromkeys(("articles", "duplicates", "held", "rejects", "unchanged"), 0) | totals
    return runs.Run(
        sequence=sequence,
        run_id=f"run-{sequence}",
        started_at="2026-03-05T12:00:00+00:00",
        seconds=seconds,
        totals={"read": sum(ledger.values()), **ledger},
        rejects_by_reason={},
        released=0,
        feeds={},
        alarms=(),
        files=1,
        bytes=1,
        newsbeam_version="0",
    )


def steady(count):
    return [a_run(n, articles=900 + 17 * (n % 7), rejects=5 + n % 3) for n in range(1, count + 1)]


def test_a_burst_of_rejects_is_unusual_and_a_steady_run_is_not():
    history = [*steady(20), a_run(21, articles=900, rejects=200), a_run(22, articles=910, rejects=6)]
    marked = runs.unusual(history)
    assert [len(notes) for notes in marked[:20]] == [0] * 20
    assert [note["what"] for note in marked[20]] == ["share of rejects"]
    assert marked[20][0]["usual"] == pytest.approx(0.0064, abs=0.002)
    assert marked[21] == [], "one unusual run does not make the next ones unusual"


def test_a_run_that_reads_nothing_is_unusual():
    marked = runs.unusual([*steady(20), a_run(21, seconds=10)])
    assert {note["what"] for note in marked[20]} == {"items read", "new articles"}


def test_a_run_five_times_as_slow_is_unusual_and_one_half_as_slow_again_is_not():
    assert [n["what"] for n in runs.unusual([*steady(20), a_run(21, seconds=50, articles=920, rejects=6)])[20]] == [
        "seconds"
    ]
    assert runs.unusual([*steady(20), a_run(21, seconds=15, articles=920, rejects=6)])[20] == []


def test_too_few_runs_say_nothing():
    assert runs.unusual([*steady(runs.ENOUGH - 1), a_run(9, articles=3, seconds=900)])[-1] == []


def test_compactions_are_neither_judged_nor_compared_with():
    history = [*steady(20), *(dataclasses.replace(a_run(n), kind="compact") for n in range(21, 60))]
    history.append(a_run(60, articles=930, rejects=6))
    assert runs.unusual(history) == [[]] * 60


def test_many_rejects_are_worth_a_look_from_the_first_run_on():
    (notes,) = runs.unusual([a_run(1, articles=80, rejects=20)])
    assert notes == [{"what": "share of rejects", "value": 0.2, "usual": None}]
    assert runs.unusual([a_run(1, articles=95, rejects=5)]) == [[]]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6), st.floats(0, 1e6)), max_size=60))
def test_any_history_can_be_judged(history):
    listed = [a_run(n, seconds, articles=a, rejects=r) for n, (a, r, seconds) in enumerate(history, 1)]
    assert len(runs.unusual(listed)) == len(listed)
    assert len(runs.table(listed, 10)) == min(10, len(listed))
    assert all(
        math.isfinite(note["usual"]) for notes in runs.unusual(listed) for note in notes if note["usual"] is not None
    )


def test_days_far_away_do_not_hide_the_others():
    found = Counter({TODAY - dt.timedelta(days=n): 100 for n in range(60)}) + Counter(
        {dt.date(1970, 1, 1): 1, dt.date(9999, 12, 31): 2}
    )
    shown = days.bars({"articles": found, "held": Counter()})
    assert (shown["unit"], len(shown["starts"]), shown["outside"]) == ("day", 60, 3)
    assert sum(shown["tables"]["articles"]) == 6_000


def test_ten_years_are_shown_by_week_or_month():
    found = Counter({TODAY - dt.timedelta(days=n): 1 for n in range(3_650)})
    shown = days.bars({"articles": found})
    assert shown["unit"] == "month"
    assert sum(shown["tables"]["articles"]) + shown["outside"] == 3_650
    assert days.bars({"articles": Counter({dt.date.min: 1, dt.date.max: 1})})["unit"] == "year"
    assert days.bars({"articles": Counter()})["starts"] == []


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.dates(), st.integers(1, 1000), max_size=40))
def test_no_row_is_lost_between_bars_and_outside(found):
    shown = days.bars({"articles": Counter(found)})
    assert sum(shown["tables"]["articles"]) + shown["outside"] == sum(found.values())
    assert len(shown["starts"]) <= days.MOST_BARS


def test_counts_stay_bounded_and_say_what_they_forgot(monkeypatch):
    monkeypatch.setattr(counts, "MAX_VALUES", 10)
    found = counts.Counts()
    found.add(pa.array(["often"] * 50 + [None] * 20))
    for number in range(40):
        found.add(pa.array([f"once {number}"]))
    table = found.table(2)
    assert table["rows"] == [["often", 50], [None, 20]]
    assert table["rest_count"] == 40
    assert len(found.values) <= 10


def test_labels_are_cut_and_can_not_steer():
    assert counts.short("a\x1b[31m  b\nc") == "a\ufffd[31m b c"
    assert len(counts.short("x" * 10_000)) == counts.LABEL_LENGTH
    assert counts.short(" " * 10_000 + "x").endswith("…")


def test_top_keeps_the_largest_and_interleave_takes_turns():
    top = sample.Top(2)
    top.add(0, np.array([0, 1, 2]), np.array([5, 9, 1]))
    top.add(1, np.array([7]), np.array([9]))
    assert list(top) == [(0, 1), (1, 7)]
    assert list(sample.interleave([(0, 1), (0, 2)], [(0, 1), (0, 3)], [(1, 1)])) == [(0, 1), (1, 1), (0, 2), (0, 3)]
    assert list(sample.Top(0)) == []


def ids(*letters):
    return [letter * 32 for letter in letters]


def batch(letters, versions, statuses, **more):
    return pa.RecordBatch.from_pydict(
        {"article_id": ids(*letters), "version": pa.array(versions, pa.int32()), "status": statuses} | more
    )


def test_only_the_newest_usable_version_is_shown():
    revisions = standing.Revisions()
    rows = batch("aabbcd", [1, 2, 1, 2, 1, 1], ["usable", "usable", "usable", "canceled", "usable", "withheld"])
    revisions.add(rows)
    told = revisions.standing()
    assert told.shown(rows).tolist() == [False, True, False, False, True, False]
    assert told.killed == {"b" * 32}


def test_a_kill_that_came_first_hides_what_came_later_with_its_version():
    revisions = standing.Revisions()
    revisions.add(batch("a", [1], ["canceled"]))
    assert revisions.standing().shown(batch("a", [1], ["usable"])).tolist() == [False]
    assert revisions.standing().killed == {"a" * 32}
    revisions.add(batch("aa", [2, 2], ["usable", "canceled"]))
    assert revisions.standing().killed == {"a" * 32}


def articles_batch(letters, **more):
    size = len(letters)
    kinds = more.pop("kinds", [[]] * size)
    return batch(letters, [1] * size, ["usable"] * size).from_pydict(
        {
            "article_id": ids(*letters),
            "version": pa.array([1] * size, pa.int32()),
            "status": ["usable"] * size,
            "published_at": pa.array(more.pop("times", [NOW] * size), pa.timestamp("us", tz="UTC")),
            "language": ["en"] * size,
            "source_format": ["rss"] * size,
            "publisher": pa.array([None] * size, pa.string()),
            "doc_type": ["story"] * size,
            "translation_probability": pa.array(more.pop("probabilities", [None] * size), pa.float32()),
            "word_count": pa.array([3] * size, pa.int32()),
            "artifacts": pa.array(
                [[{"kind": kind} for kind in row] for row in kinds], pa.list_(pa.struct([("kind", pa.string())]))
            ),
        }
    )


def test_tally_adds_up_and_picks_newest_tagged_examples_and_named():
    found = tally.ArticleTally(standing.Standing({}), ids("c"), 2, NOW)
    times = [NOW - dt.timedelta(hours=1), NOW, None, NOW + dt.timedelta(days=3_000)]
    kinds = [["x"], ["x", "x", "y"], [], ["z"]]
    found.add(0, 10, TODAY, articles_batch("abcd", times=times, kinds=kinds, probabilities=[0.0, 1.0, None, 0.51]))
    figures = found.summary()
    assert figures["totals"] == {"rows": 4, "shown": 4, "killed": 0, "older": 0, "tagged": 3, "words": 12}
    assert figures["probability"]["unknown"] == 1
    assert [n for n, count in enumerate(figures["probability"]["bins"]) if count] == [0, 10, 19]
    chosen = found.sample()
    assert chosen.newest == [(0, 11), (0, 10)], "a time in the future is none to be proud of"
    assert chosen.tagged == [(0, 11), (0, 10)]
    assert chosen.examples == {"x": [(0, 10)], "y": [(0, 11)], "z": [(0, 13)]}
    assert chosen.named == {"c" * 32: (0, 12)}
    listed = {kind["kind"]: (kind["count"], kind["articles"]) for kind in found.kinds_found([("w", "", "")], {})}
    assert listed == {"x": (3, 2), "y": (1, 1), "z": (1, 1), "w": (0, 0)}


def test_examples_have_words_around_them():
    row = {
        "article_id": "a" * 32,
        "title": "t",
        "body": "First paragraph.\n\nSaid " + "word " * 40 + "the the cat " + "word " * 40,
        "artifacts": [{"kind": "x", "field": "body", "start": 223, "end": 230, "suggestion": None}],
    }
    found = tally.ArticleTally(standing.Standing({}), (), 0, NOW).kinds_found([], {"x": [row]})
    assert found == []
    counted = tally.ArticleTally(standing.Standing({}), (), 0, NOW)
    counted.kinds["x"] = 1
    (kind,) = counted.kinds_found([], {"x": [row]})
    (example,) = kind["examples"]
    assert example["before"].startswith("… word")
    assert example["text"] == "the the"
    assert example["after"].endswith("word …")


def test_clusters_of_duplicates_are_counted_over_batches(monkeypatch):
    monkeypatch.setattr(duplicates, "_COMPACT_ROWS", 3)
    found = duplicates.DuplicateTally()
    for letters, kinds in (("aab", ["exact", "near", "exact"]), ("aac", ["near", "exact", "exact"])):
        found.add(
            pa.RecordBatch.from_pydict(
                {
                    "duplicate_of": ids(*letters),
                    "duplicate_kind": kinds,
                    "similarity": pa.array([0.92 if kind == "near" else 1.0 for kind in kinds], pa.float32()),
                }
            )
        )
    assert list(found.largest().items()) == [("a" * 32, 4), ("b" * 32, 1), ("c" * 32, 1)]
    summary = found.summary(duplicates.Members(found.largest()), {}, frozenset(ids("b")))
    assert (summary["rows"], summary["articles"], sum(summary["similarity"])) == (6, 3, 2)
    assert [cluster["killed"] for cluster in summary["clusters"]] == [False, True, False]
    assert duplicates.DuplicateTally().largest() == {}


def test_copies_of_what_was_killed_are_named_without_their_titles():
    members = duplicates.Members({"a" * 32: 1, "b" * 32: 1})
    row = {
        "article_id": ids("x", "y"),
        "title": ["Seen", "Unseen"],
        "publisher": [None, "P"],
        "source_uri": ["f", "f"],
        "published_at": pa.array([NOW, None], pa.timestamp("us", tz="UTC")),
        "duplicate_of": ids("a", "b"),
        "duplicate_kind": ["exact", "near"],
        "similarity": pa.array([1.0, 0.9], pa.float32()),
    }
    members.add(pa.RecordBatch.from_pydict(row))
    seen, unseen = members.clusters({}, frozenset(ids("b")))
    assert seen["members"][0]["title"] == "Seen"
    assert unseen["members"][0]["title"] is None


def test_rejects_are_counted_by_reason_with_excerpts():
    found = rejects.RejectTally()
    found.add(
        0,
        5,
        pa.RecordBatch.from_pydict(
            {"reason": ["b", "a", "b"], "stage": ["parse"] * 3, "source_format": pa.array([None, "rss", "rss"])}
        ),
    )
    assert found.places() == {"b": [(0, 5), (0, 7)], "a": [(0, 6)]}
    row = {
        "source_uri": "f",
        "item_index": 1,
        "source_format": None,
        "message": "m\x1b",
        "payload": b"\xff<script>\x1b" + b"x" * 5_000,
        "run_id": "r",
    }
    first, second = found.summary({"b": "why"}, {(0, 5): row})
    assert (first["reason"], first["count"], first["meaning"], second["examples"]) == ("b", 2, "why", [])
    (example,) = first["examples"]
    assert example["excerpt"].startswith("\\xff<script>\ufffdxxx")
    assert len(example["excerpt"]) < 700
    assert example["bytes"] == 5_010


def test_sources_with_rejects_are_shown_however_small(monkeypatch):
    found = sources.SourceTally()
    many = {f"s{n}": {"read": 1_000 + n, "rejects": 0} for n in range(400)}
    found.add(1, many | {"bad": {"read": 1, "rejects": 1}})
    found.add(2, {"s399": {"read": 5, "rejects": 0}})
    table = found.table()
    assert table["all"] == 401
    assert table["rows"][0] == {"source": "s399", "last_run": 2, "read": 1_404, "rejects": 0}
    assert table["rows"][-1]["source"] == "bad"
    monkeypatch.setattr(sources, "MAX_SOURCES", 100)
    found.add(3, {"new": {"read": 1, "rejects": 0}})
    assert found.table()["all"] == 402


def test_feeds_come_worst_first_without_credentials():
    states = [
        FeedState(url="https://a.example/ok", last_success_at=NOW, usual_gap_seconds=60.4),
        FeedState(url="https://me:secret@b.example/", consecutive_failures=2, last_message="x" * 9_000),
    ]
    table = feeds.table(states, lambda url: url.replace("me:secret@", ""))
    assert [row["health"] for row in table["rows"]] == ["failing", "ok"]
    assert table["by_health"] == {"failing": 1, "ok": 1}
    assert "secret" not in str(table)
    assert len(table["rows"][0]["last_message"]) == 240
