"""A stream on a real cluster, short: a TaskManager killed, a savepoint gone on from, every text in the tables once.

The same for half an hour, with its figures: `python benchmarks/streaming.py` (docs/streaming.md).
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_text_is_committed_once_whatever_dies():
    trial = subprocess.run(
        [
            sys.executable,
            str(ROOT / "benchmarks/streaming.py"),
            "--minutes=2.5",
            "--disturb-every=40",
            "--edit-after=100",
            "--window=10",
            "--poll-interval=3",
            "--cluster=stream-test",
        ],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        timeout=1500,
    )
    assert trial.returncode == 0, trial.stdout
    assert "texts missing, doubled or made up: 0" in trial.stdout
    assert "every item adds up, every file is whole" in trial.stdout
    killed, savepoints = map(int, re.search(r"killed: (\d+), savepoints: (\d+)", trial.stdout).groups())
    assert killed >= 1
    assert savepoints >= 1
