"""How well credits, datelines and bylines are read: `python benchmarks/quality/editorial.py DATA`.

The truth of a rendering is what the rendering itself says, read here by rules of their own that share no
code and no list with `transforms.editorial`: a rendering that lost its credit must yield none.
"""

import argparse
import datetime as dt
import gzip
import json
import math
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from articles import Article, Dateline
from transforms.editorial import annotate
from transforms.normalize import normalize

PUBLISHED = dt.datetime(2020, 7, 26, 12, tzinfo=dt.UTC)


class Row(NamedTuple):
    """A row of the quality table; `interval` is Wilson's at 95%, `misses` what was read wrong."""

    name: str
    figure: float
    target: str
    n: int
    interval: tuple[float, float]
    misses: list[str]


def evaluate(data: Path) -> list[Row]:
    """Measure every claim of docs/editorial.md on the development data."""
    lines = json.loads((data / "editorial/credits-zh-en.json").read_text())
    datelines = json.loads((data / "editorial/datelines-zh-en.json").read_text())
    wires = list(_lines(data / "reuters21578/articles.jsonl.gz"))
    native = ["\n\n".join(it["segments"][1:]) for it in _lines(data / "machine-translation/native-en.jsonl.gz")]
    return [
        _row("credits: role and name exact", "≥ 0.98", _credits(lines)),
        _row("credits: original source exact", "≥ 0.95", _sources(lines)),
        _row("datelines: agency and place", "≥ 0.95", _rendered_datelines(datelines)),
        _row("Reuters: place and date exact", "≥ 0.998", _wire_datelines(wires)),
        _row("Reuters: no dateline in a body without one", "≥ 0.999", _no_datelines(wires)),
        _row("Reuters: byline exact", "≥ 0.98", _bylines(wires)),
        _row("Reuters: articles without a false credit", "≥ 0.999", _no_credits(_bodies(wires))),
        _row("native English: articles without a false credit", "1", _no_credits(native)),
    ]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _row(name: str, target: str, outcomes: Iterator[str | None]) -> Row:
    results = list(outcomes)
    misses = [it for it in results if it]
    right = len(results) - len(misses)
    return Row(name, right / len(results), target, len(results), _wilson(right, len(results)), misses)


def _wilson(right: int, n: int, z: float = 1.96) -> tuple[float, float]:
    p = right / n
    middle, spread = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - spread) / (1 + z * z / n), (middle + spread) / (1 + z * z / n)


def _annotated(body: str, published: dt.datetime | None = None) -> Article:
    """Annotate a body as the pipeline does: normalized first, which joins lines broken to a screen's width."""
    return annotate(normalize(Article(body=body, published_at=published)))


# Credits


def _renderings(entry: dict[str, Any]) -> dict[str, str]:
    return {"refA": entry["refA"], **entry["mt"]}


_LABEL = re.compile(
    r"\b(Source|Author|Writer|(?:Responsible |Responsibility |Executive )?[Ee]ditor(?: in charge)?)\b\s*[:：]?\s*"
)
_ROLE = {"source": "source", "author": "author", "writer": "writer"}


def _said(text: str) -> list[tuple[str, str]]:
    """Return the (role, value) pairs a credit line says."""
    parts = _LABEL.split(text)[1:]
    return [
        (_ROLE.get(label.casefold(), "editor"), value.strip())
        for label, value in zip(parts[::2], parts[1::2], strict=True)
    ]


def _credits(lines: list[dict[str, Any]]) -> Iterator[str | None]:
    for entry in lines:
        for system, text in _renderings(entry).items():
            expected = [pair for pair in _said(text) if pair[0] != "source"]
            found = [(credit.role, credit.name) for credit in _annotated(text).credits]
            yield None if found == expected else f"{entry['seg']} {system}: {text!r} gives {found}"


def _sources(lines: list[dict[str, Any]]) -> Iterator[str | None]:
    for entry in lines:
        for system, text in _renderings(entry).items():
            expected = dict(_said(text)).get("source")
            found = _annotated(text).original_source
            yield None if found == expected else f"{entry['seg']} {system}: {text!r} gives {found!r}"


# Datelines

_PLACES = (
    "Chengdu|Harbin|Hefei|Beijing|Guangzhou|Bras[ií]lia|Nanchang|Moscow|Shijiazhuang|Hong Kong|Yinchuan|Shenzhen|Xining"
    "|Chongqing|Sydney|Urumqi|Dalian|New York|Hami, Xinjiang|Xinjiang Hami"
)
_PLACE = re.compile(rf"\b({_PLACES})\b", re.IGNORECASE)
_AGENCY = re.compile(
    r"\b(?:(?:Xinhua|Xinhua News|China News|China) (?:News )?(?:Agency|Service|Network)"
    r"|Xinhua News|China News|New Network"
    r"|Xinhua|(?:Chinanews|Chinane|Ecns)(?:\.com|\.cn)?|CNS|CNN|UPI|Reuters|PRNewswire)\b(?: client\b)?",
    re.IGNORECASE,
)
_DAY = re.compile(r"\bJuly 2[56]")
_PROSE = re.compile(r"\s*(?:On|At|According|The report|As of)\b")


def _dateline_said(text: str) -> tuple[str | None, str | None]:
    """Return (place, agency) of a rendering's dateline; (None, None) where it begins like a sentence."""
    day = _DAY.search(text, 0, 75)
    if day is None or _PROSE.match(text):
        return None, None
    lead = text[: day.start()]
    tail = re.split(r"(?<=\w)\. [A-Z]|(?<=\))\s*[A-Z]|-- |[a-z] [a-z]{2}", text[day.end() : day.end() + 60])[0]
    places = list(_PLACE.finditer(lead))
    after = re.match(r"(?:th)?, (.*?):", tail)
    place = (
        lead[places[0].start() : places[-1].end()]
        if places
        else after[1]
        if after and _PLACE.search(after[1])
        else None
    )
    brackets = re.match(r"(?: ?th)?(?:, ?\d{4})?,?[ ]?[(/]? ?([^)/]*)", tail)
    agency = _AGENCY.search(lead) or (_AGENCY.match(brackets[1]) if brackets is not None else None)
    return place, (agency[0] if agency else None)


def _rendered_datelines(entries: list[dict[str, Any]]) -> Iterator[str | None]:
    for entry in entries:
        for system, text in _renderings(entry).items():
            if not text.strip():
                continue
            place, agency = _dateline_said(text)
            found = _annotated(text, PUBLISHED).dateline or Dateline()
            same = _folded(found.place) == _folded(place) and _folded(found.agency) == _folded(agency)
            got, said = f"{found.place!r}, {found.agency!r}", f"{place!r}, {agency!r}"
            yield None if same else f"{entry['seg']} {system}: {text[:80]!r} gives {got}; says {said}"


def _folded(text: str | None) -> str | None:
    return text.casefold() if text is not None else None


# Reuters wires

_FIELD = re.compile(
    r"[*\s]*(?P<place>\S.*?)[\s,-]*(?:\b(?P<month>[A-Za-z]{3})[a-z]*\.?\s+(?P<day>\d+\w?)\b"
    r"|,\s(?P<first>\d+) (?P<second>[A-Z][a-z]{2})| -$)",
    re.IGNORECASE,
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def _published(wire: dict[str, Any]) -> dt.datetime:
    day, clock = wire["date"].strip().split()[:2]
    number, month, year = day.split("-")
    hour, minute, _ = clock.split(":")
    return dt.datetime(
        int(year), _MONTHS.index(month.casefold()) + 1, int(number), int(hour), int(minute), tzinfo=dt.UTC
    )


def _wire_datelines(wires: list[dict[str, Any]]) -> Iterator[str | None]:
    """Compare with the dateline field, misprinted ones too; a date that is none must come out as None."""
    for wire in wires:
        if not wire["dateline"] or not wire["body"]:
            continue
        field = _FIELD.match(wire["dateline"])
        if field is None:
            continue
        expected = (
            field["place"],
            _date(_published(wire).year, field["month"] or field["second"], field["day"] or field["first"]),
        )
        dateline = _annotated(f"{wire['dateline']} {wire['body']}", _published(wire)).dateline or Dateline()
        found = (dateline.place, dateline.date)
        yield None if found == expected else f"{wire['newid']}: field {wire['dateline']!r} gives {found}"


def _date(year: int, month: str | None, day: str | None) -> dt.date | None:
    if month is None or day is None:
        return None
    try:
        return dt.date(year, _MONTHS.index(month.casefold()) + 1, int(day))
    except ValueError:
        return None


def _bodies(wires: list[dict[str, Any]]) -> list[str]:
    return [wire["body"] for wire in wires if wire["body"]]


def _no_datelines(wires: list[dict[str, Any]]) -> Iterator[str | None]:
    for wire in wires:
        if wire["body"] and wire["dateline"]:
            dateline = _annotated(wire["body"], _published(wire)).dateline
            yield None if dateline is None else f"{wire['newid']}: {wire['body'][:80]!r} gives {dateline}"


def _bylines(wires: list[dict[str, Any]]) -> Iterator[str | None]:
    for wire in wires:
        if wire["author"] and wire["body"]:
            name = re.sub(
                r",?\s*Reuters?\.?$", "", re.sub(r"(?i)^\s*by\s+", "", wire["author"].strip()), flags=re.IGNORECASE
            )
            expected = tuple(re.split(r"(?i)\s*,\s*|\s+and\s+", name.strip()))
            found = _annotated(f"    {wire['author']}\n    {wire['dateline'] or ''} {wire['body']}").byline
            yield None if found == expected else f"{wire['newid']}: {wire['author']!r} gives {found}"


def _no_credits(bodies: list[str]) -> Iterator[str | None]:
    for body in bodies:
        article = _annotated(body)
        found = [*article.credits, *article.byline]
        yield f"{body[:70]!r} gives {found}" if found or article.original_source else None


def speed(data: Path) -> float:
    """Return microseconds an article of 3 KB takes, the best of five rounds."""
    wires = list(_lines(data / "reuters21578/articles.jsonl.gz"))
    texts = [f"{it['dateline']} {it['body']}" for it in wires if it["body"] and 2_500 <= len(it["body"]) <= 3_500][:400]
    articles = [normalize(Article(title="WORLD GRAIN TRADE", body=text)) for text in texts]
    rounds = []
    for _ in range(5):
        start = time.process_time()
        for article in articles:
            annotate(article)
        rounds.append((time.process_time() - start) / len(articles) * 1e6)
    return min(rounds)


def main() -> None:
    """Print the table, and with --misses every miss below it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--misses", action="store_true")
    arguments = parser.parse_args()
    for row in evaluate(arguments.data):
        low, high = row.interval
        print(f"{row.name:62} {row.figure:.4f}  ({low:.4f}…{high:.4f})  target {row.target:8} n {row.n}")
        for miss in row.misses if arguments.misses else []:
            print("   ", miss)
    print(f"{'microseconds an article of 3 KB':62} {speed(arguments.data):.0f}  target ≤ 100")


if __name__ == "__main__":
    main()
