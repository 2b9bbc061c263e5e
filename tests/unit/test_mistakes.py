import pytest

from pipelines.cli import main


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("ingets wires/", "ingets is no command; did you mean `newsbeam ingest`?"),
        ("wires/a.xml", "wires/a.xml is no command; to read it: `newsbeam ingest wires/a.xml --output DIR`"),
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
