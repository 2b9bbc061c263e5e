"""The commit in an object store, which knows no renames and no locks that outlast a process.

What makes a run part of the tables is its manifest, and the store lets only one run create the manifest of a number.
In this order: the intent, the files, the manifest, the removals. A run that dies before its manifest is undone by the
next: its number is taken by a manifest that holds nothing (`undone`), then its files are deleted. Readers go by the
manifests and never see them.

The lease (`sinks.lease`) keeps two runs from working at once. It can fail: a run may sleep until its lease is another's
and wake in the middle of its commit. That does no harm, since no two attempts share a name: each writes its files, its
intent and its staging under names of its own, so that whatever is written or deleted late is nobody else's.
"""

import contextlib
import dataclasses
import secrets
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar, cast

from sinks.layout import FINAL, INTENT, STAGING, local_staging, shared_staging, staging_path
from sinks.manifest import (
    LEDGER,
    CommitError,
    CommittedFile,
    Manifest,
    last_manifest,
    live_files,
    manifest_path,
    manifests,
)
from storage.objects import ObjectPath
from storage.paths import Location, remove_tree

_Item = TypeVar("_Item")

_AT_ONCE: Final = 8
"""Requests under way at a time."""


def publish(output: ObjectPath, manifest: Manifest, staging: Location) -> None:
    """Make what is below `staging/final` part of the tables, under names that end in a token of this attempt.

    The staging folder's name is the attempt's. Raises `CommitError` where another run was first: nothing of this one
    is in the tables then, and the next run deletes what it wrote.
    """
    manifest, places = _name_files(output, manifest, staging)
    intent = shared_staging(output, staging.name) / INTENT
    content = manifest.to_json()
    intent.write_bytes(content)
    try:
        _each(lambda place: _create(*place), places)
        _manifest_path(output, manifest.sequence).create(content)
    except OSError as error:
        # Gone where another run has undone this one: which could not know of files that were written after that.
        with contextlib.suppress(OSError):
            intent.write_bytes(content)
        if not isinstance(error, FileExistsError | FileNotFoundError):  # the number is taken, or what was staged gone
            raise
        msg = f"another run wrote to {output} meanwhile and was first: nothing of this one was committed"
        raise CommitError(msg) from error
    _clear_up(output, manifest, staging.name)


def abandon(output: ObjectPath, attempt: str) -> None:
    """Delete all that an attempt has staged, here and in the store."""
    here = staging_path(output, attempt)
    remove_tree(here)
    with contextlib.suppress(OSError):  # another run's folder may be in it
        here.parent.rmdir()
    remove_tree(shared_staging(output, attempt))


def recover(output: ObjectPath) -> list[str]:
    """Finish what a killed run has committed, undo what it only intended; returns a line on each."""
    remove_tree(local_staging(output))
    done = []
    for folder in sorted((output / STAGING).iterdir()):
        try:
            content = (folder / INTENT).read_bytes()
        except FileNotFoundError:
            remove_tree(folder)
            done.append(f"deleted what run {folder.name} had begun when it was interrupted")
            continue
        intent = Manifest.from_json(content)
        if _is_committed(output, intent, content):
            _clear_up(output, intent, folder.name)
            done.append(f"finished the commit of run {intent.run_id}, which was interrupted")
        else:
            _delete_unnamed(output, intent)
            remove_tree(folder)
            done.append(f"undid the commit of run {intent.run_id}, which was interrupted")
    return done


def _name_files(
    output: ObjectPath, manifest: Manifest, staging: Location
) -> tuple[Manifest, list[tuple[Location, ObjectPath]]]:
    """The manifest with the names that the files will have, and from where to where each is to be copied."""
    token = secrets.token_hex(4)
    last = last_manifest(output)
    carried = {file.path for file in last.state} if last else set()
    places: list[tuple[Location, ObjectPath]] = []

    def name(file: CommittedFile) -> CommittedFile:
        staged = staging / FINAL / file.path
        if not staged.is_file():
            if file.path in carried:
                return file
            raise CommitError(f"the staged copy of {file.path} is missing: nothing was committed")
        named = f"{file.path.removesuffix('.parquet')}-{token}.parquet"
        places.append((staged, output / named))
        return dataclasses.replace(file, path=named)

    files, state = (tuple(name(file) for file in part) for part in (manifest.files, manifest.state))
    return dataclasses.replace(manifest, files=files, state=state), places


def _create(staged: Location, target: ObjectPath) -> None:
    target.create(staged.read_bytes())


def _manifest_path(output: ObjectPath, sequence: int) -> ObjectPath:
    return cast("ObjectPath", manifest_path(output, sequence))


def _is_committed(output: ObjectPath, intent: Manifest, content: bytes) -> bool:
    """Whether the run has its manifest; where its number is free, that is taken, so that it never will."""
    last = last_manifest(output)
    nothing = dataclasses.replace(
        intent,
        kind="undone",
        totals=dict.fromkeys(LEDGER, 0),
        sources={},
        rejects_by_reason={},
        released={},
        files=(),
        removed=(),
        state=last.state if last else (),
        feeds={},
        alarms=(),
        duplicates={},
        dropped={},
    )
    path = _manifest_path(output, intent.sequence)
    with contextlib.suppress(FileExistsError):
        path.create(nothing.to_json())
    return path.read_bytes() == content


def _delete_unnamed(output: ObjectPath, run: Manifest) -> None:
    """Delete the run's files but for those that it has in common with its predecessors: no manifest names them."""
    history = list(manifests(output))
    named = {*live_files(history), *(file.path for manifest in history for file in manifest.state)}
    unnamed = [output / file.path for file in (*run.files, *run.state) if file.path not in named]
    _each(lambda path: path.unlink(missing_ok=True), unnamed)


def _clear_up(output: ObjectPath, manifest: Manifest, attempt: str) -> None:
    """What is left to do for a run that has its manifest."""
    _each(lambda path: (output / path).unlink(missing_ok=True), manifest.removed)
    abandon(output, attempt)


def _each(do: Callable[[_Item], None], items: Iterable[_Item]) -> None:
    """Do it for all, several at a time; raises the first error once all have ended."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for done in [pool.submit(do, item) for item in items]:
            done.result()
