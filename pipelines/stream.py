"""`newsbeam stream`: inputs that never end, committed window by window.

    seeds of the groups of inputs → gather, by timers → windows of arrival → one key → commit

docs/streaming.md says why it is built so, and what holds when something breaks.
"""

import argparse
import contextlib
import datetime as dt
import hashlib
import os
import shutil
import signal
import sys
import threading
import time
from typing import Any, Final

import apache_beam as beam
import orjson
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.flink_runner import FlinkRunner
from apache_beam.transforms.trigger import AccumulationMode, AfterProcessingTime, Repeatedly
from apache_beam.transforms.window import GlobalWindows

from pipelines.ingest import VERSION, check_output, make_output
from pipelines.options import UsageError
from pipelines.polling import recall, subscriptions
from pipelines.runners import check_reachable
from pipelines.settlement import Past
from pipelines.statuses import EXIT_FAILED, EXIT_OK
from pipelines.streaming.committing import Commit, Settings
from pipelines.streaming.delivery import Place
from pipelines.streaming.engine import ENDED, Engine, EngineError, engine_of, stream_options
from pipelines.streaming.gather import FeedGroup, Gather, Habits, Watched, group_feeds
from pipelines.streaming.options import StreamOptions
from pipelines.streaming.seeds import Seeds
from sinks.files import write_whole
from sinks.manifest import last_sequence, manifests
from sinks.schema import SCHEMA_VERSION
from sources.containers import Limits
from sources.feeds import Manners
from transforms.duplicates.compare import Rules
from transforms.stages import Run

_DRAIN_SECONDS: Final = 300.0


def stream(options: StreamOptions, *, detach: bool) -> int:
    """Submit the job and say what it commits until it is stopped; the command's exit status."""
    output = options.output.resolve()
    place = Place(output, options.name)
    beam_options = stream_options(options.beam, job_name(place), options.checkpoint_interval)
    engine = engine_of(beam_options)
    check_reachable(beam_options)
    names, feeds, passed_over = subscriptions(options.inputs)
    for line in passed_over:
        _say(line)
    make_output(output)
    check_output(output, None)
    try:
        if job := engine.running(job_name(place)):
            raise UsageError(f"{output} has a stream {place.name} already, job {job}: stop it first, or take --name")
    except EngineError as error:
        raise UsageError(f"no Flink cluster answers: {error}") from error
    place.stop_sign.unlink(missing_ok=True)
    shutil.rmtree(place.ended, ignore_errors=True)
    place.rows.mkdir(parents=True, exist_ok=True)
    known = Past.read(output).feed_states()
    groups: dict[str, FeedGroup | Watched] = {**group_feeds(recall(feeds, known))}
    # Workers have a working directory of their own.
    names = [name if "://" in name else os.path.abspath(name) for name in names]  # noqa: PTH100  # links stay
    groups |= {f"place {name}": Watched(name) for name in names}
    asked = threading.Event()
    if not detach:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: asked.set())
    write_whole(place.groups, orjson.dumps(sorted(groups)))
    before = engine.jobs(job_name(place))
    build(options, place, groups, beam_options).run()
    job = _find(engine, job_name(place), set(before))
    _say(f"job {job} at {engine.address}")
    if detach:
        return EXIT_OK
    try:
        return _follow(engine, job, place, asked, quiet=options.quiet)
    except EngineError as error:
        _say(str(error))
        return EXIT_FAILED


def stop(place: Place, flags: tuple[str, ...], *, savepoint: bool) -> int:
    """End a running stream: with all it has seen committed, or with a savepoint to go on from."""
    engine = engine_of(PipelineOptions(list(flags)))
    try:
        job = engine.running(job_name(place))
        if job is None:
            raise UsageError(f"{place.output} has no running stream {place.name}")
        if savepoint:
            print(engine.savepoint(job))
            return EXIT_OK
        return _drain(engine, job, place)
    except EngineError as error:
        _say(str(error))
        return EXIT_FAILED


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


def _follow(engine: Engine, job: str, place: Place, asked: threading.Event, *, quiet: bool) -> int:
    """Say what is committed; end with the job. Where it is `asked`, drain it."""
    sequence = last_sequence(place.output)
    state = ""
    while not asked.wait(1.0):
        for manifest in manifests(place.output, sequence):
            sequence = manifest.sequence
            if manifest.run_id.startswith(f"{place.name}-") and not quiet:
                totals = ", ".join(f"{number:,} {name}" for name, number in manifest.totals.items() if number)
                _say(f"{manifest.run_id}: {totals or 'feed states'}")
        with contextlib.suppress(EngineError):
            state = engine.state(job)
        if state in ENDED:
            _say(f"job {job} is {state}" + (f": {engine.failure(job)}" if state == "FAILED" else ""))
            return EXIT_OK if state in {"FINISHED", "CANCELED"} else EXIT_FAILED
    return _drain(engine, job, place)


def _drain(engine: Engine, job: str, place: Place) -> int:
    """Have all that was seen committed, then end the job."""
    place.stop_sign.touch()
    _say("stopping: nothing more is read, what was is being committed")
    groups = len(orjson.loads(place.groups.read_bytes()))
    deadline = time.monotonic() + _DRAIN_SECONDS
    drained = False
    while not drained and time.monotonic() < deadline and engine.state(job) not in ENDED:
        time.sleep(0.5)
        drained = sum(1 for _ in place.ended.glob("[!.]*")) >= groups
    if engine.state(job) not in ENDED:
        engine.cancel(job)
    if not drained:
        _say(f"not all was committed within {_DRAIN_SECONDS:.0f} s: the next stream asks the feeds again")
        return EXIT_FAILED
    _say("stopped: all that was seen is committed")
    return EXIT_OK


def _say(line: str) -> None:
    print(f"newsbeam: {line}", file=sys.stderr, flush=True)


def run_command(arguments: argparse.Namespace, beam_flags: tuple[str, ...]) -> int:
    """`newsbeam stream` as it was typed."""
    values = vars(arguments)
    own = {"verb", "version", "config", "stop", "savepoint", "detach", "from_savepoint"}
    flags = {name: value for name, value in values.items() if name not in own}
    stops = values["stop"] or values["savepoint"]
    flags["inputs"] = tuple(flags.get("inputs", ()))
    if not flags["inputs"]:
        del flags["inputs"]
    if stops:
        flags["inputs"] = ("whatever it reads",)
    if origin := values["from_savepoint"]:
        beam_flags = (*beam_flags, f"--savepoint_path={origin}")
    options = StreamOptions.combine(flags, values.get("config"), beam_flags)
    if stops:
        return stop(Place(options.output.resolve(), options.name), options.beam, savepoint=values["savepoint"])
    return stream(options, detach=values["detach"])
