import subprocess
import sys

import pytest

from sinks.lock import OutputBusyError, locked

HOLD = """
import sys, time
from pathlib import Path
from sinks.lock import locked
with locked(Path(sys.argv[1]), "first"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_second_run_is_told_who_holds_the_output(tmp_path, holder):
    busy = pytest.raises(OutputBusyError, match=rf"in use by run first \(process {holder.pid} on .*--lock-wait")
    with busy, locked(tmp_path, "second"):
        pass


def test_lock_of_a_killed_run_is_free(tmp_path, holder):
    holder.kill()
    holder.wait()
    with locked(tmp_path, "second", wait_seconds=10):
        assert (tmp_path / "_lock").read_text().startswith("run second ")


def test_lock_says_nothing_once_it_is_free(tmp_path):
    with locked(tmp_path, "first"):
        pass
    assert (tmp_path / "_lock").read_text() == ""
