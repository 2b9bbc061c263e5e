"""datatrove's MinHash dedup, as its own four-step pipeline with its own defaults: 14 buckets of 8 hashes, 5-grams.

It runs in an environment of its own, since it brings spaCy and a dill that Beam doesn't want. The first call
makes the environment below the running one, from a lock file with the digests of all packages.
"""

import dataclasses
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

LOCK = Path(__file__).with_suffix(".lock")
THRESHOLD = (1 / 14) ** (1 / 8)
"""Jaccard at which half of the pairs share one of its 14 buckets of 8 hashes: about 0.72."""
ENVIRONMENT = Path(sys.prefix) / "datatrove"
INSTALL = ("install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:", "-r")
STEPS = """
import json, struct, sys, time
from pathlib import Path
from datatrove.executor.local import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.pipeline.readers import JsonlReader

folder = Path(sys.argv[1])
config = MinhashConfig()
steps = [
    (1, [JsonlReader(str(folder / "texts")), MinhashDedupSignature(str(folder / "signatures"), config)]),
    (config.num_buckets, [MinhashDedupBuckets(str(folder / "signatures"), str(folder / "buckets"), config=config)]),
    (1, [MinhashDedupCluster(str(folder / "buckets"), str(folder / "clusters"), config, save_cluster_id=True)]),
]
start = time.process_time()
for tasks, step in steps:
    LocalPipelineExecutor(step, tasks=tasks, workers=1, logging_dir=str(folder / "logs" / step[-1].name)).run()
seconds = time.process_time() - start

def read(ending, form):
    found = folder / "clusters" / f"000000.{ending}"
    return list(struct.iter_unpack(form, found.read_bytes())) if found.exists() else []

found = b"".join(path.read_bytes() for path in (folder / "buckets").glob("*.dups"))
pairs = [sorted((left, right)) for _, left, _, right in struct.iter_unpack("<4I", found)]
removed = [doc for (doc,) in read("remove", "<I")]
(folder / "outcome.json").write_text(json.dumps([pairs, read("clusters", "<2I"), removed, seconds]))
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What datatrove made of the texts, which are numbered in their order."""

    pairs: frozenset[tuple[int, int]]
    """Texts that met in a bucket, one beside the other."""
    clusters: dict[int, int]
    """The cluster of each text that is in one."""
    removed: frozenset[int]
    seconds: float


def run(texts: Sequence[str]) -> Outcome:
    """Deduplicate `texts`; the first call takes a minute to set up."""
    python = _environment()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "texts").mkdir()
        with (folder / "texts" / "all.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(json.dumps({"id": str(number), "text": text}) + "\n" for number, text in enumerate(texts))
        done = subprocess.run([python, "-c", STEPS, folder], capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"datatrove failed:\n{done.stderr[-2000:]}")
        pairs, clusters, removed, seconds = json.loads((folder / "outcome.json").read_text("utf-8"))
    return Outcome(frozenset(map(tuple, pairs)), dict(clusters), frozenset(removed), seconds)


def _environment() -> Path:
    """The interpreter of the environment, which is made unless it holds what the lock file says."""
    python = ENVIRONMENT / "bin" / "python"
    seal = ENVIRONMENT / "lock"
    if seal.exists() and seal.read_bytes() == LOCK.read_bytes():
        return python
    print(f"setting up datatrove in {ENVIRONMENT}", file=sys.stderr)
    commands = (
        [sys.executable, "-m", "venv", "--clear", ENVIRONMENT],
        [python, "-m", "pip", *INSTALL, LOCK],
    )
    for command in commands:
        subprocess.run(command, check=True)
    seal.write_bytes(LOCK.read_bytes())
    return python
