"""Print the articles of newsbeam tables, one a line: `python examples/look.py DIR`."""

import sys
from collections import Counter
from pathlib import Path

import pyarrow.dataset as ds
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

COLUMNS = ("article_id", "date", "language", "title", "byline", "credits", "artifacts")


def main() -> None:
    """Read the articles with nothing but pyarrow, print them with rich."""
    tables = Path(sys.argv[1])
    articles = ds.dataset(tables / "articles", partitioning="hive").to_table(columns=list(COLUMNS))
    table = Table("id", "date", "lang", "article", title=f"{tables}/articles", box=box.SIMPLE)
    for row in articles.sort_by([("date", "ascending"), ("article_id", "ascending")]).to_pylist():
        people = [
            *row["byline"],
            *(f"{credit['role']} {credit['name']}" for credit in row["credits"] if credit["role"] != "author"),
        ]
        kinds = Counter(artifact["kind"] for artifact in row["artifacts"])
        found = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
        lines = [row["title"], f"by: {', '.join(people)}" if people else "", f"artifacts: {found}" if found else ""]
        table.add_row(row["article_id"][:8], row["date"], row["language"], Text("\n".join(filter(None, lines))))
    Console().print(table)


if __name__ == "__main__":
    main()
