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


def main() -> int:
    """Run all rounds; 1 where a table differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="+")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "undisturbed"
        start = time.monotonic()
        subprocess.run([*INGEST, *options.inputs, "--output", str(output)], check=True)
        whole = time.monotonic() - start
        expected = digest(output)
        print(f"undisturbed: {whole:.1f} s, {len(expected)} files")
        faults = 0
        for number in range(1, options.kills + 1):
            output = Path(folder) / f"killed-{number}"
            instant = draw.uniform(0, whole)
            # A session of its own: nothing it started may outlive it.
            process = subprocess.Popen([*INGEST, *options.inputs, "--output", str(output)], start_new_session=True)
            time.sleep(instant)
            process.send_signal(signal.SIGKILL)
            code = process.wait()
            left = sorted({path.relative_to(output).parts[0] for path in output.rglob("*")}) if output.exists() else []
            subprocess.run([*INGEST, *options.inputs, "--output", str(output)], check=True)
            verified = subprocess.run(
                [sys.executable, "-m", "pipelines.cli", "verify", str(output)],
                check=False,
                stdout=subprocess.PIPE,
                text=True,
            )
            same = digest(output) == expected
            faults += not same or verified.returncode != 0
            clean = "clean" if verified.returncode == 0 else "FAULTS"
            ended = "killed" if code == -signal.SIGKILL else f"had ended with {code}"
            print(
                f"{number}: {ended} at {instant:.1f} s, leaving {', '.join(left) or 'nothing'}; run again: "
                f"tables {'identical' if same else 'DIFFER'}, verify {clean}",
                flush=True,
            )
            shutil.rmtree(output)
        print(f"{options.kills} kills, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
