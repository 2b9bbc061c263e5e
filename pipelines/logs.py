"""What a run says as JSON objects on standard error, one a line, for whatever gathers logs."""

import contextlib
import dataclasses
import datetime as dt
import logging
import sys
from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson

from pipelines.progress import Reporter
from reports.plain import printable
from reports.progress import Step, line
from reports.summary import Summary, brief

_LOGGER: Final = logging.getLogger("newsbeam")
_FIELDS: Final = "newsbeam_fields"
"""The attribute of a log record that has what is told beside the message."""


class JsonFormatter(logging.Formatter):
    """A log record as one JSON object: time (UTC), level, logger, message, what is told beside it, and a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        told: dict[str, Any] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": printable(record.getMessage()),
            **getattr(record, _FIELDS, {}),
        }
        if record.exc_info:
            told["exception"] = printable(self.formatException(record.exc_info))
        return orjson.dumps(told).decode()


class JsonReporter(Reporter):
    """Tells what the run does in log records, each with the run's id and its stage."""

    def __init__(self, *, quiet: bool) -> None:
        super().__init__(quiet=quiet)
        self._at = "starting"

    @property
    def live(self) -> bool:
        """Never: a table is for people."""
        return False

    def say(self, text: str) -> None:
        """A line worth keeping."""
        self.record(logging.INFO, text)

    def tell(self, step: Step) -> None:
        """How far a stage is, in words and in figures."""
        figures = dataclasses.asdict(step)
        stage = figures.pop("name")
        figures["stage_seconds"] = figures.pop("seconds")
        self.record(logging.INFO, line(step), **figures | {"stage": stage})

    def stage(self, name: str) -> None:
        """What the run does from now on."""
        super().stage(name)
        self._at = name
        self.record(logging.INFO, name)

    def finish(self, summary: Summary, status: int) -> None:
        """The run is committed, with these figures."""
        figures = dataclasses.asdict(summary)
        self._at = "finished"
        self.record(logging.INFO, "finished", exit_status=status, **figures)

    def committed(self, summary: Summary) -> None:
        """A run of a stream is committed, with these figures."""
        self.record(logging.INFO, brief(summary), **dataclasses.asdict(summary) | {"stage": "committed"})

    def fail(self, text: str) -> None:
        """What went wrong."""
        self.record(logging.ERROR, text)

    def record(self, level: int, text: str, *, error: BaseException | None = None, **fields: object) -> None:
        """Log a line; where `quiet`, only what went wrong."""
        if level >= logging.ERROR or not self.quiet:
            place = {"run_id": self.run_id or None, "stage": self._at, "seconds": round(self.elapsed, 3)}
            _LOGGER.log(level, "%s", text, exc_info=error, extra={_FIELDS: place | fields})


@contextlib.contextmanager
def in_json(reporter: JsonReporter, expected: Mapping[type[Exception], int]) -> Iterator[None]:
    """Have all that is logged told in JSON while the block runs, and the error that ends it, if one does.

    An error then leaves as `SystemExit`, so that nothing else tells of it: with the status that is `expected` of it,
    and without a traceback; else with 1.
    """
    root = logging.getLogger()
    handlers, level = root.handlers[:], _LOGGER.level
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root.handlers[:] = [handler]
    _LOGGER.setLevel(logging.INFO)
    try:
        yield
    except tuple(expected) as error:
        reporter.fail(str(error))
        raise SystemExit(expected[type(error)]) from None
    except KeyboardInterrupt:
        reporter.fail("interrupted; the next run clears up what this one began")
        raise SystemExit(1) from None
    except Exception as error:  # noqa: BLE001  # the last to see it: it is told, and ends the program
        reporter.record(logging.CRITICAL, str(error), error=error)
        raise SystemExit(1) from None
    finally:
        root.handlers[:] = handlers
        _LOGGER.setLevel(level)
