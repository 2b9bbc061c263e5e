import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.cli import main
from storage.files import sha256

WIRES = Path(__file__).parents[2] / "examples/wires"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    output = tmp_path_factory.mktemp("verify") / "tables"
    arguments = ["ingest", "--quiet", "--max-reject-rate", "1", "--output", str(output)]
    assert main([*arguments, *map(str, sorted(WIRES.glob("*.xml")))]) == 0
    assert main([*arguments, str(WIRES)]) == 0
    return output


@pytest.fixture
def tables(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "tables")


def faults(tables, capsys):
    capsys.readouterr()
    status = main(["verify", str(tables)])
    captured = capsys.readouterr()
    assert status == (0 if "every item adds up" in captured.out else 1)
    return captured.out.splitlines() if status else []


def some_file(tables, table="articles"):
    return min((tables / table).rglob("*.parquet"))


def manifest(tables, number=1):
    path = tables / f"_commits/{number:08d}.json"
    return path, json.loads(path.read_text())


def test_tables_of_two_runs_have_no_fault(tables, capsys):
    assert faults(tables, capsys) == []


def test_missing_file_is_found(tables, capsys):
    some_file(tables).unlink()
    assert any("committed, but missing" in fault for fault in faults(tables, capsys))


def test_flipped_byte_is_found(tables, capsys):
    path = some_file(tables)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert any("changed since it was committed" in fault for fault in faults(tables, capsys))


def test_truncated_file_is_found(tables, capsys):
    path = some_file(tables)
    path.write_bytes(path.read_bytes()[:-10])
    found = faults(tables, capsys)
    assert any("committed were" in fault for fault in found)
    assert found[-1].startswith("rows were not counted")


@pytest.mark.parametrize("place", ["articles/date=2026-03-04/more.parquet", "_state/signatures/more.parquet"])
def test_stray_file_is_found(tables, capsys, place):
    shutil.copy(some_file(tables), tables / place)
    assert f"{place}: in no manifest" in faults(tables, capsys)


def test_rest_of_a_run_is_found(tables, capsys):
    (tables / "_staging/run-1/rows").mkdir(parents=True)
    assert any("_staging/run-1: left by" in fault for fault in faults(tables, capsys))


def test_lost_manifest_is_found(tables, capsys):
    manifest(tables)[0].unlink()
    assert any("00000001.json" in fault for fault in faults(tables, capsys))


def test_ledger_that_does_not_fit_the_tables_is_found(tables, capsys):
    path, content = manifest(tables)
    source = next(name for name, ledger in content["sources"].items() if ledger["articles"])
    content["sources"][source]["articles"] += 1
    path.write_text(json.dumps(content))
    found = faults(tables, capsys)
    assert any("the ledger has" in fault and source in fault for fault in found)
    assert any("does not add up" in fault for fault in found)
    assert any("its sources sum to" in fault for fault in found)


def test_row_that_was_doubled_is_found_even_where_the_file_is_committed_anew(tables, capsys):
    """A fault that digests can't show: the manifest names what is there, but the rows don't add up."""
    path, content = manifest(tables)
    file = content["files"][0]
    target = tables / file["path"]
    rows = pq.read_table(target, partitioning=None)
    doubled = rows.take([0, *range(len(rows))])
    pq.write_table(doubled, target)
    file.update(rows=len(doubled), bytes=target.stat().st_size, sha256=sha256(target))
    path.write_text(json.dumps(content))
    assert any("the tables have" in fault for fault in faults(tables, capsys))


def test_directory_that_is_none_of_ours_is_wrong_usage(tmp_path, capsys):
    assert main(["verify", str(tmp_path)]) == 2
    assert "no newsbeam tables here" in capsys.readouterr().err
