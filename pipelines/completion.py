"""`newsbeam completion`: a script that lets a shell complete commands, options, files and directories."""

import argparse
from collections.abc import Iterator
from typing import Final

import shtab

_NAMES: Final = {"FILE": shtab.FILE, "INPUT": shtab.FILE, "DIR": shtab.DIRECTORY}
"""What is completed where an argument's metavar is one of these."""


def script(parser: argparse.ArgumentParser, shell: str) -> str:
    """The script for a shell that `shtab` knows."""
    for action in _actions(parser):
        if isinstance(action.metavar, str) and action.metavar in _NAMES:
            action.complete = _NAMES[action.metavar]  # type: ignore[attr-defined]  # the way of shtab
    return shtab.complete(parser, shell=shell)


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """All arguments of a parser and of its commands."""
    for action in parser._actions:  # noqa: SLF001  # argparse has no other way to ask
        yield action
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for command in action.choices.values():
                yield from _actions(command)
