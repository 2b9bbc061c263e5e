"""Rows of the tables by article id."""

from collections.abc import Iterator
from typing import Any, Final

import pyarrow.compute as pc

from sinks.snapshot import Snapshot

LOOKED_UP: Final = ("articles", "held", "duplicates")


def find_articles(snapshot: Snapshot, article_id: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each row whose id starts with `article_id`, with the name of its table, the newest partition first."""
    for table in LOOKED_UP:
        for file in snapshot.table(table):
            wanted: list[int] = []
            first = 0
            for batch in snapshot.batches(file, ["article_id"]):
                found = pc.indices_nonzero(pc.starts_with(batch["article_id"], article_id))
                wanted += [first + row for row in found.to_pylist()]
                first += batch.num_rows
            yield from ((table, row) for _, row in snapshot.rows(file, wanted))
