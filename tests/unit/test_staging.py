import dataclasses
import datetime as dt

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from articles import Reject
from sinks.merge import ROUTES, plan_merge, write_merge
from sinks.rows import STAGED_ARTICLES
from sinks.schema import ARTICLES, DUPLICATES, REJECTS
from sinks.staging import ROW_GROUP_ROWS, StagingWriter, read_staged, staged_rows, take_staged

TODAY = dt.date(2026, 3, 6)


def numbered(article, number):
    day = article.published_at - dt.timedelta(days=number % 3)
    return dataclasses.replace(article, article_id=f"{number:032x}", revision=f"{number:032x}", published_at=day)


def stage(folder, records, **options):
    writer = StagingWriter(folder, **options)
    return [file for record in records for file in writer.add(record, TODAY)] + list(writer.flush(TODAY))


def reject(number):
    return Reject(
        source_uri="a.zip!/b.xml",
        source_format=None,
        item_index=number,
        stage="parse",
        reason="malformed",
        message="no end",
        payload=b"<a",
        payload_sha256="33" * 32,
    )


def test_every_record_is_staged_once_and_counted_by_the_file_it_came_in(tmp_path, full_article):
    records = [*(numbered(full_article, number) for number in range(1300)), *(reject(number) for number in range(3))]
    files = stage(tmp_path, records, rows_per_file=ROW_GROUP_ROWS)
    assert [(file.kind, file.rows) for file in files] == [
        ("articles", 512),
        ("articles", 512),
        ("articles", 276),
        ("rejects", 3),
    ]
    assert staged_rows(tmp_path) == {"articles": 1300, "rejects": 3}
    assert files[-1].sources == {"a.zip": 3}
    ids = [row for file in files[:-1] for row in read_staged(file, ["article_id"])["article_id"].to_pylist()]
    assert sorted(ids) == [f"{number:032x}" for number in range(1300)]


def test_rows_are_taken_by_their_place(tmp_path, full_article):
    (file,) = stage(tmp_path, [numbered(full_article, number) for number in range(1300)])
    whole = pq.read_table(file.path, partitioning=None)
    places = pa.array([0, 511, 512, 1299])
    assert take_staged(file.path, places).equals(whole.take(places).cast(STAGED_ARTICLES))


@pytest.fixture
def routed(tmp_path, full_article):
    """Forty articles and two rejects, staged, with their routes: every fourth article is a duplicate."""
    files = stage(tmp_path / "rows", [*(numbered(full_article, number) for number in range(40)), reject(0), reject(1)])
    routes = []
    for index, file in enumerate(files):
        rows = pq.read_table(file.path, partitioning=None).to_pylist()
        for place, row in enumerate(rows):
            key = bytes.fromhex(row.get("article_id") or f"{place:032x}")
            duplicate = file.kind == "articles" and key[-1] % 4 == 0
            routes.append(
                {
                    "file": index,
                    "row": place,
                    "table": "duplicates" if duplicate else file.kind,
                    "date": row["date"],
                    "key": key,
                    "revision": key,
                    "canonical": bytes(16) if duplicate else key,
                    "story": bytes(16),
                    "version": 7,
                    "kind": "near",
                    "similarity": 0.875,
                    "payload_sha256": row["payload_sha256"],
                    "source_uri": row["source_uri"],
                    "item_index": row.get("item_index", 0),
                    "size": row["size"],
                }
            )
    return pa.Table.from_pylist(routes, schema=ROUTES), [file.path for file in files]


def write(tasks, folder):
    return sorted((file for task in tasks for file in write_merge(task, folder)), key=lambda file: file.path)


def test_rows_reach_the_files_of_their_tables_and_days(tmp_path, routed):
    routes, staged = routed
    files = write(plan_merge(routes, staged, tmp_path / "routes", newsbeam_version="1"), tmp_path)
    found = {}
    for file in files:
        table = pq.read_table(tmp_path / file.path, partitioning=None)
        assert len(table) == file.rows
        expected = {"articles": ARTICLES, "duplicates": DUPLICATES, "rejects": REJECTS}[file.table]
        assert table.schema.equals(expected)
        assert [field.metadata for field in table.schema] == [field.metadata for field in expected]
        found.setdefault(file.table, []).extend(table.to_pylist())
    assert {table: len(rows) for table, rows in found.items()} == {"articles": 30, "duplicates": 10, "rejects": 2}
    assert all(row["version"] == 7 and row["story_id"] == "00" * 16 for row in found["articles"])
    assert all(row["duplicate_of"] == "00" * 16 for row in found["duplicates"])
    assert all((row["duplicate_kind"], row["similarity"]) == ("near", 0.875) for row in found["duplicates"])
    assert all(int(row["article_id"], 16) % 4 == 0 for row in found["duplicates"])


def test_tasks_and_files_are_cut_by_size_and_hold_the_same_rows(tmp_path, routed):
    routes, staged = routed
    whole = write(plan_merge(routes, staged, tmp_path / "r1", newsbeam_version="1"), tmp_path / "whole")
    tasks = plan_merge(routes, staged, tmp_path / "r2", newsbeam_version="1", bytes_per_file=10_000)
    parts = write(tasks, tmp_path / "parts")
    assert len(tasks) > 3
    assert len(parts) > len(whole)

    def rows(files, folder):
        return [row for file in files for row in pq.read_table(folder / file.path, partitioning=None).to_pylist()]

    assert rows(parts, tmp_path / "parts") == rows(whole, tmp_path / "whole")


def test_names_follow_from_rows_and_code_not_from_the_order_of_the_routes(tmp_path, routed):
    routes, staged = routed
    backwards = routes.take(list(range(len(routes)))[::-1])

    def names(routes, version):
        tasks = plan_merge(routes, staged, tmp_path / "routes", newsbeam_version=version)
        return [output.path for task in tasks for output in task.outputs]

    assert names(routes, "1") == names(backwards, "1")
    assert set(names(routes, "1")).isdisjoint(names(routes, "2"))
