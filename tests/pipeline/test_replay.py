"""Rejects of older code, tried again: the older code is today's with a fault put in."""

import json
import shutil

import duckdb
import pyarrow.dataset as ds
import pytest

from articles import ParseError
from pipelines.cli import main
from sinks import commit_files
from sinks.manifest import last_manifest, last_sequence
from sources.formats import FORMATS, jsonl


def wire(number, **changes):
    body = f"PORT VERRIN, March 5 - Ship number {number} left the harbour with grain for the outer islands today."
    return {"id": f"wire:{number}", "title": f"Harbour report {number}", "body": body, **changes}


def ingest(source, output):
    return main(["ingest", str(source), "--output", str(output), "--quiet", "--max-reject-rate", "1"])


def replay(output, capsys, *flags):
    capsys.readouterr()
    assert main(["replay", str(output), "--json-summary", *flags]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert main(["verify", str(output)]) == 0
    return summary["settled"], summary["rejected_again"], summary["not_tried"]


def rows(output, table, *columns):
    if not any((output / table).rglob("*.parquet")):
        return []
    return sorted(tuple(row.values()) for row in ds.dataset(output / table).to_table(columns=[*columns]).to_pylist())


@pytest.fixture
def older_lines(monkeypatch):
    """Code that could not read what is marked as hard."""
    read = jsonl.read_line

    def older(line, index, origin):
        if b"hard" in line:
            return ParseError("wrong-type", "this is hard", item_index=index, payload=line.strip())
        return read(line, index, origin)

    monkeypatch.setattr(jsonl, "read_line", older)
    return monkeypatch


def write_lines(path):
    lines = [json.dumps(wire(1)), json.dumps(wire(2, section="hard")), "no json", json.dumps(wire(3, section="hard"))]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def rejected(tmp_path, older_lines):
    source, output = write_lines(tmp_path / "wires.jsonl"), tmp_path / "tables"
    assert ingest(source, output) == 0
    assert len(rows(output, "rejects", "reason")) == 3
    older_lines.undo()
    return output


def test_what_can_be_read_now_becomes_rows_and_the_rest_stays(rejected, capsys):
    assert replay(rejected, capsys, "--dry-run") == (2, 1, 0)
    assert last_sequence(rejected) == 1
    assert replay(rejected, capsys) == (2, 1, 0)
    assert [title for (title,) in rows(rejected, "articles", "title")] == [f"Harbour report {n}" for n in (1, 2, 3)]
    assert rows(rejected, "rejects", "reason", "item_index") == [("bad-json", 2)]
    manifest = last_manifest(rejected)
    source = str(rejected.parent / "wires.jsonl")
    assert manifest.kind == "replay"
    assert manifest.sources[source] == {**dict.fromkeys(manifest.totals, 0), "read": 2, "articles": 2}
    assert list(manifest.dropped.values()) == [{source: {"rejects": 2}}]


def test_items_are_what_they_would_have_been(rejected, tmp_path, capsys):
    """The source read again is unchanged, and its rows are those of a run that could read it at once."""
    replay(rejected, capsys)
    assert ingest(tmp_path / "wires.jsonl", tmp_path / "at-once") == 0
    columns = ("article_id", "source_uri", "payload_sha256", "content_hash", "body")
    assert rows(rejected, "articles", *columns) == rows(tmp_path / "at-once", "articles", *columns)
    assert ingest(tmp_path / "wires.jsonl", rejected) == 0
    assert last_manifest(rejected).totals["unchanged"] == 4
    assert main(["verify", str(rejected)]) == 0


def test_second_replay_commits_nothing(rejected, capsys):
    replay(rejected, capsys)
    sequence = last_sequence(rejected)
    assert replay(rejected, capsys) == (0, 1, 0)
    assert last_sequence(rejected) == sequence
    assert not (rejected / "_staging").exists()


def test_source_is_not_needed_where_the_payload_is_whole(rejected, tmp_path, capsys):
    (tmp_path / "wires.jsonl").unlink()
    assert replay(rejected, capsys) == (2, 1, 0)


@pytest.mark.parametrize("source_is_there", [True, False])
def test_payload_that_was_cut_is_read_from_its_source(tmp_path, monkeypatch, capsys, source_is_there):
    body = " ".join(f"The ship {number} left the harbour with grain." for number in range(3000))
    item = {"uri": "urn:a:1", "type": "text", "headline": "Ships sail", "body_text": body}
    source, output = tmp_path / "item.json", tmp_path / "tables"
    source.write_text(json.dumps(item))

    def older(payload, origin):
        raise ParseError("invalid", "not understood")

    with monkeypatch.context() as patch:
        patch.setitem(FORMATS, "ninjs", older)
        assert ingest(source, output) == 0
    assert len(rows(output, "rejects", "reason")) == 1
    if not source_is_there:
        source.unlink()
    assert replay(output, capsys) == ((1, 0, 0) if source_is_there else (0, 0, 1))
    assert len(rows(output, "articles", "title")) == source_is_there


def test_source_that_says_something_else_now_settles_nothing(tmp_path, monkeypatch, capsys):
    source, output = tmp_path / "empty.txt", tmp_path / "tables"
    long = {"uri": "urn:a:1", "type": "text", "headline": "Ships", "body_text": "grain " * 20_000, "pubstatus": "odd"}
    source.write_text(json.dumps(long))
    assert ingest(source, output) == 0
    source.write_text(json.dumps({**long, "pubstatus": "usable", "body_text": "Another text of the same file."}))
    assert replay(output, capsys) == (0, 1, 0)


def test_part_of_a_feed_is_no_feed_and_no_text(tmp_path, capsys):
    feed = "<rss version='2.0'><channel><title>A</title><item><guid>1</guid></item></channel></rss>"
    (tmp_path / "feed.xml").write_text(feed)
    assert ingest(tmp_path / "feed.xml", tmp_path / "tables") == 0
    assert len(rows(tmp_path / "tables", "rejects", "reason")) == 1
    assert replay(tmp_path / "tables", capsys) == (0, 1, 0)


def test_killed_in_its_commit_a_replay_is_finished_by_the_next_run(rejected, tmp_path, monkeypatch, capsys):
    whole = shutil.copytree(rejected, tmp_path / "whole")
    replay(whole, capsys)

    class Killed(BaseException):
        pass

    def killed(*_):
        raise Killed

    with monkeypatch.context() as patch:
        written = lambda path, content: killed() if "_commits" in str(path) else _write(path, content)  # noqa: E731
        patch.setattr(commit_files, "write_whole", written)
        with pytest.raises(Killed):
            main(["replay", str(rejected), "--quiet"])
    assert main(["verify", str(rejected)]) == 1
    assert main(["compact", str(rejected), "--quiet"]) == 0
    assert main(["compact", str(whole), "--quiet"]) == 0
    assert main(["verify", str(rejected)]) == 0
    for table, columns in (("articles", ("article_id", "title")), ("rejects", ("item_index", "reason"))):
        assert rows(rejected, table, *columns) == rows(whole, table, *columns)
    query = f"SELECT count(*) FROM '{rejected}/articles/**/*.parquet'"
    assert duckdb.sql(query).fetchall() == [(3,)]


_write = commit_files.write_whole
