"""newsbeam beside a plain loop: 20,000 articles through both, in turn, in one run.

Both do the same work on the same input with the same functions: parse, enrich, decide on duplicates,
write Parquet by day. newsbeam does it as Beam pipelines with staging and a durable commit; the loop
without Beam, in one process, holding everything in memory. The ratio tells what the pipeline costs.

    python benchmarks/throughput.py [--articles 20000] [--rounds 3] [--input wires.jsonl]

Without --input the articles are made here, from a fixed seed.
"""

import argparse
import datetime as dt
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from articles import Article, Origin, ParseError, Reject
from pipelines.ingest import ingest
from pipelines.options import IngestOptions
from pipelines.progress import Reporter
from sinks.partitions import partition
from sinks.rows import STAGED_ARTICLES, article_batch
from sinks.schema import ARTICLES
from sources.parse import parse
from transforms.stages import STAGES, Run, carry_out, stamp

T = TypeVar("T")
HERE = Path(__file__)
WORDS = (HERE.parent / "words.txt").read_text("utf-8").split()


def make_wires(path: Path, count: int) -> None:
    """Write wires of about 120 words in paragraphs, a tenth of them copies of others under another id."""
    draw = random.Random(20_000)
    bodies: list[str] = []
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            if bodies and draw.random() < 0.1:
                body = draw.choice(bodies)
            else:
                paragraphs = [
                    " ".join(
                        " ".join(draw.choices(WORDS, k=draw.randint(9, 22))).capitalize() + "."
                        for _ in range(draw.randint(1, 3))
                    )
                    for _ in range(draw.randint(2, 5))
                ]
                body = f"PORT VERRIN, March {1 + number % 28} (Island News) - " + "\n\n".join(paragraphs)
                bodies.append(body)
            item = {
                "id": f"wire:{number}",
                "title": " ".join(draw.choices(WORDS, k=7)).capitalize(),
                "body": body,
                "published": f"2026-03-{1 + number % 28:02d}T{number % 24:02d}:00:00Z",
                "publisher": "Island News",
            }
            file.write(json.dumps(item) + "\n")


class Stopwatch:
    """Seconds by stage."""

    def __init__(self, stages: Sequence[str]) -> None:
        self.spent = dict.fromkeys(stages, 0.0)

    def time(self, stage: str, function: Callable[..., T], *arguments: object) -> T:
        """Call the function and count its time to the stage."""
        began = time.perf_counter()
        try:
            return function(*arguments)
        finally:
            self.spent[stage] += time.perf_counter() - began


def run_loop(source: Path, output: Path) -> None:
    """The plain loop; prints its seconds and the microseconds an article spends in each stage."""
    start = time.perf_counter()
    watch = Stopwatch(["parse", *STAGES, "rows", "write"])
    run = Run("loop", dt.datetime.now(dt.UTC), "0", 1)
    batches, buffer = [], []
    seen: set[str] = set()
    count = 0
    items = iter(parse(source.read_bytes(), Origin(uri=str(source)), "jsonl"))
    while (item := watch.time("parse", next, items, None)) is not None:
        count += 1
        article = enrich(item, watch)
        if article is not None and article.content_hash not in seen:
            seen.add(article.content_hash)
            buffer.append(stamp(article, run))
        if len(buffer) == 512:
            batches.append(watch.time("rows", to_rows, buffer))
            buffer = []
    batches.append(watch.time("rows", to_rows, buffer))
    watch.time("write", write_days, pa.Table.from_batches(batches, STAGED_ARTICLES), output)
    report(time.perf_counter() - start, count, watch.spent)


def enrich(item: Article | Reject, watch: Stopwatch) -> Article | None:
    """All stages of one item; None for a reject."""
    if isinstance(item, Reject):
        return None
    try:
        for name, transform in STAGES.items():
            item = watch.time(name, transform, item)
    except ParseError:
        return None
    return item


def to_rows(articles: Sequence[Article]) -> pa.RecordBatch:
    """Rows with their partition."""
    return article_batch(articles, [partition(article)[0] for article in articles])


def write_days(rows: pa.Table, output: Path) -> None:
    """A file a day."""
    rows = rows.sort_by([("date", "ascending"), ("article_id", "ascending")])
    for date in rows["date"].unique().to_pylist():
        path = output / f"date={date}" / "part.parquet"
        path.parent.mkdir(parents=True)
        day = rows.filter(pc.equal(rows["date"], pa.scalar(date))).select(ARTICLES.names)
        pq.write_table(day, path, compression="zstd", compression_level=3)


def run_newsbeam(source: Path, output: Path) -> None:
    """The batch run, as the command makes it; prints its seconds."""
    start = time.perf_counter()
    outcome = ingest(IngestOptions(inputs=(str(source),), output=output), Reporter(quiet=True))
    report(time.perf_counter() - start, outcome.manifest.totals["read"], {})


def report(seconds: float, articles: int, spent: dict[str, float]) -> None:
    """One line of JSON for the parent process; memory is the process's own peak, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    stages = {name: value / articles * 1e6 for name, value in spent.items()}
    print(json.dumps({"seconds": seconds, "articles": articles, "peak_mb": peak, "stages": stages}))


def measure(which: str, source: Path) -> dict[str, float]:
    """One side, in a process of its own; both sides load their models before the clock starts."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(HERE), "--side", which, "--input", str(source), "--output", f"{folder}/out"]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def warm_up() -> None:
    """Load what is loaded once a process: models and lexicons."""
    text = "The minister said on Tuesday that talks would go on, although no agreement was in sight. " * 3
    article = Article(title="Talks go on", body=text, source_uri="x")
    carry_out(STAGES, article)


def main() -> None:
    """Measure both sides in turn and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--input", type=Path)
    parser.add_argument("--output", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--side", choices=["loop", "newsbeam"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        warm_up()
        {"loop": run_loop, "newsbeam": run_newsbeam}[options.side](options.input, options.output)
        return
    with tempfile.TemporaryDirectory() as folder:
        source = options.input
        if source is None:
            source = Path(folder) / "wires.jsonl"
            make_wires(source, options.articles)
        results = {"loop": [], "newsbeam": []}
        for _ in range(options.rounds):
            for side, found in results.items():
                found.append(measure(side, source))
    print_table(results)


def print_table(results: dict[str, list[dict[str, float]]]) -> None:
    """The medians, as Markdown."""
    count = results["loop"][0]["articles"]
    print(f"{count:,} articles, {len(results['loop'])} rounds, medians\n")
    print("| side | articles/s | µs an article | peak memory |\n|---|---|---|---|")
    for side, found in results.items():
        seconds = statistics.median(run["seconds"] for run in found)
        peak = max(run["peak_mb"] for run in found)
        print(f"| {side} | {count / seconds:,.0f} | {seconds / count * 1e6:,.0f} | {peak:,.0f} MB |")
    ratios = sorted(
        loop["seconds"] / ours["seconds"] for loop, ours in zip(results["loop"], results["newsbeam"], strict=True)
    )
    middle = statistics.median(ratios)
    print(f"\nratio newsbeam / loop, pair by pair: median {middle:.2f} ({ratios[0]:.2f}–{ratios[-1]:.2f})")
    print("\n| stage | µs an article |\n|---|---|")
    for stage in results["loop"][0]["stages"]:
        print(f"| {stage} | {statistics.median(run['stages'][stage] for run in results['loop']):,.0f} |")


if __name__ == "__main__":
    main()
