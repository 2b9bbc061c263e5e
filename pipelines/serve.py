"""`newsbeam serve`: the report, live, and search across all articles.

waitress serves: a WSGI server without dependencies, made to face clients that misbehave, with threads
that suit scans of files. Searches scan the tables themselves (`sinks.search`).
"""

import argparse
import contextlib
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any, Final, TypeVar

import orjson
import waitress

from pipelines.options import UsageError
from pipelines.report import build, now, read_standing, while_tables_move
from pipelines.statuses import EXIT_FAILED, EXIT_OK
from reports.html.article import article as shown
from reports.html.article import headline
from reports.html.standing import Standing
from reports.plain import printable
from reports.serve import Application, BadRequestError, Parameters, Tables
from sinks.manifest import last_sequence
from sinks.search import EXACT, Query, cursor_is_valid, find_article, search, words
from sinks.snapshot import Snapshot, take_snapshot
from storage.paths import Location

PAGE: Final = 50
"""Articles of a page of a search."""
SECONDS: Final = 5.0
"""Time a search may take, about: it stops at the end of a file, and says how far it came."""
THREADS: Final = 4
LONGEST_WORD: Final = 200

Result = TypeVar("Result")


def serve(options: argparse.Namespace) -> int:
    """Serve until interrupted or terminated."""
    live = LiveTables(options.directory)
    try:
        live.snapshot()
    except FileNotFoundError as error:
        raise UsageError(str(error)) from error
    tables = Tables(lambda: last_sequence(options.directory), live.data, live.search, live.article)
    application = Application(tables, options.host, _complain)
    try:
        server = waitress.create_server(
            application,
            host=options.host,
            port=options.port,
            threads=THREADS,
            connection_limit=100,
            channel_timeout=30,
            max_request_header_size=16_384,
            max_request_body_size=1_024,
            ident=None,
        )
    except (OSError, ValueError) as error:
        print(f"newsbeam: {options.host}:{options.port}: {printable(str(error))}", file=sys.stderr)
        return EXIT_FAILED
    print(
        f"newsbeam: {options.directory} at http://{options.host}:{server.effective_port}/ (stop with Ctrl-C)",
        flush=True,
    )
    if options.host not in {"127.0.0.1", "::1", "localhost"}:
        print("newsbeam: whoever can reach this address can read all articles: there are no passwords", file=sys.stderr)
    # The first page asked for need not wait until all is added up.
    threading.Thread(target=_prepare, args=(live,), daemon=True).start()
    before = signal.signal(
        signal.SIGTERM, signal.default_int_handler
    )  # as a service manager ends it; waitress sees to it
    try:
        server.run()
    finally:
        signal.signal(signal.SIGTERM, before)
    return EXIT_OK


def _prepare(live: "LiveTables") -> None:
    with contextlib.suppress(OSError, ValueError):  # told to whoever asks for the page
        live.data()


def _complain(message: str) -> None:
    print(f"newsbeam: {message}", file=sys.stderr)


class LiveTables:
    """The tables, read anew whenever a run was committed; safe for threads."""

    def __init__(self, directory: Location) -> None:
        self.directory = directory
        self._lock = threading.Lock()
        self._sequence = -1
        self._snapshot: Snapshot | None = None
        self._standing = Standing({})
        self._data_lock = threading.Lock()
        self._data_sequence = -1
        self._data = b""

    def snapshot(self) -> tuple[Snapshot, Standing]:
        """The tables after the newest commit, and what may be shown of them."""
        with self._lock:
            self._refresh()
            assert self._snapshot  # noqa: S101
            return self._snapshot, self._standing

    def _refresh(self) -> None:
        sequence = last_sequence(self.directory)
        if sequence != self._sequence or self._snapshot is None or self._snapshot.missing:
            self._snapshot = take_snapshot(self.directory)
            self._standing = read_standing(self._snapshot)
            self._sequence = sequence

    def data(self) -> bytes:
        """The report's data; searches go on while it is added up."""
        with self._data_lock:
            if last_sequence(self.directory) != self._data_sequence:
                data, _ = while_tables_move(lambda: build(self.directory, 0, now()))
                self._data = orjson.dumps(data | {"live": True, "articles": []})
                self._data_sequence = data["sequence"]
            return self._data

    def search(self, parameters: Parameters) -> dict[str, Any]:
        """A page of the articles that fit."""
        unknown = parameters.keys() - {"q", "kind", "cursor", *EXACT}
        cursor = parameters.get("cursor", "")
        if unknown or not cursor_is_valid(cursor) or any(len(value) > LONGEST_WORD for value in parameters.values()):
            raise BadRequestError("no such search")
        values = {name: parameters[name] for name in EXACT if parameters.get(name)}
        query = Query(words(parameters.get("q", "")), values, parameters.get("kind") or None)

        def find(snapshot: Snapshot, standing: Standing) -> dict[str, Any]:
            found = search(snapshot, standing.shown, query, PAGE, cursor, SECONDS)
            note = f"{len(found.rows)} articles, the newest first"
            note += f", searched back to {found.searched_to}" if found.searched_to else "; all were searched"
            return {"rows": [headline(row, row["date"]) for row in found.rows], "next": found.cursor, "note": note}

        return self._while_committed(find)

    def article(self, article_id: str) -> dict[str, Any] | None:
        """One article, in full."""

        def find(snapshot: Snapshot, standing: Standing) -> dict[str, Any] | None:
            found = find_article(snapshot, standing.shown, article_id)
            return None if found is None else shown(found[1], found[0])

        return self._while_committed(find)

    def _while_committed(self, find: Callable[[Snapshot, Standing], Result]) -> Result:
        def attempt() -> Result:
            try:
                return find(*self.snapshot())
            except FileNotFoundError:
                # A run has removed files since the manifests were read: read them again.
                with self._lock:
                    self._snapshot = None
                raise

        return while_tables_move(attempt)
