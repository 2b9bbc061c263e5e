import subprocess
import sys
from pathlib import Path

import pytest

TOUR = Path(__file__).parents[2] / "examples/tour.py"


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tour") / "made"
    done = subprocess.run([sys.executable, TOUR, folder], capture_output=True, text=True, check=True, timeout=300)
    return {part.partition("\n")[0][:2].strip(". "): part for part in done.stdout.split("\n## ")}


@pytest.mark.parametrize(
    ("step", "lines"),
    [
        ("1", ["14 read = 11 articles + 1 duplicates + 0 held + 2 rejects + 0 unchanged"]),
        ("2", ["14 read = 0 articles + 0 duplicates + 0 held + 0 rejects + 14 unchanged"]),
        ("3", ["│ en       │ jsonl         │        3 │"]),
        ("4", ["│ Harpers       │ Harper's       │"]),
        ("5", ["Wang Min nbjs4410"]),
        ("6", ["│ Islands Gazette         ┆ 2   ┆"]),
        ("7", ["│ Late goal saves Verrin │ The Partner │"]),
        ("8", ["no-text", "malformed"]),
        ("9", ["2 read = 1 articles + 0 duplicates + 0 held + 0 rejects + 1 unchanged", "│       2 │"]),
        ("10", ["every item adds up, every file is whole"]),
    ],
)
def test_each_step_shows_what_it_is_about(shown, step, lines):
    for line in lines:
        assert line in shown[step]
    assert "exit status" not in shown[step]


def test_it_touches_nothing_that_is_there(tmp_path):
    done = subprocess.run([sys.executable, TOUR, tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "is there already" in done.stderr
