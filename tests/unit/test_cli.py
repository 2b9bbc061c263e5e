import subprocess
import sys

import pytest

from pipelines.cli import main, parser


def test_help_names_every_command_and_exit_status(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    assert stop.value.code == 0
    out = capsys.readouterr().out
    for word in ("ingest", "show", "inspect", "verify", "exit status", "wrong usage"):
        assert word in out


def test_no_command_prints_the_help_and_is_wrong_usage(capsys):
    assert main([]) == 2
    assert "commands" in capsys.readouterr().out


def test_every_option_of_ingest_has_help_and_examples(capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(["ingest", "--help"])
    out = capsys.readouterr().out
    for flag in (
        "--output",
        "--config",
        "--chunk-size",
        "--max-reject-rate",
        "--lock-wait",
        "--json-summary",
        "[beam]",
    ):
        assert flag in out


@pytest.mark.parametrize(
    "arguments", [["ingest"], ["ingest", "a.xml"], ["show", "/none", "a"], ["inspect", "/none"], ["verify", "/none"]]
)
def test_wrong_usage_is_status_2_with_a_reason(arguments, capsys):
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("newsbeam: ")


def test_bad_value_is_explained(capsys):
    with pytest.raises(SystemExit):
        main(["ingest", "a.xml", "--output", "b", "--max-reject-rate", "7"])
    assert "7 is no share: give a number from 0 to 1" in capsys.readouterr().err


def test_output_of_an_unknown_kind_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["ingest", "a.xml", "--output", "ftp://bucket/tables"])
    assert "ftp://bucket/tables: files can be in a local directory or at s3://" in capsys.readouterr().err


def test_looking_needs_no_beam():
    code = "import sys, pipelines.cli, pipelines.look; pipelines.cli.parser(); print('apache_beam' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("newsbeam 0.")
