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
from pipelines.progress import Reporter
from pipelines.statuses import EXIT_FAILED, EXIT_OK
from pipelines.streaming.delivery import Place
from pipelines.streaming.engine import ENDED, Engine, EngineError, UnknownJobError
from sinks.manifest import Manifest, last_sequence, manifests

_LOOK_SECONDS: Final = 1.0
DRAIN_SECONDS: Final = 300.0
"""How long all that was seen may take to be committed."""


_PATIENCE: Final = 60.0
"""Seconds that a JobManager may be away, or look for its jobs, before anything is said of it."""
_LOST: Final = "LOST"
"""State of a job that its cluster knows no more."""


@dataclasses.dataclass(slots=True)
class _Silence:
    """How long a cluster has given no answer; said once, and again when it ends."""

    reporter: Reporter
    kind: type[EngineError] | None = None
    since: float = 0.0
    said: bool = False

    def goes_on(self, error: EngineError) -> bool:
        """Note that there was no answer, or not the one that was hoped for; whether that is so for too long."""
        if type(error) is not self.kind:
            self.kind, self.since = type(error), time.monotonic()
        too_long = time.monotonic() - self.since >= _PATIENCE
        if too_long and not self.said:
            self.reporter.fail(f"no answer for {_PATIENCE:.0f} s, going on to ask: {error}")
            self.said = True
        return too_long

    def end(self) -> None:
        """There was an answer."""
        if self.said:
            self.reporter.say("the cluster answers again")
        self.kind, self.said = None, False


@dataclasses.dataclass(frozen=True, slots=True)
class Client:
    """One that follows the job of a stream; `metrics` is rewritten at each commit."""

    engine: Engine
    job: str
    place: Place
    reporter: Reporter
    metrics: Path | None = None

    def follow(self, asked: threading.Event) -> int:
        """Say what is committed; end with the job, with its status. Where it is `asked`, drain it."""
        sequence = last_sequence(self.place.output)
        began, silence = time.monotonic(), _Silence(self.reporter)
        self.reporter.stage("streaming")
        while not asked.wait(_LOOK_SECONDS):
            sequence = self._tell_commits(sequence)
            try:
                state = self.engine.state(self.job)
            except EngineError as error:
                if not (silence.goes_on(error) and isinstance(error, UnknownJobError)):
                    continue
                state = _LOST
            else:
                silence.end()
            if state in ENDED or state == _LOST:
                self._tell_commits(sequence)
                return self._end(state, time.monotonic() - began)
        return self.drain(sequence)

    def drain(self, sequence: int | None = None) -> int:
        """Have all that was seen committed, then end the job; say what was committed after the commit `sequence`."""
        self.place.stop_sign.touch()
        self.reporter.say("stopping: nothing more is read, what was is being committed")
        groups = len(orjson.loads(self.place.groups.read_bytes()))
        deadline = time.monotonic() + DRAIN_SECONDS
        drained = False
        while not drained and time.monotonic() < deadline and self.engine.state(self.job) not in ENDED:
            time.sleep(0.5)
            drained = sum(1 for _ in self.place.ended.glob("[!.]*")) >= groups
        if self.engine.state(self.job) not in ENDED:
            self.engine.cancel(self.job)
        if sequence is not None:
            self._tell_commits(sequence)
        if not drained:
            self.reporter.fail(f"not all was committed within {DRAIN_SECONDS:.0f} s: the next stream reads it again")
            return EXIT_FAILED
        self.reporter.say("stopped: all that was seen is committed")
        return EXIT_OK

    def _tell_commits(self, sequence: int) -> int:
        """Say what the stream has committed since; the number of the last commit of anyone."""
        for manifest in manifests(self.place.output, sequence):
            sequence = manifest.sequence
            if manifest.run_id.startswith(f"{self.place.name}-"):
                self._tell(manifest)
        return sequence

    def _tell(self, manifest: Manifest) -> None:
        seconds = (_moment(manifest.finished_at) - _moment(manifest.started_at)).total_seconds()
        self.reporter.committed(summarize(manifest, self.place.output, seconds))
        measure(self.metrics, self.place.output, manifest, seconds=seconds, exit_status=EXIT_OK, reporter=self.reporter)

    def _end(self, state: str, seconds: float) -> int:
        if state not in {"FAILED", _LOST}:
            self.reporter.say(f"job {self.job} is {state}")
            return EXIT_OK if state in {"FINISHED", "CANCELED"} else EXIT_FAILED
        why = "its JobManager does not say why"
        with contextlib.suppress(EngineError):
            why = self.engine.failure(self.job)
        if state == _LOST:
            why = "its JobManager began anew without it; --from-savepoint goes on from its last checkpoint"
        self.reporter.fail(f"job {self.job} is {state}: {why}")
        measure(self.metrics, self.place.output, None, seconds=seconds, exit_status=EXIT_FAILED, reporter=self.reporter)
        return EXIT_FAILED


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
