"""What deploy/ starts is newsbeam as it is: the same commands, through the same command line."""

import configparser
import re
import shlex
import shutil
from pathlib import Path

from pipelines.cli import main

ROOT = Path(__file__).parents[2]
WIRES = ROOT / "examples/wires"


def test_systemd_service_ingests_what_lies_in_the_inbox(tmp_path):
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read(ROOT / "deploy/systemd/newsbeam.service")
    program, *arguments = shlex.split(unit["Service"]["ExecStart"])
    assert program == "/opt/newsbeam/bin/newsbeam"
    config = arguments[arguments.index("--config") + 1]
    installed = tmp_path / "wires.toml"
    installed.write_text(
        (ROOT / "deploy/systemd/wires.toml").read_text().replace("/var/lib/newsbeam", str(tmp_path / "state"))
    )
    inbox = tmp_path / "state/inbox"
    inbox.mkdir(parents=True)
    for name in ("islands.rss.xml", "council.json", "summit.txt"):
        shutil.copy(WIRES / name, inbox)
    assert main([str(installed) if argument == config else argument for argument in arguments]) == 0
    assert main(["verify", str(tmp_path / "state/tables")]) == 0
    assert list((tmp_path / "state/tables/articles").rglob("*.parquet"))


def test_service_counts_the_status_of_too_many_rejects_as_a_run_that_ended():
    text = (ROOT / "deploy/systemd/newsbeam.service").read_text()
    assert re.search(r"^SuccessExitStatus=3$", text, re.MULTILINE)


def test_image_installs_from_the_lock_files_that_exist_and_starts_the_command():
    text = (ROOT / "deploy/docker/Dockerfile").read_text()
    locks = set(re.findall(r"requirements/[\w.]+", text))
    assert locks == {"requirements/build.lock", "requirements/run.lock"}
    assert all((ROOT / lock).is_file() for lock in locks)
    assert 'ENTRYPOINT ["newsbeam"]' in text
