"""Every golden payload becomes what stands beside it, twice the same: see `rewrite.py`."""

import json
import runpy
from pathlib import Path

import pytest

REWRITE = runpy.run_path(str(Path(__file__).with_name("rewrite.py")))
CASES = list(REWRITE["cases"]())


@pytest.mark.parametrize(("source_format", "path"), CASES, ids=[f"{path.parent.name}/{path.name}" for _, path in CASES])
def test_a_payload_becomes_what_stands_beside_it(source_format, path):
    payload = path.read_bytes()
    outcome = REWRITE["outcome"](source_format, payload)
    assert outcome == json.loads(REWRITE["expected"](path).read_text(encoding="utf-8"))
    assert REWRITE["outcome"](source_format, payload) == outcome
