import re
from pathlib import Path

import pytest

from pipelines.cli import main
from pipelines.init import default, render
from pipelines.options import IngestOptions, UsageError


def test_file_loads_as_it_is_and_has_every_default(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 0
    assert "newsbeam ingest --config newsbeam.toml" in capsys.readouterr().out
    options = IngestOptions.combine({}, Path("newsbeam.toml"), ())
    assert options == IngestOptions(inputs=("wires",), output=Path("tables"))


def test_every_option_is_there_and_can_be_taken_out_of_its_comment(tmp_path):
    text = render([], None, tmp_path)
    for name, field in IngestOptions.settable().items():
        assert f"\n# {name} = " in text
        if field.default is not None:
            assert field.metadata["parse"](default(field)) == field.default, name
    path = tmp_path / "all.toml"
    path.write_text(re.sub(r"^# (?=\[?[a-z_]+\]?(?: =|$))", "", text, flags=re.MULTILINE), "utf-8")
    options = IngestOptions.combine({}, path, ())
    assert options.beam == ("--job_name=wires",)
    assert options.chunk_size == 64 << 20
    assert options.run_id == "NAME"


def test_every_option_says_what_it_does(tmp_path):
    lines = render([], None, tmp_path).splitlines()
    for name in ("inputs", "output", *IngestOptions.settable()):
        (place,) = [index for index, line in enumerate(lines) if re.match(rf"(# )?{name} = ", line)]
        assert re.match(r"# .*\.$", lines[place - 1])
    assert max(map(len, lines)) <= 120


def test_names_are_relative_to_the_file_and_survive_quotes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "etc").mkdir()
    inputs = ['wi"res\\/', "https://x.example/rss", "/abs/feeds.opml", "gs://bucket/*.xml", "feed:x"]
    arguments = [part for name in inputs for part in ("--input", name)]
    assert main(["init", "etc/wires.toml", *arguments, "--output", "tables"]) == 0
    options = IngestOptions.combine({}, Path("etc/wires.toml"), ())
    assert Path(options.inputs[0]).resolve() == (tmp_path / 'wi"res\\').resolve()
    assert options.inputs[1:] == tuple(inputs[1:])
    assert options.output.resolve() == tmp_path / "tables"


def test_nothing_is_written_over_unless_told_so(tmp_path, capsys):
    path = tmp_path / "a.toml"
    path.write_text("precious")
    assert main(["init", str(path)]) == 2
    assert "--force" in capsys.readouterr().err
    assert path.read_text() == "precious"
    assert main(["init", str(path), "--force"]) == 0
    assert "inputs" in path.read_text()


def test_folder_that_is_not_there_is_named(tmp_path, capsys):
    assert main(["init", str(tmp_path / "none/a.toml")]) == 2
    assert "none/a.toml can't be written: No such file or directory" in capsys.readouterr().err


def test_dash_prints(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["init", "-"]) == 0
    assert 'inputs = ["wires/"]' in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_misspelt_name_in_it_is_told(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text(render([], None, tmp_path).replace("# lock_wait", "lock_wiat"))
    with pytest.raises(UsageError, match='did you mean "lock_wait"'):
        IngestOptions.combine({}, path, ())
