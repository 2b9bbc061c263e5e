"""Print the articles of newsbeam tables, one a line: `python examples/look.py DIR`."""

import sys
from pathlib import Path

import pyarrow.dataset as ds
from rich.console import Console
from rich.table import Table

COLUMNS = ("article_id", "date", "language", "title", "byline", "credits", "dateline", "artifacts")


def main() -> None:
    """Read the articles with nothing but pyarrow, print them with rich."""
    tables = Path(sys.argv[1])
    articles = ds.dataset(tables / "articles", partitioning="hive").to_table(columns=list(COLUMNS))
    table = Table("id", "date", "lang", "title", "people", "artifacts", title=f"{tables}/articles")
    for row in articles.sort_by([("date", "ascending"), ("article_id", "ascending")]).to_pylist():
        people = [*row["byline"], *(f"{credit['role']} {credit['name']}" for credit in row["credits"])]
        kinds = sorted({artifact["kind"] for artifact in row["artifacts"]})
        table.add_row(
            row["article_id"][:8], row["date"], row["language"], row["title"], ", ".join(people), ", ".join(kinds)
        )
    Console().print(table)


if __name__ == "__main__":
    main()
