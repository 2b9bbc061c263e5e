"""What a history of a million articles costs a run of 20,000: seconds, memory and bytes of state.

    python -m benchmarks.duplicates.history [--rows 1000000] [--items 20000] [--write]

The history is written as runs write it, a commit a day for thirty days. Sketches of texts that have nothing in
common agree by chance alone, so they are drawn, not computed; a twentieth of the new items are copies of
committed ones and a tenth are committed ones read again, and the decision must find exactly these. Each line
of the table is a process of its own, which reads what a run reads.
"""

import argparse
import dataclasses
import datetime as dt
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.duplicates.memory import peak
from benchmarks.quality import duplicates_page
from sinks.manifest import CommittedFile
from sinks.schema import SIGNATURES
from sinks.state import extend_signatures, scan_signatures
from transforms.duplicates.compare import Rules
from transforms.duplicates.decide import decide
from transforms.duplicates.known import write_known
from transforms.duplicates.recall import days_near
from transforms.duplicates.tables import ITEMS

DAYS = 30
TODAY = dt.date(2026, 3, 31)
YEAR = 365 * 100_000
"""Articles of a year, 100,000 a day."""

Columns = dict[str, npt.NDArray[Any]]


@dataclasses.dataclass(frozen=True, slots=True)
class Cost:
    """What a process took: seconds of processor time beyond starting up, and bytes of memory at its peak."""

    seconds: float
    peak: int
    tables: dict[str, int]


def draw_texts(draw: np.random.Generator, count: int) -> Columns:
    """Ids, digests and sketches of texts without anything in common, a row of bytes each."""
    widths = {"key": 16, "revision": 16, "content_hash": 16, "headline": 8, "minhash": 128, "lead": 64}
    found: Columns = {name: draw.integers(0, 256, (count, width), np.uint8) for name, width in widths.items()}
    counts = draw.poisson(0.3, (count, 32)).astype(np.uint8)  # ten figures a text
    found["figures"] = np.hstack([counts, draw.integers(0, 256, (count, 8), np.uint8)])
    found["edition"] = np.zeros((count, 8), np.uint8)
    found["length"] = draw.integers(60, 600, count)
    return found


def binary(cells: npt.NDArray[np.uint8]) -> pa.Array:
    """Rows of bytes as a column."""
    count, width = cells.shape
    return pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(width), count, [None, pa.py_buffer(np.ascontiguousarray(cells))]
    )


def as_table(texts: Columns, schema: pa.Schema, given: dict[str, Any]) -> pa.Table:
    """Texts as rows of a schema; what neither says is null."""
    count = len(texts["key"])
    columns = []
    for field in schema:
        if field.name in given:
            value = given[field.name]
            columns.append(value if isinstance(value, pa.Array) else pa.array([value] * count, field.type))
        elif field.name == "length":
            columns.append(pa.array(texts["length"], field.type))
        elif field.name in texts:
            columns.append(binary(texts[field.name]))
        else:
            columns.append(pa.nulls(count, field.type))
    return pa.table(columns, schema=schema)


def write_history(draw: np.random.Generator, output: Path, count: int) -> tuple[list[CommittedFile], Columns, float]:
    """Commit `count` articles; the state's files, the first day's texts, and the seconds of the dearest commit."""
    files: tuple[CommittedFile, ...] = ()
    first: Columns = {}
    dearest = 0.0
    for number in range(DAYS):
        texts = draw_texts(draw, count // DAYS)
        first = first or texts
        key = binary(texts["key"])
        given = {
            "canonical": key,
            "story": key,
            "version": 1,
            "table": "articles",
            "date": TODAY - dt.timedelta(days=DAYS - number),
        }
        plain = pa.schema([field if field.name != "table" else pa.field("table", pa.string()) for field in SIGNATURES])
        rows = as_table(texts, plain, given).cast(SIGNATURES)
        start = time.process_time()
        files, gone = extend_signatures(output, files, rows.sort_by("key"), output)
        dearest = max(dearest, time.process_time() - start)
        for path in gone:
            (output / path).unlink()
    return list(files), first, dearest


def draw_items(draw: np.random.Generator, known: Columns, count: int) -> pa.Table:
    """New texts of today, among them copies of committed ones and committed ones read again."""
    texts = draw_texts(draw, count)
    again, copies = slice(0, count // 10), slice(count // 10, count // 10 + count // 20)
    for name, values in texts.items():
        values[again] = known[name][again]
        if name not in {"key", "revision"}:
            values[copies] = known[name][copies]
    moment = dt.datetime.combine(TODAY, dt.time(6), dt.UTC)
    given = {"table": "articles", "published_at": moment, "payload_sha256": "", "source_uri": "new.jsonl"}
    given |= {"item_index": pa.array(range(count), pa.int32()), "date": TODAY}
    return as_table(texts, ITEMS, given)


def measure(folder: Path, what: str) -> Cost:
    """Do what a run does with its history, in this process."""
    items = pq.read_table(folder / "items.parquet", schema=ITEMS)
    files = [CommittedFile(**file) for file in json.loads((folder / "files.json").read_text("utf-8"))]
    rules = Rules(days=0 if what == "ids alone" else DAYS)
    start = time.process_time()
    tables: dict[str, int] = {}
    if what == "known":
        write_known(scan_signatures(folder, files), folder / "known.npy")
    else:
        history = [] if what == "nothing" else scan_signatures(folder, files, days_near(items, rules))
        tables = dict(Counter(decide(items, history, rules).decisions["table"].to_pylist()))
    spent = time.process_time() - start
    return Cost(spent, peak(), tables)


def measure_apart(folder: Path, what: str) -> Cost:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.duplicates.history", "--measure", str(folder), what]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Cost(**json.loads(done.stdout.splitlines()[-1]))


NAMES = {
    "nothing": "deciding on {items:,} items without history",
    "known": "telling what is known, {rows:,} rows (`known.npy`)",
    "ids alone": "deciding, {rows:,} rows out of the window: ids alone",
    "all": "deciding, {rows:,} rows within the window: sketches",
}


def render(costs: dict[str, Cost], rows: int, items: int, size: int, commit: float) -> Iterator[str]:
    """The tables, as Markdown."""
    yield "| | processor seconds | peak memory |\n|---|--:|--:|"
    for what, cost in costs.items():
        name = NAMES[what].format(rows=rows, items=items)
        yield f"| {name} | {cost.seconds:.2f} | {cost.peak / 2**20:,.0f} MiB |"
    base, known, full = costs["nothing"], costs["known"], costs["all"]
    added = full.seconds + known.seconds - base.seconds
    memory = max(full.peak, known.peak) - base.peak
    yield (
        f"\nThe history adds {added:.1f} s and {memory / 2**20:,.0f} MiB. It takes {size / rows:.0f} bytes an article;"
        f" the dearest of its {DAYS} commits, one that merges files, took {commit:.1f} s."
    )
    window = DAYS * YEAR // 365
    each = {what: (cost.seconds - base.seconds) / rows for what, cost in costs.items()}
    seconds = YEAR * known.seconds / rows + window * each["all"] + (YEAR - window) * each["ids alone"]
    yield (
        f"\nOn paper, a year of 100,000 articles a day: {YEAR / 1e6:.1f} million rows,"
        f" {YEAR * size / rows / 1e9:.1f} GB of state, {YEAR * 16 / 1e6:,.0f} MB of ids that workers map into memory."
        f" A run of {items:,} items reads the ids of all and, with a window of {DAYS} days, the sketches of"
        f" {window / 1e6:.0f} million: {seconds:.0f} s."
    )


def main() -> int:
    """Print the tables; 1 where the decision is not the one that the items were made for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000, help="of the history")
    parser.add_argument("--items", type=int, default=20_000, help="of the run")
    parser.add_argument("--write", action="store_true", help="keep the tables in docs/duplicates.md")
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(dataclasses.asdict(measure(Path(options.measure[0]), options.measure[1]))))
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        draw = np.random.default_rng(5)
        files, known, commit = write_history(draw, folder, options.rows)
        pq.write_table(draw_items(draw, known, options.items), folder / "items.parquet")
        (folder / "files.json").write_text(json.dumps([dataclasses.asdict(file) for file in files]), "utf-8")
        size = sum(file.bytes for file in files)
        costs = {what: measure_apart(folder, what) for what in NAMES}
    table = "\n".join(render(costs, options.rows // DAYS * DAYS, options.items, size, commit))
    print(table)
    if options.write:
        duplicates_page.keep("history", table)
    new = options.items - options.items // 10 - options.items // 20
    expected = {"unchanged": options.items // 10, "duplicates": options.items // 20, "articles": new}
    print(f"decided: {costs['all'].tables}, expected: {expected}")
    return int(costs["all"].tables != expected)


if __name__ == "__main__":
    sys.exit(main())
