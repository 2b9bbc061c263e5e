"""docs/data-contract.md, rendered from the schemas."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pyarrow as pa

from sinks.schema import ARTICLES, DUPLICATES, REJECTS, SCHEMA_VERSION

PAGE: Final = Path("docs/data-contract.md")

_HEAD: Final = f"""\
# The data contract, version {SCHEMA_VERSION}

<!-- Rendered from sinks/schema.py by `make docs`; edit there. -->

Every table is a folder of Parquet files below the output directory, hive-partitioned by `date`: the UTC day of
`published_at`, else of the dateline, else of ingestion (`date_source` says which). The partition is no column of the
files; readers make one of the folder's name. Changes to this contract are additive; `schema_version` counts them.

| folder | one row is |
|---|---|
| `articles/` | a version of an article, the canonical copy |
| `duplicates/` | a copy of an article that is in `articles/`, by `duplicate_of` |
| `held/` | an item withheld by its sender or under embargo; the first run after the embargo moves it |
| `rejects/` | an item that could not be read, with the reason and its bytes |
| `_state/` | newsbeam's own memory of what it has seen |
| `_commits/` | a JSON manifest a run: the files it added and removed, and its ledger |

A run's files appear one by one while it commits. Who needs all of a run or nothing reads the files that the manifests
in `_commits/` list: added by one, and removed by none. Those are all there at any instant; only when the next manifest
stands are the files that it removes deleted. Who lists the folders may see a row in its old file and its new one for a
moment, never in neither ([operating.md](operating.md#reading-while-runs-commit)). Names that begin with `_` are skipped
by DuckDB's, pandas', polars' and Spark's readers of partitioned folders.

In each run's manifest, and for each source in it: items read = articles + duplicates + held + rejects + unchanged.
`unchanged` are items committed before with the same content. `newsbeam verify` counts it all again. Rows that a later
run takes out for good are in its manifest as `dropped`, by the run and source that they came from; its `kind` says
whether it was an `ingest`, a `compact` or a `replay`.

A kill is a version with the status `canceled`: it kills the versions before it, and old ones that come after it. Read
the newest version of each `article_id` first, then look at its status, or use the views of
[queries.sql](queries.sql). `newsbeam compact` removes what is killed, and the text of the kill's own row.

Offsets are code points, half-open: `body[start:end]` in Python.
"""


def render(reasons: Mapping[str, str]) -> str:
    """The page; `reasons` are the codes of rejects and what they mean."""
    parts = [_HEAD]
    parts += ["## articles, held\n", *_columns(ARTICLES)]
    added = pa.schema([field for field in DUPLICATES if field.name not in ARTICLES.names])
    parts += ["## duplicates\n", "The columns of `articles`, and:\n", *_columns(added)]
    parts += ["## rejects\n", *_columns(REJECTS)]
    parts += ["### Reject reasons\n", "| reason | meaning |\n|---|---|"]
    parts += [f"| `{code}` | {meaning} |" for code, meaning in sorted(reasons.items())]
    return "\n".join(parts) + "\n"


def _columns(schema: pa.Schema) -> Iterator[str]:
    yield "| column | type | null | meaning |\n|---|---|---|---|"
    for field in schema:
        yield _row(field.name, field)
        kind = field.type.value_type if pa.types.is_list(field.type) else field.type
        if pa.types.is_struct(kind):
            for child in kind:
                yield _row(f"{field.name}.{child.name}", child)
    yield ""


def _row(name: str, field: pa.Field) -> str:
    null = "yes" if field.nullable else "no"
    return f"| `{name}` | {_type(field.type)} | {null} | {field.metadata[b'description'].decode()} |"


def _type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return f"list&lt;{_type(kind.value_type)}&gt;"
    return "struct" if pa.types.is_struct(kind) else str(kind)
