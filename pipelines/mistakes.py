"""Mistyped commands and options, told with what was probably meant."""

import argparse
import difflib
import itertools
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from pipelines.options import UsageError

_ADDRESS: Final = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}/", re.IGNORECASE)
"""A host and the beginning of a path."""
_LISTED: Final = 10_000
"""Names of a directory that are looked at, at most."""


def check_command(arguments: Sequence[str], commands: Iterable[str]) -> None:
    """Raise `UsageError` where the first word is no command."""
    word = next((word for word in arguments if not word.startswith("-")), None)
    if word is None or word in commands or arguments[0] != word:
        return
    known = list(commands)
    flags = {flag.lstrip("-"): flag for flag in ("--help", "--version")}
    close = [flags[word]] if word in flags else difflib.get_close_matches(word, known, n=1)
    hint = f"did you mean `newsbeam {close[0]}`?" if close else f"commands are {', '.join(known)}"
    if not close and ("/" in word or "." in word):
        hint = f"to read it: `newsbeam ingest {word} --output DIR`, or `newsbeam inspect {word}`"
    raise UsageError(f"{word} is no command; {hint}")


def check_options(unknown: Sequence[str], verb: str | None, parser: argparse.ArgumentParser) -> None:
    """Raise `UsageError` where a command (None: newsbeam itself) was given what it does not take."""
    if not unknown:
        return
    asked = f"`newsbeam {verb} --help`" if verb else "`newsbeam --help`"
    if not unknown[0].startswith("-"):
        raise UsageError(f"{unknown[0]}: {verb or 'newsbeam'} takes no more arguments than {asked} names")
    name = unknown[0].partition("=")[0]
    known = [option for action in parser._actions for option in action.option_strings]  # noqa: SLF001
    close = difflib.get_close_matches(name, known, n=1)
    if len(name) == len("-o"):
        close = [option for option in known if option.startswith(f"-{name}")]
    hint = f"did you mean {close[0]}?" if close else f"{asked} lists what there is"
    raise UsageError(f"{verb or 'newsbeam'} has no option {name}; {hint}")


def suggest_inputs(names: Iterable[str]) -> str:
    """What may be meant by inputs that are not there, as the end of a message; empty where nothing comes to mind."""
    found = [suggestion for name in names if not os.path.lexists(name) and (suggestion := _suggest_input(name))]
    return f"; did you mean {', '.join(found)}?" if found else ""


def _suggest_input(name: str) -> str | None:
    if _ADDRESS.match(name):
        return f"https://{name}"
    path = Path(name)
    try:
        with os.scandir(path.parent) as entries:
            beside = [entry.name for entry in itertools.islice(entries, _LISTED)]
    except (OSError, ValueError):
        return None
    close = difflib.get_close_matches(path.name, beside, n=1)
    return str(path.parent / close[0]) if close else None
