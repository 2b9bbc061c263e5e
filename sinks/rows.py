"""Records to Arrow, column by column."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Final

import pyarrow as pa

from articles import Article, Artifact, Credit, Dateline, Encoding, Reject, Rights, Sketch
from sinks.schema import ARTICLES, REJECTS, SKETCH

STAGED_ARTICLES: Final = pa.schema(
    [
        *ARTICLES,
        pa.field("date", pa.date32(), nullable=False),
        pa.field("revision", pa.string(), nullable=False),
        pa.field("item_index", pa.int32(), nullable=False),
        pa.field("size", pa.int32(), nullable=False),
        *SKETCH,
        pa.field("shingles", pa.binary()),
        pa.field("known", pa.bool_(), nullable=False),
    ]
)
"""What is staged of an article: its row, and what deciding and routing need beside it."""

STAGED_REJECTS: Final = pa.schema(
    [*REJECTS, pa.field("date", pa.date32(), nullable=False), pa.field("size", pa.int32(), nullable=False)]
)


def _converter(kind: pa.DataType) -> Callable[[Any], Any] | None:
    """How a record's value becomes what Arrow reads: nested dataclasses become tuples."""
    if pa.types.is_struct(kind):
        record = attrgetter(*[field.name for field in kind])
        return lambda value: None if value is None else record(value)
    if pa.types.is_list(kind) and pa.types.is_struct(kind.value_type):
        record = attrgetter(*[field.name for field in kind.value_type])
        return lambda values: [record(value) for value in values]
    return None


_SKETCHED: Final = [field.name for field in dataclasses.fields(Sketch)]
_CONVERTERS: Final = {field.name: _converter(field.type) for field in ARTICLES}


def _batch(records: Sequence[object], schema: pa.Schema, given: Mapping[str, Sequence[object]]) -> pa.RecordBatch:
    """One row a record; columns in `given` come from there instead of the records' fields."""
    columns = []
    for field in schema:
        values = given.get(field.name) or [getattr(record, field.name) for record in records]
        if convert := _CONVERTERS.get(field.name):
            values = [convert(value) for value in values]
        columns.append(pa.array(values, field.type))
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def article_batch(articles: Sequence[Article], dates: Sequence[dt.date]) -> pa.RecordBatch:
    """Rows of `STAGED_ARTICLES`, one an article; `dates` are their partitions."""
    sizes = [len(article.title) + len(article.summary or "") + len(article.body) for article in articles]
    sketches = {name: [article.sketch and getattr(article.sketch, name) for article in articles] for name in _SKETCHED}
    return _batch(articles, STAGED_ARTICLES, {"date": dates, "size": sizes, **sketches})


def reject_batch(rejects: Sequence[Reject], date: dt.date) -> pa.RecordBatch:
    """Rows of `STAGED_REJECTS`, one a reject; `date` is the partition of them all."""
    sizes = [len(reject.payload) for reject in rejects]
    return _batch(rejects, STAGED_REJECTS, {"date": [date] * len(rejects), "size": sizes})


def article(row: Mapping[str, Any]) -> Article:
    """The record that a row of `articles`, `duplicates` or `held` stands for (`RecordBatch.to_pylist`)."""
    values = {name: row[name] for name in ARTICLES.names}
    for name, record in (("dateline", Dateline), ("rights", Rights), ("encoding", Encoding)):
        values[name] = None if values[name] is None else record(**values[name])
    values["credits"] = tuple(Credit(**credit) for credit in values["credits"])
    values["artifacts"] = tuple(Artifact(**artifact) for artifact in values["artifacts"])
    values["byline"], values["keywords"] = tuple(values["byline"]), tuple(values["keywords"])
    return Article(**values)
