"""`newsbeam show`, `inspect`, `feeds` and `verify`: commands that look and change nothing."""

import argparse
import dataclasses
import datetime as dt
import itertools
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import orjson
from rich.console import Console
from rich.rule import Rule

from articles import WORKING_FIELDS, Article, ParseError, Reject
from pipelines.options import UsageError
from pipelines.statuses import EXIT_FAILED, EXIT_OK
from reports.feeds import render as render_feeds
from reports.highlight import render
from reports.plain import printable
from sinks.feeds import read_feeds
from sinks.lookup import find_articles
from sinks.manifest import last_manifest
from sinks.rows import article
from sinks.snapshot import take_snapshot
from sinks.verify import verify as find_faults
from sources.polling.headers import public_url

_NO_TABLES: Final = "no newsbeam tables here; name the directory that newsbeam ingest had as --output"
MAX_SHOWN: Final = 20
"""Rows that `show` prints where an id's first digits fit many."""


def show(options: argparse.Namespace) -> int:
    """Print the rows of one article, or what there is."""
    if options.article_id is None:
        from pipelines.overview import overview

        return overview(options)
    if last_manifest(options.directory) is None:
        raise UsageError(f"{options.directory}: {_NO_TABLES}")
    rows = find_articles(take_snapshot(options.directory), options.article_id.lower())
    if options.json:
        status = None
        for table, row in rows:
            _print_json({"table": table, **row})
            status = EXIT_OK
        return _not_found(options) if status is None else status
    shown = list(itertools.islice(rows, MAX_SHOWN + 1))
    if not shown:
        return _not_found(options)
    console = Console(highlight=False)
    for table, row in shown[:MAX_SHOWN]:
        facts = [("table", table)]
        if table == "duplicates":
            facts.append(("duplicate of", f"{row['duplicate_of']} ({row['duplicate_kind']})"))
        console.print(Rule(row["article_id"]), render(article(row), facts))
    if len(shown) > MAX_SHOWN:
        print("newsbeam: there are more; give more digits of the id", file=sys.stderr)
    return EXIT_OK


def _not_found(options: argparse.Namespace) -> int:
    message = (
        f"no article in {options.directory} has an id that starts with {options.article_id}; "
        f"newsbeam show {options.directory} lists the newest"
    )
    print(f"newsbeam: {printable(message)}", file=sys.stderr)
    return EXIT_FAILED


def inspect(options: argparse.Namespace) -> int:
    """Parse and tag one file; every item of it, articles and rejects."""
    path = Path(options.file)
    if path.is_dir():
        raise UsageError(f"{options.file} is a directory: name one file, or read it all with newsbeam ingest")
    if not path.is_file():
        raise UsageError(f"{options.file}: no such file")
    console = Console(highlight=False)
    rejected = 0
    found = 0
    for item in _read(path):
        found += 1
        if isinstance(item, Reject):
            rejected += 1
        if options.json:
            _print_json(_columns(item))
        elif isinstance(item, Reject):
            console.print(
                printable(f"rejected item {item.item_index}: {item.reason}: {item.message}"), style="bold", markup=False
            )
        else:
            console.print(Rule(item.article_id), render(item))
    if not found:
        print(f"newsbeam: {printable(options.file)}: there is no item in it", file=sys.stderr)
    return EXIT_FAILED if rejected else EXIT_OK


def _read(path: Path) -> Iterator[Article | Reject]:
    """Every item of a file, enriched."""
    from sources.plan import plan
    from sources.unit import read_unit
    from transforms.stages import STAGES, carry_out, reject

    def open_file(name: str) -> Any:  # noqa: ANN401
        return Path(name).open("rb")

    for unit in plan(str(path.resolve()), path.stat().st_size, open_file):
        for item in read_unit(unit, open_file):
            if isinstance(item, Reject):
                yield item
                continue
            try:
                yield carry_out(STAGES, item)
            except ParseError as error:
                yield reject(item, error)


def feeds(options: argparse.Namespace) -> int:
    """Print how each feed stands."""
    manifest = last_manifest(options.directory)
    if manifest is None:
        raise UsageError(f"{options.directory}: {_NO_TABLES}")
    states = read_feeds(options.directory, [file for file in manifest.state if file.table == "feeds"])
    if options.json:
        for state in states.values():
            row = dataclasses.asdict(state) | {"url": public_url(state.url), "health": state.health}
            _print_json(row)
        return EXIT_OK
    if not states:
        print("no feed was ever polled: name feed URLs or an OPML file as inputs of newsbeam ingest")
        return EXIT_OK
    Console(highlight=False).print(render_feeds(states.values(), public_url, dt.datetime.now(dt.UTC)))
    return EXIT_OK


def verify(options: argparse.Namespace) -> int:
    """Print a line on each fault of the tables."""
    try:
        faults = list(find_faults(options.directory))
    except FileNotFoundError as error:
        raise UsageError(str(error)) from error
    for fault in faults:
        print(printable(fault))
    if faults:
        print(f"newsbeam: {len(faults):,} faults in {options.directory}", file=sys.stderr)
        return EXIT_FAILED
    print(f"{options.directory}: every item adds up, every file is whole")
    return EXIT_OK


def _columns(item: Article | Reject) -> dict[str, Any]:
    """The record's columns, without its working fields."""
    kind = "reject" if isinstance(item, Reject) else "article"
    row = dataclasses.asdict(item)
    return {"table": kind, **{name: value for name, value in row.items() if name not in WORKING_FIELDS}}


def _print_json(row: dict[str, Any]) -> None:
    sys.stdout.write(orjson.dumps(row, default=_plain).decode() + "\n")


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    return os.fspath(value) if isinstance(value, os.PathLike) else str(value)
