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


def stage_due(output: Path, revisions: pa.Table, now: dt.datetime, folder: Path) -> tuple[list[StagedFile], list[str]]:
    """Stage anew every held file that has a row due: the staged files, and the paths they replace.

    Rows of such a file that are not due are staged too, to be written to `held` again. `revisions` has
    the columns key, version and revision of held rows, as signatures have them.
    """
    known = {
        (key, version): revision.hex()
        for key, version, revision in zip(
            revisions["key"].to_pylist(),
            revisions["version"].to_pylist(),
            revisions["revision"].to_pylist(),
            strict=True,
        )
    }
    staged, replaced = [], []
    for path in sorted((output / "held").glob("date=*/*.parquet")):
        times = pq.read_table(path, columns=["embargoed_until", "status"], partitioning=None)
        if not pc.any(due(times, now)).as_py():
            continue
        rows = pq.read_table(path, schema=ARTICLES, partitioning=None)
        date = dt.date.fromisoformat(path.parent.name.removeprefix("date="))
        keys = [bytes.fromhex(article_id) for article_id in rows["article_id"].to_pylist()]
        extra = {
            "date": [date] * len(rows),
            "revision": [known[key] for key in zip(keys, rows["version"].to_pylist(), strict=True)],
            "item_index": [0] * len(rows),
            "size": pc.utf8_length(rows["body"]),
        }
        columns = [*rows.columns, *(pa.array(extra[name], STAGED_ARTICLES.field(name).type) for name in extra)]
        target = folder / path.name
        folder.mkdir(parents=True, exist_ok=True)
        table = pa.table(columns, schema=STAGED_ARTICLES)
        pq.write_table(table, target, row_group_size=ROW_GROUP_ROWS, write_statistics=False)
        sources = Counter(container(uri) for uri in rows["source_uri"].to_pylist())
        staged.append(StagedFile("articles", str(target), len(rows), dict(sources)))
        replaced.append(path.relative_to(output).as_posix())
    return staged, replaced


def due(rows: pa.Table, now: dt.datetime) -> pa.ChunkedArray:
    """Which rows nothing holds any more: neither the sender nor an embargo."""
    free = pc.not_equal(rows["status"], "withheld")
    over = pc.fill_null(pc.less_equal(rows["embargoed_until"], pa.scalar(now, rows["embargoed_until"].type)), True)
    return pc.and_(free, over)
