"""A run as Prometheus metrics: a text file for the textfile collector of node_exporter, replaced as a whole.

The number of series is bounded: labels are classes of sources, outcomes, reasons and the output directory, never a
file, feed or article. Counters go on from where the file before left them; a lost file is a reset, which Prometheus
expects of counters.
"""

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, get_args

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import write_to_textfile
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from articles import DuplicateKind
from reports.summary import Summary

_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
SOURCE_CLASSES: Final = ("file", "feed", "bucket")
OUTCOMES: Final = ("articles", "duplicates", "held", "rejects", "unchanged")
"""Where an item that was read can end."""

GAUGES: Final[Mapping[str, str]] = {
    "newsbeam_build_info": "Always 1; the labels say what ran.",
    "newsbeam_last_run_success": "1 where the last run committed, 0 where it failed.",
    "newsbeam_last_run_exit_status": "Exit status of the last run: 0, 1 failed, 2 wrong usage, 3 too many rejects.",
    "newsbeam_last_run_timestamp_seconds": "When the last run ended, committed or not.",
    "newsbeam_last_success_timestamp_seconds": "When a run last committed; 0 where none has.",
    "newsbeam_last_run_duration_seconds": "How long the last run took.",
    "newsbeam_last_run_items": "Items of the last run by class of source and by what became of them.",
    "newsbeam_last_run_rejects": "Rejects of the last run by reason.",
    "newsbeam_last_run_duplicates": "Duplicates of the last run by kind.",
    "newsbeam_last_run_feeds": "Feeds polled by the last run, by outcome.",
    "newsbeam_last_run_released_items": "Items the last run moved out of held.",
    "newsbeam_last_run_alarms": "Feeds that answered the last run and have given nothing new for long.",
    "newsbeam_last_run_written_files": "Files the last run added to the tables.",
    "newsbeam_last_run_written_bytes": "Bytes the last run added to the tables.",
}
COUNTERS: Final[Mapping[str, str]] = {
    "newsbeam_runs": "Runs, by whether they committed.",
    "newsbeam_run_seconds": "Time spent in runs.",
    "newsbeam_items": "Items by class of source and by what became of them.",
    "newsbeam_rejects": "Rejects by reason.",
    "newsbeam_duplicates": "Duplicates by kind.",
    "newsbeam_feed_polls": "Polls of feeds by outcome.",
    "newsbeam_written_bytes": "Bytes added to the tables.",
}
"""Without `_total`, which the exposition adds."""

Labels = tuple[tuple[str, str], ...]
Series = dict[tuple[str, Labels], float]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A run that ended at the Unix time `finished`; without `summary` where it failed.

    `sources` has a ledger for each source file or feed, as the manifest has them.
    """

    output: str
    version: str
    finished: float
    seconds: float
    exit_status: int
    summary: Summary | None = None
    sources: Mapping[str, Mapping[str, int]] = dataclasses.field(default_factory=dict)


def source_class(uri: str) -> str:
    """What kind of place a source is.

    >>> [source_class(uri) for uri in ("/in/a.xml", "https://wire.example/rss", "gs://bucket/a.jsonl")]
    ['file', 'feed', 'bucket']
    """
    scheme = _SCHEME.match(uri)
    if not scheme or scheme[1].lower() == "file":
        return "file"
    return "feed" if scheme[1].lower() in {"http", "https"} else "bucket"


def write_metrics(path: Path, ended: Ended) -> None:
    """Replace the metrics file with one that has this run; raises `OSError`."""
    before = _read(path)
    series = _gauges(ended) | _counters(ended)
    for place, value in before.items():
        if place[0] in COUNTERS and ("output", ended.output) in place[1]:
            series[place] = series.get(place, 0) + value
    if not ended.summary:
        success = ("newsbeam_last_success_timestamp_seconds", (("output", ended.output),))
        series[success] = before.get(success, 0)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Families(series))
    write_to_textfile(str(path), registry)


def _gauges(ended: Ended) -> Series:
    """What the last run was. A run that failed gave nothing, whatever it had read."""
    summary = ended.summary
    series = {
        _place(ended, "newsbeam_build_info", version=ended.version): 1.0,
        _place(ended, "newsbeam_last_run_success"): float(summary is not None),
        _place(ended, "newsbeam_last_run_exit_status"): ended.exit_status,
        _place(ended, "newsbeam_last_run_timestamp_seconds"): ended.finished,
        _place(ended, "newsbeam_last_run_duration_seconds"): ended.seconds,
        _place(ended, "newsbeam_last_run_released_items"): summary.released if summary else 0,
        _place(ended, "newsbeam_last_run_alarms"): len(summary.alarms) if summary else 0,
        _place(ended, "newsbeam_last_run_written_files"): summary.files if summary else 0,
        _place(ended, "newsbeam_last_run_written_bytes"): summary.bytes if summary else 0,
    }
    if summary:
        series[_place(ended, "newsbeam_last_success_timestamp_seconds")] = ended.finished
    return series | _groups(ended, "newsbeam_last_run_{}", feeds="feeds")


def _counters(ended: Ended) -> Series:
    """What this run adds to each counter. A counter that is to rise later is there from the first run on, as 0."""
    summary = ended.summary
    series = {
        _place(ended, "newsbeam_runs", result="success"): float(summary is not None),
        _place(ended, "newsbeam_runs", result="failure"): float(summary is None),
        _place(ended, "newsbeam_run_seconds"): ended.seconds,
        _place(ended, "newsbeam_written_bytes"): summary.bytes if summary else 0,
    }
    return series | _groups(ended, "newsbeam_{}", feeds="feed_polls")


def _groups(ended: Ended, name: str, feeds: str) -> Series:
    """Series with labels beside `output`; `name` is their metrics' with a gap."""
    counts = Counter({(source, outcome): 0 for source in SOURCE_CLASSES for outcome in OUTCOMES})
    for uri, ledger in ended.sources.items():
        for outcome in OUTCOMES:
            counts[source_class(uri), outcome] += ledger.get(outcome, 0)
    items = name.format("items")
    series: Series = {
        _place(ended, items, source=source, outcome=outcome): number for (source, outcome), number in counts.items()
    }
    kinds = dict.fromkeys(get_args(DuplicateKind), 0)
    if summary := ended.summary:
        kinds |= {kind: number for kind, number in summary.duplicates.items() if kind in kinds}
        reasons, polls = name.format("rejects"), name.format(feeds)
        series |= {_place(ended, reasons, reason=code): number for code, number in summary.rejects_by_reason.items()}
        series |= {_place(ended, polls, outcome=outcome): number for outcome, number in summary.feeds.items()}
    duplicates = name.format("duplicates")
    return series | {_place(ended, duplicates, kind=kind): number for kind, number in kinds.items()}


def _place(ended: Ended, metric: str, **labels: str) -> tuple[str, Labels]:
    return metric, tuple(sorted({"output": ended.output, **labels}.items()))


def _read(path: Path) -> Series:
    """What an earlier run wrote; nothing where there is no such file, or none that can be read."""
    try:
        families = list(text_string_to_metric_families(path.read_text("utf-8")))
    except (FileNotFoundError, ValueError):
        return {}
    return {
        (family.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


class _Families(Collector):
    """Series, put together by metric."""

    def __init__(self, series: Series) -> None:
        self._series = series

    def collect(self) -> Iterator[Metric]:
        """Metrics in the order of their declaration, series in that of their labels."""
        for name, text in {**GAUGES, **COUNTERS}.items():
            found = sorted((labels, value) for (metric, labels), value in self._series.items() if metric == name)
            if found:
                family = (CounterMetricFamily if name in COUNTERS else GaugeMetricFamily)(
                    name, text, labels=[label for label, _ in found[0][0]]
                )
                for labels, value in found:
                    family.add_metric([text for _, text in labels], value)
                yield family
