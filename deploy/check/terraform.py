"""Terraform: parsed, every name it refers to declared, and formatted as `terraform fmt` does."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import hcl2

from deploy.check import programs
from deploy.check.faults import FileError, UncheckedError

_REFERENCE: Final = re.compile(r"\b(var|local|data\.[a-z0-9_]+|google_[a-z0-9_]+)\.([a-z0-9_]+)\b")


def configuration(path: Path) -> None:
    """One file, and what it refers to in the files beside it."""
    files = {file: _parse(file) for file in sorted(path.parent.glob("*.tf"))}
    declared = {name for blocks in files.values() for name in _declared(blocks)}
    text = re.sub(r"(?m)^\s*#.*$", "", path.read_text("utf-8"))
    for kind, name in _REFERENCE.findall(text):
        if f"{kind}.{name}" not in declared:
            raise FileError(f"{kind}.{name} is declared nowhere")
    if path.name == "variables.tf":
        used = {f"{kind}.{name}" for file in files for kind, name in _REFERENCE.findall(file.read_text("utf-8"))}
        if unused := {name for name in declared if name.startswith("var.")} - used:
            raise FileError(f"not used: {sorted(unused)}")
    if not shutil.which("terraform"):
        raise UncheckedError("terraform is not on this machine: parsed, but its format is not compared")
    programs.run("terraform", "fmt", "-check", "-diff", path)


def _parse(path: Path) -> dict[str, Any]:
    try:
        with path.open(encoding="utf-8") as stream:
            parsed: dict[str, Any] = hcl2.load(stream)
    except Exception as error:  # its parser raises what its grammar's library raises
        raise FileError(f"{path.name}: {error}") from error
    return parsed


def _declared(blocks: dict[str, Any]) -> Iterator[str]:
    for block in blocks.get("variable", []):
        yield from (f"var.{_name(name)}" for name in block)
    for block in blocks.get("locals", []):
        yield from (f"local.{_name(name)}" for name in block)
    for prefix, kind in (("", "resource"), ("data.", "data")):
        for block in blocks.get(kind, []):
            for resource, named in block.items():
                yield from (f"{prefix}{_name(resource)}.{_name(name)}" for name in named)


def _name(text: str) -> str:
    return text.strip('"')
