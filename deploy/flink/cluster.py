"""A Flink session cluster on this machine, with what Beam's Python pipelines need beside it: `up`, `down`, `status`."""

import argparse
import dataclasses
import fcntl
import functools
import json
import os
import shutil
import socket
import string
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Self

from distribution import HERE, ClusterError, Distribution, ensure
from processes import Process

DEFAULT_HOME: Final = HERE.parents[1] / "build" / "flink"
PORTS: Final = {"rest": 8081, "rpc": 6123, "job": 8099, "pool": 50000}
START_SECONDS: Final = 120.0

# What Flink's own start scripts pass: it reflects on these packages.
_OPENED: Final = (
    *(f"java.base/java.{name}" for name in ("lang", "net", "io", "nio", "util", "text", "time", "lang.reflect")),
    *(f"java.base/java.util.concurrent{name}" for name in ("", ".atomic", ".locks")),
    "java.base/sun.nio.ch",
)


@dataclasses.dataclass(frozen=True, slots=True)
class Cluster:
    """Where the cluster lives and listens."""

    downloads: Path
    home: Path
    ports: dict[str, int]
    task_managers: int
    slots: int

    @property
    def run(self) -> Path:
        """Logs, process ids and configuration."""
        return self.home / "run"

    @property
    def names(self) -> tuple[str, ...]:
        """The processes, in the order in which they start."""
        return ("jobmanager", *(f"taskmanager-{n + 1}" for n in range(self.task_managers)), "worker-pool", "job-server")

    def address(self, port: str) -> str:
        """HOST:PORT of a service."""
        return f"127.0.0.1:{self.ports[port]}"

    def rest(self, path: str) -> dict[str, Any]:
        """An answer of the JobManager's REST interface."""
        with urllib.request.urlopen(f"http://{self.address('rest')}{path}", timeout=5) as answer:
            return dict(json.load(answer))

    def save(self) -> None:
        """Note it for those who come later."""
        values = {"ports": self.ports, "task_managers": self.task_managers, "slots": self.slots}
        (self.home / "cluster.json").write_text(json.dumps(values, indent=1) + "\n")

    @classmethod
    def load(cls, downloads: Path, home: Path) -> Self | None:
        """The cluster that was started in `home`, if one was."""
        path = home / "cluster.json"
        if not path.exists():
            return None
        values = json.loads(path.read_text())
        return cls(downloads, home, values["ports"], values["task_managers"], values["slots"])


def up(cluster: Cluster) -> None:
    """Start what does not run yet and wait until all of it answers."""
    distribution = ensure(cluster.downloads)
    running = {name: found for name in cluster.names if (found := Process.find(name, cluster.run))}
    if running and "jobmanager" not in running:
        # What is left of it waits for an address that is gone.
        for process in running.values():
            process.stop()
        running = {}
    _check_ports(cluster, running)
    _configure(cluster)
    cluster.save()
    environment = dict(os.environ) | {
        "FLINK_PLUGINS_DIR": str(distribution.plugins),
        "FLINK_CONF_DIR": str(cluster.run / "conf"),
        # The pool starts `python`; it must be this one.
        "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}",
    }
    for name in cluster.names:
        if name not in running:
            running[name] = Process.start(name, _command(name, cluster, distribution), cluster.run, environment)
    _wait(running, "all TaskManagers have registered", lambda: _registered(cluster))
    for port in ("job", "pool"):
        _wait(running, f"port {cluster.ports[port]} is open", lambda port=port: _open(cluster.ports[port]))
    print(describe(cluster))


def down(cluster: Cluster) -> None:
    """Stop all of it, those who submit first."""
    for name in reversed(cluster.names):
        if process := Process.find(name, cluster.run):
            process.stop()
    shutil.rmtree(cluster.home / "tmp", ignore_errors=True)
    (cluster.home / "cluster.json").unlink(missing_ok=True)


def describe(cluster: Cluster) -> str:
    """How to use it."""
    return (
        f"Flink {cluster.rest('/overview')['flink-version']}: {cluster.task_managers} TaskManagers of {cluster.slots} "
        f"slots, http://{cluster.address('rest')}, logs in {cluster.run}\n"
        f"newsbeam ingest INPUT --output DIR --runner=FlinkRunner --parallelism={cluster.task_managers} "
        f"--job_endpoint={cluster.address('job')} "
        f"--environment_type=EXTERNAL --environment_config={cluster.address('pool')}"
    )


def _check_ports(cluster: Cluster, running: dict[str, Process]) -> None:
    owners = {"rest": "jobmanager", "rpc": "jobmanager", "job": "job-server", "pool": "worker-pool"}
    for port, owner in owners.items():
        if owner not in running and _open(cluster.ports[port]):
            raise ClusterError(
                f"port {cluster.ports[port]} is taken: name another with --{port}-port, or take --free-ports"
            )


def _configure(cluster: Cluster) -> None:
    conf = cluster.run / "conf"
    for folder in (conf, *(cluster.home / name for name in ("tmp", "checkpoints", "savepoints"))):
        folder.mkdir(parents=True, exist_ok=True)
    template = string.Template((HERE / "config.yaml").read_text())
    values = {f"{name}_port": str(port) for name, port in cluster.ports.items()}
    (conf / "config.yaml").write_text(template.substitute(values, home=cluster.home, slots=cluster.slots))
    shutil.copy(HERE / "log4j.properties", conf)


def _command(name: str, cluster: Cluster, distribution: Distribution) -> list[str]:
    conf = str(cluster.run / "conf")
    if name == "worker-pool":
        return [sys.executable, str(HERE / "worker_pool.py"), str(cluster.ports["pool"])]
    if name == "jobmanager":
        sizes, settings = _memory("GET_JM_RESOURCE_PARAMS", conf, distribution)
        main = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint"
        arguments = ["--configDir", conf, *settings]
    elif name == "job-server":
        sizes, main = ["-Xmx512m"], "org.apache.beam.runners.flink.FlinkJobServerDriver"
        arguments = [
            f"--flink-master={cluster.address('rest')}",
            f"--flink-conf-dir={conf}",
            "--job-host=127.0.0.1",
            f"--job-port={cluster.ports['job']}",
            "--artifact-port=0",
            "--expansion-port=0",
            f"--artifacts-dir={cluster.home / 'tmp' / 'artifacts'}",
        ]
    else:
        sizes, settings = _memory("GET_TM_RESOURCE_PARAMS", conf, distribution)
        main = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner"
        arguments = ["--configDir", conf, *settings, "-D", f"taskmanager.resource-id={name}-{time.time_ns():x}"]
    opened = [f"--add-opens={package}=ALL-UNNAMED" for package in _OPENED]
    log = f"-Dlog4j2.configurationFile=file:{conf}/log4j.properties"
    return ["java", *sizes, *opened, log, "-cp", distribution.classpath, main, *arguments]


@functools.cache
def _memory(question: str, conf: str, distribution: Distribution) -> tuple[list[str], list[str]]:
    """JVM sizes and settings that Flink derives from its configuration, asked as its start scripts ask."""
    jars = ":".join(map(str, (distribution.tools, *distribution.flink)))
    java = ["java", "-cp", jars, "org.apache.flink.runtime.util.bash.BashJavaUtils"]
    asked = subprocess.run(  # noqa: S603
        [*java, question, "--configDir", conf], check=False, capture_output=True, text=True
    )
    marker = "BASH_JAVA_UTILS_EXEC_RESULT:"
    answers = [line.removeprefix(marker).split() for line in asked.stdout.splitlines() if line.startswith(marker)]
    if len(answers) != 2:
        causes = [line for line in asked.stderr.splitlines() if "Exception" in line]
        raise ClusterError("Flink does not take its configuration:\n" + "\n".join(causes or [asked.stderr[-2000:]]))
    return answers[0], answers[1]


def _wait(running: dict[str, Process], what: str, holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not holds():
        for process in running.values():
            if not process.alive:
                raise ClusterError(f"{process.name} ended; {process.log} ends so:\n{process.tail()}")
        if time.monotonic() > deadline:
            tails = "\n".join(f"== {process.log}\n{process.tail(5)}" for process in running.values())
            raise ClusterError(f"after {START_SECONDS:.0f} s it does not hold yet that {what}:\n{tails}")
        time.sleep(0.25)


def _registered(cluster: Cluster) -> bool:
    try:
        overview = cluster.rest("/overview")
    except (urllib.error.URLError, OSError):
        return False
    return bool(overview["taskmanagers"] >= cluster.task_managers and overview["slots-available"] > 0)


def _open(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_ports() -> dict[str, int]:
    """Ports nobody listens on, all different."""
    sockets = {name: socket.create_server(("127.0.0.1", 0)) for name in PORTS}
    ports = {name: bound.getsockname()[1] for name, bound in sockets.items()}
    for bound in sockets.values():
        bound.close()
    return ports


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="deploy/flink/cluster.py", description=__doc__, allow_abbrev=False)
    parser.add_argument("verb", choices=("up", "down", "status"))
    parser.add_argument(
        "--home",
        type=Path,
        default=Path(os.environ.get("NEWSBEAM_FLINK_HOME") or DEFAULT_HOME),
        help="where everything is put; else NEWSBEAM_FLINK_HOME, else build/flink",
    )
    parser.add_argument("--name", default="", help="a cluster beside others of the same downloads")
    parser.add_argument("--task-managers", type=int, default=2, metavar="N", help="how many (2)")
    parser.add_argument("--slots", type=int, default=2, metavar="N", help="of each TaskManager (2)")
    parser.add_argument("--free-ports", action="store_true", help="take ports that are free")
    for name, port in PORTS.items():
        parser.add_argument(f"--{name}-port", type=int, default=port, metavar="PORT", help=f"({port})")
    return parser


def main() -> int:
    """Carry out a command; its exit status."""
    given = _parser().parse_args()
    downloads = given.home.resolve()
    home = downloads / given.name
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        cluster = Cluster.load(downloads, home)
        try:
            if given.verb == "up":
                ports = _free_ports() if given.free_ports else {name: getattr(given, f"{name}_port") for name in PORTS}
                wanted = Cluster(downloads, home, ports, given.task_managers, given.slots)
                up(cluster or wanted)
            elif cluster is None:
                print(f"no cluster was started in {home}")
                return int(given.verb == "status")
            elif given.verb == "down":
                down(cluster)
            else:
                missing = [name for name in cluster.names if not Process.find(name, cluster.run)]
                print(f"not running: {', '.join(missing)}" if missing else describe(cluster))
                return int(bool(missing))
        except ClusterError as error:
            print(f"flink: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
