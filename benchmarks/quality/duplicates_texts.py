"""The texts the evaluation of duplicates runs on, read as newsbeam reads them."""

import dataclasses
import datetime as dt
import functools
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from articles import Article, Origin, ParseError, Reject
from benchmarks.quality.artifacts_corpora import read_lines
from sources.parse import parse
from transforms import editorial, language
from transforms.duplicates.sketch import sketch
from transforms.fingerprint import fingerprint, strip_frame
from transforms.fold import words
from transforms.normalize import normalize
from transforms.stages import revise


@dataclasses.dataclass(frozen=True, slots=True)
class Text:
    """A text as the near-duplicate search sees it."""

    name: int
    article: Article
    story: str
    """The body without title line, dateline, credits and end mark."""
    words: tuple[str, ...]
    """The story's folded words."""


@functools.cache
def read_wires(data: Path) -> tuple[Text, ...]:
    """Wires of 1987 with a body."""
    rows = read_lines(data / "reuters21578" / "articles.jsonl.gz")
    return tuple(read(_wire(row) for row in rows if row["body"]))


def read(items: Iterable[Mapping[str, object]]) -> Iterator[Text]:
    """JSON articles as they come before dedup; each is named by the number behind its id's last colon."""
    payload = "\n".join(map(json.dumps, items)).encode()
    origin = Origin(uri="wires.jsonl")
    for article in parse(payload, origin, "jsonl"):
        if isinstance(article, Reject):
            continue
        try:
            prepared = sketch(fingerprint(editorial.annotate(language.identify(revise(normalize(article))))))
        except ParseError:
            continue
        name = int(str(article.source_item_id).rpartition(":")[2])
        story = strip_frame(prepared)
        yield Text(name, prepared, story, tuple(words(story)))


def _wire(row: dict[str, object]) -> dict[str, object]:
    published = dt.datetime.strptime(str(row["date"]).strip(), "%d-%b-%Y %H:%M:%S.%f").replace(tzinfo=dt.UTC)
    dateline = f"{row['dateline']} " if row["dateline"] else ""
    return {
        "id": f"reuters:{row['newid']}",
        "title": row["title"],
        "body": f"{dateline}{row['body']}",
        "published": published.isoformat(),
        "publisher": "Reuters",
        "language": "en",
    }
