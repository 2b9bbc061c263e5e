"""Rows of the tables by article id."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow.compute as pc
import pyarrow.dataset as ds

from sinks.schema import TABLES

LOOKED_UP: Final = ("articles", "held", "duplicates")


def find_articles(output: Path, article_id: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each row whose id starts with `article_id`, with the name of its table, file by file."""
    for table in LOOKED_UP:
        folder = output / table
        if not folder.is_dir():
            continue
        rows = ds.dataset(folder, schema=TABLES[table], format="parquet")
        for batch in rows.to_batches(filter=pc.starts_with(pc.field("article_id"), article_id), batch_size=1024):
            for row in batch.to_pylist():
                yield table, row
