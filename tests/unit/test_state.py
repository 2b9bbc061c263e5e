import pyarrow as pa
import pytest

from sinks.schema import SIGNATURES
from sinks.state import MERGE_FACTOR, extend_signatures, read_signatures


def signatures(first, count):
    keys = [number.to_bytes(16, "big") for number in range(first, first + count)]
    columns = dict.fromkeys(("key", "revision", "content_hash", "canonical", "story"), keys)
    columns["version"] = [1] * count
    columns["table"] = ["articles"] * count
    return pa.table(columns, schema=pa.schema([*list(SIGNATURES)[:-1], ("table", pa.string())]))


def extend(output, files, rows):
    """What the commit does: new files are in place, old ones gone."""
    kept, removed = extend_signatures(output, files, rows, output)
    for path in removed:
        (output / path).unlink()
    return kept


def test_no_rows_change_nothing(tmp_path):
    assert extend_signatures(tmp_path, (), signatures(0, 0), tmp_path) == ((), ())


@pytest.mark.parametrize("size", [1, 3])
def test_files_stay_few_and_rows_keep_their_order(tmp_path, size):
    files, runs = (), 150
    written = 0
    for run in range(runs):
        files = extend(tmp_path, files, signatures(run * size, size))
        written += files[-1].rows
        assert len(files) <= 3 * (MERGE_FACTOR - 1)
    keys = [int.from_bytes(key, "big") for key in read_signatures(tmp_path, files)["key"].to_pylist()]
    assert keys == list(range(runs * size))
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.parquet")} == {
        file.path for file in files
    }
    assert written < runs * size * 4, "each row is written again seldom: once an order of magnitude"


def test_large_history_is_not_rewritten_by_small_runs(tmp_path):
    files = extend(tmp_path, (), signatures(0, 1000))
    large = files[0]
    for run in range(20):
        files = extend(tmp_path, files, signatures(1000 + run, 1))
    assert files[0] == large
