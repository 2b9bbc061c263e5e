import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from manifests import blank

from sinks.commit import publish, recover
from sinks.layout import FINAL, INTENT, STAGING, staging_path
from sinks.manifest import CommitError, CommittedFile, last_manifest, live_files, manifests
from storage.files import sha256

RUN = "20260305T120000Z-run"
PATHS = ("articles/date=2026-03-04/part-00000-a.parquet", "rejects/date=2026-03-05/part-00000-b.parquet")


@pytest.fixture
def output(tmp_path):
    """An output directory whose held file the staged run removes."""
    held = tmp_path / "held/date=2026-03-01/part-00000-c.parquet"
    held.parent.mkdir(parents=True)
    held.write_bytes(b"held")
    return tmp_path


def staged(output, run_id=RUN, sequence=1):
    """A run as it is just before it publishes."""
    files = []
    for path in PATHS:
        target = staging_path(output, run_id) / FINAL / path
        target.parent.mkdir(parents=True)
        pq.write_table(pa.table({"x": [1, 2]}), target)
        files.append(CommittedFile(path, path.split("/")[0], 2, target.stat().st_size, sha256(target)))
    return blank(sequence, run_id, files=tuple(files), removed=("held/date=2026-03-01/part-00000-c.parquet",))


def tree(output):
    return {path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file()}


PUBLISHED = {*PATHS, "_commits/00000001.json"}


def test_publishing_moves_removes_and_leaves_nothing_behind(output):
    manifest = staged(output)
    publish(output, manifest)
    assert tree(output) == PUBLISHED
    assert last_manifest(output) == manifest
    assert set(live_files(manifests(output))) == set(PATHS)
    assert not (output / STAGING).exists()


def test_killed_after_any_step_the_next_run_finishes_or_undoes_it(tmp_path, kill_after, death):
    before = {"held/date=2026-03-01/part-00000-c.parquet"}
    outcomes = []
    for limit in range(100):
        output = tmp_path / str(limit)
        held = output / "held/date=2026-03-01/part-00000-c.parquet"
        held.parent.mkdir(parents=True)
        held.write_bytes(b"held")
        manifest = staged(output)
        with pytest.MonkeyPatch.context() as patch:
            kill_after(patch, limit)
            try:
                publish(output, manifest)
                killed = False
            except death:
                killed = True
        intended = (staging_path(output, RUN) / INTENT).exists() or (output / "_commits/00000001.json").exists()
        recover(output)
        assert tree(output) == (PUBLISHED if intended else before), limit
        assert recover(output) == []
        outcomes.append(intended)
        if not killed:
            break
    assert len(outcomes) > 8
    assert outcomes == sorted(outcomes), "once intended, always carried out"


def test_recovery_killed_in_turn_is_finished_by_the_next(output, kill_after, death):
    manifest = staged(output)
    with pytest.MonkeyPatch.context() as patch:
        kill_after(patch, 4)
        with pytest.raises(death):
            publish(output, manifest)
    for limit in (0, 1, 2):
        with pytest.MonkeyPatch.context() as patch:
            kill_after(patch, limit)
            with pytest.raises(death):
                recover(output)
    assert recover(output) == [f"finished the commit of run {RUN}, which was interrupted"]
    assert tree(output) == PUBLISHED


def test_intent_whose_file_is_lost_is_an_error_that_names_it(output):
    manifest = staged(output)
    (staging_path(output, RUN) / FINAL / PATHS[0]).unlink()
    with pytest.raises(CommitError, match=r"part-00000-a\.parquet is missing"):
        publish(output, manifest)


def test_manifest_that_is_none_is_named(output):
    (output / "_commits").mkdir()
    (output / "_commits/00000001.json").write_bytes(b'{"sequence": 1}')
    with pytest.raises(ValueError, match=r"00000001\.json: no manifest"):
        list(manifests(output))
