"""A run in a real terminal: what it shows there, and how it leaves it."""

import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import threading
import time

import pytest

HIDE, SHOW = b"\x1b[?25l", b"\x1b[?25h"


class Terminal:
    """A process whose standard error is a terminal of its own; standard output is a pipe."""

    def __init__(self, arguments, columns, **environment):
        control, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        unset = {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "CI", "TTY_COMPATIBLE", "TTY_INTERACTIVE"}
        kept = {name: value for name, value in os.environ.items() if name not in unset}
        self.process = subprocess.Popen(
            # A shell that runs the tests in the background has them ignore Ctrl-C, and so whatever they start.
            ["env", "--default-signal=INT", sys.executable, "-m", "pipelines.cli", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=terminal,
            env={**kept, "TERM": "xterm-256color", **environment},
        )
        os.close(terminal)
        self.screen = b""
        self._reader = threading.Thread(target=self._read, args=(control,))
        self._reader.start()

    def _read(self, control):
        while True:
            try:
                piece = os.read(control, 65536)
            except OSError:  # the last to write has left
                break
            self.screen += piece
        os.close(control)

    def wait_for(self, text, seconds=60):
        stop = time.monotonic() + seconds
        while text not in self.screen:
            assert time.monotonic() < stop, self.screen
            assert self.process.poll() is None, self.screen
            time.sleep(0.02)

    def finish(self):
        out, _ = self.process.communicate(timeout=120)
        self._reader.join(timeout=10)
        return out


@pytest.fixture
def wires(tmp_path):
    path = tmp_path / "wires.jsonl"
    paragraph = "The ferry council said on Thursday that talks about the harbour lease would go on. " * 12
    rows = ({"id": f"w-{index}", "title": f"Ferry talks, day {index}", "text": paragraph} for index in range(2500))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_table_is_shown_and_wiped_and_the_summary_stays_apart(wires, tmp_path):
    run = Terminal(["ingest", str(wires), "--output", str(tmp_path / "tables")], 90)
    out = run.finish().decode()
    assert run.process.returncode == 0, run.screen
    assert "\x1b" not in out
    assert [line.split()[0] for line in out.splitlines()] == ["run", "2,500", "wrote", "newsbeam"]
    assert "▸ reading".encode() in run.screen
    assert run.screen.rfind(SHOW) > run.screen.rfind(HIDE), "the cursor is seen again"
    assert run.screen.endswith(b"\x1b[1A\x1b[2K"), "nothing of the table is left"


def test_interrupt_leaves_the_terminal_clean_and_no_traceback(wires, tmp_path):
    run = Terminal(["ingest", str(wires), "--output", str(tmp_path / "tables")], 40)
    run.wait_for(b"reading")
    time.sleep(1)
    run.process.send_signal(signal.SIGINT)
    assert run.finish() == b""
    assert run.process.returncode == 1
    assert b"Traceback" not in run.screen
    tail = run.screen[run.screen.rfind(b"\x1b[2K") :]
    assert b"newsbeam: interrupted" in tail
    assert HIDE not in tail
    assert not (tmp_path / "tables/articles").exists()


def test_dumb_terminal_gets_no_table(wires, tmp_path):
    run = Terminal(["ingest", str(wires), "--output", str(tmp_path / "tables")], 80, TERM="dumb", NO_COLOR="1")
    run.finish()
    assert run.process.returncode == 0
    assert b"\x1b" not in run.screen
    assert b"2,500 read" not in run.screen, "the summary is standard output's"
