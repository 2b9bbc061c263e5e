import datetime as dt
import hashlib

import pyarrow as pa

from transforms.duplicates.decide import decide
from transforms.duplicates.stories import join_stories
from transforms.duplicates.tables import DECISIONS, HISTORY, ITEMS

NOON = dt.datetime(2026, 3, 5, 12, tzinfo=dt.UTC)


def digest(name):
    return hashlib.md5(name.encode()).digest()


def item(key, content, *, revision=None, hour=None, table="articles", version=None, index=0):
    return {
        "key": digest(key),
        "revision": digest(revision or f"{key}/{content}"),
        "content_hash": digest(content),
        "table": table,
        "published_at": None if hour is None else NOON + dt.timedelta(hours=hour),
        "updated_at": None,
        "payload_sha256": "",
        "source_uri": "wires.jsonl",
        "item_index": index,
        "version": version,
        "date": NOON.date(),
    }


def committed(key, content, *, revision=None, canonical=None, story=None, version=1, table="articles"):
    return {
        "key": digest(key),
        "revision": digest(revision or f"{key}/{content}"),
        "content_hash": digest(content),
        "canonical": digest(canonical or key),
        "story": digest(story or canonical or key),
        "version": version,
        "table": table,
        "date": NOON.date(),
    }


def decided(items, history=()):
    pieces = [pa.Table.from_pylist([row], schema=HISTORY) for row in history]
    result = decide(pa.Table.from_pylist(list(items), schema=ITEMS), pieces).decisions
    assert result.schema == DECISIONS
    names = {digest(name): name for name in "abcdef"}
    return [(row["table"], names[row["canonical"]], names[row["story"]], row["version"]) for row in result.to_pylist()]


def test_nothing_gives_nothing():
    assert decided([]) == []


def test_earliest_published_of_equal_texts_is_canonical():
    assert decided([item("a", "text", hour=5), item("b", "text", hour=3)]) == [
        ("duplicates", "b", "b", 1),
        ("articles", "b", "b", 1),
    ]


def test_smallest_id_is_canonical_where_times_are_equal_or_unknown():
    smallest, other = sorted("cd", key=digest)
    assert decided([item(other, "text"), item(smallest, "text")])[1] == ("articles", smallest, smallest, 1)


def test_unknown_time_comes_after_every_known_one():
    assert decided([item("a", "text"), item("b", "text", hour=9)])[0][0] == "duplicates"


def test_same_item_twice_in_a_run_is_its_own_duplicate():
    assert decided([item("a", "text", index=0), item("a", "text", index=1)]) == [
        ("articles", "a", "a", 1),
        ("duplicates", "a", "a", 1),
    ]


def test_new_headline_over_the_same_text_is_a_version():
    items = [item("a", "text", revision="old headline", hour=1), item("a", "text", revision="new headline", hour=2)]
    assert decided(items) == [("articles", "a", "a", 1), ("articles", "a", "a", 2)]


def test_versions_count_in_the_order_of_their_times_and_on_from_the_history():
    items = [item("a", "third", hour=3), item("a", "second", hour=2)]
    assert decided(items, [committed("a", "first", version=4)]) == [
        ("articles", "a", "a", 6),
        ("articles", "a", "a", 5),
    ]


def test_committed_revision_is_unchanged_also_where_it_is_a_duplicate():
    history = [committed("a", "text"), committed("b", "text", canonical="a", table="duplicates")]
    assert [table for table, *_ in decided([item("b", "text"), item("a", "text")], history)] == ["unchanged"] * 2


def test_committed_article_stays_canonical_for_an_older_copy_that_arrives_later():
    assert decided([item("b", "text", hour=-100)], [committed("a", "text")]) == [("duplicates", "a", "a", 1)]


def test_duplicate_of_a_committed_duplicate_points_at_the_canonical_article():
    history = [committed("a", "text"), committed("b", "text", canonical="a", table="duplicates")]
    assert decided([item("c", "text")], history) == [("duplicates", "a", "a", 1)]


def test_new_text_of_a_former_duplicate_is_an_article_of_the_same_story():
    history = [committed("a", "text"), committed("b", "text", canonical="a", table="duplicates")]
    assert decided([item("b", "other text")], history) == [("articles", "b", "a", 2)]


def test_held_items_are_compared_with_nothing():
    items = [item("a", "text", hour=1, table="held"), item("b", "text", hour=2)]
    assert decided(items) == [("held", "a", "a", 1), ("articles", "b", "b", 1)]


def test_released_row_keeps_its_version_and_reading_it_again_changes_nothing():
    history = [committed("a", "text", version=3, table="held")]
    items = [item("a", "text", version=3), item("a", "text")]
    assert decided(items, history) == [("articles", "a", "a", 3), ("unchanged", "a", "a", 4)]


def test_reject_read_again_is_unchanged():
    history = [committed("a", "nothing", table="rejects")]
    assert decided([item("a", "nothing", table="rejects"), item("b", "nothing", table="rejects")], history) == [
        ("unchanged", "a", "a", 2),
        ("rejects", "b", "b", 1),
    ]


def test_copy_that_alone_has_a_content_is_a_duplicate_of_its_first():
    """A short text's content is one day's: copies of one revision can differ in it."""
    items = [
        item("c", "text of Monday", hour=0),
        item("a", "text of Monday", revision="same", hour=1),
        item("a", "text of Tuesday", revision="same", hour=24),
        item("b", "text of Tuesday", hour=25),
    ]
    assert decided(items) == [
        ("articles", "c", "c", 1),
        ("duplicates", "c", "c", 1),
        ("duplicates", "c", "c", 1),
        ("articles", "b", "b", 1),
    ]


def test_held_row_with_a_newer_version_stays_held():
    history = [committed("a", "one", table="held"), committed("a", "two", version=2)]
    assert decided([item("a", "one", version=1)], history)[0][0] == "held"
    assert decided([item("a", "one", version=1), item("a", "three")], history[:1])[0][0] == "held"


def test_what_was_held_joins_the_story_of_what_it_repeats_when_it_is_released():
    """Held, it was compared with nothing, and its own story was all that could be said of it."""
    history = [committed("a", "text"), committed("b", "text", table="held")]
    assert decided([item("b", "text", hour=2, version=1)], history) == [("duplicates", "a", "a", 1)]


def test_a_copy_is_of_the_story_its_article_was_committed_with():
    """A new version of `b` says what `a` says, and both have their stories: a copy of `b` goes to that of `b`."""
    history = [committed("a", "one"), committed("b", "two")]
    links = [(digest("b"), digest("a")), (digest("c"), digest("b")), (digest("d"), digest("c"))]
    told = {digest(name): digest(name) for name in "ab"}
    assert join_stories(links, told) == {digest("c"): digest("b"), digest("d"): digest("b")}
    assert decided([item("c", "two", hour=2)], history) == [("duplicates", "b", "b", 1)]


def test_a_text_between_two_committed_stories_is_of_the_first():
    told = {digest(name): digest(name) for name in "ab"}
    links = [(digest("c"), digest("d")), (digest("d"), digest("b")), (digest("c"), digest("a"))]
    assert join_stories(links, told) == {digest("c"): digest("a"), digest("d"): digest("a")}
