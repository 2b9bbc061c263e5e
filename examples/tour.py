"""From wires to first queries, in ten steps: `python examples/tour.py [DIR]`.

It needs newsbeam and, for the queries, `pip install duckdb pandas polars`. An inbox and tables are made in DIR
(default: tour), which must not be there yet. Each step prints the command or query and what came of it. The file is
divided by `# %%`, so that editors that know notebooks run it step by step.
"""

# %% Where things are.
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

try:
    import duckdb
    import pandas as pd
    import polars as pl
except ImportError as error:
    sys.exit(f"{error}: pip install duckdb pandas polars")

WIRES = Path(__file__).resolve().parent / "wires"
FOLDER = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("tour")
BESIDE = Path(sys.executable).with_name("newsbeam")
NEWSBEAM = BESIDE if BESIDE.exists() else shutil.which("newsbeam") or sys.exit("newsbeam is not installed")

if FOLDER.exists():
    sys.exit(f"{FOLDER} is there already: name another directory, or remove it")
shutil.copytree(WIRES, FOLDER / "inbox")
os.chdir(FOLDER)


def step(title: str) -> None:
    """Print a heading."""
    print(f"\n## {title}\n", flush=True)


def newsbeam(*arguments: str) -> None:
    """Run a command as one would in a shell."""
    print("$ newsbeam", *arguments, flush=True)
    done = subprocess.run([NEWSBEAM, *arguments], check=False)  # noqa: S603  # our own command
    if done.returncode:
        print(f"(exit status {done.returncode})", flush=True)


def query(sql: str) -> None:
    """Ask DuckDB, print the question and the answer."""
    print(sql.strip(), flush=True)
    print(duckdb.sql(sql), flush=True)


# %% Feeds, JSON lines and plain text go in. One file is broken, one line is empty: both are counted.
step("1. Ingest a folder")
newsbeam("ingest", "inbox", "--output", "tables", "--max-reject-rate", "0.2")

# %% A scheduled run finds most of its input unchanged.
step("2. The same again adds nothing")
newsbeam("ingest", "inbox", "--output", "tables")

# %% Parquet, partitioned by day: any engine reads it.
step("3. What is there, by language and format (DuckDB)")
query("""
SELECT language, source_format, count(*) AS articles, sum(word_count) AS words
FROM read_parquet('tables/articles/**/*.parquet', hive_partitioning = true)
GROUP BY ALL ORDER BY articles DESC, language, source_format
""")

# %% Tags point into the text: code points, half open, so substr() and Python slices find the words.
step("4. What machine translation left behind, and where it stands")
query("""
SELECT artifact.kind, substr(body, artifact.start + 1, artifact."end" - artifact.start) AS stands_there,
    artifact.suggestion
FROM read_parquet('tables/articles/**/*.parquet'), unnest(artifacts) AS t(artifact)
WHERE artifact.field = 'body' AND artifact.suggestion IS NOT NULL AND artifact.suggestion != ''
ORDER BY artifact.start
""")

# %% Credits are lists of structs; pandas takes them as lists of dicts.
step("5. Who edited what (pandas)")
articles = pd.read_parquet("tables/articles", columns=["title", "credits"])
credits_ = articles.explode("credits").dropna(subset=["credits"])
people = pd.json_normalize(credits_["credits"].tolist())[["role", "name", "code"]]
print(people[people["role"] == "editor"].to_string(index=False), flush=True)

# %% polars reads only the partitions and columns that a query needs.
step("6. One day's articles by publisher (polars)")
day = pl.scan_parquet("tables/articles/**/*.parquet", hive_partitioning=True).filter(
    pl.col("date") == pl.date(2026, 3, 5)
)
print(day.group_by("publisher").agg(pl.len(), pl.col("title").first()).sort("publisher").collect(), flush=True)

# %% The same wire from two publishers is one article and a duplicate that remembers its own publisher.
step("7. Duplicates")
query("""
SELECT d.title AS duplicate, d.publisher, a.title AS of_article, a.publisher AS of_publisher
FROM read_parquet('tables/duplicates/**/*.parquet') AS d
JOIN read_parquet('tables/articles/**/*.parquet') AS a ON a.article_id = d.duplicate_of
""")

# %% What could not be read is a row too, with the reason and the bytes.
step("8. Rejects")
query("""
SELECT parse_filename(source_uri) AS file, item_index AS item, reason, message
FROM read_parquet('tables/rejects/**/*.parquet') ORDER BY file
""")

# %% A publisher corrects a story: the next version stands beside the first.
step("9. A correction arrives")
council = Path("inbox/council.json")
feed = json.loads(council.read_text("utf-8"))
feed["items"][1]["content_text"] += " The mayor will read the first story."
council.write_text(json.dumps(feed), "utf-8")
newsbeam("ingest", "inbox/council.json", "--output", "tables")
query("""
SELECT article_id[:8] AS id, version, word_count, title
FROM read_parquet('tables/articles/**/*.parquet')
WHERE article_id IN (SELECT article_id FROM read_parquet('tables/articles/**/*.parquet') WHERE version > 1)
ORDER BY id, version
""")

# %% Every item of every run is accounted for, and every file is as it was written.
step("10. Does it all add up?")
newsbeam("verify", "tables")
print(f"\nThe tables are in {FOLDER}/tables. `newsbeam show {FOLDER}/tables` tells what is in them.")
