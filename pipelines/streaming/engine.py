"""The Flink cluster that a stream runs on, asked through its REST interface."""

import contextlib
import dataclasses
import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

from apache_beam.options.pipeline_options import FlinkRunnerOptions, PipelineOptions, StandardOptions

from pipelines.beam_flags import checked_options
from pipelines.options import UsageError

ENDED: Final = frozenset({"FINISHED", "CANCELED", "FAILED"})
"""States of a job that nothing follows. A suspended one waits for another JobManager."""
ENDING: Final = frozenset({"CANCELLING", "FAILING"})
_TIMEOUT: Final = 30.0
_BUNDLE_MILLIS: Final = 200
"""How long results of a bundle wait for more: what is added to the latency at each stage."""


class EngineError(Exception):
    """The cluster does not do what was asked; the message says why."""


class UnknownJobError(EngineError):
    """The cluster has no such job: its JobManager began anew, or is about to find its jobs again."""


@dataclasses.dataclass(frozen=True, slots=True)
class Engine:
    """A cluster by the address of its JobManager, `http://HOST:PORT`."""

    address: str

    def jobs(self, name: str) -> dict[str, str]:
        """The jobs of this name by id, and the state of each."""
        with _expected(self.address):
            jobs = self._ask("GET", "/jobs/overview")["jobs"]
            return {job["jid"]: job["state"] for job in jobs if job["name"] == name}

    def state(self, job: str) -> str:
        """In which state a job is; raises `UnknownJobError`."""
        with _expected(self.address):
            return str(self._ask("GET", f"/jobs/{job}")["state"])

    def failure(self, job: str) -> str:
        """Why a job failed, in the words of the innermost cause."""
        trace = str(self._ask("GET", f"/jobs/{job}/exceptions").get("root-exception") or "")
        lines = [line for line in trace.splitlines() if line and not line.startswith("\t")]
        return lines[-1] if lines else "no cause was given"

    def cancel(self, job: str) -> None:
        """End a job as it is."""
        self._ask("PATCH", f"/jobs/{job}?mode=cancel")

    def savepoint(self, job: str, seconds: float = 300.0) -> str:
        """Write down a job's whole state and end it; where it is written."""
        deadline = time.monotonic() + seconds
        with _expected(self.address):
            asked = self._ask("POST", f"/jobs/{job}/savepoints", {"cancel-job": True})
            while time.monotonic() < deadline:
                answer = self._ask("GET", f"/jobs/{job}/savepoints/{asked['request-id']}")
                if answer["status"]["id"] == "COMPLETED":
                    if cause := answer["operation"].get("failure-cause"):
                        raise EngineError(f"no savepoint was written: {str(cause.get('stack-trace', cause))[:500]}")
                    return str(answer["operation"]["location"])
                time.sleep(0.5)
        raise EngineError(f"no savepoint after {seconds:.0f} s; the job runs on")

    def _ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.address + path, data, headers, method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310
                return dict(json.load(answer))
        except (OSError, ValueError, TypeError, http.client.HTTPException) as error:
            unknown = isinstance(error, urllib.error.HTTPError) and error.code == HTTPStatus.NOT_FOUND
            raise (UnknownJobError if unknown else EngineError)(f"{self.address}{path}: {error}") from error


@contextlib.contextmanager
def _expected(address: str) -> Iterator[None]:
    """Raise `EngineError` where an answer has not what a JobManager's would."""
    try:
        yield
    except (KeyError, TypeError, AttributeError) as error:
        raise EngineError(f"{address} does not answer as a JobManager does: {error!r}") from error


def engine_of(options: PipelineOptions) -> Engine:
    """The cluster that options name."""
    master = options.view_as(FlinkRunnerOptions).flink_master
    if master in {"[auto]", "[local]"}:
        raise UsageError(
            "newsbeam stream needs --flink_master=HOST:PORT, the JobManager's REST address: it asks there for its job"
        )
    return Engine(master if "://" in master else f"http://{master}")


def stream_options(flags: tuple[str, ...], job_name: str, checkpoint_interval: float) -> PipelineOptions:
    """Options of a job that never ends; raises `UsageError` for a runner that does not stream."""
    given = PipelineOptions(list(flags)).view_as(StandardOptions)
    runner = (given.runner or "FnApiRunner").rpartition(".")[2]
    if runner != "FlinkRunner":
        raise UsageError(
            f"newsbeam stream does not run on {runner}: a local runner closes windows only when all input has ended, "
            "so nothing would ever be committed. Take --runner=FlinkRunner (deploy/flink/up starts a cluster and "
            "prints its flags), or run `newsbeam ingest` by a timer"
        )
    checked_options([flag for flag in flags if flag != "--streaming"])
    return PipelineOptions(
        [
            *flags,
            "--streaming",
            f"--job_name={job_name}",
            f"--checkpointing_interval={round(checkpoint_interval * 1000)}",
            f"--max_bundle_time_mills={_BUNDLE_MILLIS}",
            "--externalized_checkpoints_enabled",
            "--retain_externalized_checkpoints_on_cancellation",
        ]
    )
