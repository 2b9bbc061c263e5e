"""The manifests against newsbeam as it is: commands parse, names meet, pods may do no more than they must."""

import re
import shlex
from pathlib import Path

import pytest
import yaml
from apache_beam.options.pipeline_options import PipelineOptions

from pipelines.beam_flags import checked_options, split_flags
from pipelines.cli import parser
from pipelines.options import IngestOptions
from pipelines.streaming.client import DRAIN_SECONDS
from pipelines.streaming.engine import engine_of

ROOT = Path(__file__).parents[2]
KUBERNETES = ROOT / "deploy/kubernetes"
FILES = ("ingest.yaml", "flink/session.yaml", "flink/ingest.yaml", "flink/stream.yaml")
DRIVERS = ("flink/ingest.yaml", "flink/stream.yaml")


def documents(name):
    return list(yaml.safe_load_all((KUBERNETES / name).read_text("utf-8")))


def all_of_kind(name, kind):
    return [document for document in documents(name) if document["kind"] == kind]


def of_kind(name, kind):
    (found,) = all_of_kind(name, kind)
    return found


def pods(name):
    """Pod specs of a file; those of Flink as the operator merges them, container by container."""
    for document in documents(name):
        if document["kind"] == "CronJob":
            yield document["spec"]["jobTemplate"]["spec"]["template"]["spec"]
        elif document["kind"] == "Deployment":
            yield document["spec"]["template"]["spec"]
        elif document["kind"] == "FlinkDeployment":
            spec = document["spec"]
            base, more = spec["podTemplate"]["spec"], spec["taskManager"]["podTemplate"]["spec"]
            yield base
            yield base | {key: base.get(key, []) + more[key] for key in ("containers", "volumes")}


def containers(pod):
    return [*pod.get("initContainers", []), *pod["containers"]]


ALL = [(name, index, pod) for name in FILES for index, pod in enumerate(pods(name))]
every_pod = pytest.mark.parametrize("pod", [pod for *_, pod in ALL], ids=[f"{name}-{index}" for name, index, _ in ALL])


@every_pod
def test_pods_run_as_nobody_special(pod):
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in containers(pod):
        context = container["securityContext"]
        assert context["allowPrivilegeEscalation"] is False
        assert context["capabilities"] == {"drop": ["ALL"]}
        assert pod["securityContext"].get("runAsUser", context.get("runAsUser"))
        # Flink writes its configuration into its own image.
        assert container["name"] == "flink-main-container" or context["readOnlyRootFilesystem"] is True


@every_pod
def test_containers_have_bounds_and_images_have_tags(pod):
    for container in containers(pod):
        if container["name"] == "flink-main-container":  # sized by jobManager and taskManager
            continue
        assert container["resources"]["limits"]["memory"]
        assert container["resources"]["requests"].keys() == {"cpu", "memory"}
        assert re.search(r":\d+\.\d+\.\d+$", container["image"])


@every_pod
def test_volumes_that_are_mounted_are_there(pod):
    volumes = {volume["name"] for volume in pod["volumes"]}
    mounted = {mount["name"] for container in containers(pod) for mount in container["volumeMounts"]}
    assert mounted == volumes


@pytest.mark.parametrize("name", ["ingest.yaml", "flink/ingest.yaml"])
def test_runs_never_overlap_and_are_not_tried_again(name):
    for job in all_of_kind(name, "CronJob"):
        spec = job["spec"]
        assert spec["concurrencyPolicy"] == "Forbid"
        assert spec["jobTemplate"]["spec"]["backoffLimit"] == 0
        assert spec["jobTemplate"]["spec"]["activeDeadlineSeconds"] > 0


def test_scheduled_run_is_a_command_with_options_that_newsbeam_knows(tmp_path):
    pod, _ = pods("ingest.yaml")
    (container,) = pod["containers"]
    given = parser().parse_args(container["args"])
    (content,) = of_kind("ingest.yaml", "ConfigMap")["data"].values()
    config = tmp_path / given.config.name
    config.write_text(content, "utf-8")
    assert [*of_kind("ingest.yaml", "ConfigMap")["data"]] == [given.config.name]
    options = IngestOptions.combine({}, config, ())
    mounts = {mount["mountPath"]: mount.get("readOnly", False) for mount in container["volumeMounts"]}
    assert mounts == {str(options.output): False, str(given.config.parent): True, "/tmp": False}
    assert options.log_json


def test_upkeep_is_of_the_tables_that_runs_write():
    _, pod = pods("ingest.yaml")
    compact, verify = containers(pod)
    for container in (compact, verify):
        assert parser().parse_args(container["args"]).directory == Path("/tables")
    assert verify["volumeMounts"][0] == compact["volumeMounts"][0] | {"readOnly": True}


def test_claims_are_those_that_are_made():
    made = {of_kind(name, "PersistentVolumeClaim")["metadata"]["name"] for name in FILES[:2]}
    used = {
        volume["persistentVolumeClaim"]["claimName"]
        for *_, pod in ALL
        for volume in pod["volumes"]
        if "persistentVolumeClaim" in volume
    }
    assert used == made


@pytest.mark.parametrize("name", DRIVERS)
def test_flink_run_meets_its_job_server_and_its_workers(name):
    (driver,) = pods(name)
    (job_server,), (newsbeam,) = driver["initContainers"], driver["containers"]
    _, task_manager = pods("flink/session.yaml")
    (pool,) = [container for container in task_manager["containers"] if container["name"] == "worker-pool"]

    flags, left = split_flags(newsbeam["args"])
    beam = dict(flag.removeprefix("--").split("=") for flag in flags)
    parser().parse_args(left)
    checked_options(flags)
    assert beam["runner"] == "FlinkRunner"
    assert beam["environment_type"] == "EXTERNAL"
    assert f"--job-port={beam['job_endpoint'].partition(':')[2]}" in job_server["command"]
    assert beam["environment_config"] == f"localhost:{pool['readinessProbe']['tcpSocket']['port']}"
    assert f"--service_port={pool['readinessProbe']['tcpSocket']['port']}" in pool["command"]
    assert f"127.0.0.1/{beam['job_endpoint'].partition(':')[2]}" in shlex.join(
        job_server["startupProbe"]["exec"]["command"]
    )
    session = of_kind("flink/session.yaml", "FlinkDeployment")
    assert f"--flink-master={session['metadata']['name']}-rest:8081" in job_server["command"]
    assert int(beam["parallelism"]) >= int(session["spec"]["flinkConfiguration"]["taskmanager.numberOfTaskSlots"])
    assert beam.get("flink_master", "newsbeam-rest:8081") == f"{session['metadata']['name']}-rest:8081"
    assert newsbeam["image"] == pool["image"]
    # What the driver writes the workers find under the same path, and the other way round.
    paths = [{(mount["mountPath"], mount.get("subPath")) for mount in box["volumeMounts"]} for box in (newsbeam, pool)]
    assert paths[0] == paths[1]
    artifacts = {flag for flag in job_server["command"] if flag.startswith("--artifacts-dir=/flink/")}
    assert artifacts
    assert job_server["restartPolicy"] == "Always"  # a sidecar: it ends with the run


def test_flink_is_the_one_that_is_tested_on_one_machine():
    version = re.search(r"apache-flink-libraries==(\S+)", (ROOT / "deploy/flink/flink.txt").read_text())[1]
    session = of_kind("flink/session.yaml", "FlinkDeployment")["spec"]
    assert session["image"].endswith(f":{version}")
    assert session["flinkVersion"] == "v" + "_".join(version.split(".")[:2])
    dockerfile = (KUBERNETES / "flink/Dockerfile").read_text()
    assert f"FROM flink:{version}-" in dockerfile
    for name in DRIVERS:
        (driver,) = pods(name)
        assert driver["initContainers"][0]["image"] == session["image"]


def test_a_stream_has_one_client_that_has_time_to_drain():
    spec = of_kind("flink/stream.yaml", "Deployment")["spec"]
    assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})
    assert spec["selector"]["matchLabels"] == spec["template"]["metadata"]["labels"]
    assert spec["template"]["spec"]["terminationGracePeriodSeconds"] > DRAIN_SECONDS + 200
    (newsbeam,) = spec["template"]["spec"]["containers"]
    flags, left = split_flags(newsbeam["args"])
    given = parser().parse_args(left)
    assert given.attach
    assert engine_of(PipelineOptions(list(flags))).address == "http://newsbeam-rest:8081"


def labels_of_driver(name):
    (document,) = documents(name)
    spec = document["spec"]
    return (spec["jobTemplate"]["spec"] if "jobTemplate" in spec else spec)["template"]["metadata"]["labels"]


@pytest.mark.parametrize("name", DRIVERS)
def test_network_policy_covers_flink_s_pods_and_lets_the_driver_in(name):
    policy = of_kind("flink/session.yaml", "NetworkPolicy")["spec"]
    session = of_kind("flink/session.yaml", "FlinkDeployment")["spec"]["podTemplate"]["metadata"]["labels"]
    driver = labels_of_driver(name)
    assert policy["podSelector"]["matchLabels"] == session
    allowed = policy["ingress"][0]["from"][0]["podSelector"]["matchLabels"]
    assert allowed.items() <= driver.items()
    assert not session.items() <= driver.items()
