"""What `newsbeam report` and `serve` cost on many articles: size, time, memory, time to load in Chromium and to search.

    python benchmarks/report.py [--articles 1000000] [--days 365] [--keep DIR]

The tables are made here (`report_tables.py`), with versions, kills, duplicates, rejects, feeds and a run a day.
Chromium is looked for at /usr/bin/chromium and driven by playwright.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
from report_tables import make_tables

from pipelines.report import read_standing
from sinks.search import Query, find_article, search
from sinks.snapshot import take_snapshot


def measure(tables: Path, page: Path) -> None:
    """Build the page in a process of its own, and load it."""
    started = time.perf_counter()
    subprocess.run(  # the command as a user runs it
        [sys.executable, "-m", "pipelines.cli", "report", str(tables), "--output", str(page)], check=True
    )
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"report: {page.stat().st_size:,} bytes in {seconds:.1f} s, {peak:,.0f} MB at most")
    try:
        load_seconds = sorted(load(page) for _ in range(5))
    except ImportError:
        print("playwright is not installed: loading was not measured")
        return
    print(f"loaded in Chromium in {load_seconds[2]:.2f} s (median of 5: {load_seconds[0]:.2f}–{load_seconds[-1]:.2f})")


def load(page: Path) -> float:
    """Seconds from the address to the first row of the list of articles."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # may not be installed

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        tab = browser.new_page()
        started = time.perf_counter()
        tab.goto(page.as_uri())
        tab.wait_for_selector("#articles tbody tr a")
        seconds = time.perf_counter() - started
        browser.close()
        return seconds


def measure_search(tables: Path) -> None:
    """Search as `serve` does, beside DuckDB: a word in every tenth article, a word in none, an article by its id."""
    started = time.perf_counter()
    snapshot = take_snapshot(tables)
    shown = read_standing(snapshot).shown
    print(f"serve: {time.perf_counter() - started:.1f} s until the first search")
    oldest = next(snapshot.batches(snapshot.table("articles")[-1], ["article_id"]))["article_id"][0].as_py()
    searches: dict[str, Callable[[], object]] = {
        "a page of 50 with a common word": lambda: search(snapshot, shown, Query(("harbour",)), 50, "", 600),
        "a word that no article has": lambda: search(snapshot, shown, Query(("unfindable",)), 50, "", 600),
        "an article of the oldest day by its id": lambda: find_article(snapshot, shown, oldest),
        "DuckDB, a page of 50 with a common word": lambda: in_duckdb(tables, "harbour"),
        "DuckDB, a word that no article has": lambda: in_duckdb(tables, "unfindable"),
    }
    for name, run in searches.items():
        started = time.perf_counter()
        run()
        print(f"search: {name}: {time.perf_counter() - started:.2f} s", flush=True)
    print(f"search: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB at most, DuckDB included")


def in_duckdb(tables: Path, word: str) -> list[Any]:
    """The newest 50 articles with a word in title or body."""
    return duckdb.execute(
        "SELECT article_id, title FROM read_parquet(?, hive_partitioning = true) "
        "WHERE title ILIKE ? OR body ILIKE ? ORDER BY published_at DESC LIMIT 50",
        [f"{tables}/articles/**/*.parquet", f"%{word}%", f"%{word}%"],
    ).fetchall()


def main() -> None:
    """Make tables, measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--keep", type=Path, help="make the tables here and keep them; used again if they are there")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tables = arguments.keep or Path(folder) / "tables"
        if not tables.exists():
            started = time.perf_counter()
            make_tables(tables, arguments.articles, arguments.days)
            print(f"{arguments.articles:,} articles made in {time.perf_counter() - started:.0f} s", flush=True)
        size = sum(file.stat().st_size for file in tables.rglob("*.parquet"))
        print(f"tables: {size / 1e6:,.0f} MB", flush=True)
        measure(tables, Path(folder) / "report.html")
        measure_search(tables)


if __name__ == "__main__":
    main()
