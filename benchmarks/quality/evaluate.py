"""All quality figures in one table: `make evaluate NEWSBEAM_DATA=…`, kept in docs/quality.md by `--write`.

Each part can be run alone, with its misses: see the modules beside this one.
"""

import argparse
import datetime as dt
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from benchmarks.quality import (
    artifacts_injected,
    artifacts_seed,
    artifacts_speed,
    artifacts_untouched,
    duplicates,
    duplicates_translations,
    editorial,
    language,
    translation,
)
from benchmarks.quality.artifacts_corpora import data_folder

PAGE = Path(__file__).parents[2] / "docs/quality.md"


class Row(Protocol):
    """A line of the table: what the parts yield."""

    name: str
    figure: float
    target: str
    n: int
    interval: tuple[float, float] | None


PARTS: dict[str, Callable[[Path], Sequence[Row]]] = {
    "Artifacts put into clean news": artifacts_injected.evaluate,
    "Untouched news": artifacts_untouched.evaluate,
    "Seed article, labelled by hand": artifacts_seed.evaluate,
    "translation_probability": translation.evaluate,
    "Credits, datelines, bylines": editorial.evaluate,
    "Language": language.evaluate,
    "Duplicates among wires": duplicates.evaluate,
    "Duplicates among renderings of one story": duplicates_translations.evaluate,
    "Speed of artifacts and translation_probability, one core": artifacts_speed.evaluate,
}


def holds(row: Row) -> bool | None:
    """Whether the figure meets its target; None where there is none."""
    target = row.target.strip()
    if not target:
        return None
    bound = float(target.lstrip("≥≤=> <").replace(",", ""))
    return row.figure <= bound if target[0] in "≤<" else row.figure >= bound


def render(rows: Sequence[Row]) -> Iterator[str]:
    """The rows as Markdown."""
    yield "| | figure | target | | n | 95% interval |\n|---|---|---|---|---|---|"
    for row in rows:
        mark = {True: "met", False: "**missed**", None: ""}[holds(row)]
        interval = f"{row.interval[0]:.3f}–{row.interval[1]:.3f}" if row.interval else ""
        figure = f"{row.figure:,.0f}" if row.figure >= 100 else f"{row.figure:.4g}"
        name = row.name.strip() if not row.name.startswith(" ") else "— " + row.name.strip()
        yield f"| {name} | {figure} | {row.target} | {mark} | {row.n:,} | {interval} |"


def main() -> int:
    """Print all tables; 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep the tables in docs/quality.md")
    parser.add_argument("--only", choices=PARTS, help="one part")
    options = parser.parse_args()
    data = data_folder()
    today = dt.datetime.now(dt.UTC).date()
    lines = [
        "# Quality of tagging",
        "",
        f"Printed by `make evaluate` on {today}, on the development data that `NEWSBEAM_DATA` named.",
        "Kept-back data of the same kinds will give other figures. Speed depends on the machine.",
    ]
    missed = 0
    print("\n".join(lines))
    for title, evaluate in PARTS.items():
        if options.only in (None, title):
            start = time.monotonic()
            rows = list(evaluate(data))
            missed += sum(holds(row) is False for row in rows)
            part = ["", f"## {title}", "", *render(rows)]
            print("\n".join(part), flush=True)
            print(f"{title}: {time.monotonic() - start:.0f} s", file=sys.stderr)
            lines += part
    if options.write:
        PAGE.write_text("\n".join(lines) + "\n", "utf-8")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
