"""Every golden text gives the reading that stands beside it: see tests/golden/editorial/rewrite_editorial.py."""

import runpy
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "golden" / "editorial"
REWRITE = runpy.run_path(str(FOLDER / "rewrite_editorial.py"))
CASES = [(path.stem, case) for path, cases in REWRITE["cases"]() for case in cases]


@pytest.mark.parametrize(("group", "case"), CASES, ids=[f"{group}-{case['pattern']}" for group, case in CASES])
def test_reading(group, case):
    assert REWRITE["reading"](case) == case["reading"]


def test_look_alikes_yield_nothing():
    readings = [case["reading"] for _, case in CASES if case["pattern"].startswith("no-")]
    assert len(readings) > 15
    assert not any(readings)
