"""Flink and the Beam job server on this machine: downloaded once, checked against pinned digests."""

import dataclasses
import hashlib
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
PINNED: Final = HERE / "flink.txt"
JARS: Final = HERE / "jars.sha256"

_WANTED: Final = ("bin/bash-java-utils.jar", "lib/flink-dist-", "lib/log4j-", "plugins/metrics-prometheus/")
"""What a session cluster needs of the distribution; the rest is SQL, Scala and other reporters."""


class ClusterError(Exception):
    """The cluster can't be had; the message says why and what to do."""


@dataclasses.dataclass(frozen=True, slots=True)
class Distribution:
    """The jars. `beam` are those of the job server, which TaskManagers load too."""

    flink: tuple[Path, ...]
    beam: tuple[Path, ...]
    tools: Path
    plugins: Path

    @property
    def classpath(self) -> str:
        """All jars, as `java -cp` takes them."""
        return ":".join(map(str, (*self.flink, *self.beam)))


def ensure(home: Path) -> Distribution:
    """Download what is not in `home` yet; raises `ClusterError` where that can't be done or digests differ."""
    for tool, package in (("java", "a Java runtime, 11 or 17"), ("mvn", "Maven, 3.6 or later")):
        if not shutil.which(tool):
            raise ClusterError(f"{tool} is not on the PATH: install {package}")
    flink, beam = home / f"flink-{_digest(PINNED)}", home / f"beam-{_digest(JARS)}"
    if not flink.is_dir():
        _whole(flink, _fetch_flink)
    if not beam.is_dir():
        _whole(beam, _fetch_beam)
    return Distribution(
        tuple(sorted((flink / "lib").glob("*.jar"))),
        tuple(sorted(beam.glob("*.jar"))),
        flink / "bin" / "bash-java-utils.jar",
        flink / "plugins",
    )


def _digest(path: Path) -> str:
    """Names a folder by what is pinned: other pins, other folder."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _whole(folder: Path, fetch: Callable[[Path], None]) -> None:
    """Make a folder so that it is there whole or not at all."""
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    fetch(part)
    part.rename(folder)


def _fetch_flink(folder: Path) -> None:
    print("downloading Flink, 230 MB", flush=True)
    download = folder / "download"
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    _run([*pip, "--require-hashes", "--dest", str(download), "--requirement", str(PINNED)])
    (archive,) = download.glob("apache*flink*.tar.gz")
    with tarfile.open(archive) as tar:
        for member in tar:
            _, _, name = member.name.partition("/deps/")
            if name.startswith(_WANTED) and member.isfile():
                member.name = name
                tar.extract(member, folder, filter="data")
    shutil.rmtree(download)


def _fetch_beam(folder: Path) -> None:
    print("downloading the Beam job server, 100 MB", flush=True)
    # The plugin prints nothing of what it downloads with --quiet; more threads, as there are many small files.
    goal = ["dependency:copy-dependencies", f"-DoutputDirectory={folder}", "-DincludeScope=runtime"]
    maven = ["mvn", "--batch-mode", "--quiet", "--strict-checksums", "-Dmaven.artifact.threads=16"]
    _run([*maven, "--file", str(HERE / "pom.xml"), *goal])
    pinned = dict(reversed(line.split()) for line in JARS.read_text().splitlines())
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    if wrong := sorted(name for name in pinned.keys() | found.keys() if pinned.get(name) != found.get(name)):
        raise ClusterError(f"other jars than {JARS.name} names, or other contents: {', '.join(wrong[:5])}")


def _run(command: list[str]) -> None:
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: S603
    if done.returncode:
        tail = "\n".join(done.stdout.strip().splitlines()[-15:])
        raise ClusterError(f"{' '.join(command[:4])} … failed:\n{tail}")
