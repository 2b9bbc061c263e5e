"""`newsbeam show DIR`: what the report says of the tables, in the terminal or as JSON."""

import argparse
import sys

import orjson
from rich.console import Console

from pipelines.options import UsageError
from pipelines.report import build, now, while_tables_move
from pipelines.statuses import EXIT_OK
from reports.overview import ARTICLES, Overview
from storage.paths import Location


def overview(options: argparse.Namespace) -> int:
    """Print it."""
    directory: Location = options.directory
    try:
        data, articles = while_tables_move(lambda: build(directory, ARTICLES, now()))
    except FileNotFoundError as error:
        raise UsageError(str(error)) from error
    except ValueError as error:
        raise UsageError(f"{error}; `newsbeam verify {directory}` says what is wrong with the tables") from error
    if options.json:
        text = orjson.dumps(data | {"articles": articles}, option=orjson.OPT_NON_STR_KEYS)
        sys.stdout.write(text.decode() + "\n")
        return EXIT_OK
    Console(highlight=False).print(Overview(data, articles))
    if articles:
        hints = (f"newsbeam show {directory} {articles[0]['id'][:8]}", f"newsbeam report {directory}")
        sys.stdout.write(f"\n{hints[0]} shows an article, {hints[1]} all of this and more in a browser\n")
    return EXIT_OK
