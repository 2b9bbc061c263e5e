"""Inputs and outputs as they are in the wild: large, oddly named, gone, full."""

import gzip
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pyarrow.dataset as ds
import pytest

from pipelines.cli import main
from sources.plan import PIECE, plan
from sources.unit import read_unit

INGEST = [sys.executable, "-m", "pipelines.cli", "ingest"]


def ingest(*arguments):
    return main(["ingest", "--quiet", "--max-reject-rate", "1", *map(str, arguments)])


def rows(output, table="articles"):
    folder = Path(output) / table
    return ds.dataset(folder).to_table().to_pylist() if folder.is_dir() else []


def story(number):
    return {"id": f"wire:{number}", "title": f"Report {number}", "body": f"Ship {number} left the harbour. " * 3}


@pytest.fixture
def wires(tmp_path):
    path = tmp_path / "in/wires.jsonl"
    path.parent.mkdir()
    path.write_text("".join(json.dumps(story(number)) + "\n" for number in range(3)))
    return path


@pytest.mark.parametrize("kind", ["gzip", "zip", "plain"])
def test_lines_larger_than_a_unit_are_cut_and_all_read(tmp_path, kind):
    # Neither a bomb nor long in the making: a hundredth of it is chance.
    filler = random.Random(1).randbytes(PIECE // 1600).hex() * 100
    lines = "".join(json.dumps({**story(number), "filler": filler}) + "\n" for number in range(20)).encode()
    assert len(lines) > 2 * PIECE
    path = tmp_path / {"gzip": "in.jsonl.gz", "zip": "in.zip", "plain": "in.jsonl"}[kind]
    if kind == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("in.jsonl", lines)
    else:
        path.write_bytes(gzip.compress(lines, 1) if kind == "gzip" else lines)
    assert ingest(path, "--output", tmp_path / "out") == 0
    assert len(rows(tmp_path / "out")) == 20
    assert main(["verify", str(tmp_path / "out")]) == 0


def test_name_that_is_no_utf8_is_shown_escaped(tmp_path, wires):
    shutil.copy(wires, os.fsencode(wires.parent) + b"/b\xff.jsonl")
    wires.unlink()
    assert ingest(wires.parent, "--output", tmp_path / "out") == 0
    assert {row["source_uri"] for row in rows(tmp_path / "out")} == {f"{wires.parent}/b\\xff.jsonl"}


def test_file_under_two_names_is_read_once(tmp_path, wires, monkeypatch):
    (wires.parent / "link.jsonl").symlink_to(wires)
    monkeypatch.chdir(tmp_path)
    assert ingest("in", "in/../in", wires, "in/*.jsonl", "--output", tmp_path / "out") == 0
    assert (len(rows(tmp_path / "out")), rows(tmp_path / "out", "duplicates")) == (3, [])


def test_tables_below_a_linked_input_are_not_read(tmp_path, wires):
    (tmp_path / "link").symlink_to(wires.parent)
    for _ in range(2):
        assert ingest(tmp_path / "link", "--output", wires.parent / "tables") == 0
    assert rows(wires.parent / "tables", "rejects") == []


def test_pipe_in_a_folder_does_not_hold_the_run(tmp_path, wires):
    os.mkfifo(wires.parent / "pipe.txt")
    assert ingest(wires.parent, "--output", tmp_path / "out") == 0
    assert len(rows(tmp_path / "out")) == 3
    assert ingest(wires.parent / "pipe.txt", "--output", tmp_path / "out") == 2


@pytest.mark.parametrize("stage", ["plan", "read"])
def test_file_that_is_gone_is_a_reject(wires, stage):
    def gone(uri):
        raise FileNotFoundError(2, "No such file or directory", uri)

    def there(uri):
        return Path(uri).open("rb")

    units = list(plan(str(wires), wires.stat().st_size, gone if stage == "plan" else there))
    (reject,) = [item for unit in units for item in read_unit(unit, gone)]
    assert (reject.stage, reject.reason, reject.source_uri) == ("read", "unreadable", str(wires))


@pytest.mark.parametrize("arguments", [["", "--output", "out"], ["in", "--output", ""], ["in", "--output", " "]])
def test_empty_names_are_wrong_usage(arguments, tmp_path, wires, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    try:
        status = main(["ingest", *arguments])
    except SystemExit as stop:
        status = stop.code
    assert status == 2
    assert "empty name" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_output_that_is_a_file_is_wrong_usage(wires, capsys):
    assert ingest(wires, "--output", wires) == 2
    assert "is no directory" in capsys.readouterr().err


def test_name_of_a_run_is_used_once(tmp_path, wires, capsys):
    assert ingest(wires, "--output", tmp_path / "out", "--run-id", "monday") == 0
    assert ingest(wires, "--output", tmp_path / "out", "--run-id", "monday") == 2
    assert "has a run monday already" in capsys.readouterr().err


def test_tables_whose_manifests_are_lost_are_neither_whole_nor_written_to(tmp_path, wires, capsys):
    assert ingest(wires, "--output", tmp_path / "out") == 0
    for path in (tmp_path / "out/_commits").iterdir():
        path.unlink()
    assert main(["verify", str(tmp_path / "out")]) == 1
    assert "in no manifest" in capsys.readouterr().out
    assert ingest(wires, "--output", tmp_path / "out") == 2
    assert "no manifest says what is in them" in capsys.readouterr().err


def test_full_disk_is_one_line_and_leaves_nothing(tmp_path, wires):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    command = [*INGEST, str(wires), "--output", str(tmp_path / "out")]
    done = subprocess.run(command, check=False, capture_output=True, text=True, preexec_fn=limit)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "File too large" in done.stderr
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"_lock"}


def test_run_is_a_success_also_where_nobody_reads_its_summary(tmp_path, wires):
    with Path("/dev/full").open("w") as full:
        command = [*INGEST, str(wires), "--output", str(tmp_path / "out")]
        done = subprocess.run(command, check=False, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 0
    assert "summary could not be written" in done.stderr
    assert len(rows(tmp_path / "out")) == 3
