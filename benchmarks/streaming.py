"""`newsbeam stream` on a Flink cluster of its own, while TaskManagers are killed and the job goes on from savepoints.

A newsroom (benchmarks/newsroom.py) adds, edits and repeats items. At the end the stream is stopped by a signal and the
tables are compared with what the newsroom published: every text of every item once, none besides. Latency is from
publication in the feed to the end of the commit, so it holds the wait for the next poll and for the window's end.

    python benchmarks/streaming.py [--minutes 30] [--window 20] [--poll-interval 5] [--disturb-every 150]

It prints its figures as it goes, and ends with status 1 where a text is missing, doubled or made up.
"""

import argparse
import dataclasses
import datetime as dt
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any, Final

import pyarrow.dataset as ds

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent
sys.path.append(str(HERE))

from newsroom import Newsroom  # noqa: E402

from sinks.manifest import manifests  # noqa: E402

NEWSBEAM: Final = (sys.executable, "-m", "pipelines.cli")


@dataclasses.dataclass(slots=True)
class Trial:
    """One run of the whole thing."""

    options: argparse.Namespace
    home: Path
    output: Path
    newsroom: Newsroom
    client: subprocess.Popen[bytes] | None = None
    disturbed: list[tuple[float, str]] = dataclasses.field(default_factory=list)

    def cluster(self, verb: str) -> None:
        """`deploy/flink/cluster.py up` or `down`, for the cluster of this trial."""
        command = [sys.executable, str(ROOT / "deploy/flink/cluster.py"), verb, "--name", self.options.cluster]
        subprocess.run([*command, *(["--free-ports"] if verb == "up" else [])], check=True, stdout=subprocess.DEVNULL)

    @property
    def ports(self) -> dict[str, int]:
        """Where the cluster listens."""
        return dict(json.loads((self.home / "cluster.json").read_text())["ports"])

    def ask(self, path: str) -> Any:  # noqa: ANN401
        """An answer of the JobManager."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ports['rest']}{path}", timeout=30) as answer:
            return json.load(answer)

    def newsbeam(self, *arguments: str) -> list[str]:
        """A command of `newsbeam stream` at this cluster."""
        ports = self.ports
        return [
            *NEWSBEAM,
            "stream",
            *arguments,
            f"--output={self.output}",
            "--runner=FlinkRunner",
            f"--flink_master=127.0.0.1:{ports['rest']}",
            f"--job_endpoint=127.0.0.1:{ports['job']}",
            "--environment_type=EXTERNAL",
            f"--environment_config=127.0.0.1:{ports['pool']}",
            f"--parallelism={self.options.parallelism}",
        ]

    def start(self, *more: str) -> None:
        """Submit the stream."""
        options = self.options
        settings = [
            f"--window={options.window}",
            "--tick=1",
            f"--poll-interval={options.poll_interval}",
            "--host-delay=0",
            "--allow-private-hosts",
            f"--checkpoint-interval={options.checkpoint_interval}",
        ]
        log = (self.output.parent / "client.log").open("ab")
        self.client = subprocess.Popen([*self.newsbeam(*self.newsroom.urls, *settings, *more)], stderr=log, cwd=ROOT)

    def kill(self) -> None:
        """End the TaskManager that does most of the job with SIGKILL, and start another in its place."""
        name = self.job_manager_name()
        pid, _ = json.loads((self.home / f"run/{name}.pid").read_text())
        os.kill(pid, signal.SIGKILL)
        self.note(f"killed {name}")
        time.sleep(10)
        self.cluster("up")

    def job_manager_name(self) -> str:
        """The TaskManager that commits."""
        job = next(job["jid"] for job in self.ask("/jobs/overview")["jobs"] if job["state"] == "RUNNING")
        last = self.ask(f"/jobs/{job}")["vertices"][-1]["id"]
        return str(self.ask(f"/jobs/{job}/vertices/{last}")["subtasks"][0]["taskmanager-id"]).rpartition("-")[0]

    def restore(self) -> None:
        """Stop the job with a savepoint and go on from there."""
        stopped = subprocess.run(
            self.newsbeam("--savepoint"), check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT, timeout=600
        )
        self.note("stopped with a savepoint")
        assert self.client is not None
        self.client.wait(timeout=120)
        self.start(f"--from-savepoint={stopped.stdout.strip()}")

    def note(self, what: str) -> None:
        """Remember and print a disturbance."""
        self.disturbed.append((time.time(), what))
        print(f"{dt.datetime.now(dt.UTC):%H:%M:%S}  {what}; {self.commits()} commits so far", flush=True)

    def commits(self) -> int:
        """Manifests there are."""
        return sum(1 for _ in (self.output / "_commits").glob("*.json"))

    def wait_for_commits(self, number: int, seconds: float) -> None:
        """Until there are so many."""
        deadline = time.monotonic() + seconds
        while self.commits() < number:
            if time.monotonic() > deadline:
                log = (self.output.parent / "client.log").read_text()
                raise TimeoutError(f"{self.commits()} commits in {seconds:.0f} s, not {number}\n{log[-3000:]}")
            time.sleep(0.5)


def play(trial: Trial) -> float:
    """Let it run and disturb it; the seconds that items were published."""
    options = trial.options
    trial.start()
    trial.wait_for_commits(1, 300)
    began = time.time()
    turns = [trial.kill, trial.restore]
    next_turn, number = began + options.disturb_every, 0
    while time.time() - began < options.minutes * 60:
        time.sleep(1)
        if time.time() >= next_turn and time.time() - began < options.minutes * 60 - options.disturb_every / 2:
            turns[number % 2]()
            trial.wait_for_commits(trial.commits() + 2, 600)
            number += 1
            next_turn = max(next_turn + options.disturb_every, time.time() + options.disturb_every / 2)
    trial.newsroom.close()
    published = time.time() - began
    time.sleep(options.poll_interval * 3 + options.window)
    assert trial.client is not None
    trial.client.send_signal(signal.SIGTERM)
    status = trial.client.wait(timeout=400)
    print(f"stopped by SIGTERM with status {status}", flush=True)
    if status:
        print((trial.output.parent / "client.log").read_text()[-3000:])
    return published


def judge(trial: Trial, published: float) -> int:
    """Compare tables and newsroom; print the figures; how many faults there are."""
    texts, committed = _tables(trial.output)
    latency: list[float] = []
    ends = {
        manifest.run_id: dt.datetime.fromisoformat(manifest.finished_at).timestamp()
        for manifest in manifests(trial.output)
    }
    expected = Counter((item.guid, text) for item in trial.newsroom.items for text in item.texts)
    faults = [
        f"{guid}: {texts[guid, text]} times instead of {expected[guid, text]}: {text[:50]}"
        for guid, text in sorted(expected | texts)
        if texts[guid, text] != expected[guid, text]
    ]
    for item in trial.newsroom.items:
        for text, when in zip(item.texts, item.published, strict=True):
            if run_id := committed.get((item.guid, text)):
                latency.append(ends[run_id] - when)
    verified = subprocess.run([*NEWSBEAM, "verify", str(trial.output)], check=False, cwd=ROOT)
    totals = Counter[str]()
    for manifest in manifests(trial.output):
        totals.update(manifest.totals)
    kinds = Counter(what.split()[0] for _, what in trial.disturbed)
    print(f"\n{published / 60:.1f} minutes of news, {len(trial.newsroom.items)} items, {sum(expected.values())} texts")
    print(f"TaskManagers killed: {kinds['killed']}, savepoints: {kinds['stopped']}, commits: {trial.commits()}")
    print(", ".join(f"{number:,} {name}" for name, number in totals.items()))
    if len(latency) > 1:
        cuts = statistics.quantiles(latency, n=100)
        figures = f"p50 {cuts[49]:.1f} s, p99 {cuts[98]:.1f} s, longest {max(latency):.1f} s"
        print(f"from publication to commit, {len(latency)} texts: {figures}")
    print(f"texts missing, doubled or made up: {len(faults)}")
    print("\n".join(faults[:20]))
    return len(faults) + verified.returncode


def _tables(output: Path) -> tuple[Counter[tuple[str, str]], dict[tuple[str, str], str]]:
    """How often each text of each item is in the tables, and the run that committed it."""
    texts, runs = Counter[tuple[str, str]](), {}
    for table in ("articles", "duplicates"):
        if (output / table).is_dir():
            rows = ds.dataset(output / table, partitioning=None).to_table(columns=["source_item_id", "body", "run_id"])
            for guid, body, run_id in zip(*(rows[name].to_pylist() for name in rows.column_names), strict=True):
                texts[guid, body] += 1
                runs[guid, body] = run_id
    return texts, runs


def main() -> int:
    """Carry it out; 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--feeds", type=int, default=6)
    parser.add_argument("--per-minute", type=float, default=60, help="items published, over all feeds (60)")
    parser.add_argument(
        "--edit-after", type=float, default=180, help="seconds; longer than the stream ever stands still"
    )
    parser.add_argument("--window", type=int, default=20)
    parser.add_argument("--poll-interval", type=float, default=5)
    parser.add_argument("--checkpoint-interval", type=float, default=10)
    parser.add_argument(
        "--disturb-every", type=float, default=150, help="seconds, a kill and a savepoint in turn (150)"
    )
    parser.add_argument("--parallelism", type=int, default=1)
    parser.add_argument("--cluster", default="streaming", help="name of the cluster, which is made and taken down")
    parser.add_argument("--keep", action="store_true", help="keep tables and logs")
    options = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="newsbeam-streaming-"))
    newsroom = Newsroom(options.feeds, options.per_minute, options.edit_after)
    home = Path(os.environ.get("NEWSBEAM_FLINK_HOME") or ROOT / "build" / "flink") / options.cluster
    trial = Trial(options, home, work / "tables", newsroom)
    trial.cluster("up")
    try:
        newsroom.open()
        return min(judge(trial, play(trial)), 1)
    finally:
        if trial.client and trial.client.poll() is None:
            trial.client.kill()
        trial.cluster("down")
        if options.keep:
            print(f"kept: {work}")
        else:
            shutil.rmtree(work)


if __name__ == "__main__":
    sys.exit(main())
