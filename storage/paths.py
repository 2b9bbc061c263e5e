"""A place for files: in a directory of this machine or in an object store."""

import shutil
from pathlib import Path
from typing import TypeAlias

from storage.objects import SCHEMES, ObjectPath

Location: TypeAlias = Path | ObjectPath
"""Both have the part of pathlib's interface that `ObjectPath` has."""


def location(name: str) -> Location:
    """The place that a name stands for; raises `ValueError` for a URL of a kind that is not known.

    >>> location("s3://wires/tables")
    ObjectPath(root='s3://wires', key='tables')
    >>> location("tables").name
    'tables'
    """
    if "://" not in name:
        return Path(name)
    if name.startswith(SCHEMES):
        return ObjectPath.parse(name)
    msg = f"{name}: files can be in a local directory or at {', '.join(SCHEMES[:-1])}"
    raise ValueError(msg)


def find(folder: Location, pattern: str) -> list[Location]:
    """What is below a folder and fits the pattern, sorted; nothing where there is no such folder."""
    return sorted(folder.glob(pattern), key=str)


def below(folder: Location, path: Location) -> str:
    """What leads from a folder to a path in it, with slashes."""
    return str(path).removeprefix(f"{folder}/")


def move(source: Location, target: Location) -> Location:
    """Give a file another name where it is kept, over what is there."""
    if isinstance(source, ObjectPath):
        if not isinstance(target, ObjectPath) or source.root != target.root:
            msg = f"{source} can't be moved to {target}: that is another store"
            raise ValueError(msg)
        return source.replace(target)
    return source.replace(str(target))


def remove_tree(path: Location) -> None:
    """Delete a folder with all below it, where it is there."""
    if isinstance(path, ObjectPath):
        for found in path.rglob("*"):
            found.unlink(missing_ok=True)
    else:
        shutil.rmtree(path, ignore_errors=True)
