"""Check every file below deploy/: `python -m deploy.check`, or `make check-deploy`, which runs the tests of them too.

A file that no rule knows is an error, so that nothing stands there unchecked. What needs a program that this machine
does not have is named at the end.
"""

import fnmatch
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from deploy.check import manifests, monitoring, plain, programs, terraform
from deploy.check.faults import FileError, UncheckedError

DEPLOY: Final = Path(__file__).resolve().parents[1]

Check = Callable[[Path], None]

RULES: Final[tuple[tuple[str, Check], ...]] = (
    ("*.md", plain.links),
    ("*.py", programs.ruff),
    ("*.toml", plain.newsbeam_options),
    ("*.json", plain.json_document),
    ("*.xml", plain.xml_document),
    ("*.yaml", plain.yaml_documents),
    ("*.lock", plain.locked_requirements),
    ("*Dockerfile", programs.hadolint),
    ("systemd/*.service", programs.systemd),
    ("systemd/*.timer", programs.systemd),
    ("cron/*.cron", plain.crontab),
    ("cron/*.logrotate", programs.logrotate),
    ("kubernetes/*.yaml", manifests.kubernetes),
    ("dataflow/terraform/*.tf", terraform.configuration),
    ("prometheus/*.rules.yaml", monitoring.rules),
    ("grafana/*.json", monitoring.dashboard),
    ("airflow/check", programs.own_check),
    ("dataflow/check", programs.own_check),
    ("*/requirements.in", plain.requirements),
    # Read by the cluster that `make test-flink` starts.
    ("flink/flink.txt", plain.locked_requirements),
    ("flink/*.sha256", plain.digests),
    ("flink/*.properties", plain.properties),
)
"""Patterns of paths below deploy/ and what checks such files; a file is checked by each rule that fits."""


def main() -> int:
    """Check all files; 1 where one is at fault."""
    # Most of the time goes to programs that are waited for.
    with ThreadPoolExecutor(max_workers=4) as pool:
        found = list(pool.map(examine, files()))
    faults = [line for one, _ in found for line in one]
    unchecked = [line for _, one in found for line in one]
    for line in unchecked:
        print(f"deploy/{line}")
    for line in faults:
        print(f"deploy/{line}", file=sys.stderr)
    print(f"deploy/: {len(found)} files, {len(faults)} faults, {len(unchecked)} not fully checked")
    return 1 if faults else 0


def examine(path: Path) -> tuple[list[str], list[str]]:
    """What is wrong with a file, and what could not be told."""
    faults, unchecked = [], []
    name = path.relative_to(DEPLOY).as_posix()
    checks = [*rules(path, name)]
    if not checks:
        faults.append(f"{name}: no rule of deploy/check knows such a file: add one")
    for check in checks:
        try:
            check(path)
        except FileError as error:
            faults.append(f"{name}: {error}")
        except UncheckedError as reason:
            unchecked.append(f"{name}: {reason}")
        except Exception as error:  # noqa: BLE001  # what a parser raises for a broken file, told like the rest
            faults.append(f"{name}: {type(error).__name__}: {error}")
    return faults, unchecked


def files() -> Iterator[Path]:
    """What stands there, whether committed or not, but nothing that git ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "."],  # noqa: S607
        cwd=DEPLOY,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    yield from (DEPLOY / name for name in sorted(filter(None, listed.split("\0"))) if (DEPLOY / name).is_file())


def rules(path: Path, name: str) -> Iterator[Check]:
    """The checks of a file."""
    yield from (check for pattern, check in RULES if fnmatch.fnmatchcase(name, pattern))
    with path.open("rb") as stream:
        first = stream.readline()
    if first.startswith(b"#!") and first.rstrip().endswith(b"sh"):
        yield programs.shellcheck


if __name__ == "__main__":
    sys.exit(main())
