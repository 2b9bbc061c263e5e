"""Start a run as the Flex Template does, on what would be the real job, and look at what Dataflow would get.

For deploy/dataflow/check. Beam's Dataflow runner translates the job and, in a dry run, sends nothing: no network and no
account are needed. Tables are in memory, and stay empty.
"""

import sys
from pathlib import Path
from typing import Any, Final

import launch
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.runners.dataflow.dataflow_runner import DataflowRunner

IMAGE: Final = "registry.example/newsbeam:0.1.0"
WIRES: Final = Path(__file__).resolve().parents[2] / "examples/wires"
PARAMETERS: Final = (
    f"--inputs={WIRES}",
    "--output=memory://check/tables",
    f"--sdk_container_image={IMAGE}",
    "--dry_run=true",
    "--project=wires",
    "--region=europe-west3",
    "--job_name=check",
    "--temp_location=gs://wires/temp",
    "--staging_location=gs://wires/staging",
)
LARGEST: Final = 10_000_000
"""Bytes of a job that Dataflow takes."""


def faults(graph: Any) -> list[str]:  # noqa: ANN401  # a message of Beam's
    """What would keep workers from running it in the image alone."""
    found = []
    for environment in graph.components.environments.values():
        payload = beam_runner_api_pb2.DockerPayload.FromString(environment.payload)
        if payload.container_image != IMAGE:
            found.append(f"workers in {payload.container_image}")
        found += [f"stages {_name(artifact)}" for artifact in environment.dependencies]
    if graph.ByteSize() > LARGEST:
        found.append(f"{graph.ByteSize():,} bytes")
    return found


def _name(artifact: Any) -> str:  # noqa: ANN401  # a message of Beam's
    return str(beam_runner_api_pb2.ArtifactStagingToRolePayload.FromString(artifact.role_payload).staged_name)


def main() -> int:
    """1 where the launcher fails, the job can't be translated, or would need more than the image."""
    jobs = []
    run_pipeline = DataflowRunner.run_pipeline

    def seen(self: DataflowRunner, *given: object, **named: object) -> object:
        result = run_pipeline(self, *given, **named)
        jobs.append(result.job.proto_pipeline)
        return result

    DataflowRunner.run_pipeline = seen
    status = launch.launch(PARAMETERS)
    for graph in jobs:
        print(f"{len(graph.components.transforms)} transforms, {graph.ByteSize():,} bytes")
        for line in faults(graph):
            print(line, file=sys.stderr)
    return status or int(len(jobs) != 1 or any(map(faults, jobs)))


if __name__ == "__main__":
    sys.exit(main())
