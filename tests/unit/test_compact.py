"""Compaction over tables written by hand, so that every kind of row can be had."""

import argparse
import datetime as dt
import hashlib
import itertools
import shutil
from collections import Counter

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manifests import blank

from pipelines.compact import compact
from sinks.commit import recover
from sinks.compact import Piece, _pack
from sinks.manifest import (
    LEDGER,
    CommittedFile,
    last_manifest,
    last_sequence,
    live_files,
    manifest_path,
    manifests,
)
from sinks.schema import SIGNATURES, TABLES
from sinks.verify import verify
from storage.files import sha256, write_whole

NOON = dt.datetime(2026, 3, 5, 12, tzinfo=dt.UTC)
DEFAULTS = {pa.string(): "", pa.int32(): 1, pa.float32(): None, pa.binary(): b""}


def digest(*parts):
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()


def row(name, version=1, table="articles", *, text=None, of=None, day=5, **fields):
    """A row of a table; `text` is what its content hash is of, `of` the name of its canonical article."""
    values = {
        "article_id": digest(name),
        "version": version,
        "status": "usable",
        "doc_type": "story",
        "story_id": digest(of or name),
        "title": f"About {name}",
        "body": text or name,
        "byline": ["Ada Renn"],
        "credits": [],
        "keywords": [],
        "artifacts": [],
        "source_uri": f"/wires/{name}.json",
        "published_at": NOON,
        "ingested_at": NOON,
        "date_source": "published",
        "content_hash": digest(text or name),
        "payload_sha256": digest(name, version, text),
        **fields,
    }
    if values["status"] == "canceled":
        values["content_hash"] = digest("kill", name)
    if table == "duplicates":
        values |= {"duplicate_of": digest(of), "duplicate_kind": "exact", "similarity": 1.0}
    return table, day, values


def reject(number):
    values = {"source_uri": "/wires/bad.xml", "item_index": number, "stage": "parse", "reason": "malformed"}
    return "rejects", 5, {**values, "message": "", "payload": b"<", "payload_sha256": digest(number)}


def commit_rows(output, *rows):
    """Add a run, as `ingest` would: a file a table and day, signatures, a ledger."""
    last = last_manifest(output)
    sequence = last_sequence(output) + 1
    run_id = f"run-{sequence}"
    files = []
    key = lambda item: item[:2]  # noqa: E731
    for (table, day), group in itertools.groupby(sorted(rows, key=key), key=key):
        records = [{**values, "run_id": run_id} for _, _, values in group]
        path = f"{table}/date=2026-03-{day:02d}/part-{sequence:05d}.parquet"
        files.append(write(output, path, table, pa.Table.from_pylist(fill(records, table), schema=TABLES[table])))
    signatures = [signature(table, values) for table, _, values in rows]
    path = f"_state/signatures/{sequence}.parquet"
    files_state = [*(last.state if last else ())]
    if signatures:
        files_state.append(write(output, path, "signatures", pa.Table.from_pylist(signatures, schema=SIGNATURES)))
    sources = {}
    for table, _, values in rows:
        ledger = sources.setdefault(values["source_uri"], dict.fromkeys(LEDGER, 0))
        ledger["read"] += 1
        ledger[table] += 1
    manifest = blank(
        sequence,
        run_id,
        totals={name: sum(ledger[name] for ledger in sources.values()) for name in LEDGER},
        sources=sources,
        files=tuple(files),
        state=tuple(files_state),
    )
    write_whole(manifest_path(output, sequence), manifest.to_json())


def fill(records, table):
    empty = {field.name: DEFAULTS.get(field.type) for field in TABLES[table] if not field.nullable}
    return [{**empty, **record} for record in records]


def signature(table, values):
    if table == "rejects":
        key = content = canonical = bytes(16)
    else:
        key, content = bytes.fromhex(values["article_id"]), bytes.fromhex(values["content_hash"])
        canonical = bytes.fromhex(values.get("duplicate_of", values["article_id"]))
    found = {"key": key, "revision": key, "content_hash": content, "canonical": canonical, "story": canonical}
    return {**found, "version": values.get("version", 1), "table": table}


def write(output, path, table, rows):
    target = output / path
    target.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(rows, target)
    return CommittedFile(path, table, rows.num_rows, target.stat().st_size, sha256(target))


def options(output, **changes):
    given = {"dry_run": False, "drop_superseded": False, "target_size": 64 << 20, "lock_wait": 0.0}
    return argparse.Namespace(directory=output, **given | {"quiet": True, "json_summary": False} | changes)


def run(output, **changes):
    assert compact(options(output, **changes)) == 0
    assert list(verify(output)) == []


def rows(output, table):
    """The rows of a table, of the files that are committed."""
    live = [file for file in live_files(manifests(output)).values() if file.table == table]
    return [row for file in live for row in pq.read_table(output / file.path, partitioning=None).to_pylist()]


def names(output, table, *columns):
    """Which rows a table has, ids by name."""
    known = {digest(name): name for name in "abcdefgwxyz"}
    found = [tuple(row[column] for column in ("article_id", "version", *columns)) for row in rows(output, table)]
    return sorted(tuple(known.get(value, value) for value in row) for row in found)


def tables_of_signatures(output):
    known = {digest(name): name for name in "abcdefgwxyz"}
    state = [file for file in last_manifest(output).state if file.table == "signatures"]
    found = [row for file in state for row in pq.read_table(output / file.path, partitioning=None).to_pylist()]
    return sorted(
        (known[row["key"].hex()], row["version"], row["table"], known[row["canonical"].hex()]) for row in found
    )


def tree(output):
    return {
        path.relative_to(output).as_posix(): sha256(path)
        for path in output.rglob("*")
        if path.is_file() and path.name != "_lock" and path.parent.name != "_commits"
    }


def test_small_files_of_a_table_and_day_become_one(tmp_path):
    for name in "abc":
        commit_rows(tmp_path, row(name), row(name.upper(), day=6), reject(ord(name)))
    before = {table: sorted(map(repr, rows(tmp_path, table))) for table in ("articles", "rejects")}
    run(tmp_path)
    assert {table: sorted(map(repr, rows(tmp_path, table))) for table in before} == before
    assert [len(list((tmp_path / folder).rglob("*.parquet"))) for folder in ("articles", "rejects", "_state")] == [
        2,
        1,
        1,
    ]
    assert [row["article_id"] for row in rows(tmp_path, "articles")][:3] == sorted(map(digest, "abc"))
    manifest = last_manifest(tmp_path)
    assert (manifest.kind, set(manifest.totals.values()), manifest.sources) == ("compact", {0}, {})


def test_second_compaction_finds_nothing_to_do(tmp_path):
    for name in "abc":
        commit_rows(tmp_path, row(name), row("x", text=name, table="duplicates", of=name))
    commit_rows(tmp_path, row("a", 2, status="canceled"))
    run(tmp_path)
    before, sequence = tree(tmp_path), last_sequence(tmp_path)
    run(tmp_path)
    assert (tree(tmp_path), last_sequence(tmp_path)) == (before, sequence)


def test_what_comes_out_does_not_depend_on_how_rows_were_split_into_runs(tmp_path):
    together = [row(name) for name in "abcdef"]
    commit_rows(tmp_path / "one", *together[:3])
    commit_rows(tmp_path / "one", *together[3:])
    commit_rows(tmp_path / "two", together[5])
    commit_rows(tmp_path / "two", *together[:5])
    for name in ("one", "two"):
        run(tmp_path / name)
    without = {"run_id"}
    one, two = (
        [
            {name: value for name, value in row.items() if name not in without}
            for row in rows(tmp_path / name, "articles")
        ]
        for name in ("one", "two")
    )
    assert one == two


def test_kill_removes_every_version_everywhere_and_keeps_its_own_row_without_text(tmp_path):
    commit_rows(tmp_path, row("a"), row("b"))
    commit_rows(tmp_path, row("a", 2, text="other"), row("a", 3, "held", text="third"))
    commit_rows(tmp_path, row("a", 2, "duplicates", text="other", of="a"), row("a", 1, "duplicates", text="b", of="b"))
    commit_rows(
        tmp_path,
        row("a", 4, status="canceled", editors_note="Story withdrawn", dateline={"place": "PORT VERRIN"}),
        row("a", 4, "duplicates", status="canceled", of="a"),
    )
    run(tmp_path)
    assert names(tmp_path, "articles") == [("a", 4), ("b", 1)]
    assert names(tmp_path, "duplicates") == names(tmp_path, "held") == []
    (kill,) = [row for row in rows(tmp_path, "articles") if row["status"] == "canceled"]
    assert (kill["title"], kill["body"], kill["byline"], kill["dateline"]) == ("", "", [], None)
    assert kill["editors_note"] == "Story withdrawn"
    (other,) = [row for row in rows(tmp_path, "articles") if row["status"] != "canceled"]
    assert (other["title"], other["byline"]) == ("About b", ["Ada Renn"])
    removed = last_manifest(tmp_path).dropped
    assert removed["run-2"] == {"/wires/a.json": {"articles": 1, "held": 1}}
    signed = Counter((version, table) for name, version, table, _ in tables_of_signatures(tmp_path) if name == "a")
    assert signed == {
        (1, "removed"): 2,
        (2, "removed"): 2,
        (3, "removed"): 1,
        (4, "articles"): 1,
        (4, "removed"): 1,
    }


def test_old_copies_that_come_after_the_kill_go_too(tmp_path):
    hours = [NOON + dt.timedelta(hours=hour) for hour in range(4)]
    commit_rows(tmp_path, row("a", 1, status="canceled", updated_at=hours[2]))
    commit_rows(tmp_path, row("a", 2, updated_at=hours[2]), row("a", 3, "held", updated_at=hours[1]))
    commit_rows(tmp_path, row("a", 4, text="new", updated_at=hours[3]))
    commit_rows(tmp_path, row("a", 5, text="newer", published_at=None))
    run(tmp_path)
    assert names(tmp_path, "articles") == [("a", 1), ("a", 4), ("a", 5)], "where no time is known, later is newer"
    assert names(tmp_path, "held") == []
    signed = [(version, table) for _, version, table, _ in tables_of_signatures(tmp_path)]
    assert signed == [(1, "articles"), (2, "removed"), (3, "removed"), (4, "articles"), (5, "articles")]


def test_versions_after_the_kill_stay(tmp_path):
    later = NOON + dt.timedelta(hours=1)
    commit_rows(tmp_path, row("a"))
    commit_rows(tmp_path, row("a", 2, status="canceled"))
    commit_rows(tmp_path, row("a", 3, text="new", updated_at=later), row("b", 1, "duplicates", text="new", of="a"))
    run(tmp_path)
    assert names(tmp_path, "articles", "status") == [("a", 2, "canceled"), ("a", 3, "usable")]
    assert names(tmp_path, "duplicates", "duplicate_of") == [("b", 1, "a")]
    assert ("b", 1, "duplicates", "a") in tables_of_signatures(tmp_path)


def test_copies_of_a_killed_text_stay_and_the_earliest_is_the_article(tmp_path):
    commit_rows(tmp_path, row("a"), row("w", day=6))
    commit_rows(tmp_path, row("a", 2, text="second"))
    later = NOON + dt.timedelta(hours=1)
    commit_rows(
        tmp_path,
        row("x", 1, "duplicates", text="a", of="a", published_at=later),
        row("y", 1, "duplicates", text="a", of="a", day=6),
        row("y", 1, "duplicates", text="a", of="a", day=6),
        row("y", 2, "duplicates", text="a", of="a", day=6),
        row("z", 1, "duplicates", text="second", of="a"),
        row("w", 2, "duplicates", text="near a", of="a", published_at=None),
    )
    commit_rows(tmp_path, row("a", 3, status="canceled"))
    run(tmp_path)
    assert names(tmp_path, "articles") == [("a", 3), ("w", 1), ("w", 2), ("y", 1), ("y", 2), ("z", 1)]
    assert names(tmp_path, "duplicates", "duplicate_of") == [("x", 1, "y"), ("y", 1, "y")]
    assert {row["story_id"] for row in rows(tmp_path, "articles")} == {digest("a"), digest("w")}
    assert tables_of_signatures(tmp_path) == [
        ("a", 1, "removed", "a"),
        ("a", 2, "removed", "a"),
        ("a", 3, "articles", "a"),
        ("w", 1, "articles", "w"),
        ("w", 2, "articles", "w"),
        ("x", 1, "duplicates", "y"),
        ("y", 1, "articles", "y"),
        ("y", 1, "duplicates", "y"),
        ("y", 2, "articles", "y"),
        ("z", 1, "articles", "z"),
    ]


def test_superseded_versions_go_only_where_that_is_asked_for(tmp_path):
    commit_rows(tmp_path, row("a"), row("b"), row("c"), row("d", 1, "held"))
    commit_rows(tmp_path, row("a", 2), row("b", 2, "duplicates", of="a", text="a"), row("d", 2, "held"))
    commit_rows(tmp_path, row("x", 1, "duplicates", of="a", text="a"), row("x", 2), row("a", 3, "held"))
    run(tmp_path)
    assert len(rows(tmp_path, "articles")) == 5
    run(tmp_path, drop_superseded=True)
    assert names(tmp_path, "articles") == [("a", 2), ("b", 1), ("c", 1), ("x", 2)], "what may be canonical stays"
    assert names(tmp_path, "duplicates") == [("b", 2)]
    assert names(tmp_path, "held") == [("a", 3), ("d", 2)]


def test_dry_run_says_what_would_be_done_and_does_nothing(tmp_path, capsys):
    for name in "ab":
        commit_rows(tmp_path, row(name))
    commit_rows(tmp_path, row("a", 2, status="canceled"))
    before = tree(tmp_path)
    assert compact(options(tmp_path, quiet=False, dry_run=True)) == 0
    assert tree(tmp_path) == before
    out = capsys.readouterr().out
    assert "would compact" in out
    assert "3 files to 1" in out
    assert "rows removed for good: 1 articles; kills carried out: 1" in out


def test_files_are_packed_so_that_no_two_packs_would_fit_in_one():
    sizes = [3, 9, 1, 4, 4, 6, 2, 11]
    pieces = [Piece(CommittedFile(f"articles/{index}", "articles", 1, 1, ""), size) for index, size in enumerate(sizes)]
    packs = [sum(piece.weight for piece in pack) for pack in _pack(pieces, 10)]
    assert sum(packs) == sum(sizes)
    assert [weight for weight in packs if weight > 10] == [11], "a file larger than a pack stands alone"
    assert all(one + two > 10 for one, two in itertools.combinations(packs, 2))


def test_no_file_grows_beyond_the_target(tmp_path):
    for number in range(12):
        commit_rows(tmp_path, row(f"ship {number}", body="grain " * number + digest(number) * 300))
    largest = max(unpacked(path) for path in (tmp_path / "articles").rglob("*.parquet"))
    run(tmp_path, target_size=3 * largest)
    sizes = [unpacked(path) for path in (tmp_path / "articles").rglob("*.parquet")]
    assert len(sizes) in (4, 5)
    assert max(sizes) <= 3 * largest


def unpacked(path):
    metadata = pq.read_metadata(path)
    return sum(metadata.row_group(index).total_byte_size for index in range(metadata.num_row_groups))


VERSIONS = st.fixed_dictionaries(
    {
        "name": st.sampled_from("abc"),
        "text": st.sampled_from(["one", "two", "three"]),
        "kind": st.sampled_from(["usable", "usable", "canceled", "held", "copy"]),
        "hour": st.integers(0, 3),
        "run": st.integers(0, 3),
    }
)


def history(output, items):
    """Commit the items in runs as a simple newsroom would: first text is canonical, versions count on."""
    version, canonical = Counter(), {}
    runs = [[] for _ in range(4)]
    for item in sorted(items, key=lambda item: item["run"]):
        name, text = item["name"], item["text"]
        fields = {"published_at": NOON + dt.timedelta(hours=item["hour"]), "day": 5 + item["hour"] % 2}
        if item["kind"] == "copy" and version[name]:
            continue
        version[name] += 1
        if item["kind"] == "canceled":
            runs[item["run"]].append(row(name, version[name], status="canceled", **fields))
        elif item["kind"] == "held":
            runs[item["run"]].append(row(name, version[name], "held", text=text, **fields))
        else:
            owner = canonical.setdefault(text, name)
            table = "articles" if owner == name else "duplicates"
            runs[item["run"]].append(row(name, version[name], table, text=text, of=owner, **fields))
    for batch in runs:
        commit_rows(output, *batch)


@settings(max_examples=30, deadline=None)
@given(st.lists(VERSIONS, min_size=1, max_size=14), st.booleans())
def test_after_any_history_what_is_killed_is_gone_and_the_rest_is_there(tmp_path_factory, items, drop):
    output = tmp_path_factory.mktemp("history")
    history(output, items)
    assert list(verify(output)) == []
    before = {table: rows(output, table) for table in ("articles", "duplicates", "held")}
    kills = [found for found in before["articles"] if found["status"] == "canceled"]

    def is_killed(found):
        if found["status"] == "canceled":
            return any(
                kill["version"] > found["version"] for kill in kills if kill["article_id"] == found["article_id"]
            )
        return any(
            kill["article_id"] == found["article_id"]
            and (found["version"] < kill["version"] or found["published_at"] <= kill["published_at"])
            for kill in kills
        )

    run(output, drop_superseded=drop)
    after = {table: rows(output, table) for table in before}
    assert not any(is_killed(found) for table in after.values() for found in table)
    assert not any(found["body"] for found in after["articles"] if found["status"] == "canceled")
    ids = {found["article_id"] for found in after["articles"]}
    assert all(found["duplicate_of"] in ids for found in after["duplicates"])
    if not drop:
        kept = Counter(
            (found["article_id"], found["version"], found["content_hash"])
            for table in before.values()
            for found in table
            if not is_killed(found)
        )
        there = Counter(
            (found["article_id"], found["version"], found["content_hash"])
            for table in after.values()
            for found in table
        )
        assert there == kept
        # Each text that is still there in either table has an article with it.
        texts = {found["content_hash"] for found in after["articles"]}
        assert {found["content_hash"] for found in after["duplicates"]} <= texts
    sequence = last_sequence(output)
    run(output, drop_superseded=drop)
    assert last_sequence(output) == sequence, "a second compaction has nothing left to do"


def test_killed_after_any_step_and_run_again_the_tables_are_the_same(tmp_path, kill_after, death):
    tables = tmp_path / "tables"
    for name in "abc":
        commit_rows(tables, row(name), row(name.upper(), day=6), reject(ord(name)))
    commit_rows(tables, row("x", 1, "duplicates", text="a", of="a"), row("a", 2, status="canceled"))
    undisturbed = shutil.copytree(tables, tmp_path / "undisturbed")
    run(undisturbed)
    expected, before = tree(undisturbed), tree(tables)
    published = []
    for limit in range(200):
        output = shutil.copytree(tables, tmp_path / str(limit))
        with pytest.MonkeyPatch.context() as patch:
            kill_after(patch, limit)
            try:
                compact(options(output))
                killed = False
            except death:
                killed = True
        for file in live_files(manifests(output)).values():
            assert sha256(output / file.path) == file.sha256, "who reads by the manifests finds every file, always"
        recover(output)
        assert list(verify(output)) == []
        published.append(last_sequence(output) == last_sequence(undisturbed))
        assert tree(output) == (expected if published[-1] else before)
        run(output)
        assert tree(output) == expected, limit
        shutil.rmtree(output)
        if not killed:
            break
    assert len(published) > 20
    assert published == sorted(published), "once intended, always carried out"
    assert not published[0]
