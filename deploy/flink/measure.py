"""Throughput of a batch on the cluster that deploy/flink/up started: seconds, processor time, bytes shuffled.

    python deploy/flink/measure.py INPUT... [--parallelism 1 2]

Processor time says what an article costs also on a machine that is busy with other things.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from cluster import DEFAULT_HOME, Cluster
from processes import Process

_TICKS = os.sysconf("SC_CLK_TCK")


def seconds_used(process: Process) -> float:
    """Processor time of a process and of its children that ended (proc(5), fields 14 to 17)."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS


def cluster_seconds(cluster: Cluster) -> dict[str, float]:
    """Processor time by kind of process."""
    used = {"worker": 0.0, "java": 0.0}
    for name in cluster.names:
        if process := Process.find(name, cluster.run):
            used["worker" if name == "worker-pool" else "java"] += seconds_used(process)
    return used


def driver_seconds() -> float:
    """Processor time of the runs that this process started."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def jobs(cluster: Cluster) -> dict[str, dict[str, Any]]:
    """Jobs by their ids."""
    return {job["jid"]: job for job in cluster.rest("/jobs/overview")["jobs"]}


def shuffled(cluster: Cluster, job: str) -> int:
    """Bytes that went from one task of the job to another."""
    return sum(vertex["metrics"]["write-bytes"] for vertex in cluster.rest(f"/jobs/{job}")["vertices"])


def measure(cluster: Cluster, inputs: list[str], parallelism: int) -> str:
    """A row of the table."""
    before, used, driver = jobs(cluster), cluster_seconds(cluster), driver_seconds()
    flags = [
        "--runner=FlinkRunner",
        f"--job_endpoint={cluster.address('job')}",
        "--environment_type=EXTERNAL",
        f"--environment_config={cluster.address('pool')}",
        f"--parallelism={parallelism}",
    ]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pipelines.cli", "ingest", "--quiet", "--json-summary", *inputs]
        started = time.monotonic()
        done = subprocess.run(  # noqa: S603
            [*command, "--output", f"{folder}/tables", *flags], check=True, stdout=subprocess.PIPE
        )
        elapsed = time.monotonic() - started
    read = json.loads(done.stdout)["totals"]["read"]
    new = sorted((job for key, job in jobs(cluster).items() if key not in before), key=lambda job: job["start-time"])
    durations = [job["duration"] / 1000 for job in new]
    time.sleep(2)  # the pool waits for the workers it ends
    now = cluster_seconds(cluster)
    cost = {kind: (now[kind] - used[kind]) / read * 1000 for kind in now}
    cost["driver"] = (driver_seconds() - driver) / read * 1000
    shuffle = sum(shuffled(cluster, job["jid"]) for job in new) / read
    return (
        f"| {read:,} | {parallelism} | {elapsed:.0f} | {durations[0]:.0f} | {durations[-1]:.0f} | {read / elapsed:.0f} "
        f"| {read / durations[0]:.0f} | {cost['worker']:.2f} | {cost['java']:.2f} | {cost['driver']:.2f} "
        f"| {shuffle:.1f} |"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="+", metavar="INPUT")
    parser.add_argument("--parallelism", type=int, nargs="+", default=[1, 2], metavar="N")
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("NEWSBEAM_FLINK_HOME") or DEFAULT_HOME))
    given = parser.parse_args()
    home = given.home.resolve()
    if not (cluster := Cluster.load(home, home)):
        sys.exit(f"no cluster was started in {home}: deploy/flink/up starts one")
    print("| articles | parallelism | seconds | of them staging | merging | articles/s | while staging", end=" ")
    print("| ms of processor an article: workers | Java | driver | bytes shuffled an article |")
    print("|---" * 11 + "|")
    for parallelism in given.parallelism:
        print(measure(cluster, given.inputs, parallelism), flush=True)


if __name__ == "__main__":
    main()
