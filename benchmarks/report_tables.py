"""Tables made without the pipeline, from a fixed seed: paragraphs without meaning, artifacts at known places."""

import datetime as dt
import hashlib
import itertools
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from articles import FeedState
from sinks.feeds import write_feeds
from sinks.layout import partition_path
from sinks.manifest import LEDGER, CommittedFile, Manifest, manifest_path
from sinks.schema import ARTICLES, TABLES
from storage.files import sha256

WORDS = (Path(__file__).parent / "words.txt").read_text("utf-8").split()
KINDS = ("dropped-apostrophe", "lowercase-name", "calqued-date", "missing-quotes", "mojibake", "doubled-gloss")
FORMATS = ("rss", "atom", "jsonl", "nitf", "newsml-g2", "text")
LANGUAGES = ("en", "en", "en", "en", "zh", "de", "fr", "es")
REASONS = ("malformed", "no-text", "bad-json", "truncated", "too-large")
LAST_DAY = dt.date(2026, 3, 31)
Row = dict[str, Any]


class Maker:
    """Makes rows, a day at a time."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.paragraphs = [self._paragraph() for _ in range(4_000)]
        self.publishers = [f"{word.capitalize()} {self.draw.choice(('News', 'Post', 'Wire'))}" for word in WORDS[:120]]
        self.past: list[Row] = []

    def _paragraph(self) -> tuple[str, tuple[str, int, int] | None]:
        """Some sentences, and an artifact in one of twelve."""
        words = self.draw.choices(WORDS, k=self.draw.randint(40, 110))
        text = " ".join(words).capitalize() + "."
        if self.draw.random() > 1 / 12:
            return text, None
        start = text.index(" ") + 1
        return text, (self.draw.choice(KINDS), start, start + self.draw.randint(4, 20))

    def article(self, day: dt.date, number: int) -> Row:
        """A row of `articles`."""
        draw = self.draw
        body, artifacts = [], []
        place = 0
        for text, artifact in draw.choices(self.paragraphs, k=draw.randint(2, 9)):
            body.append(text)
            if artifact:
                kind, start, end = artifact
                artifacts.append(_artifact(kind, place + start, place + end, text[start:end]))
            place += len(text) + 2
        published = dt.datetime.combine(day, dt.time(number % 24, number % 60), dt.UTC)
        language = draw.choice(LANGUAGES)
        identity = hashlib.blake2b(f"{day}/{number}".encode(), digest_size=16).hexdigest()
        row = dict.fromkeys(ARTICLES.names) | {
            "article_id": identity,
            "version": 1,
            "status": "usable",
            "doc_type": draw.choice(("story", "story", "story", "update")),
            "story_id": identity,
            "title": " ".join(draw.choices(WORDS, k=8)).capitalize(),
            "body": "\n\n".join(body),
            "language": language,
            "language_confidence": 0.99,
            "word_count": place // 6,
            "source_uri": f"/wires/{draw.randrange(40)}.jsonl",
            "source_format": draw.choice(FORMATS),
            "publisher": draw.choice(self.publishers),
            "canonical_url": f"https://news.example/{identity}",
            "published_at": published,
            "ingested_at": published,
            "date_source": "published",
            "byline": [],
            "credits": [],
            "keywords": [],
            "artifacts": artifacts,
            "translation_probability": draw.betavariate(0.6, 1.2) if language == "en" else None,
            "content_hash": identity,
            "payload_sha256": identity * 2,
            "run_id": f"run-{day}",
            "newsbeam_version": "0.1.0",
            "schema_version": 1,
        }
        if self.past and draw.random() < 0.02:
            older = draw.choice(self.past)
            row["article_id"], row["version"] = older["article_id"], older["version"] + 1
            row["status"] = "canceled" if draw.random() < 0.05 else "usable"
        if len(self.past) < 2_000 or draw.random() < 0.01:
            self.past = [*self.past[-1_999:], row]
        return row

    def duplicate(self, day: dt.date, number: int) -> Row:
        """A row of `duplicates`; few articles have most of the copies."""
        near = self.draw.random() < 0.4
        canonical = self.past[min(int(self.draw.paretovariate(0.7)), len(self.past)) - 1]
        copy = self.article(day, 1_000_000 + number) | {"version": 1, "status": "usable", "title": canonical["title"]}
        return copy | {
            "duplicate_of": canonical["article_id"],
            "duplicate_kind": "near" if near else "exact",
            "similarity": self.draw.uniform(0.8, 1) if near else 1.0,
        }

    def reject(self, day: dt.date, number: int) -> Row:
        """A row of `rejects`."""
        payload = b"<item><title>" + " ".join(self.draw.choices(WORDS, k=60)).encode() + b" & </titel>"
        return {
            "source_uri": f"/wires/{number % 40}.jsonl",
            "source_format": self.draw.choice(FORMATS),
            "item_index": number,
            "stage": "parse",
            "reason": self.draw.choice(REASONS),
            "message": f"line {number}: mismatched tag",
            "payload": payload,
            "payload_sha256": hashlib.sha256(payload).hexdigest(),
            "run_id": f"run-{day}",
        }


def _artifact(kind: str, start: int, end: int, text: str) -> Row:
    return {
        "kind": kind,
        "mqm": "linguistic-conventions",
        "field": "body",
        "start": start,
        "end": end,
        "text": text,
        "suggestion": text.upper() if kind == "lowercase-name" else None,
        "confidence": 0.9,
    }


def make_tables(output: Path, articles: int, days: int, seed: int = 7) -> None:
    """Write tables of so many articles over so many days, with a run a day."""
    maker = Maker(seed)
    for number, day in enumerate(LAST_DAY - dt.timedelta(days=days - 1 - index) for index in range(days)):
        count = articles // days + (number < articles % days)
        # A weekly rhythm, one day of many rejects, one of hardly any items.
        rejects = count // 8 if number == days - 2 else count // 300
        rows = {
            "articles": (maker.article(day, index) for index in range(count)),
            "duplicates": (maker.duplicate(day, index) for index in range(count // 12)),
            "held": (maker.article(day, 2_000_000 + index) | {"status": "withheld"} for index in range(count // 2_000)),
            "rejects": (maker.reject(day, index) for index in range(rejects)),
        }
        files = [file for table in rows for file in _write(output, table, day, rows[table])]
        counts = Counter({file.table: file.rows for file in files})
        totals = {name: counts[name] for name in LEDGER} | {"unchanged": count // 20}
        totals["read"] = sum(totals.values())
        start = dt.datetime.combine(day, dt.time(23), dt.UTC)
        _publish(output, number + 1, start, totals, files)


def _write(output: Path, table: str, day: dt.date, rows: Iterator[Row]) -> Iterator[CommittedFile]:
    for index in itertools.count():
        part = list(itertools.islice(rows, 20_000))
        if not part:
            return
        path = partition_path(table, day, f"part-{index:05d}-{day:%Y%m%d}.parquet")
        target = output / path
        target.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(
            pa.Table.from_pylist(part, schema=TABLES[table]), target, compression="zstd", row_group_size=32_768
        )
        yield CommittedFile(path, table, len(part), target.stat().st_size, sha256(target))


def _publish(
    output: Path, sequence: int, start: dt.datetime, totals: dict[str, int], files: Sequence[CommittedFile]
) -> None:
    states = [
        FeedState(
            url=f"https://me:secret@feed{index}.example/rss",
            publisher=f"Feed {index}",
            last_success_at=start,
            last_change_at=start - dt.timedelta(hours=index),
            last_entry_at=start - dt.timedelta(hours=index),
            next_poll_at=start + dt.timedelta(minutes=5),
            usual_gap_seconds=3_600.0,
            item_count=20,
            last_status=200 if index % 9 else 503,
            consecutive_failures=0 if index % 9 else 3,
            last_error=None if index % 9 else "http-error",
            last_message=None if index % 9 else "the server answered 503 Service Unavailable",
            alarm="silent" if index == 5 else None,
        )
        for index in range(40)
    ]
    manifest = Manifest(
        sequence=sequence,
        run_id=f"run-{start:%Y-%m-%d}",
        started_at=start.isoformat(),
        finished_at=(start + dt.timedelta(seconds=1 + totals["read"] / 700)).isoformat(),
        newsbeam_version="0.1.0",
        schema_version=1,
        totals=totals,
        sources={"/wires/0.jsonl": totals},
        rejects_by_reason={"malformed": totals["rejects"]} if totals["rejects"] else {},
        released={},
        files=tuple(files),
        removed=(),
        state=(write_feeds(states, output),),
    )
    path = manifest_path(output, sequence)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(manifest.to_json())
