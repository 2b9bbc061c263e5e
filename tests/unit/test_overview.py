import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from reports.overview import Overview

TOTALS = {"read": 1200, "articles": 1000, "duplicates": 150, "held": 0, "rejects": 50, "unchanged": 0}
DATA = {
    "directory": "tab\x1b[31mles",
    "notices": ["A run has begun its commit and not finished it."],
    "ledger": TOTALS,
    "runs": {
        "all": 9,
        "rows": [
            {"started": "2026-03-04T10:00:00+00:00", "seconds": 3.0, "totals": TOTALS, "unusual": [], "alarms": []},
            {
                "started": "2026-03-05T10:00:00+00:00",
                "seconds": 2.0,
                "totals": TOTALS | {"read": 3},
                "unusual": [
                    {"what": "items read", "value": 3, "usual": 1200},
                    {"what": "share of rejects", "value": 0.2, "usual": None},
                ],
                "alarms": ["https://a.example/rss: empty, 4 polls without a new entry"],
            },
        ],
    },
    "days": {"unit": "day", "starts": ["2026-03-04", "2026-03-05"], "tables": {"articles": [1, 1000]}},
    "breakdowns": {
        "language": {
            "rows": [["en", 900], [None, 40], ["de", 30], ["fr", 20], ["zh", 9], ["ru", 1]],
            "rest_values": 2,
        }
    },
    "kinds": [
        {"kind": "doubled-gloss", "count": 7, "articles": 5, "examples": [{"text": "[b]", "suggestion": ""}]},
        {"kind": "mojibake", "count": 0, "articles": 0, "examples": []},
    ],
    "probability": {"bins": [900, 0, 0, 0, 0, 0, 0, 0, 0, 100], "unknown": 0},
    "duplicates": {"clusters": [{"id": "ab", "title": None, "copies": 150, "publishers": [["B", 9], [None, 1]]}]},
    "feeds": {"all": 3, "by_health": {"failing": 1, "ok": 2}},
    "rejects": [
        {
            "reason": "bad-json",
            "count": 50,
            "meaning": "A line is no JSON.",
            "examples": [{"source": "/a.jsonl", "item": 7, "message": "line 8: no"}],
        }
    ],
}
ARTICLES = [
    {"id": "aaaaaaaaaa", "date": "2026-03-04", "language": "en", "title": "[bold]Old[/bold]", "artifacts": []},
    {"id": "bbbbbbbbbb", "date": "2026-03-05", "title": "岛屿渡轮", "artifacts": [1, 2]},
]


def printed(width=100, data=DATA, articles=ARTICLES, **options):
    console = Console(file=io.StringIO(), width=width, **options)
    console.print(Overview(data, articles))
    return console.file.getvalue()


def test_all_that_matters_is_there():
    text = printed()
    for line in (
        "1,200 read = 1,000 articles + 150 duplicates + 0 held + 50 rejects + 0 unchanged",
        "! A run has begun its commit",
        "! items read: 3, usually 1,200",
        "! share of rejects: 20.0%",
        "! https://a.example/rss: empty",
        "en 900, none 40, de 30, fr 20, zh 9 and 3 more",
        "[b] -> (nothing)",
        "0.8 to 1.0  100  ███",
        "1 failing, 2 ok",
        "A line is no JSON.",
        "/a.jsonl, item 7: line 8: no",
        "[bold]Old[/bold]",
    ):
        assert line in text
    assert "mojibake" not in text
    assert "\x1b" not in text
    assert text.index("bbbbbbbb") < text.index("aaaaaaaa"), "the newest first"
    assert text.index("2026-03-05 10:00") < text.index("2026-03-04 10:00")


@pytest.mark.parametrize("width", [40, 60, 80, 140])
def test_it_keeps_within_the_terminal(width):
    assert max(map(cell_len, printed(width).splitlines())) <= width


def test_nothing_is_told_of_empty_tables():
    empty = DATA | {
        "notices": [],
        "runs": {"all": 0, "rows": []},
        "days": {"unit": "day", "starts": [], "tables": {"articles": []}},
        "breakdowns": {"language": {"rows": [], "rest_values": 0}},
        "kinds": [],
        "probability": {"bins": [0] * 20, "unknown": 0},
        "duplicates": {"clusters": []},
        "feeds": {"all": 0, "by_health": {}},
        "rejects": [],
    }
    assert len(printed(data=empty, articles=[]).splitlines()) == 2


def test_plain_letters_where_there_are_no_others():
    console = Console(file=io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="replace"), width=80)
    console.print(Overview(DATA, ARTICLES))
    console.file.seek(0)
    assert "####" in console.file.read()
