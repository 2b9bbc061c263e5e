"""Commits in an object store: here in memory, with the preconditions that S3 and Google Cloud Storage have.

`make test-objects` does the like through the command line, in real servers.
"""

import contextlib
import datetime as dt
import itertools
import os
import re
import time

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from manifests import blank

from sinks import lease
from sinks.columnar import read_metadata, read_parquet, write_parquet
from sinks.commit import abandon, publish, recover
from sinks.held import stage_due
from sinks.layout import FINAL, LOCK, local_staging, shared_staging, staging_path
from sinks.lock import OutputBusyError, locked
from sinks.manifest import CommitError, CommittedFile, last_manifest, last_sequence, live_files, manifests
from storage.files import sha256, whole, write_whole
from storage.objects import ObjectPath
from storage.paths import below

RUN = "20260305T120000Z-run"
PATHS = ("articles/date=2026-03-04/part-00000-a.parquet", "rejects/date=2026-03-05/part-00000-b.parquet")
HELD = "held/date=2026-03-01/part-00000-c.parquet"
_numbers = itertools.count()


@pytest.fixture
def output():
    """Tables in a store of their own, whose first run wrote a held file."""
    return begun()


def begun():
    output = ObjectPath.parse(f"memory://tables-{os.getpid()}-{next(_numbers)}/wires")
    publish(output, staged(output, "first", 1, [HELD]))
    return output


def staged(output, run_id, sequence, paths, content=b"rows", removed=()):
    """A run as it is just before it publishes."""
    files = []
    for path in paths:
        target = staging_path(output, run_id) / FINAL / path
        write_whole(target, content)
        files.append(CommittedFile(path, path.split("/")[0], 2, target.stat().st_size, sha256(target)))
    return blank(sequence, run_id, files=tuple(files), removed=tuple(removed))


def second(output, run_id=RUN, sequence=2, **how):
    held = [path for path in live_files(manifests(output)) if path.startswith("held")]
    return staged(output, run_id, sequence, PATHS, removed=held, **how)


def plain(path):
    """A path without the token of the attempt that wrote it."""
    return re.sub(r"-[0-9a-f]{8}(?=\.parquet)", "", path)


def tree(output):
    return {plain(below(output, path)) for path in output.rglob("*")}


def live(output):
    """What manifests name, all of which must be there."""
    named = live_files(manifests(output))
    assert all((output / path).is_file() and sha256(output / path) == file.sha256 for path, file in named.items())
    return {plain(path) for path in named}


BEFORE = {HELD, "_commits/00000001.json"}
PUBLISHED = {*PATHS, "_commits/00000001.json", "_commits/00000002.json"}


def test_publishing_writes_removes_and_leaves_nothing_behind(output):
    manifest = second(output)
    publish(output, manifest)
    assert tree(output) == PUBLISHED
    assert last_manifest(output).run_id == manifest.run_id
    assert live(output) == set(PATHS)
    assert not list(local_staging(output).iterdir())


@pytest.fixture
def kill_objects_after(death):
    """Lets so many changes of the store happen, then ends the process."""

    def steps(monkeypatch, limit):
        done = itertools.count()

        def counted(change):
            def changed(*args, **kwargs):
                if next(done) >= limit:
                    raise death
                return change(*args, **kwargs)

            return changed

        for name in ("create", "write_bytes", "unlink", "exchange"):
            monkeypatch.setattr(ObjectPath, name, counted(getattr(ObjectPath, name)))

    return steps


def test_killed_after_any_change_the_next_run_finishes_or_undoes_it(kill_objects_after, death):
    outcomes = []
    for limit in range(100):
        output = begun()
        manifest = second(output)
        with pytest.MonkeyPatch.context() as patch:
            kill_objects_after(patch, limit)
            try:
                publish(output, manifest)
                killed = False
            except death:
                killed = True
        committed = last_sequence(output) == 2
        intended = bool(tree(output) - BEFORE) and not committed
        recover(output)
        expected = PUBLISHED if committed else BEFORE | ({"_commits/00000002.json"} if intended else set())
        assert tree(output) == expected, limit
        assert recover(output) == []
        assert live(output) == ({*PATHS} if committed else {HELD})
        if not committed:  # the run begun again gives what it would have given
            publish(output, second(output, sequence=last_sequence(output) + 1))
            assert tree(output) - {"_commits/00000003.json"} == PUBLISHED
        outcomes.append(committed)
        if not killed:
            break
    assert len(outcomes) > 5
    assert outcomes == sorted(outcomes), "once committed, always finished"


def test_recovery_killed_in_turn_is_finished_by_the_next(output, kill_objects_after, death):
    with pytest.MonkeyPatch.context() as patch:
        kill_objects_after(patch, 3)  # the intent and both files are there
        with pytest.raises(death):
            publish(output, second(output))
    for limit in range(20):
        with pytest.MonkeyPatch.context() as patch:
            kill_objects_after(patch, limit)
            try:
                recover(output)
                break
            except death:
                continue
    assert limit > 2
    undone = [manifest for manifest in manifests(output) if manifest.kind == "undone"]
    assert undone
    assert tree(output) == BEFORE | {f"_commits/{manifest.sequence:08d}.json" for manifest in undone}


def test_run_that_was_undone_while_it_slept_can_not_finish(output, monkeypatch):
    create = ObjectPath.create

    def asleep(self, content):
        if self.name == "00000002.json" and orjson.loads(content)["kind"] != "undone":
            with monkeypatch.context() as awake:
                awake.setattr(ObjectPath, "create", create)
                assert recover(output) == [f"undid the commit of run {RUN}, which was interrupted"]
        return create(self, content)

    monkeypatch.setattr(ObjectPath, "create", asleep)
    with pytest.raises(CommitError, match="another run wrote"):
        publish(output, second(output))
    monkeypatch.undo()
    recover(output)
    assert tree(output) == BEFORE | {"_commits/00000002.json"}
    assert live(output) == {HELD}


def test_run_that_woke_deletes_nothing_that_another_needs(output, monkeypatch):
    """Its files have the names that the next run's have: what is the same in both is called the same."""
    create = ObjectPath.create

    def asleep(self, content):
        if self.name == "00000002.json" and orjson.loads(content)["kind"] != "undone":
            with monkeypatch.context() as awake:
                awake.setattr(ObjectPath, "create", create)
                recover(output)
                publish(output, second(output, "next", 3, content=b"rows of the next run"))
        return create(self, content)

    monkeypatch.setattr(ObjectPath, "create", asleep)
    with pytest.raises(CommitError, match="another run wrote"):
        publish(output, second(output))
    assert live(output) == {*PATHS}
    assert last_manifest(output).run_id == "next"


def test_files_written_after_a_run_was_undone_go_with_the_next(output, monkeypatch):
    create = ObjectPath.create
    undone = []

    def asleep(self, content):
        if self.name.startswith("part-") and not undone:
            undone.append(self)
            with monkeypatch.context() as awake:
                awake.setattr(ObjectPath, "create", create)
                recover(output)
        return create(self, content)

    monkeypatch.setattr(ObjectPath, "create", asleep)
    with pytest.raises(CommitError, match="another run wrote"):
        publish(output, second(output))
    assert tree(output) - BEFORE - {"_commits/00000002.json"}
    recover(output)
    assert tree(output) == BEFORE | {"_commits/00000002.json"}


def test_undoing_that_is_late_deletes_nothing_that_another_needs(output, kill_objects_after, death, monkeypatch):
    """A run dies, a second begins to undo it and sleeps, a third undoes it and commits the same; the second wakes."""
    with monkeypatch.context() as patch:
        kill_objects_after(patch, 3)
        with pytest.raises(death):
            publish(output, second(output))
    unlink = ObjectPath.unlink
    slept = []

    def asleep(self, *, missing_ok=False):
        if not slept:
            slept.append(self)
            recover(output)
            publish(output, second(output, "third", last_sequence(output) + 1))
        return unlink(self, missing_ok=missing_ok)

    monkeypatch.setattr(ObjectPath, "unlink", asleep)
    recover(output)
    assert slept
    assert live(output) == {*PATHS}


def test_two_attempts_of_one_run_do_not_meet(output):
    """A worker that was cut off ends its attempt while its successor publishes."""
    late = second(output)
    publish(output, second(output), staging_path(output, RUN))
    (shared_staging(output, f"{RUN}.b") / "rows/a.parquet").write_bytes(b"")
    abandon(output, f"{RUN}.a")
    assert (shared_staging(output, f"{RUN}.b") / "rows/a.parquet").is_file()
    with pytest.raises(CommitError, match="staged copy"):
        publish(output, late)
    assert live(output) == {*PATHS}


def test_of_two_runs_of_one_number_one_is_committed_and_the_other_leaves_nothing(output):
    loser = staged(output, "loser", 2, [*PATHS, "articles/date=2026-03-04/part-00001-d.parquet"])
    publish(output, second(output))
    with pytest.raises(CommitError, match="nothing of this one was committed"):
        publish(output, loser)
    assert live(output) == {*PATHS}
    assert recover(output) == ["undid the commit of run loser, which was interrupted"]
    assert tree(output) == PUBLISHED


def test_store_that_fails_leaves_what_the_next_run_undoes(output, monkeypatch):
    create = ObjectPath.create

    def fail(self, content):
        if self.name == "00000002.json":
            create(self, content)  # done, and the answer was lost
            raise OSError("no answer")
        return create(self, content)

    with monkeypatch.context() as patch:
        patch.setattr(ObjectPath, "create", fail)
        with pytest.raises(OSError, match="no answer"):
            publish(output, second(output))
    assert recover(output) == [f"finished the commit of run {RUN}, which was interrupted"]
    assert tree(output) == PUBLISHED


def test_request_whose_answer_was_lost_is_no_conflict(output, monkeypatch):
    create = ObjectPath.create

    def twice(self, content):
        create(self, content)
        return create(self, content)

    monkeypatch.setattr(ObjectPath, "create", twice)
    publish(output, second(output))
    assert tree(output) == PUBLISHED


def test_staged_in_the_store_is_published_from_there(output):
    staging = shared_staging(output, RUN)
    files = []
    for path in PATHS:
        with whole(staging / FINAL / path) as file:
            file.write(b"rows")
        files.append(CommittedFile(path, path.split("/")[0], 2, file.size, file.sha256))
    publish(output, blank(2, RUN, files=tuple(files), removed=tuple(live_files(manifests(output)))), staging)
    assert tree(output) == PUBLISHED


def test_what_a_run_had_only_begun_is_deleted(output):
    (shared_staging(output, RUN) / "rows/a.parquet").write_bytes(b"")
    assert recover(output) == [f"deleted what run {RUN} had begun when it was interrupted"]
    assert tree(output) == BEFORE


def test_abandoned_run_leaves_nothing(output):
    second(output)
    (shared_staging(output, RUN) / "rows/a.parquet").write_bytes(b"")
    abandon(output, RUN)
    assert tree(output) == BEFORE
    assert not list(local_staging(output).iterdir())


def test_older_file_is_read_as_its_schema_is_now(output):
    path = output / "articles/a.parquet"
    write_parquet(path, pa.table({"key": ["a", "b"], "version": [1, 2]}))
    schema = pa.schema([("key", pa.string()), ("version", pa.int32()), ("section", pa.string())])
    assert read_parquet(path, schema=schema).to_pylist()[1] == {"key": "b", "version": 2, "section": None}
    assert read_parquet(path, ["key"], filters=pc.field("key") == "b").to_pylist() == [{"key": "b"}]
    assert read_parquet(path, ["version"]).schema == pa.schema([("version", pa.int64())])
    assert read_metadata(path).num_rows == 2


def test_number_of_the_last_manifest_is_found_among_many():
    output = ObjectPath.parse("memory://numbers/wires")
    assert last_sequence(output) == 0
    for sequence in range(1, 40):
        (output / f"_commits/{sequence:08d}.json").write_bytes(b"{}")
        assert last_sequence(output) == sequence


def test_second_run_is_told_who_holds_the_lease(output):
    busy = pytest.raises(OutputBusyError, match=r"in use by run one \(process \d+ on")
    with locked(output, "one"), busy, locked(output, "two"):
        pass
    with locked(output, "three"):
        pass
    assert not (output / LOCK).exists()


def test_lease_of_a_run_that_died_runs_out(output):
    content = {"holder": "run dead", "until": time.time() - 1}
    (output / LOCK).write_bytes(orjson.dumps(content))
    with locked(output, "next"):
        assert orjson.loads((output / LOCK).read_bytes())["holder"].startswith("run next ")


@pytest.mark.parametrize("content", [b"", b"run one (process 7 on host)\n", b"{}", b'{"holder": 1, "until": "soon"}'])
def test_lock_of_a_directory_that_was_copied_here_is_no_lease(output, content):
    (output / LOCK).write_bytes(content)
    with locked(output, "next"):
        assert orjson.loads((output / LOCK).read_bytes())["holder"].startswith("run next ")


def test_lease_is_renewed_while_the_run_goes_on(output, monkeypatch):
    monkeypatch.setattr(lease, "RENEWED_EACH", 0.01)
    with locked(output, "long"):
        first = orjson.loads((output / LOCK).read_bytes())["until"]
        deadline = time.monotonic() + 30
        while orjson.loads((output / LOCK).read_bytes())["until"] == first and time.monotonic() < deadline:
            time.sleep(0.01)
        assert orjson.loads((output / LOCK).read_bytes())["until"] > first


def test_renewal_whose_answer_was_lost_is_a_renewal(output, monkeypatch):
    exchange = ObjectPath.exchange

    def twice(self, content, seen):
        exchange(self, content, seen)
        return exchange(self, content, seen)  # sent again, and refused: what was seen is no longer there

    monkeypatch.setattr(ObjectPath, "exchange", twice)
    monkeypatch.setattr(lease, "RENEWED_EACH", 0.01)
    with locked(output, "long"):
        time.sleep(0.2)
        one = (output / LOCK).read_bytes()
        time.sleep(0.2)
        assert (output / LOCK).read_bytes() != one
    assert not (output / LOCK).exists()


def test_held_file_that_no_manifest_names_is_none():
    """What a run that died has left lies there until the next undoes it; its rows have no signatures."""
    output = ObjectPath.parse("memory://strays/wires")
    (output / "held/date=2026-03-01/part-00000-d.parquet").write_bytes(b"no Parquet, and never opened")
    assert stage_due(output, lambda: iter(()), dt.datetime.now(dt.UTC), output / "held-again") == ([], [])


def test_half_of_an_object_is_never_one(output):
    stray = (output / "half").open("wb")
    stray.write(b"half")
    del stray
    assert not (output / "half").exists()
    with contextlib.suppress(ZeroDivisionError), (output / "half").open("wb") as file:
        file.write(b"%d" % (1 // 0))
    assert not (output / "half").exists()


def test_object_that_is_replaced_while_it_is_read_is_an_error(output):
    path = output / "wires.jsonl"
    path.write_bytes(b"a" * 3_000_000)
    with path.open("rb") as file:
        file.read(10)
        path.write_bytes(b"b" * 3_000_000)
        with pytest.raises(OSError, match="another than before"):
            file.read(2_999_990)


def test_lease_taken_over_is_not_given_back_by_who_lost_it(output):
    with locked(output, "slow"):
        (output / LOCK).write_bytes(orjson.dumps({"holder": "run quick", "until": time.time() + 60}))
    assert orjson.loads((output / LOCK).read_bytes())["holder"] == "run quick"


def test_waiting_run_goes_on_once_the_lease_is_given_back(output, monkeypatch):
    monkeypatch.setattr(lease, "_ASK_EACH", 0.01)
    held = locked(output, "one")
    held.__enter__()
    asked = itertools.count()
    sleep = time.sleep

    def release(seconds):
        if next(asked) == 1:
            held.__exit__(None, None, None)
        sleep(seconds)

    monkeypatch.setattr(lease.time, "sleep", release)
    with locked(output, "two", wait_seconds=30):
        assert "run two " in (output / LOCK).read_bytes().decode()
