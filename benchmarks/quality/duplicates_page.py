"""The measured tables in docs/duplicates.md, each between two marks, so that a command can write it anew."""

import datetime as dt
import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/duplicates.md"


def keep(name: str, table: str) -> None:
    """Put a table in its place on the page."""
    page = PAGE.read_text("utf-8")
    today = dt.datetime.now(dt.UTC).date()
    marks = f"<!-- measured: {name} -->", f"<!-- end: {name} -->"
    pattern = re.compile(re.escape(marks[0]) + ".*?" + re.escape(marks[1]), re.DOTALL)
    if not pattern.search(page):
        raise SystemExit(f"{PAGE} has no place for the table {name!r}")
    PAGE.write_text(pattern.sub(lambda _: f"{marks[0]}\nMeasured on {today}.\n\n{table}\n{marks[1]}", page), "utf-8")
