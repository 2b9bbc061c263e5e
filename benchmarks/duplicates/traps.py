"""Does a corpus made to mislead lose a single wire? `newsbeam ingest` on it, every row held against what it must be.

    python -m benchmarks.duplicates.traps [--share 1.0] [--write]

Beside it runs a corpus of as many wires, as long, that have nothing in common, which tells what the traps cost.
"""

import argparse
import dataclasses
import itertools
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow.dataset as ds

from benchmarks.duplicates.corpus import Wire, make, make_plain, shrink
from benchmarks.quality import duplicates_page

INGEST = """
import json, resource, sys
from benchmarks.duplicates.memory import peak
from pipelines.cli import main
status = main(["ingest", "--json-summary", "--chunk-size", "16M", "--max-duplicate-rate", "1", *sys.argv[1:]])
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([used.ru_utime + used.ru_stime, peak()]))
sys.exit(status)
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Cost:
    """What a run took: seconds of processor time, bytes of memory."""

    seconds: float
    peak: int
    closed: int
    """Groups of texts too large to compare each with all."""


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a trap's wires."""

    trap: str
    wires: int
    articles: int
    duplicates: int
    lost: int
    """Articles that were made duplicates, of whatever."""
    astray: int
    """Copies that were made duplicates of another text than theirs."""
    missed: int
    """Copies that were not found."""


def write(wires: Iterable[Wire], folder: Path, files: int = 8) -> None:
    """Write the wires to files, in turn, so that no trap has a file of its own."""
    folder.mkdir(parents=True)
    parts = [(folder / f"{number}.jsonl").open("w", encoding="utf-8") for number in range(files)]
    for part, wire in zip(itertools.cycle(parts), wires):
        part.write(wire.line)
    for part in parts:
        part.close()


def run(inputs: Path, output: Path) -> Cost:
    """One run of newsbeam in a process of its own."""
    command = [sys.executable, "-c", INGEST, str(inputs / "*.jsonl"), "--output", str(output)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    said, used = done.stdout.rstrip().rsplit("\n", 1)
    seconds, memory = json.loads(used)
    return Cost(seconds, memory, json.loads(said)["duplicates"]["closed_groups"])


def judge(wires: Iterable[Wire], output: Path) -> list[Verdict]:
    """Hold each row of the tables against what its wire must become."""
    rows = {row["source_item_id"]: row for row in _rows(output, "articles")}
    duplicates = {row["source_item_id"]: row for row in _rows(output, "duplicates")}
    names = {row["article_id"]: name for name, row in rows.items()}
    verdicts = []
    for trap, group in itertools.groupby(wires, lambda wire: wire.trap):
        found: Counter[str] = Counter()
        for wire in group:
            found["wires"] += 1
            row = duplicates.get(wire.id)
            if row is None:
                found["articles"] += wire.id in rows
                found["missed"] += wire.copy_of is not None and wire.id in rows
            else:
                found["duplicates"] += 1
                found["lost"] += wire.copy_of is None
                found["astray"] += wire.copy_of is not None and names.get(row["duplicate_of"]) != wire.copy_of
        verdicts.append(Verdict(trap, **{name: found[name] for name in _COUNTS}))
    return verdicts


_COUNTS = [field.name for field in dataclasses.fields(Verdict)[1:]]


def _rows(output: Path, table: str) -> list[dict[str, str]]:
    if not (output / table).is_dir():
        return []
    columns = ["article_id", "source_item_id", *(["duplicate_of"] if table == "duplicates" else [])]
    found: list[dict[str, str]] = ds.dataset(output / table, partitioning="hive").to_table(columns=columns).to_pylist()
    return found


def render(verdicts: Sequence[Verdict], costs: dict[str, Cost]) -> Iterator[str]:
    """The tables, as Markdown."""
    yield "| trap | wires | articles | duplicates | articles lost | copies astray | copies missed |"
    yield "|---|" + "--:|" * 6
    for verdict in verdicts:
        yield f"| {verdict.trap} | " + " | ".join(f"{getattr(verdict, name):,}" for name in _COUNTS) + " |"
    yield "\n| run | processor seconds | peak memory | groups closed |\n|---|--:|--:|--:|"
    for name, cost in costs.items():
        yield f"| {name} | {cost.seconds:.1f} | {cost.peak / 2**20:,.0f} MiB | {cost.closed} |"


def main() -> int:
    """Print what became of the traps; 1 where a wire is lost, astray or missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=float, default=1.0, help="share of the wires to make")
    parser.add_argument("--write", action="store_true", help="keep the tables in docs/duplicates.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wires = list(make(shrink(options.share)))
        costs = {}
        for corpus, made in {"traps": wires, "as many wires, as long, without traps": make_plain(wires)}.items():
            write(made, folder / corpus)
            costs[corpus] = run(folder / corpus, folder / f"{corpus} tables")
        verdicts = judge(wires, folder / "traps tables")
    table = "\n".join(render(verdicts, costs))
    print(table)
    if options.write:
        duplicates_page.keep("traps", table)
    return int(any(verdict.lost or verdict.astray or verdict.missed for verdict in verdicts))


if __name__ == "__main__":
    sys.exit(main())
