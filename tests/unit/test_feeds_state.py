"""The table in the docstring of `articles.feed` is the schema of `_state/feeds`: it must not drift from the record."""

import dataclasses
import datetime as dt
import types
import typing

import orjson
import pytest

from articles import FeedState
from articles import feed as module

NOW = dt.datetime(2025, 3, 3, tzinfo=dt.UTC)
ARROW = {str: "string", dt.datetime: "timestamp", int: "int32", float: "float64", bool: "bool"}
ROWS = [
    [cell.strip() for cell in line.split("|")[1:-1]] for line in module.__doc__.splitlines() if line.startswith("| ")
]


def arrow_type(annotation: object) -> str:
    kinds = [kind for kind in typing.get_args(annotation) if kind is not types.NoneType] or [annotation]
    kind = str if typing.get_origin(kinds[0]) is typing.Literal or isinstance(kinds[0], str) else kinds[0]
    return ARROW[kind]


def test_documented_columns_are_the_fields() -> None:
    documented = [(name, kind.partition(",")[0]) for name, kind, _ in ROWS[1:]]
    assert documented == [(field.name, arrow_type(field.type)) for field in dataclasses.fields(FeedState)]


def test_nullable_numbers_are_said_to_be() -> None:
    counters = [field.name for field in dataclasses.fields(FeedState) if field.type in (int, bool)]
    assert {name for name, kind, _ in ROWS[1:] if kind in ("int32", "bool")} == set(counters)


def test_state_survives_json() -> None:
    feed = FeedState(url="https://wire.example/rss", added_at=dt.datetime(2025, 3, 3, tzinfo=dt.UTC), item_count=3)
    row = orjson.loads(orjson.dumps(feed))
    row["added_at"] = dt.datetime.fromisoformat(row["added_at"])
    assert FeedState(**row) == feed


@pytest.mark.parametrize(
    ("fields", "health"),
    [
        ({}, "new"),
        ({"last_success_at": NOW}, "ok"),
        ({"last_success_at": NOW, "alarm": "silent"}, "silent"),
        ({"consecutive_failures": 1, "alarm": "html"}, "failing"),
        ({"consecutive_failures": 10, "retired_at": NOW}, "retired"),
    ],
)
def test_health_is_the_worst_that_holds(fields: dict[str, object], health: str) -> None:
    assert FeedState(url="https://wire.example/rss", **fields).health == health


def test_state_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        FeedState(url="https://wire.example/rss").url = "x"
