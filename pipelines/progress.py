"""What a run says while it runs: a live table in a terminal, now and then a line elsewhere.

The run never waits for it: a thread looks, a few times a second at most, at what lies in the staging
folder and at the few figures that the run sets here as it goes. All of it goes to standard error;
standard output is the summary's.
"""

import contextlib
import dataclasses
import itertools
import os
import sys
import threading
import time
from collections.abc import Iterator
from typing import Final

from rich.console import Console, RenderableType
from rich.live import Live

from pipelines.tally import Odometer, Tally, written_bytes
from reports.plain import printable
from reports.progress import Step, line, render
from reports.summary import Summary, brief
from storage.paths import Location

READING: Final = "reading"
WRITING: Final = "writing"
"""Stages whose work can be counted."""

PLAIN_SECONDS: Final = 30.0
"""Time between two plain lines."""
TERMINAL_SECONDS: Final = 0.5
COST: Final = 0.005
"""Share of a processor's time that may go into looking: where a look is costly, the next comes later."""
WORTH_A_LINE: Final = 5.0
"""Seconds a stage must take for a plain line at its end."""
_SHOWN_SOURCES: Final = 8


@dataclasses.dataclass(slots=True)
class _Stage:
    name: str
    started: float
    ended: float | None = None
    items: int | None = None
    rejects: int = 0
    bytes: int | None = None


class Reporter:
    """Shows how far a run is; silent where `quiet`. The run tells its stages, the rest is looked for."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet
        self.run_id = ""
        self.console = Console(file=sys.stderr, highlight=False)
        self.odometer = Odometer()
        self.feed_sizes: dict[str, int] = {}
        self._started = time.monotonic()
        self._stages: list[_Stage] = []
        self._lock = threading.Lock()
        self._tally: Tally | None = None
        self._final: Location | None = None
        self._mark = (0, 0)
        """Bytes read for sure, and the rows there were then."""

    @property
    def elapsed(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self._started

    @property
    def live(self) -> bool:
        """Whether there is someone at a terminal that can show a table in place of the one before."""
        return self.console.is_terminal and not self.console.is_dumb_terminal and sys.stderr.isatty()

    def say(self, text: str) -> None:
        """A line worth keeping."""
        if not self.quiet:
            self.console.print(text, markup=False, soft_wrap=True)

    def tell(self, step: Step) -> None:
        """How far a stage is, where nobody watches."""
        self.say(line(step))

    def fail(self, text: str) -> None:
        """What went wrong, in words for people."""
        print(f"newsbeam: {printable(text)}", file=sys.stderr)  # noqa: T201

    def finish(self, summary: Summary, status: int) -> None:
        """The run is committed; standard output has the summary, so there is no more to say here."""

    def committed(self, summary: Summary) -> None:
        """A run of a stream is committed, with these figures."""
        self.say(brief(summary))

    def stage(self, name: str) -> None:
        """What the run does from now on."""
        now = time.monotonic()
        self._look()
        if self._stages:
            last = self._stages[-1]
            last.ended = now
            if not self.live and now - last.started >= WORTH_A_LINE:
                self.tell(self._step(last))
        self._stages.append(_Stage(name, now))

    @contextlib.contextmanager
    def watch(self, rows: Location, final: Location) -> Iterator[None]:
        """Show progress while the block runs; `rows` is where rows are staged, `final` where files are written."""
        if self.quiet:
            yield
            return
        self._tally, self._final = Tally(rows), final
        stop = threading.Event()
        show = self._show_table if self.live else self._show_lines
        thread = threading.Thread(target=show, args=(stop,), daemon=True, name="progress")
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _show_table(self, stop: threading.Event) -> None:
        live = Live(
            console=self.console, get_renderable=self._table, transient=True, auto_refresh=False, redirect_stdout=False
        )
        with live:
            self.console.show_cursor(True)  # whatever ends the run, kill -9 too, leaves the terminal as it was
            pause = TERMINAL_SECONDS
            while not stop.wait(pause):
                started = time.thread_time()
                self._look()
                live.refresh()
                pause = max(TERMINAL_SECONDS, (time.thread_time() - started) / COST)

    def _table(self) -> RenderableType:
        options = self.console.options
        with self._lock:
            stages = [self._step(stage) for stage in self._stages]
            room = min(_SHOWN_SOURCES, options.max_height - len(stages) - 4)
            sources = list(self._sources(max(room, 0)))
        return render(stages, sources, width=options.max_width, plain_letters=options.ascii_only)

    def _show_lines(self, stop: threading.Event) -> None:
        while not stop.wait(PLAIN_SECONDS):
            self._look()
            if self._stages:
                self.tell(self._step(self._stages[-1]))

    def _look(self) -> None:
        """See what the stage at work has done."""
        if self._tally is None or not self._stages:
            return
        with self._lock:
            stage = self._stages[-1]
            if stage.name == READING:
                self._tally.update(time.monotonic(), by_source=self.live)
                stage.items, stage.rejects = self._tally.rows.total(), self._tally.rows["rejects"]
                if self.odometer.done != self._mark[0]:
                    self._mark = (self.odometer.done, stage.items)
            elif stage.name == WRITING and self._final:
                stage.bytes = written_bytes(self._final)

    def _step(self, stage: _Stage) -> Step:
        seconds = (stage.ended or time.monotonic()) - stage.started
        step = Step(
            name=stage.name,
            items=stage.items,
            rejects=stage.rejects,
            bytes=stage.bytes,
            seconds=seconds,
            running=stage.ended is None,
        )
        total = self.odometer.total
        if stage.name != READING or not total:
            return step
        done = total if stage.ended else min(self._bytes_read(stage.items or 0), total)
        left = seconds * (total - done) / done if step.running and 0 < done < total else None
        return dataclasses.replace(step, bytes=round(done), total_bytes=total, left=left)

    def _bytes_read(self, rows: int) -> float:
        """What is read for sure, and of the chunk at work what its rows suggest."""
        done, rows_then = self._mark
        if not done or not rows_then:
            return done
        return done + min((rows - rows_then) * done / rows_then, self.odometer.planned - done)

    def _sources(self, count: int) -> Iterator[Step]:
        """The sources that rows came from last, the latest first."""
        tally = self._tally
        if tally is None or not self._stages or self._stages[-1].name != READING:
            return
        latest = list(itertools.islice(reversed(tally.sources.items()), count))
        for name, source in latest:
            yield Step(name=name, items=source.items, bytes=self._size(name), seconds=source.until - source.since)
        if tally.forgotten or len(tally.sources) > len(latest):
            yield Step(name="... and others before")

    def _size(self, source: str) -> int | None:
        if source in self.feed_sizes or "://" in source:
            return self.feed_sizes.get(source)
        try:
            return os.stat(source).st_size  # noqa: PTH116  # any name, even one that no Path would take
        except (OSError, ValueError):
            return None
