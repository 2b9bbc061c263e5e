"""What an option's value may be: each function reads text from the command line or a value of a TOML file.

All raise `ValueError`, or `TypeError`, with a message for whoever wrote it.
"""

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from storage.paths import Location, location

_UNITS: Final = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


def size(text: str | int) -> int:
    """Bytes, from a number with an optional K, M or G (powers of 1,024).

    >>> size("64M")
    67108864
    """
    match = re.fullmatch(r"(\d{1,15})\s*([KMG]?)(?:i?B)?", str(text).strip(), re.IGNORECASE)
    if not match or int(match[1]) == 0:
        msg = f"{text!r} is no size: give bytes, such as 67108864, 64M or 1G"
        raise ValueError(msg)
    return int(match[1]) * _UNITS[match[2].upper()]


def share(text: str | float) -> float:
    """A number from 0 to 1."""
    value = float(text)
    if not 0 <= value <= 1:
        msg = f"{text} is no share: give a number from 0 to 1"
        raise ValueError(msg)
    return value


def seconds(text: str | float) -> float:
    """A number that is not negative."""
    value = float(text)
    if not 0 <= value < float("inf"):
        msg = f"{text} is no duration: give seconds, 0 or more"
        raise ValueError(msg)
    return value


def count(text: str | int) -> int:
    """A whole number that is not negative."""
    if not re.fullmatch(r"\d{1,9}", str(text)):
        msg = f"{text!r} is no count: give a whole number, 0 or more"
        raise ValueError(msg)
    return int(text)


def port(text: str) -> int:
    """A TCP port; 0 stands for any that is free."""
    if not re.fullmatch(r"\d{1,5}", text) or int(text) > 65_535:
        msg = f"{text!r} is no port: give a number from 0 to 65535"
        raise ValueError(msg)
    return int(text)


def days(text: str | int) -> int | None:
    """A number of days, such as 30d or 4w; `all` is None, any number of them."""
    if text == "all":
        return None
    match = re.fullmatch(r"(\d{1,6})([dw]?)", str(text).strip())
    if not match:
        msg = f"{text!r} is no span of days: give days or weeks, such as 30d or 4w, 0 for none, or all"
        raise ValueError(msg)
    return int(match[1]) * (7 if match[2] == "w" else 1)


def run_name(text: str) -> str:
    """A name that can be a folder's."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", text):
        msg = f"{text!r} is no run id: give letters, digits, dots, dashes and underscores, 100 at most"
        raise ValueError(msg)
    return text


def directory(text: str) -> Location:
    """A directory of this machine, or the URL of a place in an object store."""
    if not text.strip():
        msg = "an empty name is no directory"
        raise ValueError(msg)
    return location(text)


def metrics_path(text: str) -> Path:
    """A file that node_exporter's textfile collector will read."""
    if not str(text).endswith(".prom"):
        msg = f"{text} would not be read: the textfile collector takes files that end in .prom"
        raise ValueError(msg)
    return Path(text)


def flag(value: object) -> bool:
    """A TOML boolean."""
    if not isinstance(value, bool):
        msg = f"{value!r} is neither true nor false"
        raise TypeError(msg)
    return value


def argument_type(parse: Callable[[str], object]) -> Callable[[str], object]:
    """A parser of values whose complaints argparse shows as they are."""

    def parsed(text: str) -> object:
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return parsed
