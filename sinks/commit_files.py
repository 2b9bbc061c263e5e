"""The commit in a directory: files are moved, which is atomic, and directories are synced.

In this order: the intent (the manifest to be, in the staging folder, with where each file goes), the moves, the
manifest, the removals. Before the intent a crash leaves a staging folder, which the next run deletes; after it, the
next run finishes what was intended. Every step may be done twice.
"""

import shutil
from pathlib import Path

from sinks.layout import FINAL, INTENT, STAGING
from sinks.manifest import CommitError, Manifest, last_manifest, manifest_path
from storage.files import sha256, sync_directory, write_whole


def publish(output: Path, manifest: Manifest) -> None:
    """Make what the run has below its staging folder's `final/` part of the tables."""
    staging = output / STAGING / manifest.run_id
    for folder in {staging, *(path.parent for path in (staging / FINAL).rglob("*"))}:
        sync_directory(folder)
    write_whole(staging / INTENT, manifest.to_json())
    _carry_out(output, manifest)


def abandon(output: Path, run_id: str) -> None:
    """Delete all that a run has staged, where it fails before it publishes."""
    shutil.rmtree(output / STAGING / run_id, ignore_errors=True)
    _remove_if_empty(output / STAGING)


def recover(output: Path) -> list[str]:
    """Finish what a killed run intended, delete what it only began; returns a line on each.

    Only for the holder of the lock.
    """
    done = []
    for folder in sorted((output / STAGING).glob("*")):
        intent = folder / INTENT
        if intent.exists():
            manifest = Manifest.from_json(intent.read_bytes())
            _carry_out(output, manifest)
            done.append(f"finished the commit of run {manifest.run_id}, which was interrupted")
        else:
            abandon(output, folder.name)
            last = last_manifest(output)
            committed = last is not None and last.run_id == folder.name
            done.append(
                f"cleared up after run {folder.name}, which had committed"
                if committed
                else f"deleted what run {folder.name} had begun when it was interrupted"
            )
    return done


def _carry_out(output: Path, manifest: Manifest) -> None:
    staging = output / STAGING / manifest.run_id
    touched = set()
    for file in (*manifest.files, *manifest.state):
        source, target = staging / FINAL / file.path, output / file.path
        if source.exists():
            if target.exists() and sha256(target) != file.sha256:
                msg = f"{target} is there with other content: the commit of run {manifest.run_id} can't be finished"
                raise CommitError(msg)
            _make_folder(output, target.parent)
            source.replace(target)
            touched.add(target.parent)
        elif not target.exists():
            msg = (
                f"{target} is missing, and so is its staged copy: the commit of run {manifest.run_id} can't be finished"
            )
            raise CommitError(msg)
    for folder in sorted(touched):
        sync_directory(folder)
    write_whole(manifest_path(output, manifest.sequence), manifest.to_json())
    removed = [output / path for path in manifest.removed]
    for path in removed:
        path.unlink(missing_ok=True)
    # Durable before the intent goes: a power cut must not bring a removed file back.
    for folder in sorted({path.parent for path in removed if path.parent.is_dir()}):
        sync_directory(folder)
    (staging / INTENT).unlink(missing_ok=True)
    shutil.rmtree(staging)
    _remove_if_empty(output / STAGING)


def _make_folder(output: Path, folder: Path) -> None:
    """Make a folder whose entry in its parent is durable, and so up to the output directory."""
    if folder.is_dir():
        return
    _make_folder(output, folder.parent)
    folder.mkdir()
    sync_directory(folder.parent)


def _remove_if_empty(folder: Path) -> None:
    if not any(folder.iterdir()):
        folder.rmdir()
