"""The commit: many files become part of the tables at one instant, or never.

A run writes all its files to its staging folder; then `publish` makes them part of the tables, in the way that suits
the place: a directory (`sinks.commit_files`) or an object store (`sinks.commit_objects`).

Whoever reads the files that the manifests list finds all of them at any instant; whoever lists the
folders may see a row twice while a run commits, in its old file and its new one, but never misses one.
"""

from sinks import commit_files, commit_objects
from sinks.layout import staging_path
from sinks.manifest import CommitError, Manifest
from storage.objects import ObjectPath
from storage.paths import Location


def publish(output: Location, manifest: Manifest, staging: Location | None = None) -> None:
    """Make what the run has below its staging folder's `final/` part of the tables."""
    paths = [file.path for file in (*manifest.files, *manifest.state)]
    if len({*paths, *manifest.removed}) < len(paths) + len(manifest.removed):
        msg = f"run {manifest.run_id} would write or remove a file twice: nothing was committed"
        raise CommitError(msg)
    if isinstance(output, ObjectPath):
        commit_objects.publish(output, manifest, staging or staging_path(output, manifest.run_id))
    else:
        commit_files.publish(output, manifest)


def abandon(output: Location, run_id: str) -> None:
    """Delete all that a run has staged, where it fails before it publishes."""
    if isinstance(output, ObjectPath):
        commit_objects.abandon(output, run_id)
    else:
        commit_files.abandon(output, run_id)


def recover(output: Location) -> list[str]:
    """Finish or undo what a killed run intended, delete what it only began; returns a line on each.

    Only for the holder of the lock.
    """
    return commit_objects.recover(output) if isinstance(output, ObjectPath) else commit_files.recover(output)
