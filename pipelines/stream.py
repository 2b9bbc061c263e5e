"""`newsbeam stream`: inputs that never end, committed window by window.

    seeds of the groups of inputs → gather, by timers → windows of arrival → one key → commit

docs/streaming.md says why it is built so, and what holds when something breaks.
"""

import argparse
import contextlib
import dataclasses
import datetime as dt
import hashlib
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
import orjson
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.flink_runner import FlinkRunner
from apache_beam.transforms.trigger import AccumulationMode, AfterProcessingTime, Repeatedly
from apache_beam.transforms.window import GlobalWindows

from pipelines.conclusion import check_metrics_file
from pipelines.ingest import VERSION, check_output, make_output
from pipelines.logs import JsonReporter, in_json
from pipelines.options import UsageError
from pipelines.polling import recall, subscriptions
from pipelines.progress import Reporter
from pipelines.runners import check_reachable
from pipelines.settlement import Past
from pipelines.statuses import EXIT_FAILED, EXIT_OK, EXIT_USAGE
from pipelines.streaming.client import Client
from pipelines.streaming.committing import Commit, Settings
from pipelines.streaming.delivery import Place
from pipelines.streaming.engine import Engine, EngineError, engine_of, stream_options
from pipelines.streaming.gather import FeedGroup, Gather, Habits, Watched, group_feeds
from pipelines.streaming.options import StreamOptions
from pipelines.streaming.seeds import Seeds
from sinks.files import write_whole
from sinks.schema import SCHEMA_VERSION
from sources.containers import Limits
from sources.feeds import Manners
from transforms.duplicates.compare import Rules
from transforms.stages import Run


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is asked of a stream beside its options: one of these, or to be started and followed."""

    stop: bool = False
    savepoint: bool = False
    detach: bool = False
    attach: bool = False


def stream(options: StreamOptions, ask: Ask, reporter: Reporter) -> int:
    """Do what is asked of the stream; the command's exit status."""
    place = Place(options.output.resolve(), options.name)
    try:
        if ask.stop or ask.savepoint:
            return _end(options, place, reporter, savepoint=ask.savepoint)
        return _run(options, place, ask, reporter)
    except EngineError as error:
        reporter.fail(str(error))
        return EXIT_FAILED


def _run(options: StreamOptions, place: Place, ask: Ask, reporter: Reporter) -> int:
    """Submit the job, or find it, and say what it commits until it is stopped."""
    beam_options = stream_options(options.beam, job_name(place), options.checkpoint_interval)
    engine = engine_of(beam_options)
    job = _running(engine, place)
    if job and not ask.attach:
        raise UsageError(
            f"{place.output} has a stream {place.name} already, job {job}: --attach follows it, --stop ends it, "
            "--name makes another"
        )
    if not job:
        check_reachable(beam_options)
    with _asked_to_end() as asked:
        if not job:
            job = _submit(options, place, engine, beam_options, reporter)
        reporter.say(f"job {job} at {engine.address}")
        if ask.detach:
            return EXIT_OK
        return Client(engine, job, place, reporter, options.metrics_file).follow(asked)


@contextlib.contextmanager
def _asked_to_end() -> Iterator[threading.Event]:
    """What SIGTERM and SIGINT set while the block runs: a job that was submitted is drained, not left behind."""
    asked = threading.Event()
    before = {number: signal.signal(number, lambda *_: asked.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _submit(
    options: StreamOptions, place: Place, engine: Engine, beam_options: PipelineOptions, reporter: Reporter
) -> str:
    """Start the job; its id."""
    names, feeds, passed_over = subscriptions(options.inputs)
    for line in passed_over:
        reporter.say(line)
    make_output(place.output)
    check_output(place.output, None)
    place.stop_sign.unlink(missing_ok=True)
    shutil.rmtree(place.ended, ignore_errors=True)
    place.rows.mkdir(parents=True, exist_ok=True)
    known = Past.read(place.output).feed_states()
    groups: dict[str, FeedGroup | Watched] = {**group_feeds(recall(feeds, known))}
    # Workers have a working directory of their own.
    names = [name if "://" in name else os.path.abspath(name) for name in names]  # noqa: PTH100  # links stay
    groups |= {f"place {name}": Watched(name) for name in names}
    write_whole(place.groups, orjson.dumps(sorted(groups)))
    before = engine.jobs(job_name(place))
    build(options, place, groups, beam_options).run()
    return _find(engine, job_name(place), set(before))


def _end(options: StreamOptions, place: Place, reporter: Reporter, *, savepoint: bool) -> int:
    """End a running stream: with all it has seen committed, or with a savepoint to go on from."""
    engine = engine_of(PipelineOptions(list(options.beam)))
    job = _running(engine, place)
    if job is None:
        raise UsageError(f"{place.output} has no running stream {place.name}")
    if savepoint:
        print(engine.savepoint(job))
        return EXIT_OK
    return Client(engine, job, place, reporter).drain()


def _running(engine: Engine, place: Place) -> str | None:
    try:
        return engine.running(job_name(place))
    except EngineError as error:
        raise UsageError(f"no Flink cluster answers: {error}") from error


def job_name(place: Place) -> str:
    """What the job is called in Flink: one for each stream of each output directory."""
    return f"newsbeam-{place.name}-{hashlib.sha256(str(place.output).encode()).hexdigest()[:8]}"


def build(
    options: StreamOptions, place: Place, groups: dict[str, FeedGroup | Watched], beam_options: PipelineOptions
) -> beam.Pipeline:
    """The whole pipeline."""
    run = Run("", dt.datetime.now(dt.UTC), VERSION, SCHEMA_VERSION)
    manners = Manners(
        contact=options.contact, host_delay=options.host_delay, allow_private_hosts=options.allow_private_hosts
    )
    habits = Habits(
        place=place,
        manners=manners,
        tick=options.tick,
        poll_interval=options.poll_interval,
        settle=options.settle,
        limits=Limits(payload=options.max_payload_size),
        most_bytes=options.chunk_size,
        strict=options.strict_formats,
        run=run,
    )
    settings = Settings(
        place=place,
        rules=Rules(near_threshold=options.near_threshold, days=options.history),
        max_duplicate_rate=options.max_duplicate_rate,
        lock_wait=options.lock_wait,
        run=run,
    )
    pipeline = beam.Pipeline(runner=FlinkRunner(), options=beam_options)
    deliveries = pipeline | "seeds" >> Seeds(tuple(groups)) | "gather" >> beam.ParDo(Gather(groups, habits))
    deliveries | "commit" >> CommitWindows(settings, options.window)
    return pipeline


class CommitWindows(beam.PTransform):
    """Deliveries to one commit for all that arrived within `seconds` of the first; the next begins the next window."""

    def __init__(self, settings: Settings, seconds: int) -> None:
        super().__init__()
        self._settings = settings
        self._seconds = seconds

    def expand(self, deliveries: Any) -> Any:  # noqa: ANN401
        return (
            deliveries
            | "one key" >> beam.WithKeys(0)
            | "window"
            >> beam.WindowInto(
                GlobalWindows(),
                trigger=Repeatedly(AfterProcessingTime(self._seconds)),  # whole seconds, as Beam has it
                accumulation_mode=AccumulationMode.DISCARDING,
            )
            | "group" >> beam.GroupByKey()
            | "commit" >> beam.ParDo(Commit(self._settings))
        )


def _find(engine: Engine, name: str, before: set[str], seconds: float = 120.0) -> str:
    """The job of this name that was not there before."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if new := set(engine.jobs(name)) - before:
            return new.pop()
        time.sleep(0.5)
    raise UsageError(f"the job {name} did not start; the job server's log says why")


def run_command(arguments: argparse.Namespace, beam_flags: tuple[str, ...]) -> int:
    """`newsbeam stream` as it was typed."""
    values = vars(arguments)
    asks = {field.name for field in dataclasses.fields(Ask)}
    ask = Ask(**{name: values[name] for name in asks})
    own = {"verb", "version", "config", "from_savepoint"} | asks
    flags = {name: value for name, value in values.items() if name not in own}
    flags["inputs"] = tuple(flags.get("inputs", ()))
    if not flags["inputs"]:
        del flags["inputs"]
    if ask.stop or ask.savepoint:
        flags["inputs"] = ("whatever it reads",)
    if origin := values["from_savepoint"]:
        beam_flags = (*beam_flags, f"--savepoint_path={origin}")
    options = StreamOptions.combine(flags, values.get("config"), beam_flags)
    if ask.detach and options.metrics_file:
        raise UsageError("--detach leaves nobody to write --metrics-file: leave one of them out")
    check_metrics_file(options.metrics_file)
    if not options.log_json:
        return stream(options, ask, Reporter(quiet=options.quiet))
    reporter = JsonReporter(quiet=options.quiet)
    with in_json(reporter, {UsageError: EXIT_USAGE}):
        return stream(options, ask, reporter)
