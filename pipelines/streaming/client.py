"""Who started a stream, or attached to it: says what it commits, and stops it when asked."""

import contextlib
import dataclasses
import datetime as dt
import threading
import time
from pathlib import Path
from typing import Final

import orjson

from pipelines.conclusion import measure, summarize
from pipelines.options import UsageError
from pipelines.progress import Reporter
from pipelines.statuses import EXIT_FAILED, EXIT_OK
from pipelines.streaming.delivery import Place, is_run_of
from pipelines.streaming.engine import ENDED, ENDING, Engine, EngineError, UnknownJobError
from sinks.manifest import Manifest, last_sequence, manifests

_LOOK_SECONDS: Final = 1.0
DRAIN_SECONDS: Final = 300.0
"""How long all that was seen may take to be committed."""
_CANCEL_SECONDS: Final = 60.0
_PATIENCE: Final = 60.0
"""Seconds that a JobManager may be away, or look for its jobs, before anything is made of it."""
_LOST: Final = "LOST"
"""State of a job that its cluster knows no more."""


@dataclasses.dataclass(slots=True)
class _Silence:
    """How long a cluster has not given the answer that was hoped for, for one and the same reason."""

    kind: type[EngineError] | None = None
    since: float = 0.0
    said: bool = False

    def lasts(self, error: EngineError) -> bool:
        """Note that there was no answer; whether that is so for too long."""
        if type(error) is not self.kind:
            self.kind, self.since = type(error), time.monotonic()
        return time.monotonic() - self.since >= _PATIENCE


@dataclasses.dataclass(slots=True)
class Client:
    """One that follows the job of a stream; `metrics` is rewritten at each commit."""

    engine: Engine
    job: str
    place: Place
    reporter: Reporter
    metrics: Path | None = None
    _began: float = dataclasses.field(default_factory=time.monotonic, init=False)
    _sequence: int | None = dataclasses.field(default=None, init=False)
    """The last commit of anyone that was looked at; None where commits are not told."""

    def follow(self, asked: threading.Event) -> int:
        """Say what is committed; end with the job, with its status. Where it is `asked`, drain it."""
        self._sequence = last_sequence(self.place.output)
        self.reporter.stage("streaming")
        silence = _Silence()
        while not asked.wait(_LOOK_SECONDS):
            self._tell_commits()
            try:
                state = self.engine.state(self.job)
            except UnknownJobError as error:
                if silence.lasts(error):
                    return self._end(_LOST)
            except EngineError as error:
                if silence.lasts(error) and not silence.said:
                    silence.said = True
                    self.reporter.fail(f"no answer for {_PATIENCE:.0f} s, going on to ask: {error}")
            else:
                if silence.said:
                    self.reporter.say("the cluster answers again")
                silence = _Silence()
                if state in ENDED:
                    return self._end(state)
        return self.drain()

    def drain(self) -> int:
        """Have all that was seen committed, then end the job.

        Raises `UsageError` where it can't be told what has to be committed.
        """
        groups = self._groups()
        self.place.stop_sign.touch()
        self.reporter.say("stopping: nothing more is read, what was is being committed")
        deadline, state = time.monotonic() + DRAIN_SECONDS, ""
        while state not in ENDED and not self._drained(groups) and time.monotonic() < deadline:
            time.sleep(_LOOK_SECONDS / 2)
            with contextlib.suppress(EngineError):  # the JobManager may be away for a while
                state = self.engine.state(self.job)
        drained = self._drained(groups)
        if state not in ENDED:
            state = self._cancel()
        if not drained and state == "FAILED":
            return self._end(state)
        self._tell_commits()
        if state not in ENDED:
            self.reporter.fail(f"job {self.job} could not be ended" + (f", it is {state}" if state else ""))
        elif not drained:
            self.reporter.fail("not all that was seen was committed: the next stream reads it again")
        else:
            self.reporter.say("stopped: all that was seen is committed")
            return EXIT_OK
        return EXIT_FAILED

    def _groups(self) -> int:
        """How many groups of inputs have to hand over their last delivery."""
        try:
            return len(orjson.loads(self.place.groups.read_bytes()))
        except (OSError, ValueError, TypeError) as error:
            raise UsageError(
                f"{self.place.groups} does not tell what the stream reads ({error}), so it can't be told when all is "
                f"committed: end it with --savepoint, or cancel job {self.job} in Flink, which loses nothing"
            ) from error

    def _drained(self, groups: int) -> bool:
        return sum(1 for _ in self.place.ended.glob("[!.]*")) >= groups

    def _cancel(self) -> str:
        """End the job as it is and wait until that is so; its state."""
        deadline, state = time.monotonic() + _CANCEL_SECONDS, ""
        while state not in ENDED and time.monotonic() < deadline:
            with contextlib.suppress(EngineError):
                if state not in ENDING:
                    self.engine.cancel(self.job)
                state = self.engine.state(self.job)
            time.sleep(0.2)
        return state

    def _tell_commits(self) -> None:
        """Say what the stream has committed since."""
        if self._sequence is None:
            return
        # A manifest that can't be read now can be the next time; if not, the job's own commits say so.
        with contextlib.suppress(ValueError):
            for manifest in manifests(self.place.output, self._sequence):
                self._sequence = manifest.sequence
                if is_run_of(manifest.run_id, self.place.name):
                    self._tell(manifest)

    def _tell(self, manifest: Manifest) -> None:
        seconds = (_moment(manifest.finished_at) - _moment(manifest.started_at)).total_seconds()
        self.reporter.committed(summarize(manifest, self.place.output, seconds))
        measure(self.metrics, self.place.output, manifest, seconds=seconds, exit_status=EXIT_OK, reporter=self.reporter)

    def _end(self, state: str) -> int:
        """Say how the job ended."""
        self._tell_commits()
        if state in {"FINISHED", "CANCELED"}:
            self.reporter.say(f"job {self.job} is {state}")
            return EXIT_OK
        why = "its JobManager does not say why"
        if state == _LOST:
            why = "its JobManager began anew without it; --from-savepoint goes on from its last checkpoint"
        else:
            with contextlib.suppress(EngineError):
                why = self.engine.failure(self.job)
        self.reporter.fail(f"job {self.job} is {state}: {why}")
        measure(
            self.metrics,
            self.place.output,
            None,
            seconds=time.monotonic() - self._began,
            exit_status=EXIT_FAILED,
            reporter=self.reporter,
        )
        return EXIT_FAILED


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
