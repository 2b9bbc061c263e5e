import datetime as dt

import pyarrow as pa
import pytest

from sinks.schema import SIGNATURES
from sinks.state import MERGE_FACTOR, extend_signatures, scan_signatures


def signatures(first, count, day=dt.date(2026, 3, 5)):
    keys = [number.to_bytes(16, "big") for number in range(first, first + count)]
    columns = dict.fromkeys(("key", "revision", "content_hash", "canonical", "story"), keys)
    columns["version"] = [1] * count
    columns["table"] = ["articles"] * count
    columns["date"] = [day] * count
    columns["minhash"] = [bytes(128)] * count
    schema = pa.schema([field if field.name != "table" else ("table", pa.string()) for field in SIGNATURES])
    return pa.table(
        [pa.array(columns.get(name, [None] * count), schema.field(name).type) for name in schema.names], schema
    )


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
    pieces = scan_signatures(tmp_path, files)
    keys = [int.from_bytes(key, "big") for piece in pieces for key in piece["key"].to_pylist()]
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


def test_sketches_are_read_of_the_days_asked_for(tmp_path):
    files = extend(tmp_path, (), signatures(0, 20))
    files = extend(tmp_path, files, signatures(20, 1, dt.date(2026, 4, 5)))

    def sketched(days):
        return [len(piece) - piece["minhash"].null_count for piece in scan_signatures(tmp_path, files, days)]

    assert sketched(None) == [0, 0]
    assert sketched((dt.date(2026, 4, 1), dt.date(2026, 4, 9))) == [0, 1]
    assert sketched((dt.date.min, dt.date.max)) == [20, 1]
