"""The history of runs: what is unusual in each, told by the runs before it.

The rule is that of Iglewicz and Hoaglin (How to Detect and Handle Outliers, 1993): a value is unusual
where it is further from the median of the runs before than 3.5 times their scaled median absolute
deviation. Counts and times are compared as logarithms, since they grow by factors.
"""

import dataclasses
import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

WINDOW: Final = 30
"""Runs before that a run is compared with."""
ENOUGH: Final = 8
"""Runs before that it takes to say what is usual."""
THRESHOLD: Final = 3.5
MANY_REJECTS: Final = 0.1
"""A share of rejects that is worth a look whatever is usual; also the default of `--max-reject-rate`."""
_TO_SIGMA: Final = 1.4826
"""Times this, the median absolute deviation of a normal distribution is its standard deviation."""
_FACTOR_FLOOR: Final = math.log(2) / THRESHOLD
"""However steady the runs before were, less than twice or more than half of the usual is not unusual …"""
_SHARE_FLOOR: Final = 0.02 / THRESHOLD
"""… nor is a share less than two percentage points away."""

RULE: Final = (
    f"A run is compared with the {WINDOW} runs before it, once there are {ENOUGH}. A value is marked as unusual where "
    f"it is further than {THRESHOLD} scaled median absolute deviations from their median (Iglewicz and Hoaglin, 1993). "
    "Counts and seconds are compared by factor: less than twice and more than half of the usual is never marked. Nor "
    "is a share less than two percentage points away from the usual. More than a tenth of rejects is always marked."
)
"""The rule in words, for the page."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run as the history shows it."""

    sequence: int
    run_id: str
    started_at: str
    seconds: float
    totals: Mapping[str, int]
    rejects_by_reason: Mapping[str, int]
    released: int
    feeds: Mapping[str, int]
    alarms: tuple[str, ...]
    files: int
    bytes: int
    newsbeam_version: str
    kind: str = "ingest"
    """ingest, or what else has a manifest: compact, replay, undone. Only ingests are compared with each other."""
    duplicates: Mapping[str, int] = dataclasses.field(default_factory=dict)
    """By kind."""
    dropped: int = 0
    """Rows that the run took out of the tables."""


def _share(name: str) -> Callable[[Run], float | None]:
    return lambda run: run.totals[name] / run.totals["read"] if run.totals["read"] else None


_MEASURES: Final[Mapping[str, tuple[Callable[[Run], float | None], bool]]] = {
    "items read": (lambda run: run.totals["read"], True),
    "new articles": (lambda run: run.totals["articles"], True),
    "share of rejects": (_share("rejects"), False),
    "share of duplicates": (_share("duplicates"), False),
    "share held": (_share("held"), False),
    "seconds": (lambda run: run.seconds, True),
}
"""What is compared: how it is read from a run, and whether as a logarithm."""


def unusual(runs: Sequence[Run]) -> list[list[dict[str, Any]]]:
    """For each run, oldest first, what of it is unusual beside the ingests before it."""
    judged = iter(_judge([run for run in runs if run.kind == "ingest"]))
    return [next(judged) if run.kind == "ingest" else [] for run in runs]


def _judge(runs: Sequence[Run]) -> list[list[dict[str, Any]]]:
    found: list[list[dict[str, Any]]] = [[] for _ in runs]
    for name, (measure, by_factor) in _MEASURES.items():
        values = [measure(run) for run in runs]
        for index, value in enumerate(values):
            before = [other for other in values[max(0, index - WINDOW) : index] if other is not None]
            if value is not None and len(before) >= ENOUGH and _is_far(value, before, by_factor=by_factor):
                usual = statistics.median(before)
                found[index].append({"what": name, "value": round(value, 4), "usual": round(usual, 4)})
    for run, notes in zip(runs, found, strict=True):
        share = _share("rejects")(run) or 0
        if share > MANY_REJECTS and all(note["what"] != "share of rejects" for note in notes):
            notes.append({"what": "share of rejects", "value": round(share, 4), "usual": None})
    return found


def _is_far(value: float, before: Sequence[float], *, by_factor: bool) -> bool:
    scaled = [math.log1p(other) for other in before] if by_factor else list(before)
    own = math.log1p(value) if by_factor else value
    middle = statistics.median(scaled)
    deviation = _TO_SIGMA * statistics.median(abs(other - middle) for other in scaled)
    floor = _FACTOR_FLOOR if by_factor else _SHARE_FLOOR
    return abs(own - middle) > THRESHOLD * max(deviation, floor)


def table(runs: Sequence[Run], most: int) -> list[dict[str, Any]]:
    """The last runs, oldest first, each with what is unusual in it."""
    marked = list(zip(runs, unusual(runs), strict=True))[-most:]
    return [
        {
            "sequence": run.sequence,
            "run_id": run.run_id,
            "started": run.started_at,
            "seconds": round(run.seconds, 1),
            "totals": dict(run.totals),
            "rejects_by_reason": dict(run.rejects_by_reason),
            "released": run.released,
            "feeds": dict(run.feeds),
            "alarms": list(run.alarms[:20]),
            "files": run.files,
            "bytes": run.bytes,
            "version": run.newsbeam_version,
            "kind": run.kind,
            "duplicates": dict(run.duplicates),
            "dropped": run.dropped,
            "unusual": notes,
        }
        for run, notes in marked
    ]
