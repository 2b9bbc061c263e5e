"""`newsbeam report` and `serve` over tables in every state they can be in."""

import datetime as dt
import json
import re
import shutil
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines import report
from pipelines.cli import main
from pipelines.serve import LiveTables
from reports.serve import BadRequestError
from sinks.layout import INTENT
from sinks.search import Query, find_article, search, words
from sinks.snapshot import take_snapshot

WIRES = Path(__file__).parents[2] / "examples/wires"
NOW = dt.datetime(2026, 3, 6, tzinfo=dt.UTC)


def ingest(output, *inputs):
    assert main(["ingest", "--quiet", "--max-reject-rate", "1", "--output", str(output), *map(str, inputs)]) == 0


def ninjs(folder, name, body, **more):
    item = {
        "uri": f"urn:island:{name}",
        "type": "text",
        "language": "en",
        "versioncreated": "2026-03-05T10:00:00Z",
        "headline": f"Item {name}",
        "body_text": body,
    }
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(item | more))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Two runs: the examples and an article; a new version of it, a kill, and an item under embargo."""
    folder = tmp_path_factory.mktemp("report")
    for name in ("kept", "killed"):
        ninjs(
            folder / "first", name, f"The {name} ferry left the harbour on Thursday with grain for the outer islands."
        )
    ingest(folder / "tables", folder / "first", WIRES)
    later = {"versioncreated": "2026-03-05T12:00:00Z"}
    ninjs(
        folder / "second", "kept", "The kept ferry came back on Friday with a cargo of lamps for the old town.", **later
    )
    ninjs(folder / "second", "killed", "Withdrawn.", pubstatus="canceled", **later)
    ninjs(
        folder / "second",
        "held",
        "The budget grows by a tenth, says a paper of the council.",
        embargoed="2099-01-01T00:00:00Z",
    )
    ingest(folder / "tables", folder / "second")
    return folder / "tables"


@pytest.fixture
def tables(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "tables")


def page(tables, *arguments):
    path = tables.parent / "page.html"
    assert main(["report", str(tables), "--output", str(path), *arguments]) == 0
    content = path.read_text("utf-8")
    return json.loads(re.search(r'id="data">(.*?)</script>', content, re.DOTALL)[1]), content


def titles(data):
    return {article["title"] for article in data["articles"]}


def test_report_adds_up_with_the_manifests(tables, capsys):
    data, _ = page(tables)
    assert re.search(r"page\.html: [\d,]+ bytes, \d+ of \d+ articles in it", capsys.readouterr().out)
    assert data["ledger"]["read"] == sum(data["ledger"][name] for name in data["ledger"] if name != "read")
    assert data["totals"]["rows"] == data["ledger"]["articles"]
    assert data["totals"]["rows"] == data["totals"]["shown"] + data["totals"]["older"] + data["totals"]["killed"]
    assert (data["totals"]["killed"], data["totals"]["held"]) == (1, 1)
    assert data["totals"]["older"] == 2, "the version before the kill, and the one before the new version"
    assert sum(row[1] for row in data["breakdowns"]["language"]["rows"]) == data["totals"]["shown"]
    assert sum(reject["count"] for reject in data["rejects"]) == data["ledger"]["rejects"]
    assert data["duplicates"]["rows"] == data["ledger"]["duplicates"] == 1
    assert [run["totals"]["read"] for run in data["runs"]["rows"]] == [16, 3]
    assert len(data["articles"]) == data["totals"]["shown"]


def test_killed_and_held_texts_and_old_versions_are_not_in_the_page(tables):
    data, content = page(tables)
    assert "Item kept" in titles(data)
    assert "Item killed" not in content
    assert "Withdrawn." not in content
    assert "Item held" not in content
    assert "grain for the outer islands" not in content


def test_report_takes_no_file_that_no_manifest_names(tables):
    some = min((tables / "articles").rglob("*.parquet"))
    shutil.copy(some, some.with_name("part-00009-stray.parquet"))
    data, _ = page(tables)
    assert data["totals"]["rows"] == data["ledger"]["articles"]
    assert data["notices"] == []


def test_compaction_is_told_and_not_taken_for_a_run(tables):
    before, _ = page(tables)
    assert main(["compact", str(tables), "--quiet"]) == 0
    after, _ = page(tables)
    assert [run["kind"] for run in after["runs"]["rows"]] == ["ingest", "ingest", "compact"]
    assert after["runs"]["rows"][-1]["unusual"] == []
    assert after["dropped"] == before["totals"]["rows"] - after["totals"]["rows"] == 1, "the text that was killed"
    assert after["totals"]["shown"] == before["totals"]["shown"]
    assert titles(after) == titles(before)


def test_number_and_size_are_kept_to(tables, capsys):
    assert len(page(tables, "--articles", "2")[0]["articles"]) == 2
    assert page(tables, "--articles", "0")[0]["articles"] == []
    assert main(["report", str(tables), "--output", str(tables / "x.html"), "--max-bytes", "1000"]) == 2
    assert "--max-bytes: the page needs" in capsys.readouterr().err
    assert not (tables / "x.html").exists()


def test_nothing_committed_yet_makes_a_page_that_says_so(tmp_path):
    (tmp_path / "tables/_staging/run").mkdir(parents=True)
    data, _ = page(tmp_path / "tables")
    assert data["notices"] == ["Nothing was committed yet."]


def test_empty_tables_make_a_page(tmp_path):
    (tmp_path / "wires").mkdir()
    ingest(tmp_path / "tables", tmp_path / "wires")
    data, _ = page(tmp_path / "tables")
    assert data["runs"]["all"] == 1
    assert data["ledger"]["read"] == 0


def test_half_done_commit_is_told_and_its_rows_not_shown(tables):
    gone = min((tables / "articles").rglob("*.parquet"))
    rows = pq.read_metadata(gone).num_rows
    gone.unlink()
    (tables / "_staging/run").mkdir(parents=True)
    (tables / "_staging/run" / INTENT).write_text("{}")
    data, _ = page(tables)
    assert len(data["notices"]) == 2
    assert "not finished it" in data["notices"][0]
    assert "1 committed files are not there" in data["notices"][1]
    assert data["totals"]["rows"] == data["ledger"]["articles"] - rows


def test_page_that_can_not_be_written_is_told(tables, capsys):
    (tables.parent / "taken").mkdir()
    assert main(["report", str(tables), "--output", str(tables.parent / "taken")]) == 1
    assert "could not be written" in capsys.readouterr().err


def test_damaged_file_is_told_with_what_to_do(tables, capsys):
    some = min((tables / "articles").rglob("*.parquet"))
    some.write_bytes(b"PAR1 not at all")
    assert main(["report", str(tables), "--output", str(tables / "x.html")]) == 1
    assert "newsbeam verify" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["report", "serve"])
def test_folder_without_tables_is_wrong_usage(verb, tmp_path, capsys):
    assert main([verb, str(tmp_path)]) == 2
    assert "no newsbeam tables here" in capsys.readouterr().err


def test_files_that_go_while_they_are_read_are_read_anew():
    calls = []

    def build():
        calls.append(1)
        if len(calls) < 3:
            raise FileNotFoundError
        return "built"

    assert report.while_tables_move(build) == "built"
    calls.clear()

    def never():
        calls.append(1)
        raise FileNotFoundError

    with pytest.raises(FileNotFoundError):
        report.while_tables_move(never)
    assert len(calls) == 3


def look(tables):
    snapshot = take_snapshot(tables)
    return snapshot, report.read_standing(snapshot).shown


def found(tables, text="", limit=50, cursor="", seconds=10.0, **values):
    kind = values.pop("kind", None)
    return search(*look(tables), Query(words(text), values, kind), limit, cursor, seconds)


def test_search_finds_words_whatever_their_case_and_no_text_that_is_not_shown(tables):
    assert [row["title"] for row in found(tables, "LAMPS kept").rows] == ["Item kept"]
    for text in ("grain", "Withdrawn", "budget tenth", "lamps nowhere"):
        assert found(tables, text).rows == []
    assert found(tables, "100%_.*").rows == []
    assert {row["language"] for row in found(tables, language="de").rows} == {"de"}
    tagged = found(tables, kind="dropped-apostrophe").rows
    assert tagged
    assert all("dropped-apostrophe" in {a["kind"] for a in row["artifacts"]} for row in tagged)


def test_pages_of_a_search_follow_each_other_newest_first(tables):
    whole = [row["article_id"] for row in found(tables).rows]
    data, _ = page(tables)
    assert len(whole) == len(set(whole)) == data["totals"]["shown"]
    dates = [row["date"] for row in found(tables).rows]
    assert dates == sorted(dates, reverse=True)
    paged, cursor = [], ""
    while cursor is not None:
        part = found(tables, limit=2, cursor=cursor)
        assert len(part.rows) <= 2
        paged += [row["article_id"] for row in part.rows]
        cursor = part.cursor
    assert paged == whole


def test_search_stops_when_its_time_is_up_and_goes_on_from_there(tables):
    first = found(tables, seconds=-1)
    assert (first.rows, first.searched_to is None) == ([], False)
    assert len(found(tables, cursor=first.cursor).rows) == len(found(tables).rows)


def test_article_is_found_by_its_id_if_it_may_be_shown(tables):
    shown = {row["article_id"] for row in found(tables).rows}
    every = {
        (row["article_id"], row["title"])
        for file in take_snapshot(tables).table("articles")
        for row in pq.read_table(tables / file.path, columns=["article_id", "title"], partitioning=None).to_pylist()
    }
    for article_id, title in every:
        row = find_article(*look(tables), article_id)
        assert (row is not None) == (article_id in shown), title
    (kept,) = [article_id for article_id, title in every if title == "Item kept"]
    assert find_article(*look(tables), kept)[1]["version"] == 2


def test_live_tables_see_a_new_commit_at_once(tables, tmp_path):
    live = LiveTables(tables)
    before = json.loads(live.data())
    assert live.search({"q": "brightness"})["rows"] == []
    (tmp_path / "late.txt").write_text(
        "Late ferry arrives\n\nThe late ferry came in with lamps of unusual brightness.\n"
    )
    ingest(tables, tmp_path / "late.txt")
    (row,) = live.search({"q": "brightness"})["rows"]
    assert live.article(row["id"])["title"] == "Late ferry arrives"
    after = json.loads(live.data())
    assert (before["sequence"], after["sequence"]) == (2, 3)
    assert after["totals"]["shown"] == before["totals"]["shown"] + 1


@pytest.mark.parametrize("parameters", [{"cursor": "../../etc:1"}, {"where": "1"}, {"q": "x" * 500}, {"cursor": "a:b"}])
def test_searches_that_can_not_be_are_refused(tables, parameters):
    with pytest.raises(BadRequestError):
        LiveTables(tables).search(parameters)


def test_server_answers_many_at_once_and_ends_when_told(tables):
    command = [sys.executable, "-m", "pipelines.cli", "serve", str(tables), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        address = process.stdout.readline().split(" at ")[1].split()[0]
        answers = []

        def ask(path):
            with urllib.request.urlopen(address + path) as answer:
                answers.append((path, answer.status, answer.headers["Server"]))

        threads = [threading.Thread(target=ask, args=(path,)) for path in ["data.json", "search?q=ferry", ""] * 6]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [status for _, status, _ in answers] == [200] * 18
        assert {server for _, _, server in answers} == {None}
        request = urllib.request.Request(address + "data.json", headers={"Host": "evil.example"})
        with pytest.raises(urllib.error.HTTPError, match="421"):
            urllib.request.urlopen(request)
        process.terminate()
        try:
            assert process.wait(timeout=60) == 0
        finally:
            process.kill()
        assert "Traceback" not in process.stderr.read()
