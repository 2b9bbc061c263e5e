"""The tables at a glance, in the terminal: what `newsbeam report` shows on its page, in a few lines each."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from reports.plain import printable

RUNS: Final = 5
DAYS: Final = 10
VALUES: Final = 5
"""Languages, formats, publishers and sources named."""
KINDS: Final = 10
CLUSTERS: Final = 5
ARTICLES: Final = 10
EXAMPLES: Final = 2
"""Rejects named of each reason."""
_BAR: Final = 20
_EXAMPLE: Final = 60

Row = Mapping[str, Any]


class Overview:
    """What is known of the tables: `data` as the report's page has it, and the `articles` that it may show."""

    def __init__(self, data: Row, articles: Sequence[Row]) -> None:
        self.data = data
        self.articles = sorted(articles, key=_newest_first)[:ARTICLES]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        block = "#" if options.ascii_only else "█"
        data = self.data
        yield Text(
            printable(f"{data['directory']}, {data['runs']['all']:,} run{'s' * (data['runs']['all'] != 1)}"), "bold"
        )
        yield from (Text(f"! {printable(notice)}", "bold") for notice in data["notices"])
        yield Text(ledger(data["ledger"]))
        sections = (
            ("runs, the last first", _runs(data["runs"]["rows"])),
            ("articles by day", _days(data["days"], block)),
            ("where they come from", _breakdowns(data)),
            ("translation artifacts", _kinds(data["kinds"])),
            ("translation_probability", _probability(data["probability"], block)),
            ("duplicates", _duplicates(data["duplicates"])),
            ("feeds", _feeds(data["feeds"])),
            ("rejects", _rejects(data["rejects"])),
            ("newest articles", _articles(self.articles)),
        )
        for title, shown in sections:
            if shown is not None:
                yield Text(f"\n{title}", "bold underline")
                yield shown


def ledger(totals: Mapping[str, int]) -> str:
    """What was read and what became of it, in one line that adds up.

    >>> ledger({"read": 3, "articles": 2, "rejects": 1})
    '3 read = 2 articles + 1 rejects'
    """
    parts = " + ".join(f"{number:,} {name}" for name, number in totals.items() if name != "read")
    return f"{totals['read']:,} read = {parts}"


def _table(*columns: str, right: Iterable[str] = ()) -> Table:
    table = Table(box=box.SIMPLE, padding=(0, 1), show_edge=False, pad_edge=False, header_style="dim")
    for name in columns:
        table.add_column(name, justify="right" if name in right else "left", no_wrap=name in right)
    return table


def _text(value: object, style: str = "") -> Text:
    return Text(printable(" ".join(str("" if value is None else value).split())), style)


def _runs(rows: Sequence[Row]) -> RenderableType | None:
    if not rows:
        return None
    table = _table(
        "started", "seconds", "read", "articles", "rejects", "", right={"seconds", "read", "articles", "rejects"}
    )
    for row in reversed(rows[-RUNS:]):
        notes = [f"! {_unusual(note)}" for note in row["unusual"]]
        notes += [f"! {alarm}" for alarm in row["alarms"][:3]]
        totals = row["totals"]
        table.add_row(
            row["started"][:16].replace("T", " "),
            f"{row['seconds']:,.1f}",
            *(f"{totals[name]:,}" for name in ("read", "articles", "rejects")),
            Text("\n").join(_text(note, "bold") for note in notes),
        )
    return table


def _unusual(note: Row) -> str:
    form = ".1%" if note["what"].startswith("share") else ",g"
    usual = "" if note["usual"] is None else f", usually {note['usual']:{form}}"
    return f"{note['what']}: {note['value']:{form}}{usual}"


def _days(days: Row, block: str) -> RenderableType | None:
    bars = list(zip(days["starts"], days["tables"]["articles"], strict=True))[-DAYS:]
    return _bars([(day if days["unit"] == "day" else f"{days['unit']} of {day}", count) for day, count in bars], block)


def _bars(counts: Sequence[tuple[str, int]], block: str) -> RenderableType | None:
    most = max((count for _, count in counts), default=0)
    if not most:
        return None
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(justify="right")
    for name, count in counts:
        table.add_row(_text(name), f"{count:,}", block * -(-count * _BAR // most))
    return table


def _breakdowns(data: Row) -> RenderableType | None:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    for name, found in data["breakdowns"].items():
        named = [f"{value if value is not None else 'none'} {count:,}" for value, count in found["rows"][:VALUES]]
        rest = len(found["rows"][VALUES:]) + found["rest_values"]
        if named:
            table.add_row(name, _text(", ".join(named) + (f" and {rest:,} more" if rest else "")))
    return table if table.rows else None


def _kinds(kinds: Sequence[Row]) -> RenderableType | None:
    found = [kind for kind in kinds if kind["count"]]
    if not found:
        return None
    table = _table("kind", "found", "articles", "such as", right={"found", "articles"})
    for kind in found[:KINDS]:
        table.add_row(kind["kind"], f"{kind['count']:,}", f"{kind['articles']:,}", _example(kind["examples"]))
    return table


def _example(examples: Sequence[Row]) -> Text:
    if not examples:
        return Text()
    example = examples[0]
    text = _text(example["text"][:_EXAMPLE], "underline")
    return (
        text
        if example["suggestion"] is None
        else Text.assemble(text, " -> ", _text(example["suggestion"] or "(nothing)"))
    )


def _probability(probability: Row, block: str) -> RenderableType | None:
    bins = probability["bins"]
    step = len(bins) // VALUES
    sums = [sum(bins[place : place + step]) for place in range(0, len(bins), step)]
    return _bars(
        [(f"{place / len(sums):.1f} to {(place + 1) / len(sums):.1f}", count) for place, count in enumerate(sums)],
        block,
    )


def _duplicates(duplicates: Row) -> RenderableType | None:
    if not duplicates["clusters"]:
        return None
    table = _table("copies", "of", "also from", right={"copies"})
    for cluster in duplicates["clusters"][:CLUSTERS]:
        publishers = ", ".join(str(name) for name, _ in cluster["publishers"][:VALUES] if name)
        table.add_row(f"{cluster['copies']:,}", _text(cluster["title"] or cluster["id"]), _text(publishers))
    return table


def _feeds(feeds: Row) -> RenderableType | None:
    if not feeds["all"]:
        return None
    return _text(", ".join(f"{count:,} {health}" for health, count in feeds["by_health"].items()))


def _rejects(rejects: Sequence[Row]) -> RenderableType | None:
    if not rejects:
        return None
    table = _table("reason", "found", "what it means, and where it was seen", right={"found"})
    for reject in rejects[:KINDS]:
        table.add_row(_text(reject["reason"]), f"{reject['count']:,}", Text("\n").join(_places(reject)))
    return table


def _places(reject: Row) -> list[Text]:
    examples = [f"{example['source']}, item {example['item']}: {example['message']}" for example in reject["examples"]]
    return [_text(reject["meaning"]), *(_text(example, "dim") for example in examples[:EXAMPLES])]


def _articles(articles: Sequence[Row]) -> RenderableType | None:
    if not articles:
        return None
    table = _table("id", "date", "lang", "title", "artifacts", right={"artifacts"})
    for article in articles:
        count = len(article.get("artifacts") or ())
        table.add_row(
            article["id"][:8],
            article["date"],
            _text(article.get("language")),
            _text(article["title"]),
            f"{count or ''}",
        )
    return table


def _newest_first(article: Row) -> tuple[int, str]:
    return (-int(str(article["date"]).replace("-", "")), article["id"])
