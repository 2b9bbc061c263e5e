import json
import shutil
from pathlib import Path

import pyarrow.dataset as ds
import pytest

from pipelines.cli import main

WIRES = Path(__file__).parents[2] / "examples/wires"
VOLATILE = ("run_id", "ingested_at")
TABLES = ("articles", "duplicates", "held", "rejects")


def ingest(*arguments):
    return main(["ingest", "--quiet", "--max-reject-rate", "1", *map(str, arguments)])


def rows(output, table, *, without=VOLATILE):
    """All rows of a table with their partition, in a fixed order."""
    folder = Path(output) / table
    if not folder.is_dir():
        return []
    found = ds.dataset(folder, partitioning=ds.partitioning(flavor="hive")).to_table().to_pylist()
    kept = [{name: value for name, value in row.items() if name not in without} for row in found]
    return sorted(kept, key=repr)


def tables(output, **options):
    return {table: rows(output, table, **options) for table in TABLES}


def files(output):
    return {
        path.relative_to(output).as_posix()
        for path in Path(output).rglob("*")
        if path.is_file() and not path.relative_to(output).as_posix().startswith(("_commits", "_lock"))
    }


def write_lines(path, items):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(item) + "\n" for item in items), "utf-8")


def wire(number, **changes):
    return {
        "id": f"wire:{number}",
        "title": f"Harbour report {number}",
        "body": f"PORT VERRIN, March 5 - Ship number {number} left the harbour with grain for the outer islands today.",
        "published": f"2026-03-{1 + number % 9:02d}T08:00:00Z",
        **changes,
    }


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    output = tmp_path_factory.mktemp("demo") / "tables"
    assert ingest(WIRES, "--output", output) == 0
    return output


def test_example_wires_become_tables_that_add_up(demo, capsys):
    found = tables(demo)
    assert {table: len(found[table]) for table in TABLES} == {"articles": 11, "duplicates": 1, "held": 0, "rejects": 2}
    manifest = json.loads((demo / "_commits/00000001.json").read_text())
    assert manifest["totals"]["read"] == 14
    assert main(["verify", str(demo)]) == 0
    assert "every item adds up" in capsys.readouterr().out


def test_summit_story_is_tagged_and_credited(demo):
    (story,) = [row for row in rows(demo, "articles") if row["source_uri"].endswith("summit.txt")]
    assert story["language"] == "en"
    assert story["dateline"]["agency"] == "Overseas network"
    assert story["dateline"]["date_text"] == "March 4"
    assert story["dateline"]["date"] is None, "a dateline without year and publication date has no date"
    editors = [(credit["name"], credit["code"]) for credit in story["credits"] if credit["role"] == "editor"]
    assert editors == [("Wang Min", "nbjs4410")]
    kinds = {artifact["kind"] for artifact in story["artifacts"]}
    assert {"repeated-title", "missing-sentence-break", "calqued-credit"} <= kinds
    for artifact in story["artifacts"]:
        assert story[artifact["field"]][artifact["start"] : artifact["end"]] == artifact["text"]


def test_second_run_of_the_same_input_adds_no_row(demo, tmp_path, capsys):
    output = tmp_path / "tables"
    shutil.copytree(demo, output)
    before = files(output)
    capsys.readouterr()
    assert main(["ingest", str(WIRES), "--output", str(output), "--json-summary", "--max-reject-rate", "1"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["totals"] == {
        "read": 14,
        "articles": 0,
        "duplicates": 0,
        "held": 0,
        "rejects": 0,
        "unchanged": 14,
    }
    assert files(output) == before


def test_files_chunks_and_order_never_matter(tmp_path):
    items = [wire(number) for number in range(40)]
    items += [wire(100 + number, body=items[number]["body"]) for number in range(10)]
    items += [wire(7, title="Harbour report 7, corrected", updated="2026-03-09T00:00:00Z")]
    write_lines(tmp_path / "one/wires.jsonl", items)
    for number in range(5):
        write_lines(tmp_path / f"five/{number}.jsonl", items[::-1][number::5])
    assert ingest(tmp_path / "one", "--output", tmp_path / "a") == 0
    assert ingest(tmp_path / "five", "--output", tmp_path / "b", "--chunk-size", 1000) == 0
    without = (*VOLATILE, "source_uri")
    assert tables(tmp_path / "a", without=without) == tables(tmp_path / "b", without=without)
    assert files(tmp_path / "a") == files(tmp_path / "b")
    assert len(rows(tmp_path / "a", "duplicates")) == 10


def test_new_content_of_a_known_item_is_its_next_version(tmp_path):
    write_lines(tmp_path / "in/1.jsonl", [wire(1)])
    assert ingest(tmp_path / "in", "--output", tmp_path / "out") == 0
    write_lines(
        tmp_path / "in/2.jsonl", [wire(1, body="PORT VERRIN, March 6 - The ship that left came back to port again.")]
    )
    assert ingest(tmp_path / "in", "--output", tmp_path / "out") == 0
    found = rows(tmp_path / "out", "articles")
    assert sorted(row["version"] for row in found) == [1, 2]
    assert len({row["article_id"] for row in found}) == len({row["story_id"] for row in found}) == 1
    assert main(["verify", str(tmp_path / "out")]) == 0


def test_run_without_anything_new_is_a_run_all_the_same(tmp_path):
    (tmp_path / "in").mkdir()
    assert ingest(tmp_path / "in", "--output", tmp_path / "out") == 0
    assert json.loads((tmp_path / "out/_commits/00000001.json").read_text())["totals"]["read"] == 0


def test_output_below_the_input_is_not_read(tmp_path):
    write_lines(tmp_path / "wires.jsonl", [wire(1)])
    for _ in range(2):
        assert ingest(tmp_path, "--output", tmp_path / "tables") == 0
    assert len(rows(tmp_path / "tables", "articles")) == 1
    assert rows(tmp_path / "tables", "rejects") == []


def test_too_many_rejects_end_with_status_3_and_are_committed(tmp_path, capsys):
    (tmp_path / "wires.jsonl").write_text('{"title": "Ferry"}\nno json\n')
    status = main(
        ["ingest", str(tmp_path / "wires.jsonl"), "--output", str(tmp_path / "out"), "--max-reject-rate", "0.4"]
    )
    captured = capsys.readouterr()
    assert status == 3
    assert "1 of 2 items were rejected, more than --max-reject-rate 0.4 allows" in captured.err
    assert "2 read = 1 articles + 0 duplicates + 0 held + 1 rejects + 0 unchanged" in captured.out
    (reject,) = rows(tmp_path / "out", "rejects")
    assert (reject["reason"], reject["payload"], reject["item_index"]) == ("bad-json", b"no json", 1)


def test_missing_input_is_wrong_usage_and_changes_nothing(tmp_path, capsys):
    assert main(["ingest", str(tmp_path / "nothing.xml"), "--output", str(tmp_path / "out")]) == 2
    assert "nothing.xml" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_bug_in_a_stage_stops_the_run_and_leaves_the_tables_as_they_were(tmp_path, monkeypatch):
    write_lines(tmp_path / "wires.jsonl", [wire(1)])
    assert ingest(tmp_path / "wires.jsonl", "--output", tmp_path / "out") == 0
    before = files(tmp_path / "out")
    write_lines(tmp_path / "wires.jsonl", [wire(2)])

    def broken(article, run):
        raise ZeroDivisionError

    monkeypatch.setattr("transforms.stages.stamp", broken)
    with pytest.raises(Exception, match="ZeroDivisionError"):
        ingest(tmp_path / "wires.jsonl", "--output", tmp_path / "out")
    assert files(tmp_path / "out") == before
    assert not (tmp_path / "out/_staging").exists()


def test_rows_staged_are_held_against_items_read(tmp_path, monkeypatch, capsys):
    write_lines(tmp_path / "wires.jsonl", [wire(1), wire(2)])
    monkeypatch.setattr("pipelines.work.collected", _lossy(__import__("sinks.write").write.collected))
    assert ingest(tmp_path / "wires.jsonl", "--output", tmp_path / "out") == 1
    assert "2 items read, 0 accounted for" in capsys.readouterr().err
    assert files(tmp_path / "out") == set()


def _lossy(collected):
    """A runner that loses what was staged and ends as if all were well."""
    return lambda path: [] if path.name.startswith("staged") else collected(path)


def test_strict_formats_reject_what_breaks_its_schema(tmp_path):
    item = {"uri": "urn:a:1", "headline": "Ship sails", "body_text": "The ship sailed on Thursday.", "colour": "red"}
    (tmp_path / "item.json").write_text(json.dumps(item))
    for name, flags, counts in (("lenient", [], (1, 0)), ("strict", ["--strict-formats"], (0, 1))):
        assert ingest(tmp_path / "item.json", "--output", tmp_path / name, *flags) == 0
        assert (len(rows(tmp_path / name, "articles")), len(rows(tmp_path / name, "rejects"))) == counts
