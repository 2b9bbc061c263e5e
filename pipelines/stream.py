"""`newsbeam stream`: inputs that never end, committed window by window.

Here is what the command does about the job: find it, start it, follow it, stop it. `pipelines.streaming.job` is the
pipeline. docs/streaming.md says why it is built so, and what holds when something breaks.
"""

import argparse
import contextlib
import dataclasses
import hashlib
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import orjson
from apache_beam.options.pipeline_options import PipelineOptions

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
from pipelines.streaming.delivery import Place
from pipelines.streaming.engine import ENDED, ENDING, Engine, EngineError, engine_of, stream_options
from pipelines.streaming.gather import FeedGroup, Watched, group_feeds
from pipelines.streaming.job import build, job_name
from pipelines.streaming.options import StreamOptions
from storage.files import write_whole

_ATTACH_SECONDS: Final = 10.0
_ENDING_SECONDS: Final = 60.0


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is asked of a stream beside its options: one of these, or to be started and followed."""

    stop: bool = False
    savepoint: bool = False
    detach: bool = False
    attach: bool = False


def stream(options: StreamOptions, ask: Ask, reporter: Reporter) -> int:
    """Do what is asked of the stream; the command's exit status."""
    if not isinstance(options.output, Path):
        msg = f"{options.output}: a stream needs a directory that all workers mount; ingest knows object stores, too"
        raise UsageError(msg)
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
    with contextlib.nullcontext(threading.Event()) if ask.detach else _asked_to_end() as asked:
        job = _running(engine, place, _ATTACH_SECONDS if ask.attach else 0.0)
        if job and not ask.attach:
            raise UsageError(
                f"{place.output} has a stream {place.name} already, job {job}: --attach follows it, --stop ends it, "
                "--name makes another"
            )
        if job and (why := _reason_to_end(options, place)):
            reporter.say(f"job {job} {why}: it is stopped, another takes its place")
            if status := Client(engine, job, place, reporter).drain():
                return status
            job = None
        if not job:
            check_reachable(beam_options)
            if asked.is_set():
                reporter.fail("asked to end before the job was submitted")
                return EXIT_FAILED
            job = _submit(options, place, engine, beam_options, reporter)
        reporter.say(f"job {job} at {engine.address}")
        if ask.detach:
            return EXIT_OK
        return Client(engine, job, place, reporter, options.metrics_file).follow(asked)


@contextlib.contextmanager
def _asked_to_end() -> Iterator[threading.Event]:
    """What the first SIGTERM or SIGINT sets while the block runs: a job is drained, not left behind."""
    asked = threading.Event()

    def ask(*_: object) -> None:
        asked.set()
        for number, handler in before.items():  # who asks again does not want to wait
            signal.signal(number, handler)

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    for number in before:
        signal.signal(number, ask)
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _reason_to_end(options: StreamOptions, place: Place) -> str:
    """Why a job that runs is not the one to go on with; empty where it is."""
    if place.stop_sign.exists():
        return "was told to stop"
    try:
        same = place.started_with.read_text("ascii") == _digest(options)
    except (OSError, ValueError):
        same = False
    return "" if same else "was started with other options or by another version"


def _digest(options: StreamOptions) -> str:
    """What tells options apart that make different jobs."""
    flags = tuple(flag for flag in options.beam if not flag.startswith("--savepoint_path="))
    told = dataclasses.replace(options, beam=flags, quiet=False, log_json=False, metrics_file=None)
    return hashlib.sha256(repr((VERSION, told)).encode()).hexdigest()


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
    write_whole(place.started_with, _digest(options).encode())
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


def _running(engine: Engine, place: Place, patience: float = 0.0) -> str | None:
    """The job of the stream, if one runs: one that is ending is waited for, one that is not there for so many seconds.

    A JobManager that has just begun may be about to find its jobs again.
    """
    name, begin = job_name(place), time.monotonic()
    while True:
        try:
            jobs = {job: state for job, state in engine.jobs(name).items() if state not in ENDED}
        except EngineError as error:
            raise UsageError(f"no Flink cluster answers: {error}") from error
        waited = time.monotonic() - begin
        if settled := [job for job, state in jobs.items() if state not in ENDING or waited > _ENDING_SECONDS]:
            return settled[0]
        if not jobs and waited >= patience:
            return None
        time.sleep(0.5)


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
    if values["from_savepoint"] and ask.attach:
        raise UsageError(
            "--attach goes with no --from-savepoint: each new client would go back to it. Take --detach to go on from "
            "the savepoint, then --attach"
        )
    if origin := values["from_savepoint"]:
        beam_flags = (*beam_flags, f"--savepoint_path={origin}")
    options = StreamOptions.combine(flags, values.get("config"), beam_flags)
    if ask.detach and options.metrics_file:
        raise UsageError("--detach leaves nobody to write --metrics-file: leave one of them out")
    if not (ask.stop or ask.savepoint):
        check_metrics_file(options.metrics_file)
    if not options.log_json:
        return stream(options, ask, Reporter(quiet=options.quiet))
    reporter = JsonReporter(quiet=options.quiet)
    with in_json(reporter, {UsageError: EXIT_USAGE}):
        return stream(options, ask, reporter)
