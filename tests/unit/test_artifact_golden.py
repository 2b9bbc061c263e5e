"""The golden cases: what is tagged in texts written for each kind, and what is not."""

import json
from pathlib import Path

import pytest

from articles import Article
from transforms.artifacts import DETECTORS, MQM, tag

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "artifacts"
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted(GOLDEN.glob("*.json"))
    for case in json.loads(path.read_text(encoding="utf-8"))["cases"]
]


@pytest.mark.parametrize("case", CASES)
def test_tags_are_the_golden_ones(case):
    article = Article(title=case["title"], body=case["body"], language=case["language"])
    found = [
        {"kind": a.kind, "field": a.field, "start": a.start, "text": a.text, "suggestion": a.suggestion}
        for a in tag(article).artifacts
    ]
    assert found == case["tags"]


@pytest.mark.parametrize("kind", sorted(DETECTORS))
def test_every_kind_has_a_case_that_fires_and_one_that_does_not(kind):
    cases = json.loads((GOLDEN / f"{kind}.json").read_text(encoding="utf-8"))["cases"]
    fired = [any(tag_["kind"] == kind for tag_ in case["tags"]) for case in cases]
    assert any(fired)
    assert not all(fired)


def test_no_golden_file_without_its_kind():
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(DETECTORS)


def test_every_kind_has_an_mqm_category():
    assert MQM.keys() == DETECTORS.keys()
    assert all("/" in category for category in MQM.values())


def test_the_catalogue_documents_every_kind_with_its_category():
    catalogue = (ROOT / "docs" / "artifacts.md").read_text(encoding="utf-8")
    missing = [kind for kind in DETECTORS if f"### {kind}\n" not in catalogue or f"`{MQM[kind]}`" not in catalogue]
    assert not missing


@pytest.mark.parametrize("kind", sorted(DETECTORS))
def test_every_detector_says_what_it_finds_with_an_example(kind):
    assert '"' in (DETECTORS[kind].__doc__ or "")
