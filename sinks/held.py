"""Held rows whose time has come: moved to their tables by the first run after their embargo ends."""

import datetime as dt
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sinks.rows import STAGED_ARTICLES
from sinks.schema import ARTICLES
from sinks.staging import ROW_GROUP_ROWS, StagedFile, container


def stage_due(output: Path, history: pa.Table, now: dt.datetime, folder: Path) -> tuple[list[StagedFile], list[str]]:
    """Stage anew every held file that has a row due: the staged files, and the paths they replace.

    Rows of such a file that are not due are staged too, to be written to `held` again. `history` has
    the columns key, version, revision and table of all rows committed.
    """
    held = history.filter(pc.equal(history["table"], "held"))
    known = {(row["key"], row["version"]): row["revision"].hex() for row in held.to_pylist()}
    related = history.filter(pc.is_in(history["key"], value_set=held["key"].combine_chunks()))
    newest: dict[bytes, int] = {}
    for row in related.select(["key", "version"]).to_pylist():
        newest[row["key"]] = max(row["version"], newest.get(row["key"], 0))
    staged, replaced = [], []
    for path in sorted((output / "held").glob("date=*/*.parquet")):
        columns = ["article_id", "version", "embargoed_until", "status"]
        rows = pq.read_table(path, columns=columns, partitioning=None)
        keys = [bytes.fromhex(article_id) for article_id in rows["article_id"].to_pylist()]
        current = [newest[key] == version for key, version in zip(keys, rows["version"].to_pylist(), strict=True)]
        if not pc.any(pc.and_(due(rows, now), pa.array(current, pa.bool_()))).as_py():
            continue
        rows = pq.read_table(path, schema=ARTICLES, partitioning=None)
        date = dt.date.fromisoformat(path.parent.name.removeprefix("date="))
        extra = {
            "date": [date] * len(rows),
            "revision": [known[key] for key in zip(keys, rows["version"].to_pylist(), strict=True)],
            "item_index": [0] * len(rows),
            "size": pc.utf8_length(rows["body"]),
        }
        values = [*rows.columns, *(pa.array(extra[name], STAGED_ARTICLES.field(name).type) for name in extra)]
        target = folder / path.parent.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        table = pa.table(values, schema=STAGED_ARTICLES)
        pq.write_table(table, target, row_group_size=ROW_GROUP_ROWS, write_statistics=False)
        sources = Counter(container(uri) for uri in rows["source_uri"].to_pylist())
        staged.append(StagedFile("articles", str(target), len(rows), dict(sources)))
        replaced.append(path.relative_to(output).as_posix())
    return staged, replaced


def due(rows: pa.Table, now: dt.datetime) -> pa.ChunkedArray:
    """Which rows nothing holds: neither the sender nor an embargo. A kill is never held."""
    free = pc.not_equal(rows["status"], "withheld")
    over = pc.fill_null(pc.less_equal(rows["embargoed_until"], pa.scalar(now, rows["embargoed_until"].type)), True)
    return pc.or_(pc.equal(rows["status"], "canceled"), pc.and_(free, over))
