import datetime as dt
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.append(str(Path(__file__).parent))

from feed_server import FeedServer

from articles import Article, Artifact, Credit, Dateline, Encoding, Rights
from sinks import commit_files

# Whether a change passes must not be decided by chance, nor by how busy the machine is.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("search", max_examples=2_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))

NOON = dt.datetime(2026, 3, 5, 12, tzinfo=dt.UTC)


@pytest.fixture
def full_article():
    """An article with a value in every column."""
    return Article(
        article_id="0123456789abcdef" * 2,
        version=2,
        status="usable",
        doc_type="update",
        story_id="fedcba9876543210" * 2,
        title="Ferry talks to go on because of Harpers request",
        summary="Ferries",
        body="PORT VERRIN, March 5 (Island News) - Talks go on.\n\nEditor: Ada Renn",
        language="en",
        language_confidence=0.5,
        language_declared="en-GB",
        word_count=11,
        source_uri="/wires/a.jsonl",
        source_format="jsonl",
        source_item_id="a:1",
        source_version="7",
        url="https://a.example/1?utm_source=x",
        canonical_url="https://a.example/1",
        publisher="Island News",
        published_at=NOON,
        updated_at=NOON + dt.timedelta(hours=1),
        embargoed_until=NOON - dt.timedelta(hours=1),
        ingested_at=NOON + dt.timedelta(hours=2),
        published_raw="2026-03-05T13:00:00+01:00",
        published_offset=60,
        date_source="published",
        byline=("Ada Renn", "Jon Abbey"),
        credits=(Credit("editor", "Ada Renn", "nbjs4410", 51, 67), Credit("desk", code="ab")),
        dateline=Dateline("PORT VERRIN", "Island News", "March 5", dt.date(2026, 3, 5), 0, 36),
        original_source="Harbour Post",
        slug="FERRY-TALKS/",
        take="2",
        urgency=4,
        section="Transport",
        located="Port Verrin",
        keywords=("ferry", "talks"),
        editors_note="Adds details",
        rights=Rights("free", "Island News"),
        artifacts=(Artifact("dropped-apostrophe", "Accuracy", "title", 32, 39, "Harpers", "Harper's", 0.5),),
        translation_probability=0.25,
        content_hash="00" * 16,
        encoding=Encoding("gb2312", "gb18030", "mojibake"),
        payload_sha256="11" * 32,
        run_id="run",
        newsbeam_version="0",
        schema_version=1,
        item_index=3,
        revision="22" * 16,
    )


class Killed(BaseException):
    """Stands for a process that ends where it is."""


@pytest.fixture
def death() -> type[Killed]:
    """What `kill_after` raises."""
    return Killed


@pytest.fixture
def kill_after():
    """Lets so many changes of the file system happen, then ends the process: `kill_after(monkeypatch, limit)`."""

    def steps(monkeypatch, limit):
        done = 0

        def counted(change):
            def changed(*args, **kwargs):
                nonlocal done
                if done == limit:
                    raise Killed
                done += 1
                return change(*args, **kwargs)

            return changed

        for owner, name in ((Path, "replace"), (Path, "unlink"), (Path, "mkdir"), (commit_files.shutil, "rmtree")):
            monkeypatch.setattr(owner, name, counted(getattr(owner, name)))

    return steps


@pytest.fixture
def feed_server() -> Iterator[FeedServer]:
    """A server on 127.0.0.1 that answers as a test scripts it."""
    with FeedServer() as server:
        yield server
