"""Kill newsbeam at random instants and hold its tables against those of an undisturbed run.

    python benchmarks/crash.py INPUT... [--compact] [--kills 10] [--seed 1]

Each round starts a run, kills it with SIGKILL at a random instant of the undisturbed run's time, every
other round of its commit, then runs it again to the end. The tables must be the same: rows (run_id and
ingested_at aside), file names, nothing left over, and `newsbeam verify` must find no fault.

With `--compact` it is a compaction that is killed, of tables that some runs have made before: of the
inputs, and of wires made up here with new versions, copies by others and kills.
"""

import argparse
import hashlib
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq

VOLATILE = ("run_id", "ingested_at")
COMMAND = [sys.executable, "-m", "pipelines.cli"]
RUNS = 8
WIRES = 300
"""Runs, and wires a run, that are made up for a compaction."""


def digest(output: Path) -> dict[str, str]:
    """Each file of the tables and the state, with a digest of its rows; other files by name alone."""
    found = {}
    for path in sorted(output.rglob("*")):
        name = path.relative_to(output).as_posix()
        if not path.is_file() or name.startswith("_commits/") or name == "_lock":
            continue
        if path.suffix == ".parquet":
            rows = pq.read_table(path, partitioning=None)
            rows = rows.drop_columns([column for column in VOLATILE if column in rows.column_names])
            found[name] = hashlib.sha256(repr(rows.to_pylist()).encode()).hexdigest()
        else:
            found[name] = "left over"
    return found


def ingest(inputs: list[str], output: Path) -> list[str]:
    """The command of a run."""
    return [*COMMAND, "ingest", "--quiet", "--max-reject-rate", "1", *inputs, "--output", str(output)]


def compact(output: Path) -> list[str]:
    """The command of a compaction."""
    return [*COMMAND, "compact", "--quiet", str(output)]


def make_wires(folder: Path, run: int, draw: random.Random) -> Path:
    """Wires of one run: new ones, next versions and kills of earlier ones, and copies of their texts."""
    folder.mkdir()
    for place in range(WIRES):
        number = run * WIRES + place
        kind = draw.choice(("new", "new", "version", "copy", "kill")) if run else "new"
        other = draw.randrange(max(run * WIRES, 1))
        name = number if kind in ("new", "copy") else other
        text = other if kind == "copy" else name
        words = " ".join(f"word{(text * 7919 + step * step * 31) % 5000}" for step in range(120))
        wire = {
            "uri": f"urn:crash:{name}",
            "type": "text",
            "versioncreated": f"2026-03-{1 + text % 5:02d}T{run:02d}:{place % 60:02d}:00Z",
            "headline": f"Wire {name}",
            "body_text": words + (f" and more of run {run}" if kind == "version" else ""),
            "pubstatus": "canceled" if kind == "kill" else "usable",
        }
        (folder / f"{place}.json").write_text(json.dumps(wire))
    return folder


def kill(command: list[str], output: Path, instant: float, *, commits: bool) -> bool:
    """Start a command, kill it after so many seconds; whether it was still running then.

    Where `commits` the seconds count from when it has written its intent: the commit takes a few milliseconds.
    """
    # A session of its own: nothing it started may outlive it.
    process = subprocess.Popen(command, start_new_session=True)
    while commits and process.poll() is None and not any(output.glob("_staging/*/intent.json")):
        time.sleep(0.0005)
    time.sleep(instant)
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def is_clean(output: Path) -> bool:
    """Whether `newsbeam verify` finds no fault."""
    return subprocess.run([*COMMAND, "verify", str(output)], check=False, stdout=subprocess.DEVNULL).returncode == 0


def main() -> int:
    """Run all rounds; 1 where a table differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="+")
    parser.add_argument("--compact", action="store_true")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    kills = faults = 0
    with tempfile.TemporaryDirectory() as folder:
        before = Path(folder) / "before"
        before.mkdir()
        if options.compact:
            subprocess.run(ingest(options.inputs, before), check=True)
            for run in range(RUNS):
                wires = make_wires(Path(folder) / f"wires-{run}", run, draw)
                subprocess.run(ingest([str(wires)], before), check=True)
            print(f"tables to compact: {len(digest(before))} files", flush=True)

        def command(output: Path) -> list[str]:
            return compact(output) if options.compact else ingest(options.inputs, output)

        output = shutil.copytree(before, Path(folder) / "undisturbed")
        start = time.monotonic()
        subprocess.run(command(output), check=True)
        whole = time.monotonic() - start
        expected = digest(output)
        print(f"undisturbed: {whole:.1f} s, {len(expected)} files", flush=True)
        while kills < options.kills:
            output = shutil.copytree(before, Path(folder) / "killed")
            commits = kills % 2 == 1
            instant = draw.uniform(0, 0.03 if commits else whole)
            if kill(command(output), output, instant, commits=commits):
                kills += 1
                left = sorted({path.relative_to(output).parts[0] for path in output.rglob("*")})
                subprocess.run(command(output), check=True)
                same, clean = digest(output) == expected, is_clean(output)
                faults += not (same and clean)
                print(
                    f"{kills}: killed {instant:.3f} s {'into its commit' if commits else 'after its start'}, leaving "
                    f"{', '.join(left) or 'nothing'}; run again: "
                    f"tables {'identical' if same else 'DIFFER'}, verify {'clean' if clean else 'FAULTS'}",
                    flush=True,
                )
            shutil.rmtree(output, ignore_errors=True)
    print(f"{kills} kills, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
