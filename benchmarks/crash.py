"""Kill newsbeam at random instants and hold its tables against those of an undisturbed run.

    python benchmarks/crash.py INPUT... [--kills 10] [--seed 1]

Each round starts a run, kills it with SIGKILL at a random instant of the undisturbed run's time, then
runs it again to the end. The tables must be the same: rows (run_id and ingested_at aside), file names,
nothing left over, and `newsbeam verify` must find no fault.
"""

import argparse
import hashlib
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
INGEST = [sys.executable, "-m", "pipelines.cli", "ingest", "--quiet", "--max-reject-rate", "1"]


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
    return [*INGEST, *inputs, "--output", str(output)]


def kill(inputs: list[str], output: Path, instant: float) -> bool:
    """Start a run, kill it after so many seconds; whether it was still running then."""
    # A session of its own: nothing it started may outlive it.
    process = subprocess.Popen(ingest(inputs, output), start_new_session=True)
    time.sleep(instant)
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def is_clean(output: Path) -> bool:
    """Whether `newsbeam verify` finds no fault."""
    command = [sys.executable, "-m", "pipelines.cli", "verify", str(output)]
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode == 0


def main() -> int:
    """Run all rounds; 1 where a table differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="+")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    kills = faults = 0
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "undisturbed"
        start = time.monotonic()
        subprocess.run(ingest(options.inputs, output), check=True)
        whole = time.monotonic() - start
        expected = digest(output)
        print(f"undisturbed: {whole:.1f} s, {len(expected)} files", flush=True)
        while kills < options.kills:
            output = Path(folder) / "killed"
            instant = draw.uniform(0, whole)
            if kill(options.inputs, output, instant):
                kills += 1
                left = sorted({path.relative_to(output).parts[0] for path in output.rglob("*")})
                subprocess.run(ingest(options.inputs, output), check=True)
                same, clean = digest(output) == expected, is_clean(output)
                faults += not (same and clean)
                print(
                    f"{kills}: killed at {instant:.1f} s, leaving {', '.join(left) or 'nothing'}; run again: "
                    f"tables {'identical' if same else 'DIFFER'}, verify {'clean' if clean else 'FAULTS'}",
                    flush=True,
                )
            shutil.rmtree(output, ignore_errors=True)
    print(f"{kills} kills, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
