"""What a run says while it runs: a line that changes in a terminal, now and then a line elsewhere."""

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

PLAIN_SECONDS: Final = 10.0
"""Time between two plain lines."""
_TERMINAL_SECONDS: Final = 0.25


class Reporter:
    """Shows how far a run is; silent where `quiet`.

    Stages change seldom and are told by the run; rows staged are asked for, by `watch`.
    """

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet
        self.console = Console(file=sys.stderr, highlight=False)
        self.started = time.monotonic()
        self.done_bytes = 0
        self.total_bytes = 0
        self._stage = "starting"

    def say(self, line: str) -> None:
        """A line worth keeping."""
        if not self.quiet:
            self.console.print(line, markup=False, soft_wrap=True)

    def stage(self, name: str) -> None:
        """What the run does from now on."""
        self._stage = name

    @contextlib.contextmanager
    def watch(self, count: Callable[[], int]) -> Iterator[None]:
        """Show progress while the block runs; `count` tells the rows staged so far."""
        if self.quiet:
            yield
            return
        stop = threading.Event()
        show = self._show_bar if self.console.is_terminal else self._show_lines
        thread = threading.Thread(target=show, args=(stop, count), daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _show_bar(self, stop: threading.Event, count: Callable[[], int]) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[rows]:,} items"),
            TextColumn("{task.fields[rate]:,.0f}/s"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=self.console, transient=True) as progress:
            task = progress.add_task(self._stage, total=None, rows=0, rate=0.0)
            while not stop.wait(_TERMINAL_SECONDS):
                rows = count()
                progress.update(
                    task,
                    description=self._stage,
                    completed=self.done_bytes,
                    total=self.total_bytes or None,
                    rows=rows,
                    rate=rows / max(self.elapsed, 0.001),
                )

    def _show_lines(self, stop: threading.Event, count: Callable[[], int]) -> None:
        while not stop.wait(PLAIN_SECONDS):
            rows = count()
            self.say(
                f"{self._stage}: {rows:,} items, {rows / self.elapsed:,.0f}/s{self._share()}, {self.elapsed:.0f} s"
            )

    def _share(self) -> str:
        """How much of the input is read; compressed input counts as more than its size."""
        share = min(self.done_bytes / self.total_bytes, 1) if self.total_bytes else 0
        return f", {share:.0%} of the input read" if share else ""

    @property
    def elapsed(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self.started
