"""The pipeline of a stream.

seeds of the groups of inputs → gather, by timers → windows of arrival → one key → commit
"""

import datetime as dt
import hashlib
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.flink_runner import FlinkRunner
from apache_beam.transforms.trigger import AccumulationMode, AfterProcessingTime, Repeatedly
from apache_beam.transforms.window import GlobalWindows

from pipelines.ingest import VERSION
from pipelines.streaming.committing import Commit, Settings
from pipelines.streaming.delivery import Place
from pipelines.streaming.gather import FeedGroup, Gather, Habits, Watched
from pipelines.streaming.options import StreamOptions
from pipelines.streaming.seeds import Seeds
from sinks.schema import SCHEMA_VERSION
from sources.containers import Limits
from sources.feeds import Manners
from transforms.duplicates.compare import Rules
from transforms.stages import Run


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
