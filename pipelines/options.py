"""What can be set, by flag or in a TOML file: each option is declared once, here."""

import dataclasses
import difflib
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Self

from pipelines.values import count, days, directory, flag, metrics_path, run_name, seconds, share, size
from storage.paths import Location


class UsageError(Exception):
    """The command can't be carried out as it was given; the message says why and what to do."""


GROUPS: Final = ("input", "duplicates", "feeds", "stream", "limits", "output")
"""Groups of options, in the order of the help and of the file that `newsbeam init` writes."""


def option(default: object, parse: Callable[[Any], object], group: str, metavar: str, text: str) -> Any:  # noqa: ANN401
    """A field that can be set by flag and in a TOML file."""
    metadata = {"parse": parse, "group": group, "metavar": metavar, "help": text}
    return dataclasses.field(default=default, metadata=metadata)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class IngestOptions:
    """Options of `newsbeam ingest`; the TOML file has the same names, with underscores."""

    inputs: tuple[str, ...]
    output: Location
    beam: tuple[str, ...] = ()
    """Flags for Beam, such as `--job_name=wires`."""

    run_id: str | None = option(
        None, run_name, "output", "NAME", "name of the run; made of time and chance unless given"
    )
    chunk_size: int = option(
        64 << 20,
        size,
        "limits",
        "BYTES",
        "input read before its rows are put aside: what bounds memory; a cluster reads all input in one go (64M)",
    )
    max_payload_size: int = option(
        256 << 20,
        size,
        "limits",
        "BYTES",
        "a file or archive member larger than this, unpacked, is rejected, unless it is JSONL (256M)",
    )
    max_reject_rate: float = option(
        0.1,
        share,
        "limits",
        "SHARE",
        "exit with status 3 where more than this share of the items read is rejected (0.1)",
    )
    history: int | None = option(
        30,
        days,
        "duplicates",
        "DAYS",
        "compare with what was committed and dated within so many days of an item: 30d, 4w, 0 for nothing, all (30d)",
    )
    near_threshold: float = option(
        0.8,
        share,
        "duplicates",
        "SHARE",
        "texts that share so much of their runs of five words are duplicates (0.8); 1: only those with the same words",
    )
    history_shards: int = option(
        0,
        count,
        "duplicates",
        "N",
        "read the history in a pipeline of so many shards, for tables that have outgrown one process; 0: here (0)",
    )
    max_duplicate_rate: float = option(
        0.9,
        share,
        "duplicates",
        "SHARE",
        "commit nothing where more than this share of the new articles, and at least 1,000, are duplicates (0.9)",
    )
    lock_wait: float = option(
        0.0, seconds, "limits", "SECONDS", "wait so long for another run that uses the same output directory (0)"
    )
    contact: str = option(
        "", str, "feeds", "URL", "where operators of feed servers can reach you; sent with every request"
    )
    host_delay: float = option(1.0, seconds, "feeds", "SECONDS", "pause between two requests to one host (1)")
    allow_private_hosts: bool = option(
        False,
        flag,
        "feeds",
        "",
        "poll feeds on private, loopback and link-local addresses too, which are refused otherwise",
    )
    full_text: bool = option(
        False,
        flag,
        "feeds",
        "",
        "fetch the page behind each new entry of a polled feed, as its robots.txt allows, and take the story from it",
    )
    strict_formats: bool = option(
        False, flag, "input", "", "reject items that break their format's schema, and not only those that can't be read"
    )
    detach: bool = option(
        False,
        flag,
        "output",
        "",
        "hand the run to the cluster that --runner names as one job that commits by itself, and do not wait for it",
    )
    quiet: bool = option(False, flag, "output", "", "no progress and no summary, only errors")
    json_summary: bool = option(False, flag, "output", "", "print the summary as one JSON object")
    log_json: bool = option(False, flag, "output", "", "say on standard error what happens as JSON objects, one a line")
    metrics_file: Path | None = option(  # noqa: RUF009  # it makes a field, which ruff does not see
        None,
        metrics_path,
        "output",
        "FILE.prom",
        "write what came of the run as Prometheus metrics, for node_exporter's textfile collector",
    )

    @classmethod
    def settable(cls) -> dict[str, dataclasses.Field[Any]]:
        """The options that have a flag of their own name."""
        return {field.name: field for field in dataclasses.fields(cls) if "parse" in field.metadata}

    @classmethod
    def combine(cls, flags: Mapping[str, Any], config: Path | None, beam: Sequence[str]) -> Self:
        """Options from flags and an optional TOML file; flags win.

        Raises `UsageError` where something is unknown, missing or no value of its kind.
        """
        values = (_read_toml(config, cls.settable()) if config else {}) | dict(flags)
        if not values.get("inputs"):
            msg = "no input: name files, directories, globs or a config file with `inputs`"
            raise UsageError(msg)
        if not all(name.strip() for name in values["inputs"]):
            msg = "an empty name is no input: is a variable of the shell not set?"
            raise UsageError(msg)
        if not values.get("output"):
            msg = "no output: name the directory of the tables with --output DIR"
            raise UsageError(msg)
        values["beam"] = (*values.get("beam", ()), *beam)
        return cls(**values)


def _read_toml(path: Path, settable: Mapping[str, dataclasses.Field[Any]]) -> dict[str, Any]:
    """The options of a TOML file; paths in it are relative to the file."""
    try:
        content = path.read_text("utf-8")
        table = tomllib.loads(content)
    except FileNotFoundError as error:
        raise UsageError(f"{path}: no such file; `newsbeam init {path}` writes one") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        msg = f"{path}: {error}"
        raise UsageError(msg) from error
    known = ("inputs", "output", "beam", *settable)
    values: dict[str, Any] = {}
    for key, value in table.items():
        where = f"{path}:{_line(content, key)}"
        if key not in known:
            raise UsageError(f'{where}: unknown key "{key}"{_did_you_mean(key, known)}')
        try:
            values[key] = _toml_value(key, value, path.parent, settable)
        except (TypeError, ValueError) as error:
            msg = f"{where}: {key}: {error}"
            raise UsageError(msg) from error
    return values


def _toml_value(key: str, value: object, base: Path, settable: Mapping[str, dataclasses.Field[Any]]) -> object:
    if key == "inputs":
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            msg = "give a list of strings"
            raise TypeError(msg)
        return tuple(
            item if "://" in item or item.startswith("feed:") or not item.strip() else str(base / item)
            for item in value
        )
    if key == "output":
        if not isinstance(value, str):
            msg = "give a string"
            raise TypeError(msg)
        place = directory(value)
        return base / place if isinstance(place, Path) else place
    if key == "beam":
        if not isinstance(value, dict):
            msg = "give a table of Beam options"
            raise TypeError(msg)
        return tuple(_beam_flag(name, setting) for name, setting in value.items() if setting is not False)
    parsed: object = settable[key].metadata["parse"](value)
    return base / parsed if isinstance(parsed, Path) else parsed


def _beam_flag(name: str, value: object) -> str:
    return f"--{name}" if value is True else f"--{name}={value}"


def _line(content: str, key: str) -> int:
    """The line a top-level key stands in, from 1."""
    match = re.search(rf'^\s*\[?\s*["\']?{re.escape(key)}["\']?\s*[=.\]]', content, re.MULTILINE)
    return content.count("\n", 0, match.end()) + 1 if match else 1


def _did_you_mean(word: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f'; did you mean "{close[0]}"?' if close else f"; known are {', '.join(known)}"
