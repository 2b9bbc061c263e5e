"""The local runner beside Prism, Beam's local runner in Go: seconds, memory, and whether the tables are the same.

    go install github.com/apache/beam/sdks/v2/go/cmd/prism@v2.77.0
    python benchmarks/prism.py --prism ~/go/bin/prism [--articles 200000] [--chunk-size 64M]

`newsbeam ingest` refuses Prism; here it is put in the place of the local runner, in a process of its own. Memory is the
most that the process of newsbeam and that of Prism hold together, looked at once a second.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from apache_beam.runners.portability.prism_runner import PrismRunner
from throughput import make_wires

import pipelines.runners
from pipelines.cli import main as newsbeam

FILES = 40
PAGE = os.sysconf("SC_PAGE_SIZE")


def make_input(folder: Path, articles: int) -> None:
    """The wires of benchmarks/throughput.py, dealt out to files."""
    whole = folder.parent / "wires.jsonl"
    make_wires(whole, articles)
    parts = [(folder / f"{number:02}.jsonl").open("w", encoding="utf-8") for number in range(FILES)]
    with whole.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            parts[number % FILES].write(line)
    for part in parts:
        part.close()
    whole.unlink()


def run(runner: str, wires: Path, tables: Path, chunk_size: str, prism: Path) -> int:
    """Ingest in this process; the exit status."""
    flags = ["--quiet", f"--chunk-size={chunk_size}"]
    if runner == "prism":
        pipelines.runners.FnApiRunner = PrismRunner  # type: ignore[misc,assignment]
        flags += [f"--prism_location={prism}"]
    return newsbeam(["ingest", str(wires), "--output", str(tables), *flags])


def resident(pid: int) -> int:
    """Bytes that a process and its children hold; 0 for one that has ended."""
    try:
        own = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
        threads = Path(f"/proc/{pid}/task").iterdir()
        children = {child for thread in threads for child in (thread / "children").read_text().split()}
    except OSError:
        return 0
    return own + sum(resident(int(child)) for child in children)


def measure(runner: str, arguments: argparse.Namespace, wires: Path, tables: Path) -> None:
    """Run in a process of its own; print what it took."""
    command = [sys.executable, __file__, "--run", runner, str(wires), str(tables)]
    command += [f"--chunk-size={arguments.chunk_size}", f"--prism={arguments.prism}"]
    started, most = time.perf_counter(), 0
    with tempfile.TemporaryFile() as log, subprocess.Popen(command, stderr=log) as process:
        while process.poll() is None:
            most = max(most, resident(process.pid))
            time.sleep(1.0)
        if process.returncode:
            log.seek(0)
            raise SystemExit(f"{runner} ended with status {process.returncode}: {log.read()[-2000:].decode()}")
    seconds = time.perf_counter() - started
    print(f"| {runner} | {arguments.articles / seconds:,.0f} | {seconds:.0f} | {most / 1e6:,.0f} MB |", flush=True)


def rows(tables: Path) -> list[tuple[object, ...]]:
    """For each table the number of its rows and a digest of them, without the run's name and time."""
    return [
        duckdb.execute(
            "SELECT count(*), bit_xor(md5_number_lower(line)) FROM (SELECT "
            "row(columns(* EXCLUDE (run_id, ingested_at)))::VARCHAR AS line "
            "FROM read_parquet(?, hive_partitioning = true))",
            [f"{folder}/**/*.parquet"],
        ).fetchall()[0]
        for name in ("articles", "duplicates", "held", "rejects")
        if (folder := tables / name).is_dir()
    ]


def main() -> int:
    """Make the input, run both, compare; 1 where the tables differ."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--prism", type=Path, required=True, help="Prism's executable")
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument("--chunk-size", default="64M")
    parser.add_argument("--run", nargs=3, metavar=("RUNNER", "WIRES", "TABLES"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.run:
        runner, wires, tables = arguments.run
        return run(runner, Path(wires), Path(tables), arguments.chunk_size, arguments.prism)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "wires").mkdir()
        make_input(folder / "wires", arguments.articles)
        print("| runner | articles/s | seconds | memory |\n|---|---|---|---|", flush=True)
        for runner in ("local", "prism"):
            measure(runner, arguments, folder / "wires", folder / runner)
        here, there = rows(folder / "local"), rows(folder / "prism")
        print(
            f"tables {'the same' if here == there else 'DIFFER'}: {', '.join(f'{count[0]:,} rows' for count in here)}"
        )
    return 0 if here == there else 1


if __name__ == "__main__":
    sys.exit(main())
