"""Article pages against hand-made records: title, date, authors and body, ours beside trafilatura's, page by page.

    NEWSBEAM_DATA=DIR python benchmarks/quality/html_pages.py

reads DIR/html/news-pages.tar: `CC/NAME.html.gz` beside `CC/NAME.json`. A title is right strictly where it is the
record's, fairly where it is the record's, the page's own JSON-LD headline or its h1 (quotation marks and dashes
compared by kind). A date is right where it is the same instant (local time, where the record has no zone), and to the
day. Body: F1 of the multisets of words (of characters in Chinese and Japanese), against summary and sections.
"""

import collections
import dataclasses
import datetime as dt
import gzip
import json
import os
import re
import statistics
import sys
import tarfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from lxml import html
from rich.console import Console
from rich.table import Table
from trafilatura import bare_extraction

from articles import ParseError
from sources.formats.html import extract

_WORD = re.compile(r"[぀-鿿]|[^\W぀-鿿]+")
_TYPOGRAPHY = str.maketrans(
    {**dict.fromkeys("‘’‚′`´", "'"), **dict.fromkeys("“”„«»″", '"'), **dict.fromkeys("–—‐‑", "-")}
)
_FRACTION = re.compile(r"\.\d+")
_COLON_FREE = re.compile(r"([+-]\d{2})(\d{2})$")
FIELDS = ("title", "title, fair", "date", "day", "authors", "body F1")


@dataclasses.dataclass(frozen=True)
class Reading:
    """What one extractor made of a page."""

    title: str
    date: str | None
    authors: frozenset[str]
    body: str


@dataclasses.dataclass(frozen=True)
class Page:
    """A page and the record that is right."""

    name: str
    payload: bytes
    record: dict[str, Any]

    @property
    def body(self) -> str:
        """Summary and sections of the record, headings among them, without the title."""
        parts = self.record["body"]
        return "\n".join(
            [*parts["summary"], *(t for s in parts["sections"] for t in (*s["headline"], *s["paragraphs"]))]
        )


def read_pages(data: Path) -> Iterator[Page]:
    """Every page of the archive that has a record."""
    with tarfile.open(data / "html" / "news-pages.tar") as archive:
        files = {member.name: member for member in archive if member.isfile()}
        for name in sorted(files):
            if name.endswith(".json") and (page := files.get(name.removesuffix(".json") + ".html.gz")):
                payload, record = archive.extractfile(page), archive.extractfile(files[name])
                if payload and record:
                    yield Page(name.removesuffix(".json"), gzip.decompress(payload.read()), json.load(record))


def ours(payload: bytes) -> Reading:
    """By `sources.formats.html`."""
    try:
        article = extract(payload, None)
    except ParseError:
        return Reading("", None, frozenset(), "")
    return Reading(article.title, article.published_raw, _fold_names(article.byline), article.body)


def trafilatura_alone(payload: bytes, *, fast: bool = True) -> Reading:
    """By trafilatura with its own metadata and without comments."""
    found = bare_extraction(payload, with_metadata=True, fast=fast, include_comments=False)
    if found is None:
        return Reading("", None, frozenset(), "")
    read = found.as_dict() if hasattr(found, "as_dict") else dict(found)
    names = (read.get("author") or "").split("; ")
    return Reading(read.get("title") or "", read.get("date"), _fold_names(names), read.get("text") or "")


def score(page: Page, reading: Reading) -> dict[str, float]:
    """Each field's score, 0…1."""
    record = page.record
    title, right = _one_line(reading.title), {_one_line(record["title"])}
    fair = {_typography(text) for text in (*right, *_own_headlines(page.payload))}
    date, same_day = _compare_dates(reading.date, record["publishing_date"])
    return {
        "title": title in right,
        "title, fair": _typography(title) in fair,
        "date": date,
        "day": same_day,
        "authors": reading.authors == _fold_names(record.get("authors") or ()),
        "body F1": f1(reading.body, page.body),
    }


def f1(found: str, right: str) -> float:
    """F1 of two multisets of words.

    >>> f1("one two two", "two two three")
    0.6666666666666666
    """
    one, other = (collections.Counter(_WORD.findall(text.casefold())) for text in (found, right))
    common = (one & other).total()
    return 2 * common / (one.total() + other.total()) if common else 0.0


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _typography(text: str) -> str:
    return _one_line(text).translate(_TYPOGRAPHY).casefold()


def _fold_names(names: Iterable[str]) -> frozenset[str]:
    return frozenset(_one_line(name).casefold() for name in names if name.strip())


def _own_headlines(payload: bytes) -> Iterator[str]:
    """Headlines of the page's JSON-LD and its h1, read without any of the extractors' code."""
    tree = html.document_fromstring(payload, parser=html.HTMLParser(encoding="utf-8"))
    for heading in tree.iter("h1"):
        yield heading.text_content()
    for match in re.finditer(rb'"headline"\s*:\s*("(?:[^"\\]|\\.)*")', payload):
        try:
            text = json.loads(match.group(1), strict=False)
        except ValueError:
            continue
        yield html.fromstring(f"<p>{text}</p>").text_content()


def _compare_dates(found: str | None, right: str) -> tuple[bool, bool]:
    """Whether a date is the same instant, and whether it is the same day, in the record's zone."""
    expected, read = _instant(right), _instant(found)
    if expected is None or read is None:
        return False, False
    if expected.tzinfo is None or read.tzinfo is None:
        expected, read = expected.replace(tzinfo=None), read.replace(tzinfo=None)
    else:
        read = read.astimezone(expected.tzinfo)
    return read == expected, read.date() == expected.date()


def _instant(text: str | None) -> dt.datetime | None:
    """An ISO date to the second; other forms are another stage's business."""
    compact = _COLON_FREE.sub(r"\1:\2", _FRACTION.sub("", text or "").replace(" +", "+"))
    try:
        return dt.datetime.fromisoformat(compact)
    except ValueError:
        return None


def main() -> int:
    """Print the table and the misses; 1 where a field is not above trafilatura's."""
    if not (data := os.environ.get("NEWSBEAM_DATA")):
        print("NEWSBEAM_DATA names no folder", file=sys.stderr)
        return 2
    pages = list(read_pages(Path(data)))
    readers: dict[str, Callable[[bytes], Reading]] = {
        "newsbeam": ours,
        "trafilatura, fast": trafilatura_alone,
        "trafilatura": lambda payload: trafilatura_alone(payload, fast=False),
    }
    scores: dict[str, list[dict[str, float]]] = {}
    seconds: dict[str, list[float]] = {name: [] for name in readers}
    misses: dict[str, list[str]] = {}
    for name, reader in readers.items():
        scores[name] = []
        reader(pages[0].payload)  # what only the first page of a process costs
        for page in pages:
            began = time.perf_counter()
            reading = reader(page.payload)
            seconds[name].append(time.perf_counter() - began)
            scores[name].append(score(page, reading))
            if name == "newsbeam":
                misses[page.name] = _describe(page, reading, scores[name][-1])
    console = Console(width=120)
    console.print(_tabulate(scores, seconds, len(pages)))
    for name, lines in misses.items():
        for line in lines:
            print(f"{name}: {line}")
    means = {
        name: {field: statistics.fmean(page[field] for page in rows) for field in FIELDS}
        for name, rows in scores.items()
    }
    return int(
        any(
            means["newsbeam"][field] <= means[other][field]
            for field in FIELDS
            if field != "day"
            for other in list(readers)[1:]
        )
    )


def _tabulate(scores: dict[str, list[dict[str, float]]], seconds: dict[str, list[float]], pages: int) -> Table:
    table = Table(title=f"{pages} article pages", title_justify="left")
    for heading in ("", *FIELDS, "ms/page"):
        table.add_column(heading, justify="left" if not heading else "right")
    for name, rows in scores.items():
        means = [f"{statistics.fmean(row[field] for row in rows):.3f}" for field in FIELDS]
        table.add_row(name, *means, f"{statistics.fmean(seconds[name]) * 1000:.1f}")
    return table


def _describe(page: Page, reading: Reading, scored: dict[str, float]) -> list[str]:
    lines = []
    if not scored["title"]:
        lines.append(
            f"title{' (fair)' if scored['title, fair'] else ''} {reading.title!r}, not {page.record['title']!r}"
        )
    if not scored["date"]:
        lines.append(f"date {reading.date!r}, not {page.record['publishing_date']!r}")
    if not scored["authors"]:
        lines.append(f"authors {sorted(reading.authors)}, not {page.record.get('authors')}")
    if scored["body F1"] < 0.95:
        lines.append(f"body {scored['body F1']:.3f}")
    return lines


if __name__ == "__main__":
    sys.exit(main())
