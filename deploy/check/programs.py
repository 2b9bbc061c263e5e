"""Checks by programs made for such files."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from deploy.check.faults import FileError, UncheckedError

_BIN: Final = Path(sys.executable).parent
"""Where the check group of pyproject.toml has put its programs."""


def run(*command: str | Path, cwd: Path | None = None) -> None:
    """Run a program; raises `FileError` with what it printed where it failed."""
    given = [*map(str, command)]
    done = subprocess.run(given, cwd=cwd, capture_output=True, text=True, timeout=600, check=False)  # noqa: S603
    if done.returncode:
        raise FileError((done.stdout + done.stderr).strip() or f"{command[0]} ended with status {done.returncode}")


def found(name: str) -> str:
    """The path of a program of this machine; raises `UncheckedError` where there is none."""
    path = shutil.which(name)
    if path is None:
        raise UncheckedError(f"{name} is not on this machine")
    return path


def hadolint(path: Path) -> None:
    """A Dockerfile as hadolint wants it."""
    run(_BIN / "hadolint", path)


def shellcheck(path: Path) -> None:
    """A shell script without what shellcheck warns of, which a shell can read and anyone may start."""
    run("sh" if path.read_text("utf-8").startswith("#!/bin/sh") else "bash", "-n", path)
    run(_BIN / "shellcheck", path)
    if not path.stat().st_mode & 0o111:
        raise FileError("not executable")


def ruff(path: Path) -> None:
    """Python as the rest of the project."""
    run(_BIN / "ruff", "check", "--quiet", path)
    compile(path.read_text("utf-8"), path, "exec")


def systemd(path: Path) -> None:
    """Units as systemd reads them."""
    found("systemd-analyze")
    run(path.parent / "check")


def own_check(path: Path) -> None:
    """A script that checks what stands beside it, in an environment made for that."""
    run("env", f"PYTHON={sys.executable}", path)


def logrotate(path: Path) -> None:
    """Rotation as logrotate reads it; debug mode does nothing."""
    run(found("logrotate"), "--debug", "--state=/dev/null", path)
