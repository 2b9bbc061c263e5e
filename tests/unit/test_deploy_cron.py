"""The cron job's script, with a stand-in for newsbeam: what it says, what it logs, when it passes over its turn."""

import os
import subprocess
from pathlib import Path

import pytest

RUN = Path(__file__).parents[2] / "deploy/cron/run"


@pytest.fixture
def run(tmp_path):
    """Run the script with a newsbeam that ends with a status; the process as it ended."""
    command = tmp_path / "newsbeam"

    def start(status, *, prefix=()):
        command.write_text(f'#!/bin/sh\necho "said: $*"\nexit {status}\n')
        command.chmod(0o755)
        places = {"NEWSBEAM": str(command), "LOG_DIR": str(tmp_path), "LOCK": str(tmp_path / "lock")}
        return subprocess.run(
            [*prefix, RUN, "wires.toml"], env=os.environ | places, capture_output=True, text=True, check=False
        )

    return start


def test_run_that_goes_well_says_nothing_and_is_logged(run, tmp_path):
    for _ in range(2):
        done = run(0)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "ingest.log").read_text() == "said: ingest --config wires.toml --log-json\n" * 2


def test_run_that_fails_is_told_with_the_end_of_the_log(run):
    done = run(1)
    assert done.returncode == 1
    assert "failed with status 1" in done.stdout
    assert "said: ingest" in done.stdout


def test_too_many_rejects_are_told_as_such(run):
    done = run(3)
    assert done.returncode == 3
    assert "more was rejected" in done.stdout


def test_turn_is_passed_over_while_a_run_goes_on(run, tmp_path):
    done = run(1, prefix=("flock", tmp_path / "lock"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "ingest.log").read_text() == ""


def test_script_wants_a_config():
    done = subprocess.run([RUN], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "name a TOML file" in done.stderr
