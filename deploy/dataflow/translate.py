"""Give each pipeline of a run to the Dataflow runner as well, which translates it as for a job and sends nothing.

For deploy/dataflow/check. The run itself is a local one; a dry run of Dataflow needs no network and no account.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.dataflow.dataflow_runner import DataflowRunner

from pipelines.cli import main as newsbeam

IMAGE: Final = "registry.example/newsbeam:0.1.0"
FLAGS: Final = (
    "--dry_run=true",
    "--project=wires",
    "--region=europe-west3",
    "--job_name=check",
    "--temp_location=gs://wires/temp",
    "--staging_location=gs://wires/staging",
    "--sdk_location=container",
    f"--sdk_container_image={IMAGE}",
)
WIRES: Final = Path(__file__).resolve().parents[2] / "examples/wires"


def translate(pipeline: beam.Pipeline) -> Any:  # noqa: ANN401  # a message of Beam's
    """The pipeline as Dataflow would get it."""
    options = PipelineOptions([*FLAGS])
    copy = beam.Pipeline.from_runner_api(pipeline.to_runner_api(), DataflowRunner(), options)
    return DataflowRunner().run_pipeline(copy, options).job.proto_pipeline


def faults(graph: Any) -> list[str]:  # noqa: ANN401
    """What would keep workers from running it in the image alone."""
    found = []
    for environment in graph.components.environments.values():
        payload = beam.portability.api.beam_runner_api_pb2.DockerPayload.FromString(environment.payload)
        if payload.container_image != IMAGE:
            found.append(f"workers in {payload.container_image}")
        found += [f"stages {artifact.type_urn}" for artifact in environment.dependencies]
    return found


def main() -> int:
    """1 where a pipeline can't be translated, or would need more than the image."""
    found: list[str] = []
    translated = 0
    run = beam.Pipeline.run

    def also_translated(self: beam.Pipeline, *given: object, **named: object) -> object:
        nonlocal translated
        graph = translate(self)
        translated += 1
        found.extend(faults(graph))
        print(f"{len(graph.components.transforms)} transforms, {graph.ByteSize():,} bytes")
        return run(self, *given, **named)

    beam.Pipeline.run = also_translated
    with tempfile.TemporaryDirectory() as output:
        status = newsbeam(["ingest", str(WIRES), "--output", output, "--quiet", "--max-reject-rate", "1"])
    for line in found:
        print(line, file=sys.stderr)
    return status or int(bool(found) or translated < 2)


if __name__ == "__main__":
    sys.exit(main())
