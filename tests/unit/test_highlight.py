import dataclasses
import io
import re

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.style import Style

from articles import Artifact
from reports.highlight import ARTIFACT_STYLES, render
from reports.summary import Summary, as_lines


def printed(article, width=100, **options):
    console = Console(file=io.StringIO(), width=width, **{"force_terminal": False} | options)
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


@pytest.mark.parametrize("width", [24, 40, 71, 72, 80, 200])
def test_every_number_is_explained_at_every_width(full_article, width):
    spans = (full_article.artifacts[0], Artifact("doubled-gloss", "Style", "title", 0, 5, "Ferry", ""))
    text = printed(dataclasses.replace(full_article, artifacts=spans), width)
    assert max(map(cell_len, text.splitlines())) <= width
    legend = " ".join(text.partition("Editor: Ada Renn")[2].split())
    for word in ("dropped-apostrophe", "Harpers", "Harper's", "0.50", "doubled-gloss", "Ferry", "(nothing)"):
        assert word in legend


def test_without_colours_spans_are_underlined_and_numbered(full_article, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    text = printed(full_article, force_terminal=True, color_system="truecolor")
    assert not re.search(r"\x1b\[[0-9;]*[34]8;", text)
    assert re.search(r"\x1b\[[0-9;]*4mHarpers\x1b\[0m\x1b\[1m\[1\]", text)


def luminance(color):
    """Relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    parts = [channel / 255 for channel in color.triplet]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("style", ARTIFACT_STYLES)
def test_letters_stand_out_from_their_colour(style):
    colors = Style.parse(style)
    dark, light = sorted((luminance(colors.color), luminance(colors.bgcolor)))
    assert (light + 0.05) / (dark + 0.05) >= 4.5, "WCAG 2.2, 1.4.3"


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
                duplicates={"exact": 150, "near": 50, "closed_groups": 2},
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
        "  feeds: 3 fetched, 1 error:timeout; newsbeam feeds out says more",
        "  ALARM https://a.example/rss: empty, 4 polls without a new entry",
        "  rejected: 7 no-text, 3 bad-json",
        "  duplicates: 150 exact, 50 near",
        "  released from held: 2",
        "  wrote 3 files, 2.5 MB, to out",
        "  newsbeam show out tells what is in it",
    ]
