import pytest

from pipelines.cli import main
from pipelines.mistakes import suggest_inputs


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("ingets wires/", "ingets is no command; did you mean `newsbeam ingest`?"),
        ("wires/a.xml", "wires/a.xml is no command; to read it: `newsbeam ingest wires/a.xml --output DIR`"),
        ("help", "help is no command; did you mean `newsbeam --help`?"),
        ("xyzzy", "xyzzy is no command; commands are ingest"),
        ("ingest a --output b --chunk-siz 3", "ingest has no option --chunk-siz; did you mean --chunk-size?"),
        ("ingest a --output b --zzz=3", "ingest has no option --zzz; `newsbeam ingest --help` lists what there is"),
        ("show a b c", "c: show takes no more arguments than `newsbeam show --help` names"),
        ("--qiet", "newsbeam has no option --qiet; `newsbeam --help` lists what there is"),
        ("--vresion", "newsbeam has no option --vresion; did you mean --version?"),
        ("show --jsn a b", "show has no option --jsn; did you mean --json?"),
    ],
)
def test_mistake_is_answered_with_what_was_meant(arguments, message, capsys):
    assert main(arguments.split()) == 2
    assert capsys.readouterr().err.startswith(f"newsbeam: {message}")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("wire", "; did you mean wires?"),
        ("wires/agency.json", "; did you mean wires/agency.jsonl?"),
        ("wire.example/rss", "; did you mean https://wire.example/rss?"),
        ("none/at/all", ""),
        ("wires", ""),
        ("\0", ""),
    ],
)
def test_what_stands_beside_is_suggested_for_inputs_that_are_not_there(name, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wires").mkdir()
    (tmp_path / "wires/agency.jsonl").touch()
    assert suggest_inputs([name]) == message


def test_single_letter_is_told_the_long_name(capsys):
    assert main(["ingest", "a", "-o", "b"]) == 2
    assert "ingest has no option -o; did you mean --output?" in capsys.readouterr().err


def test_missing_config_can_be_written(capsys):
    assert main(["ingest", "--config", "none.toml"]) == 2
    assert "none.toml: no such file; `newsbeam init none.toml` writes one" in capsys.readouterr().err


def test_output_below_a_file_is_wrong_usage(tmp_path, capsys):
    (tmp_path / "file").touch()
    assert main(["ingest", str(tmp_path), "--output", str(tmp_path / "file/tables")]) == 2
    assert "file/tables can't be made: Not a directory" in capsys.readouterr().err
