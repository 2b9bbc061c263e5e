import gzip
from pathlib import Path

import pytest

from articles import Article
from sources.containers import Limits
from sources.unit import Unit, read_unit

GOLDEN = Path(__file__).parents[1] / "golden/warc"
CASE = next(path for path in sorted(GOLDEN.glob("*.warc")))


@pytest.mark.parametrize("packed", [False, True])
def test_web_archive_larger_than_the_payload_limit_is_read_record_by_record(tmp_path, packed):
    content = CASE.read_bytes()
    path = tmp_path / "crawl.warc"
    path.write_bytes(gzip.compress(content) if packed else content)
    unit = Unit(uri=str(path), source_uri=str(path), size=path.stat().st_size)

    def read(limits):
        return list(read_unit(unit, lambda uri: Path(uri).open("rb"), limits))

    bounded = read(Limits(payload=len(content) // 2))
    assert any(isinstance(item, Article) for item in bounded)
    assert bounded == read(Limits())
