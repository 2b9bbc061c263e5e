"""Golden cases of the editorial readings: each `*.json` here holds texts and what must be read from them.

`reading` has the article's fields that differ from those of an article that wasn't annotated, a credit and a
dateline with the text their offsets point at. `python tests/golden/editorial/rewrite_editorial.py` writes the
readings anew; review the diff.
"""

import dataclasses
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from articles import Article
from transforms.editorial import annotate

FOLDER = Path(__file__).parent


def cases() -> Iterator[tuple[Path, list[dict[str, Any]]]]:
    """Each file with its cases, in order of their names."""
    for path in sorted(FOLDER.glob("*.json")):
        yield path, json.loads(path.read_text(encoding="utf-8"))


def reading(case: dict[str, Any]) -> dict[str, Any]:
    """What `annotate` reads from a case, as JSON."""
    published = dt.datetime.fromisoformat(case["published_at"]) if "published_at" in case else None
    article = Article(title=case.get("title", ""), body=case["body"], published_at=published)
    annotated = annotate(article)
    assert (annotated.title, annotated.body) == (article.title, article.body)
    before = dataclasses.asdict(article)
    changed = {key: value for key, value in dataclasses.asdict(annotated).items() if value != before[key]}
    for span in [*changed.get("credits", ()), *([changed["dateline"]] if "dateline" in changed else [])]:
        span["text"] = article.body[span["start"] : span["end"]]
        for key in [key for key, value in span.items() if value is None]:
            del span[key]
    return json.loads(json.dumps(changed, default=lambda value: value.isoformat()))


def main() -> None:
    """Write every reading anew."""
    for path, found in cases():
        rewritten = [{**case, "reading": reading(case)} for case in found]
        path.write_text(json.dumps(rewritten, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
