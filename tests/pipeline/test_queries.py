"""docs/queries.sql, on tables that runs have made."""

import datetime as dt
import json
import re
import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines.cli import main
from pipelines.ingest import ingest
from pipelines.options import IngestOptions
from pipelines.progress import Reporter
from sinks.manifest import live_files, manifests
from sinks.schema import TABLES

DOCS = Path(__file__).parents[2] / "docs"
NOW = dt.datetime(2026, 3, 5, 18, tzinfo=dt.UTC)
HARBOUR = "PORT VERRIN, March 5 (Island News) - The harbour office said on Thursday that {} ships with grain had left \
for the outer islands, and that more would follow before the autumn storms close the northern passage."
COUNCIL = (
    "SANT ORRELL, March 5 - The council voted late on Thursday to buy the old rope works and to turn its long hall \
into a market, after a debate that went on for nine hours and ended with one vote between the sides."
)
BRIDGE = (
    "The bridge over the Mere is closed to lorries from Monday, the county engineer wrote to hauliers, because two \
of its bearings have moved further in this winter than in the ten years before it."
)


def item(name, hour, text, headline=None, **fields):
    return {
        "uri": f"urn:wire:{name}",
        "type": "text",
        "versioncreated": f"2026-03-05T{hour:02d}:00:00Z",
        "headline": headline or f"News of {name}",
        "body_text": text,
        "source": "Island News",
        **fields,
    }


FIRST = [
    item("harbour", 8, HARBOUR.format("three"), "Grain ships leave Verrin"),
    item("council", 9, COUNCIL),
    item("secret", 9, "A text under embargo that nobody may read before noon of the next day, said the office."),
    item("doubtful", 9, "A text that its sender has doubts about, and asks everybody not to print for the time being."),
    item("bridge", 9, BRIDGE),
]
FIRST[2]["embargoed"] = "2126-03-06T12:00:00Z"
SECOND = [
    item("harbour", 10, HARBOUR.format("seven"), "Grain ships leave Verrin, more to come"),
    item("post/1", 11, COUNCIL, source="Harbour Post", uri="https://post.example/1"),
    item("gazette/1", 12, COUNCIL, source="The Gazette", uri="https://gazette.example/1"),
    item("doubtful", 11, FIRST[3]["body_text"], pubstatus="withheld"),
    item("bridge", 13, BRIDGE, pubstatus="canceled"),
]


def run(output, folder, *items):
    folder.mkdir(parents=True)
    for number, wire in enumerate(items):
        (folder / f"{number}.json").write_text(json.dumps(wire) if isinstance(wire, dict) else wire)
    options = IngestOptions(inputs=(str(folder),), output=output, max_reject_rate=1)
    return ingest(options, Reporter(quiet=True), NOW).manifest


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    output = tmp_path_factory.mktemp("once") / "tables"
    run(output, output.parent / "1", *FIRST)
    return output


@pytest.fixture(scope="module")
def twice(once, tmp_path_factory):
    output = shutil.copytree(once, tmp_path_factory.mktemp("twice") / "tables")
    run(output, output.parent / "2", *SECOND, '{"uri": "urn:wire:broken", "type": "text"')
    return output


def views(output):
    connection = duckdb.connect()
    connection.execute("SET VARIABLE newsbeam = ?", [str(output)])
    connection.execute((DOCS / "queries.sql").read_text("utf-8"))
    return connection


def titles(connection):
    return sorted(title for (title,) in connection.sql("SELECT title FROM latest_articles").fetchall())


def test_newest_versions_without_what_is_killed_withheld_or_under_embargo(twice):
    assert titles(views(twice)) == ["Grain ships leave Verrin, more to come", "News of council"]


def test_columns_are_those_of_the_contract(twice):
    columns = views(twice).sql("FROM latest_articles").columns
    assert columns == [*TABLES["articles"].names, "date"]


def test_view_made_before_a_run_sees_what_the_run_adds(once, tmp_path):
    output = shutil.copytree(once, tmp_path / "tables")
    connection = views(output)
    assert titles(connection) == ["Grain ships leave Verrin", "News of bridge", "News of council", "News of doubtful"]
    run(output, tmp_path / "2", *SECOND)
    assert titles(connection) == ["Grain ships leave Verrin, more to come", "News of council"]
    (kinds,) = connection.sql("SELECT list(kind) FROM runs").fetchall()[0]
    assert kinds == ["ingest", "ingest"]


def test_story_has_its_newest_text_its_versions_and_its_copies(twice):
    columns = "title, versions, copies, publishers, urls, epoch(last_at - first_at) / 3600"
    found = {row[0]: row[1:] for row in views(twice).sql(f"SELECT {columns} FROM stories").fetchall()}
    assert found == {
        "Grain ships leave Verrin, more to come": (2, 0, ["Island News"], None, 2),
        "News of council": (
            1,
            2,
            ["Harbour Post", "Island News", "The Gazette"],
            ["https://gazette.example/1", "https://post.example/1"],
            3,
        ),
    }


def test_syndication_says_who_copies_whom(twice):
    found = views(twice).sql("SELECT original, copied_by, copies, near, epoch(usual_delay) FROM syndication").fetchall()
    assert sorted(found) == [
        ("Island News", "Harbour Post", 1, 0, 2 * 3600),
        ("Island News", "The Gazette", 1, 0, 3 * 3600),
    ]


def test_publishers_that_stopped_are_silent(twice):
    found = views(twice).sql("SELECT publisher, is_silent FROM publishers ORDER BY stories DESC").fetchall()
    assert ("Island News", True) in found


def test_rejections_and_runs_are_those_of_the_tables(twice):
    connection = views(twice)
    assert connection.sql("SELECT reason, items FROM rejections").fetchall() == [("bad-json", 1)]
    read = connection.sql('SELECT "read", articles, duplicates, held, rejects, unchanged FROM runs').fetchall()
    assert read == [tuple(manifest.totals.values()) for manifest in manifests(twice)]


def test_live_files_are_those_of_the_manifests(twice, tmp_path):
    output = shutil.copytree(twice, tmp_path / "tables")
    assert main(["compact", str(output), "--quiet"]) == 0
    found = views(output).sql("SELECT path FROM live_files").fetchall()
    assert {path for (path,) in found} == set(live_files(manifests(output)))


def answers(output):
    connection = views(output)
    return {
        view: sorted(map(repr, connection.sql(f"SELECT {columns} FROM {view}").fetchall()))
        for view, columns in {
            "latest_articles": "article_id, version, title",
            "stories": "story_id, title, versions, copies, publishers, urls",
            "syndication": "original, copied_by, copies",
            "publishers": "publisher, stories",
            "rejections": "reason, items",
        }.items()
    }


def test_rows_that_stand_in_two_files_for_a_moment_count_once(twice, tmp_path):
    output = shutil.copytree(twice, tmp_path / "tables")
    for path in [*output.glob("*/date=*/*.parquet")]:
        shutil.copy(path, path.with_name(f"moved-{path.name}"))
    assert answers(output) == answers(twice)


def test_compaction_changes_no_answer(twice, tmp_path):
    output = shutil.copytree(twice, tmp_path / "tables")
    before = answers(output)
    assert main(["compact", str(output), "--quiet"]) == 0
    assert main(["verify", str(output)]) == 0
    after = answers(output)
    assert {view: after[view] for view in ("latest_articles", "stories", "syndication", "rejections")} == {
        view: before[view] for view in ("latest_articles", "stories", "syndication", "rejections")
    }


def test_killed_text_is_gone_once_it_is_compacted_and_stays_killed(twice, tmp_path):
    output = shutil.copytree(twice, tmp_path / "tables")
    run(output, tmp_path / "copy", item("post/2", 14, BRIDGE, source="Harbour Post"))
    assert main(["compact", str(output), "--quiet"]) == 0
    manifest = run(output, tmp_path / "again", FIRST[4], item("gazette/2", 15, BRIDGE, source="The Gazette"))
    assert (manifest.totals["unchanged"], manifest.totals["duplicates"]) == (1, 1)
    assert main(["verify", str(output)]) == 0
    retold = BRIDGE.replace("before it.", "before this.")
    manifest = run(output, tmp_path / "near", item("post/3", 15, retold, source="Harbour Post"))
    assert manifest.duplicates["near"] == 1, "what took its place is compared with later texts"
    connection = views(output)
    bridge = connection.sql("SELECT publisher, title FROM texts WHERE body LIKE 'The bridge%' ORDER BY ALL").fetchall()
    assert bridge == [
        ("Harbour Post", "News of post/2"),
        ("Harbour Post", "News of post/3"),
        ("The Gazette", "News of gazette/2"),
    ]
    assert "News of post/2" in titles(connection)


def test_queries_of_the_page_on_operating_run(twice):
    connection = views(twice)
    blocks = re.findall(r"```sql\n(.*?)```", (DOCS / "operating.md").read_text("utf-8"), re.DOTALL)
    assert len(blocks) == 3
    for block in blocks:
        connection.execute(block)
    (count,) = connection.execute(blocks[1]).fetchall()[0]
    assert count == 6
