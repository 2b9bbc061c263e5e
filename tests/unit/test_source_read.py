"""Patterns become files, units become items, on Beam's file systems."""

import gzip
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.util import assert_that, equal_to

from articles import Article, Reject
from sources.plan import plan
from sources.read import Match, ReadUnits, expand, open_uri

OPTIONS = ["--direct_running_mode=in_memory", "--direct_num_workers=1"]
RUNNER = "apache_beam.runners.portability.fn_api_runner.FnApiRunner"


@pytest.fixture
def wires(tmp_path: Path) -> Path:
    folder = tmp_path / ".cache" / "wires[1]"
    for name in ("a.txt", "b.jsonl.gz", "sub/c.txt", "sub/_tmp/d.txt", ".hidden", "_SUCCESS", "sub/deep/e.txt"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"Title\n\nBody")
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(b'{"title": "line"}\n{'))
    return folder


def names(folder: Path, *patterns: str) -> list[str]:
    return [str(Path(file.path).relative_to(folder)) for file in expand(patterns)]


def test_a_folder_is_all_that_is_below_but_nothing_hidden(wires: Path) -> None:
    every = ["a.txt", "b.jsonl.gz", "sub/c.txt", "sub/deep/e.txt"]
    assert names(wires, str(wires)) == every
    assert names(wires, f"{wires}/") == every
    assert names(wires, str(wires), str(wires / "a.txt"), str(wires)) == every


def test_a_named_file_is_taken_hidden_or_not(wires: Path) -> None:
    assert names(wires, str(wires / "_SUCCESS")) == ["_SUCCESS"]


def test_globs(wires: Path) -> None:
    plain = wires.rename(wires.with_name("plain"))
    assert names(plain, f"{plain}/*.txt") == ["a.txt"]
    assert names(plain, f"{plain}/**/*.txt") == ["sub/c.txt", "sub/deep/e.txt"]
    assert names(plain, f"{plain}/**") == ["a.txt", "b.jsonl.gz", "sub/c.txt", "sub/deep/e.txt"]


def test_relative_names(wires: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(wires.parent)
    assert names(wires, "wires[1]/sub") == ["sub/c.txt", "sub/deep/e.txt"]


def test_every_pattern_without_a_file_is_named(wires: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nope\.txt.*\*\.xml"):
        expand([str(wires), str(wires / "nope.txt"), f"{wires.parent}/*.xml"])


def test_files_are_opened_as_they_are(wires: Path) -> None:
    with open_uri(str(wires / "b.jsonl.gz")) as stream:
        assert stream.read(2) == b"\x1f\x8b"


def test_units_are_read_and_counted(wires: Path) -> None:
    units = [unit for file in expand([str(wires)]) for unit in plan(file.path, file.size_in_bytes, open_uri)]
    pipeline = beam.Pipeline(runner=RUNNER, options=PipelineOptions(OPTIONS))
    read = pipeline | beam.Create(units) | ReadUnits()
    titles = read.articles | beam.Map(_title)
    reasons = read.rejects | beam.Map(_reason)
    assert_that(titles, equal_to(["Title", "Title", "Title", "line"]), "titles")
    assert_that(reasons, equal_to(["bad-json"]), "reasons")
    result = pipeline.run()
    counted = {
        (one.key.metric.namespace, one.key.metric.name): one.committed for one in result.metrics().query()["counters"]
    }
    assert counted == {("items", "text"): 3, ("items", "jsonl"): 1, ("rejects", "bad-json"): 1}


def _title(article: Article) -> str:
    return article.title


def _reason(reject: Reject) -> str:
    return reject.reason


def test_patterns_within_a_pipeline(wires: Path) -> None:
    with beam.Pipeline(runner=RUNNER, options=PipelineOptions(OPTIONS)) as pipeline:
        sizes = pipeline | beam.Create([str(wires / "sub")]) | Match() | beam.Map(lambda file: file.size_in_bytes)
        assert_that(sizes, equal_to([11, 11]))
