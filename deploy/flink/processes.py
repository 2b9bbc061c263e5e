"""Processes that outlive the command that starts them, found again by a file and stopped by their own id."""

import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self


@dataclasses.dataclass(frozen=True, slots=True)
class Process:
    """A process of the cluster. Its start, in clock ticks since boot, tells it from a later one with its id."""

    name: str
    pid: int
    started: int
    log: Path

    @classmethod
    def start(cls, name: str, command: Sequence[str], run: Path, environment: Mapping[str, str]) -> Self:
        """Start it in a session of its own, its output in `run/NAME.log`."""
        log = run / f"{name}.log"
        with log.open("ab") as out:
            child = subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                cwd=run,
                env=dict(environment),
            )
        process = cls(name, child.pid, _started(child.pid) or 0, log)
        path = run / f"{name}.pid"
        path.write_text(json.dumps([process.pid, process.started]))
        return process

    @classmethod
    def find(cls, name: str, run: Path) -> Self | None:
        """The one that was started under this name, if it lives."""
        try:
            pid, started = json.loads((run / f"{name}.pid").read_text())
        except FileNotFoundError:
            return None
        process = cls(name, pid, started, run / f"{name}.log")
        return process if process.alive else None

    @property
    def alive(self) -> bool:
        """Whether it runs; a zombie does not."""
        return _started(self.pid) == self.started

    def stop(self, grace: float = 10.0) -> None:
        """End it and all that it started: asked first, killed after `grace` seconds."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if not self.alive:
                break
            os.killpg(self.pid, number)
            deadline = time.monotonic() + grace
            while self.alive and time.monotonic() < deadline:
                time.sleep(0.1)
        # Its own children may not have listened.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def tail(self, lines: int = 15) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def _started(pid: int) -> int | None:
    """When a process started, None for one that is gone or a zombie (proc(5), fields 3 and 22)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] == "Z" else int(fields[19])
