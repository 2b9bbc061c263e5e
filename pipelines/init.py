"""`newsbeam init`: a TOML file with every option, its default and what it does, written from the options themselves."""

import argparse
import dataclasses
import os
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import orjson

from pipelines.options import GROUPS, IngestOptions, UsageError
from pipelines.statuses import EXIT_OK
from pipelines.values import size

STDOUT: Final = "-"

_HEAD: Final = """\
# Options of `newsbeam ingest --config FILE`; flags of the command line win over what stands here.
# Paths are relative to this file. A line such as `# name = value` shows a default: take the # away to set it.
"""
_BEAM: Final = """
# Flags for Beam, by their names.
# [beam]
# job_name = "wires"
"""
_WIDTH: Final = 110


def init(options: argparse.Namespace) -> int:
    """Write the file that was named, or to standard output."""
    if options.file == STDOUT:
        sys.stdout.write(render(options.input, options.output, Path()))
        return EXIT_OK
    path = Path(options.file)
    text = render(options.input, options.output, path.parent)
    try:
        with path.open("w" if options.force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(f"{path} is there already: name another file, or write over it with --force") from error
    except OSError as error:
        raise UsageError(f"{path} can't be written: {error.strerror}") from error
    todo = "" if options.input else " name what to read in it; then:"
    sys.stdout.write(f"wrote {path};{todo} newsbeam ingest --config {path}\n")
    return EXIT_OK


def render(inputs: Sequence[str], output: str | None, folder: Path) -> str:
    """The file's text, for a file in `folder`; names in `inputs` and `output` are relative to the working directory."""
    lines = [_HEAD]
    settable = IngestOptions.settable()
    used = {"input", "output", *(field.metadata["group"] for field in settable.values())}
    for group in GROUPS:
        if group not in used:
            continue
        lines.append(f"\n# ---- {group} ----\n")
        if group == "input":
            named = [_relative(name, folder) for name in inputs] or ["wires/"]
            lines += _entry(
                "files, directories, globs, feed URLs, OPML files, gs:// or s3:// patterns", "inputs", named
            )
        if group == "output":
            tables = _relative(output, folder) if output else "tables"
            lines += _entry("directory of the tables; made if it is not there", "output", tables)
        for name, field in settable.items():
            if field.metadata["group"] == group:
                lines += _entry(field.metadata["help"], name, default(field), shown="# ")
    return "".join([*lines, _BEAM])


def _entry(text: str, name: str, value: object, shown: str = "") -> Iterator[str]:
    """A comment and the option below it."""
    comment = textwrap.fill(
        text[0].upper() + text[1:] + ".",
        _WIDTH,
        initial_indent="# ",
        subsequent_indent="# ",
        break_on_hyphens=False,
        break_long_words=False,
    )
    yield f"\n{comment}\n{shown}{name} = {_toml(value)}\n"


def _toml(value: object) -> str:
    """Numbers, booleans and strings are written in TOML as in JSON."""
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return orjson.dumps(value).decode()


def default(field: dataclasses.Field[Any]) -> object:
    """An option's default as a TOML value; an example of a value where the default is to have none."""
    value: Any = field.default
    if value is None:
        return field.metadata["metavar"]
    if field.metadata["parse"] is size:
        units = ((letter, 1 << shift) for letter, shift in (("G", 30), ("M", 20), ("K", 10), ("", 0)))
        return next(f"{value // unit}{letter}" for letter, unit in units if value % unit == 0)
    return value


def _relative(name: str, folder: Path) -> str:
    """A name as the file must have it, which is read from `folder`."""
    if "://" in name or name.startswith("feed:") or Path(name).is_absolute():
        return name
    path = os.path.relpath(name, folder)
    return path + "/" if name.endswith("/") else path
