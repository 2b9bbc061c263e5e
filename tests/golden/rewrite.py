"""Golden cases of the parsers: a payload beside what it must become.

`tests/golden/FORMAT/NAME.ext` is the payload, `NAME.expected.json` what `FORMATS[FORMAT]` makes of it: for each
item its fields that differ from an empty article, or the reason of its reject. `python tests/golden/rewrite.py
[FORMAT ...]` writes the expectations anew; review the diff.
"""

import dataclasses
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from articles import Article, Origin, ParseError
from sources.formats import FORMATS

FOLDER = Path(__file__).parent
ENDING = ".expected.json"


def cases(*formats: str) -> Iterator[tuple[str, Path]]:
    """Each case as (format, path of the payload), in order of their names."""
    for source_format in formats or tuple(FORMATS):
        for path in sorted((FOLDER / source_format).glob("*.*")):
            if not path.name.endswith(ENDING):
                yield source_format, path


def expected(path: Path) -> Path:
    return path.with_name(path.name.partition(".")[0] + ENDING)


def outcome(source_format: str, payload: bytes) -> list[dict[str, Any]]:
    """What a parser makes of a payload, as JSON."""
    records = []
    try:
        for item in FORMATS[source_format](payload, Origin(uri="golden")):
            record = _reject(item) if isinstance(item, ParseError) else _fields(item)
            records.append(record)
    except ParseError as error:
        records.append(_reject(error) | {"whole_payload": True})
    return records


def _reject(error: ParseError) -> dict[str, Any]:
    return {"reject": error.reason, "item_index": error.item_index}


def _fields(article: Article) -> dict[str, Any]:
    empty = dataclasses.asdict(Article())
    values = {key: value for key, value in dataclasses.asdict(article).items() if value != empty[key]}
    return json.loads(json.dumps(values, default=sorted))


def main() -> None:
    for source_format, path in cases(*sys.argv[1:]):
        records = outcome(source_format, path.read_bytes())
        expected(path).write_text(json.dumps(records, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
