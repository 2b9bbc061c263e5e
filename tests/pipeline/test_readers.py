import contextlib
import datetime as dt
import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pytest

from pipelines.cli import main

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    output = tmp_path_factory.mktemp("readers") / "tables"
    arguments = ["ingest", str(ROOT / "examples/wires"), "--output", str(output), "--quiet", "--max-reject-rate", "1"]
    assert main(arguments) == 0
    return output


@pytest.fixture
def beside(tables, monkeypatch):
    """Stand where the README's `tables` is."""
    monkeypatch.chdir(tables.parent)


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)


def test_queries_of_the_readme_find_rows_in_duckdb(beside):
    queries = [query for block in blocks("sql") for query in block.split(";") if query.strip()]
    assert len(queries) == 3
    editors, artifacts, week = (duckdb.sql(query).fetchall() for query in queries)
    assert ("Wang Min", "nbjs4410", 1) in editors
    assert {row[1] for row in artifacts} >= {"repeated-title", "calqued-credit"}
    assert len(week) >= 8
    assert all(isinstance(row[0], dt.date) for row in week), "hive partitions are dates"


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_code_of_the_readme_prints_rows(beside, library):
    (code,) = [block for block in blocks("python") if f"import {library}" in block]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "README.md", "exec"), {})
    assert "2026-03-05" in out.getvalue() or "Island News" in out.getvalue()


def test_all_readers_see_the_same_rows(tables):
    pattern = f"{tables}/articles/**/*.parquet"
    count = duckdb.sql(f"SELECT count(*) FROM read_parquet('{pattern}', hive_partitioning = true)").fetchall()[0][0]
    assert count == len(pd.read_parquet(tables / "articles")) == len(pl.read_parquet(pattern, hive_partitioning=True))
    titles = duckdb.sql(f"SELECT title FROM read_parquet('{pattern}') ORDER BY title").fetchall()
    assert [title for (title,) in titles] == sorted(pd.read_parquet(tables / "articles")["title"])
    assert [title for (title,) in titles] == sorted(pl.read_parquet(pattern)["title"])


def test_first_five_minutes_go_as_the_readme_says(tmp_path, monkeypatch, capfd):
    """The commands of the section, those that install left out."""
    section = (ROOT / "README.md").read_text("utf-8").partition("## First five minutes")[2].partition("\n## ")[0]
    commands = [shlex.split(line, comments=True)[1:] for line in section.splitlines() if line.startswith("$ ")]
    own = [command for command in commands if command[0] == "newsbeam"]
    assert [command[1] for command in own] == ["ingest", "show", "inspect"]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    assert main(own[0][1:]) == 0
    summary = capfd.readouterr().out.splitlines()[1:]
    # Sizes and the directory's name may differ, what is said may not.
    assert [line.partition("files")[0].replace(" tables", " demo-output") for line in summary] == [
        line.partition("files")[0] for line in section.partition("\nrun 2")[2].splitlines()[1 : len(summary) + 1]
    ]
    for command in own[1:]:
        assert main(command[1:]) == 0
    (question,) = [command for command in commands if command[:2] == ["python", "-c"]]
    capfd.readouterr()
    subprocess.run([sys.executable, *question[1:]], check=True)
    assert re.search(r"^en +9$", capfd.readouterr().out, re.MULTILINE)
    assert ["python", "examples/tour.py"] in commands


def test_demo_list_is_read_with_pyarrow_alone(tables):
    done = subprocess.run(
        [sys.executable, ROOT / "examples/look.py", tables], capture_output=True, text=True, check=True
    )
    assert "Wang Min" in done.stdout


def test_readme_shows_what_the_demo_prints(tables, capsys):
    readme = (ROOT / "README.md").read_text("utf-8")
    environment = {**os.environ, "COLUMNS": "100"}
    done = subprocess.run(
        [sys.executable, ROOT / "examples/look.py", tables], capture_output=True, text=True, check=True, env=environment
    )
    # What stands under the partition of the day of the run, and the directory's name, change; the rest must not.
    today = dt.datetime.now(dt.UTC).date().isoformat()
    shown = [line.rstrip() for line in done.stdout.splitlines()[3:] if line.strip()]
    missing = [line for line in shown if line not in readme and today not in line]
    assert missing == []
    assert "14 read = 11 articles + 1 duplicates + 0 held + 2 rejects + 0 unchanged" in readme
