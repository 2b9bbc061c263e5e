import dataclasses
import io

from rich.console import Console

from articles import Artifact
from reports.highlight import render
from reports.summary import Summary, as_lines


def printed(article, **options):
    console = Console(file=io.StringIO(), width=100, force_terminal=False, **options)
    console.print(render(article))
    return console.file.getvalue()


def test_spans_are_numbered_and_explained(full_article):
    text = printed(full_article)
    assert "because of Harpers[1] request" in text
    assert "dropped-apostrophe" in text
    assert "Harper's" in text
    assert "Ada Renn (nbjs4410)" in text
    assert "place PORT VERRIN, agency Island News, date March 5" in text


def test_markup_and_control_characters_in_a_text_stay_text(full_article):
    text = printed(
        dataclasses.replace(
            full_article, source_uri="a\x1b[31mb", body="[bold]no markup[/bold]", credits=(), dateline=None
        )
    )
    assert "[bold]no markup[/bold]" in text
    assert "\x1b" not in text


def test_overlapping_spans_and_one_at_the_very_end(full_article):
    body = "Trumps request request"
    spans = (Artifact("a", "m", "body", 0, 14, body[:14]), Artifact("b", "m", "body", 7, 22, body[7:22]))
    text = printed(dataclasses.replace(full_article, body=body, artifacts=spans, credits=(), dateline=None))
    assert "Trumps request[1] request[2]" in text


def test_summary_adds_up_in_words():
    totals = {"read": 1234, "articles": 1000, "duplicates": 200, "held": 4, "rejects": 10, "unchanged": 20}
    lines = list(
        as_lines(
            Summary(
                run_id="run",
                sequence=1,
                output="out",
                seconds=2.0,
                totals=totals,
                rejects_by_reason={"bad-json": 3, "no-text": 7},
                released=2,
                feeds={"fetched": 3, "error:timeout": 1},
                alarms=("https://a.example/rss: empty, 4 polls without a new entry",),
                files=3,
                bytes=2_500_000,
                recovered=(),
            )
        )
    )
    assert lines == [
        "run run: 2.0 s, 617 items/s",
        "  1,234 read = 1,000 articles + 200 duplicates + 4 held + 10 rejects + 20 unchanged",
        "  feeds: 3 fetched, 1 error:timeout",
        "  ALARM https://a.example/rss: empty, 4 polls without a new entry",
        "  rejected: 7 no-text, 3 bad-json",
        "  released from held: 2",
        "  wrote 3 files, 2.5 MB, to out",
    ]
