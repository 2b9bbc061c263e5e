"""Read the texts the artifact and translation evaluations run on; NEWSBEAM_DATA names their folder."""

import dataclasses
import gzip
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

from articles import Article

PARAGRAPH = re.compile(r"\n\s{2,}")
WIRE_END = re.compile(r"\s*REUTER\w*\s*(?:&#3;)?\s*\Z", re.IGNORECASE)


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """A line of the evaluation's table."""

    name: str
    figure: float
    target: str
    n: int
    interval: tuple[float, float] | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Document:
    """A text with what is known of its making."""

    article: Article
    doc_id: str
    system: str
    """"native", "refA"… for people, else the name of the machine translation system."""
    pair: str
    machine: bool


def data_folder() -> Path:
    """The folder of the evaluation data, from the environment."""
    folder = os.environ.get("NEWSBEAM_DATA")
    if not folder:
        raise SystemExit("set NEWSBEAM_DATA to the folder with the evaluation data")
    return Path(folder)


def read_lines(path: Path) -> Iterator[dict[str, object]]:
    """The objects of a gzipped JSON-lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def read_native(data: Path) -> list[Document]:
    """English news written in English."""
    rows = read_lines(data / "machine-translation" / "native-en.jsonl.gz")
    return [document(row, "native", machine=False, pair="en") for row in rows]


def read_translations(data: Path) -> list[Document]:
    """Human and machine translations of Chinese, Russian and Japanese news."""
    found = []
    for name in ("zh-en", "ru-ja-en"):
        for row in read_lines(data / "machine-translation" / f"{name}.jsonl.gz"):
            pair = str(row.get("pair") or "zh-en")
            found.append(document(row, str(row["system"]), machine=row["kind"] == "mt", pair=pair))
    return found


def document(row: dict[str, object], system: str, *, machine: bool, pair: str) -> Document:
    """A document whose first segment is its title, a paragraph a segment."""
    segments = row["segments"]
    assert isinstance(segments, list)
    article = Article(title=segments[0], body="\n\n".join(segments[1:]), language="en")
    return Document(article, str(row["doc_id"]), system, pair, machine)


def read_reuters(data: Path, *, unwrap: bool = True) -> list[Article]:
    """Wires of 1987 as sent, dateline before body; `unwrap` joins lines and parts paragraphs by a blank line."""
    found = []
    for row in read_lines(data / "reuters21578" / "articles.jsonl.gz"):
        if row["body"]:
            body = WIRE_END.sub("", str(row["body"]))
            if unwrap:
                body = PARAGRAPH.sub("\n\n", body).replace("\n\n", "\0").replace("\n", " ").replace("\0", "\n\n")
            dateline = f"{row['dateline']} " if row["dateline"] else ""
            found.append(Article(title=str(row["title"] or ""), body=dateline + body.strip(), language="en"))
    return found


def count_words(article: Article) -> int:
    """Words of title and body."""
    return len(article.title.split()) + len(article.body.split())


def print_rows(rows: list[Row]) -> None:
    """Print a table of the evaluation."""
    for row in rows:
        interval = f"[{row.interval[0]:.3f}, {row.interval[1]:.3f}]" if row.interval else ""
        print(f"{row.name:58} {row.figure:8.3f}  {row.target:8} n={row.n:<7} {interval}")
