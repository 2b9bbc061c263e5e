import datetime as dt
import hashlib

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from transforms.duplicates.decide import decide
from transforms.duplicates.tables import HISTORY, ITEMS

DIGESTS = st.integers(0, 5).map(lambda number: bytes([number]) * 16)
TIMES = st.none() | st.integers(0, 3).map(lambda hour: dt.datetime(2026, 3, 5, hour, tzinfo=dt.UTC))


def item(key, content, extra, table, published, updated, index):
    """An item whose revision covers all that the source gave, as fingerprints have it."""
    said = (key, content, extra, table)
    return {
        "key": hashlib.md5(f"{table == 'rejects'}{key}".encode()).digest(),
        "revision": hashlib.md5(repr(said).encode()).digest(),
        "content_hash": content,
        "table": table,
        "published_at": published,
        "updated_at": updated,
        "payload_sha256": str(index % 3),
        "source_uri": "wires.jsonl",
        "item_index": index,
        "version": None,
        "date": (published.date() if published else dt.date(2026, 3, 5)),
    }


items = st.builds(
    item,
    st.integers(0, 5),
    DIGESTS,
    st.booleans(),
    st.sampled_from(["articles", "articles", "held", "rejects"]),
    TIMES,
    TIMES,
    st.integers(0, 10_000),
)


def rows(table):
    return table.to_pylist()


@given(st.lists(items, max_size=12, unique_by=lambda item: item["item_index"]), st.randoms())
def test_order_of_items_never_matters(batch, random):
    plain = rows(decide(pa.Table.from_pylist(batch, schema=ITEMS), []).decisions)
    order = list(range(len(batch)))
    random.shuffle(order)
    shuffled = rows(decide(pa.Table.from_pylist([batch[i] for i in order], schema=ITEMS), []).decisions)
    assert shuffled == [plain[i] for i in order]


@given(st.lists(items, max_size=12, unique_by=lambda item: item["item_index"]))
def test_what_was_committed_is_unchanged_and_duplicates_point_at_articles(batch):
    table = pa.Table.from_pylist(batch, schema=ITEMS)
    decisions = rows(decide(table, []).decisions)
    history = [
        {**{name: item[name] for name in ("key", "revision", "content_hash", "date")}, **decision}
        for item, decision in zip(batch, decisions, strict=True)
    ]
    again = rows(decide(table, [pa.Table.from_pylist(history, schema=HISTORY)]).decisions)
    assert {decision["table"] for decision in again} <= {"unchanged"}
    articles = {item["key"] for item, decision in zip(batch, decisions, strict=True) if decision["table"] == "articles"}
    assert {decision["canonical"] for decision in decisions if decision["table"] == "duplicates"} <= articles
