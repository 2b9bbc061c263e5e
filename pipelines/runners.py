"""What a pipeline runs on: this process, or a Flink cluster."""

import contextlib
import socket
from collections.abc import Iterator

import apache_beam as beam
import grpc
from apache_beam.options.pipeline_options import PipelineOptions, PortableOptions, StandardOptions
from apache_beam.runners.portability.flink_runner import FlinkRunner
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner
from apache_beam.runners.runner import PipelineResult, PipelineState

from pipelines.beam_flags import DATAFLOW, LOCAL
from pipelines.options import UsageError

_REACH_SECONDS = 10.0


def is_distributed(options: PipelineOptions) -> bool:
    """Whether pipelines run on a cluster, whose shuffle is on disk: one pipeline then takes all input."""
    return bool(options.view_as(StandardOptions).runner in {"FlinkRunner", DATAFLOW})


def is_job(options: PipelineOptions) -> bool:
    """Whether a run is always one job that commits by itself: where each pipeline would take minutes to start."""
    return bool(options.view_as(StandardOptions).runner == DATAFLOW)


def job_name(job: PipelineResult) -> str:
    """What the engine calls the job: Dataflow by a method, portable runners by an attribute."""
    identity = job.job_id() if hasattr(job, "job_id") else getattr(job, "_job_id", "")
    return f"job {identity}" if identity else "a job"


def check_reachable(options: PipelineOptions) -> None:
    """Raise `UsageError` where nobody listens at the cluster's job server."""
    if options.view_as(StandardOptions).runner != "FlinkRunner":
        return
    endpoint = options.view_as(PortableOptions).job_endpoint
    host, _, port = endpoint.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_REACH_SECONDS).close()
    except (OSError, ValueError, OverflowError) as error:
        raise UsageError(
            f"no Beam job server answers at --job_endpoint={endpoint} ({error}): is the cluster up?"
        ) from error


@contextlib.contextmanager
def running(options: PipelineOptions) -> Iterator[beam.Pipeline]:
    """A pipeline to be built in the block and run at its end; a cluster is asked to cancel what is given up."""
    if not is_distributed(options):
        with beam.Pipeline(runner=FnApiRunner(), options=options) as pipeline:
            yield pipeline
        return
    pipeline = beam.Pipeline(runner=FlinkRunner(), options=options)
    yield pipeline
    result = pipeline.run()
    try:
        result.wait_until_finish()
    except BaseException as error:
        # What is left to run would only write rows that nobody reads.
        with contextlib.suppress(grpc.RpcError):
            if not PipelineState.is_terminal(result.state):
                result.cancel()
        if isinstance(error, grpc.RpcError):
            endpoint = options.view_as(PortableOptions).job_endpoint
            raise ConnectionError(f"the Beam job server at {endpoint} was lost; nothing was committed") from error
        raise


@contextlib.contextmanager
def running_here() -> Iterator[beam.Pipeline]:
    """A pipeline that runs in this process, whatever the others run on."""
    with running(PipelineOptions(list(LOCAL))) as pipeline:
        yield pipeline
