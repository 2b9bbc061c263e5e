import json
from pathlib import Path

import pytest

from pipelines.cli import main

WIRES = Path(__file__).parents[2] / "examples/wires"


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    output = tmp_path_factory.mktemp("look") / "tables"
    assert (
        main(
            [
                "ingest",
                "--quiet",
                "--output",
                str(output),
                str(WIRES / "summit.txt"),
                str(WIRES / "agency.jsonl"),
                "--max-reject-rate",
                "1",
            ]
        )
        == 0
    )
    return output


def test_inspect_prints_an_article_and_writes_nothing(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["inspect", str(WIRES / "summit.txt")]) == 0
    out = capsys.readouterr().out
    assert "agency Overseas network, date March 4" in out
    assert "Wang Min (nbjs4410)" in out
    assert "repeated-title" in out
    assert list(tmp_path.iterdir()) == []


def test_inspect_tells_rejects_and_ends_with_1(capsys):
    assert main(["inspect", str(WIRES / "broken.xml")]) == 1
    assert "rejected item 0: malformed" in capsys.readouterr().out


def test_inspect_as_json_gives_the_columns_of_the_contract(capsys):
    main(["inspect", "--json", str(WIRES / "agency.jsonl")])
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["table"] for row in rows] == ["article"] * 5 + ["reject"]
    assert "markup" not in rows[0]
    assert rows[0]["dateline"]["place"] == "PORT VERRIN"


def test_show_finds_an_article_by_its_first_digits(tables, capsys):
    main(["inspect", "--json", str(WIRES / "summit.txt")])
    article_id = json.loads(capsys.readouterr().out)["article_id"]
    assert main(["show", str(tables), article_id[:10].upper()]) == 0
    out = capsys.readouterr().out
    assert article_id in out
    assert "nobody can make us give up the harbor" in " ".join(out.split())
    assert main(["show", "--json", str(tables), article_id]) == 0
    (row,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (row["table"], row["article_id"]) == ("articles", article_id)


def test_show_says_of_a_duplicate_what_it_duplicates(tables, capsys):
    main(["show", "--json", str(tables), ""])
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (duplicate,) = [row for row in rows if row["table"] == "duplicates"]
    assert main(["show", str(tables), duplicate["article_id"]]) == 0
    assert f"{duplicate['duplicate_of']} (exact)" in capsys.readouterr().out


def test_show_of_an_unknown_id_ends_with_1(tables, capsys):
    assert main(["show", str(tables), "zz"]) == 1
    assert "no article" in capsys.readouterr().err


def test_show_without_an_id_tells_what_there_is_and_how_to_look_closer(tables, capsys):
    assert main(["show", str(tables)]) == 0
    out = capsys.readouterr().out
    assert "7 read = 5 articles + 1 duplicates + 0 held + 1 rejects + 0 unchanged" in out
    assert "dropped-apostrophe" in out
    assert f"newsbeam show {tables} " in out
    shown = out.rpartition(f"newsbeam show {tables} ")[2].split()[0]
    assert main(["show", str(tables), shown]) == 0


def test_show_without_an_id_as_json_is_one_object(tables, capsys):
    assert main(["show", "--json", str(tables)]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    found = json.loads(line)
    assert found["ledger"]["read"] == 7
    assert len(found["articles"]) == 5


@pytest.mark.parametrize("rest", [[], ["ab"], ["--json"]])
def test_show_of_a_directory_without_tables_says_what_to_name(tmp_path, rest, capsys):
    assert main(["show", str(tmp_path), *rest]) == 2
    assert f"{tmp_path}: no newsbeam tables here" in capsys.readouterr().err


def test_inspect_of_a_directory_or_of_nothing_says_so(tmp_path, capsys):
    assert main(["inspect", str(tmp_path)]) == 2
    assert "is a directory" in capsys.readouterr().err
    assert main(["inspect", str(tmp_path / "none")]) == 2
    assert "no such file" in capsys.readouterr().err


def test_inspect_of_a_feed_without_entries_says_so(tmp_path, capsys):
    path = tmp_path / "feed.xml"
    path.write_text('<rss version="2.0"><channel><title>Quiet</title></channel></rss>')
    assert main(["inspect", str(path)]) == 0
    assert "feed.xml: there is no item in it" in capsys.readouterr().err
