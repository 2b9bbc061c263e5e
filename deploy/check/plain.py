"""Checks of plain files: links, JSON, XML, YAML, crontabs, newsbeam's own options."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Final

import yaml
from cronsim import CronSim, CronSimError
from lxml import etree
from packaging.requirements import InvalidRequirement, Requirement

from deploy.check.faults import FileError
from pipelines.options import IngestOptions, UsageError

_LINK: Final = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")
_JOB: Final = re.compile(r"(?P<schedule>(?:\S+\s+){4}\S+)\s+(?P<user>[a-z_][\w-]*)\s+(?P<command>\S.*)")
_LOCKED: Final = re.compile(
    r"[A-Za-z0-9._-]+(?:\[[\w,-]+\])?==[^\s;]+(?:\s*;[^#]+?)?(?:\s+--hash=sha256:[0-9a-f]{64})+"
)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}  [^/\s]+")
_VARIABLE: Final = re.compile(r"[A-Z_]+\s*=.*")
_EPOCH: Final = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def links(path: Path) -> None:
    """Each relative link of a Markdown page leads to a file."""
    for target in _LINK.findall(path.read_text("utf-8")):
        if not (path.parent / target).exists():
            raise FileError(f"links to {target}, which is not there")


def json_document(path: Path) -> None:
    """A JSON document without a key twice."""

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len(dict(pairs)) != len(pairs):
            raise FileError(f"a key twice among {[key for key, _ in pairs]}")
        return dict(pairs)

    json.loads(path.read_text("utf-8"), object_pairs_hook=unique)


def xml_document(path: Path) -> None:
    """A well-formed XML document."""
    etree.fromstring(path.read_bytes(), etree.XMLParser(resolve_entities=False, no_network=True))


def yaml_documents(path: Path) -> None:
    """Well-formed YAML documents."""
    list(yaml.safe_load_all(path.read_text("utf-8")))


def newsbeam_options(path: Path) -> None:
    """A file of options as newsbeam reads it, which refuses what it doesn't know."""
    try:
        IngestOptions.combine({}, path, ())
    except UsageError as error:
        raise FileError(str(error)) from error


def crontab(path: Path) -> None:
    """A table for /etc/cron.d: schedules, users and commands; variables before them."""
    text = path.read_text("utf-8")
    if not text.endswith("\n"):
        raise FileError("cron passes over a last line without an end")
    jobs = 0
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#") or _VARIABLE.fullmatch(line):
            continue
        if not (job := _JOB.fullmatch(line)):
            raise FileError(f"line {number}: five fields, a user and a command are wanted")
        try:
            CronSim(job["schedule"], _EPOCH)
        except CronSimError as error:
            raise FileError(f"line {number}: {job['schedule']}: {error}") from error
        if re.search(r"(?<!\\)%", job["command"]):
            raise FileError(f"line {number}: cron takes what follows a % for input; write \\%")
        jobs += 1
    if not jobs:
        raise FileError("no job")


def requirements(path: Path) -> None:
    """Requirements that a packager can read."""
    for line in path.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            try:
                Requirement(line)
            except InvalidRequirement as error:
                raise FileError(f"{line}: {error}") from error


def locked_requirements(path: Path) -> None:
    """Requirements each of which names a version and digests of what is downloaded."""
    joined = path.read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        raise FileError("no requirement")
    for line in lines:
        if not _LOCKED.fullmatch(line.strip()):
            raise FileError(f"neither a version nor a digest, or more than that: {line[:80]}")


def digests(path: Path) -> None:
    """A list for `sha256sum --check`, each file once."""
    lines = path.read_text("utf-8").splitlines()
    if not all(_DIGEST.fullmatch(line) for line in lines):
        raise FileError("not each line is a digest, two blanks and a name")
    if not lines or len({line[66:] for line in lines}) != len(lines):
        raise FileError("no file, or one twice")


def properties(path: Path) -> None:
    """Java properties: each line a comment or a key and a value."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.strip() and not re.match(r"\s*(?:[#!]|[\w.-]+\s*[=:])", line):
            raise FileError(f"line {number} is neither a comment nor a key and a value")
