"""The commit in an object store, which knows no renames and no locks that outlast a process.

What makes a run part of the tables is its manifest, and the store lets only one run create the manifest of a number.
In this order: the intent, the files under their final names, the manifest, the removals. A run that dies before its
manifest is undone by the next: the next number is taken by a manifest that holds nothing (`undone`), then the dead
run's files are deleted. Readers go by the manifests and never see them.

The lease (`sinks.lease`) keeps two runs from working at once. It can fail: a run may sleep until its lease is another's
and wake in the middle of its commit. So that this does no harm, files are only created, never written over; and they
are deleted only by who has taken the next number before: whoever slept is refused its manifest from then on.
"""

import contextlib
import dataclasses
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar, cast

from sinks.layout import FINAL, INTENT, STAGING, local_staging, shared_staging, staging_path
from sinks.manifest import (
    LEDGER,
    CommitError,
    Manifest,
    last_manifest,
    last_sequence,
    live_files,
    manifest_path,
    manifests,
)
from storage.objects import ObjectPath
from storage.paths import Location, remove_tree

_Item = TypeVar("_Item")

_AT_ONCE: Final = 8
"""Requests under way at a time."""
_ATTEMPTS: Final = 3
"""How often a run clears what others have left in its way."""


def publish(output: ObjectPath, manifest: Manifest, staging: Location) -> None:
    """Make what is below `staging/final` part of the tables.

    Raises `CommitError` where another run was first: nothing of this one is in the tables then, and the next run
    deletes what it wrote.
    """
    intent = shared_staging(output, manifest.run_id) / INTENT
    intent.write_bytes(manifest.to_json())
    try:
        for _ in range(_ATTEMPTS):
            try:
                _create_files(output, manifest, staging)
                break
            except FileExistsError:
                # Of a run that is dead or asleep, or was when its request was under way. Nobody must need it any more.
                if not _take_number(output, manifest.sequence, manifest):
                    raise
                manifest = dataclasses.replace(manifest, sequence=manifest.sequence + 1)
                intent.write_bytes(manifest.to_json())
                _delete_unnamed(output, manifest)
        _manifest_path(output, manifest.sequence).create(manifest.to_json())
    except FileExistsError as error:
        intent.write_bytes(manifest.to_json())  # it may be gone: undone by another run, which could not know the rest
        remove_tree(staging_path(output, manifest.run_id))
        msg = f"another run wrote to {output} meanwhile and was first: nothing of this one was committed ({error})"
        raise CommitError(msg) from error
    except OSError:
        with contextlib.suppress(OSError):
            intent.write_bytes(manifest.to_json())
        raise
    _clear_up(output, manifest)


def abandon(output: ObjectPath, run_id: str) -> None:
    """Delete all that a run has staged, here and in the store."""
    here = staging_path(output, run_id)
    remove_tree(here)
    with contextlib.suppress(OSError):  # another run's folder may be in it
        here.parent.rmdir()
    remove_tree(shared_staging(output, run_id))


def recover(output: ObjectPath) -> list[str]:
    """Finish what a killed run has committed, undo what it only intended; returns a line on each."""
    remove_tree(local_staging(output))
    done = []
    for folder in sorted((output / STAGING).iterdir()):
        try:
            intent = Manifest.from_json((folder / INTENT).read_bytes())
        except FileNotFoundError:
            remove_tree(folder)
            done.append(f"deleted what run {folder.name} had begun when it was interrupted")
            continue
        # It may not be dead, and publish just now: then the number is its own.
        while not (committed := _is_committed(output, intent)):
            if _take_number(output, last_sequence(output) + 1, intent):
                break
        if committed:
            _clear_up(output, intent)
            done.append(f"finished the commit of run {intent.run_id}, which was interrupted")
        else:
            _delete_unnamed(output, intent)
            remove_tree(folder)
            done.append(f"undid the commit of run {intent.run_id}, which was interrupted")
    return done


def _create_files(output: ObjectPath, manifest: Manifest, staging: Location) -> None:
    def create(path: str) -> None:
        staged, target = staging / FINAL / path, output / path
        if staged.is_file():
            target.create(staged.read_bytes() if isinstance(staged, ObjectPath) else staged)
        elif not target.is_file():
            raise CommitError(f"{target} is missing, and so is its staged copy: nothing was committed")

    _each(create, [file.path for file in (*manifest.files, *manifest.state)])


def _manifest_path(output: ObjectPath, sequence: int) -> ObjectPath:
    return cast("ObjectPath", manifest_path(output, sequence))


def _is_committed(output: ObjectPath, intent: Manifest) -> bool:
    try:
        return _manifest_path(output, intent.sequence).read_bytes() == intent.to_json()
    except FileNotFoundError:
        return False


def _take_number(output: ObjectPath, sequence: int, run: Manifest) -> bool:
    """Take the next number for a manifest of the run that holds nothing; whether it was free."""
    last = last_manifest(output)
    nothing = dataclasses.replace(
        run,
        sequence=sequence,
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
    try:
        return _manifest_path(output, sequence).create(nothing.to_json())
    except FileExistsError:
        return False


def _delete_unnamed(output: ObjectPath, run: Manifest) -> None:
    """Delete those of the run's files that no manifest names. Only for who has taken the next number."""
    history = list(manifests(output))
    named = {*live_files(history), *(file.path for file in history[-1].state)}
    unnamed = [output / file.path for file in (*run.files, *run.state) if file.path not in named]
    _each(lambda path: path.unlink(missing_ok=True), unnamed)


def _clear_up(output: ObjectPath, manifest: Manifest) -> None:
    """What is left to do for a run that has its manifest, unless another run has done it meanwhile."""
    if (shared_staging(output, manifest.run_id) / INTENT).is_file():
        # Later runs may have written a removed file again.
        later = {file.path for run in manifests(output, manifest.sequence) for file in (*run.files, *run.state)}
        removed = [output / path for path in manifest.removed if path not in later]
        _each(lambda path: path.unlink(missing_ok=True), removed)
    abandon(output, manifest.run_id)


def _each(do: Callable[[_Item], None], items: Iterable[_Item]) -> None:
    """Do it for all, several at a time; raises the first error once all have ended."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for done in [pool.submit(do, item) for item in items]:
            done.result()
