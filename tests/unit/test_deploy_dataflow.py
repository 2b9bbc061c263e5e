"""The Flex Template against newsbeam as it is: parameters, launcher, image, Terraform."""

import argparse
import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import hcl2
import pytest
from apache_beam.options.pipeline_options import PipelineOptions, WorkerOptions

from pipelines.options import IngestOptions

ROOT = Path(__file__).parents[2]
DATAFLOW = ROOT / "deploy/dataflow"
METADATA = json.loads((DATAFLOW / "metadata.json").read_text("utf-8"))
PARAMETERS = {parameter["name"]: parameter for parameter in METADATA["parameters"]}
OWN = {"inputs", "output", *IngestOptions.settable()}


def load(name):
    spec = importlib.util.spec_from_file_location(name, DATAFLOW / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


launch = load("launch")


def beam_options():
    parser = argparse.ArgumentParser(conflict_handler="resolve", allow_abbrev=False)
    pending = [PipelineOptions]
    while pending:
        options = pending.pop()
        pending += options.__subclasses__()
        if "_add_argparse_args" in vars(options):
            options._add_argparse_args(parser)
    return {action.dest for action in parser._actions}


def test_parameters_are_options_of_newsbeam_or_of_beam():
    assert set(PARAMETERS) - OWN - beam_options() == set()


def test_what_newsbeam_must_be_given_is_a_required_parameter():
    required = {name for name, parameter in PARAMETERS.items() if not parameter.get("isOptional")}
    assert required >= {"inputs", "output", "sdk_container_image"}


def test_defaults_are_those_of_the_command():
    for name, field in IngestOptions.settable().items():
        if name in PARAMETERS and "defaultValue" in PARAMETERS[name]:
            text = PARAMETERS[name]["defaultValue"]
            value = text == "true" if isinstance(field.default, bool) else field.metadata["parse"](text)
            assert value == field.default, name


@pytest.mark.parametrize("name", PARAMETERS)
def test_regexes_take_defaults_and_examples(name):
    parameter = PARAMETERS[name]
    examples = [parameter["defaultValue"]] if "defaultValue" in parameter else []
    examples += re.findall(r"Example: (\S+)", parameter["helpText"])
    for text in examples:
        assert all(re.search(regex, text) for regex in parameter["regexes"]), text
    assert not all(re.search(regex, "no good, \n at all") for regex in parameter["regexes"])


def test_launcher_turns_parameters_into_the_command_line():
    arguments = [
        "--inputs=gs://wires/**,https://wire.example/rss?a=b",
        "--output=gs://wires/tables",
        "--max_reject_rate=0.2",
        "--full_text=true",
        "--strict_formats=false",
        "--sdk_container_image=registry.example/newsbeam:1",
        "--project=wires",
        "--runner=DataflowRunner",
    ]
    assert launch.command(arguments) == [
        "ingest",
        "gs://wires/**",
        "https://wire.example/rss?a=b",
        "--output=gs://wires/tables",
        "--max-reject-rate=0.2",
        "--full-text",
        "--sdk_container_image=registry.example/newsbeam:1",
        "--project=wires",
        "--runner=DataflowRunner",
        "--detach",
    ]


def test_launcher_never_runs_on_its_own_machine_whose_disk_is_gone_afterwards():
    assert "--runner=DataflowRunner" in launch.command(["--inputs=a", "--output=gs://wires/tables"])


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--output=/tables"], "--runner=DataflowRunner needs --region, --sdk_container_image"),
        (["--output=ftp://wires"], "ftp://wires: files can be in a local directory or at s3://"),
    ],
)
def test_launcher_says_why_no_job_was_started(tmp_path, flags, message):
    arguments = [f"--inputs={ROOT / 'examples/wires'}", *flags, "--project=p", "--temp_location=gs://wires/temp"]
    done = subprocess.run(
        [sys.executable, DATAFLOW / "launch.py", *arguments], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_wrong_value_of_a_parameter_is_named(capsys):
    assert launch.launch(["--inputs=a", "--output=gs://wires/tables", "--full_text=maybe"]) == 2
    error = capsys.readouterr().err
    assert "full_text: 'maybe' is neither true nor false" in error


def test_image_has_the_beam_and_the_python_of_the_project():
    text = (DATAFLOW / "Dockerfile").read_text("utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (beam,) = [line for line in project["dependencies"] if line.startswith("apache-beam")]
    version = beam.partition("==")[2]
    assert f"apache/beam_python3.11_sdk:{version} " in text
    assert f"apache-beam[gcp]=={version}" in (DATAFLOW / "requirements.in").read_text("utf-8")
    lock = (ROOT / "requirements/dataflow.lock").read_text()
    assert f"\napache-beam=={version} " in lock
    assert "\ngoogle-cloud-storage==" in lock  # of the extra, which a lock does not name
    assert set(re.findall(r"python:([\d.]+)", text)) == {"3.11"}
    for flag in ("--require-hashes", "pip check", "/opt/google/dataflow/python_template_launcher"):
        assert flag in text
    assert "ARG" not in text


def test_image_runs_what_the_project_runs():
    """Packages of the image that newsbeam is tested with have the versions it is tested with."""

    def versions(name):
        lines = (ROOT / "requirements" / name).read_text().splitlines()
        pinned = re.compile(r"([\w.-]+)(?:\[[\w,-]+\])?==(\S+)")
        return dict(match.groups() for line in lines if (match := pinned.match(line)))

    image = versions("dataflow.lock")
    assert {name: image.get(name) for name in versions("run.lock")} == versions("run.lock")


def test_schedule_passes_parameters_that_the_template_has():
    with (DATAFLOW / "terraform/schedule.tf").open() as stream:
        text = stream.read()
    hcl2.loads(text)
    passed = set(re.findall(r"^ {10}(\w+) +=", text, re.MULTILINE)) & {
        *PARAMETERS,
        "inputs",
        "output",
        "sdk_container_image",
    }
    required = {name for name, parameter in PARAMETERS.items() if not parameter.get("isOptional")}
    assert passed == required


def test_workers_find_their_image():
    assert WorkerOptions(["--sdk_container_image=a:1"]).sdk_container_image == "a:1"
