"""The graphs that a run hands to Beam, as a runner elsewhere would get them: known transforms, small pickles, no
program's own module."""

import base64
import bz2
import pickletools
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.portability.api import beam_runner_api_pb2
from feed_server.replies import answer

from pipelines.cli import main

WIRES = Path(__file__).parents[2] / "examples/wires"

PRIMITIVES = {
    "beam:transform:impulse:v1",
    "beam:transform:pardo:v1",
    "beam:transform:group_by_key:v1",
    "beam:transform:flatten:v1",
    "beam:transform:window_into:v1",
}
"""What every portable runner carries out, Flink and Dataflow among them."""

LARGEST = 100_000
"""Bytes of a pickled function: what is larger has captured data that belongs into the input."""


@pytest.fixture
def graphs(monkeypatch):
    """The pipelines that are run from now on, as they are handed to a runner."""
    found = []
    run = beam.Pipeline.run

    def recorded(self, *args, **kwargs):
        found.append(self.to_runner_api())
        return run(self, *args, **kwargs)

    monkeypatch.setattr(beam.Pipeline, "run", recorded)
    return found


def leaves(graph):
    """What is carried out: no composites, and none that only passes its input on."""
    return {
        transform_id: transform
        for transform_id, transform in graph.components.transforms.items()
        if not transform.subtransforms and set(transform.outputs.values()) - set(transform.inputs.values())
    }


def functions(graph):
    """Names and pickles of all functions, ParDos' and windows'."""
    for transform in leaves(graph).values():
        if transform.spec.urn == "beam:transform:pardo:v1":
            payload = beam_runner_api_pb2.ParDoPayload.FromString(transform.spec.payload)
            yield transform.unique_name, payload.do_fn.payload
    for name, strategy in graph.components.windowing_strategies.items():
        if strategy.window_fn.urn.startswith("beam:window_fn:pickled"):
            yield name, strategy.window_fn.payload


def words(pickled):
    """All strings in a pickle: modules and names are among them."""
    try:
        content = bz2.decompress(base64.b64decode(pickled))
    except ValueError:
        content = pickled
    return {argument for _, argument, _ in pickletools.genops(content) if isinstance(argument, str)}


@pytest.fixture
def run_graphs(graphs, tmp_path, feed_server):
    """The graphs of a run that reads files and polls a feed."""
    url = feed_server.serve("/rss", answer(body=(WIRES / "islands.rss.xml").read_bytes()))
    arguments = ["ingest", str(WIRES), url, "--output", str(tmp_path / "tables"), "--quiet", "--allow-private-hosts"]
    assert main([*arguments, "--max-reject-rate", "1"]) == 0
    return graphs


def test_graphs_are_what_any_runner_carries_out(run_graphs):
    assert len(run_graphs) >= 3  # poll, read, write
    for graph in run_graphs:
        assert {transform.spec.urn for transform in leaves(graph).values()} <= PRIMITIVES
        # A stage is found again by its name: in logs, in metrics, after an upgrade of a stream.
        names = [transform.unique_name for transform in graph.components.transforms.values()]
        assert len(set(names)) == len(names)


def test_functions_are_small_and_of_modules_that_workers_have(run_graphs):
    seen = [function for graph in run_graphs for function in functions(graph)]
    assert len(seen) > 20
    for name, pickled in seen:
        assert len(pickled) < LARGEST, name
        assert not {word for word in words(pickled) if "__main__" in word or word.startswith("tests")}, name


def test_workers_need_no_more_than_the_image(run_graphs):
    for graph in run_graphs:
        for environment in graph.components.environments.values():
            assert list(environment.dependencies) == []


def test_what_is_looked_for_would_be_found():
    """A lambda of this file, which a worker does not have, travels with its code; a name in a pickle is seen."""
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        pipeline | "few" >> beam.Create([1]) | "mine" >> beam.Map(lambda number: number)
        graph = pipeline.to_runner_api()
    texts = [words(pickled) for _, pickled in functions(graph)]
    assert any(any("test_deploy_graph" in word for word in found) for found in texts)
