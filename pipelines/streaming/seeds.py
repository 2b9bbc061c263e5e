"""What starts the groups of inputs and keeps the job's clock from ending.

On Flink an `Impulse` alone would not do: it ends the watermark at once, and timers of what follows never fire. A
splittable function that is never done holds the watermark where it is. It comes back seldom: the runner keeps what
it left behind each time, some 4 KB, for good.
"""

from collections.abc import Iterator
from typing import Any, Final

import apache_beam as beam
from apache_beam.io.restriction_trackers import OffsetRange, OffsetRestrictionTracker
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.pvalue import PCollection
from apache_beam.transforms.core import RestrictionProvider
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import Duration, Timestamp

SECONDS: Final = 600
"""Time between two seeds: how long inputs that are new to a restored job may wait for their first look."""
_BEGIN: Final = Timestamp.of(1)


class _Forever(RestrictionProvider):
    def initial_restriction(self, element: bytes) -> OffsetRange:  # noqa: ARG002  # Beam's signature
        return OffsetRange(0, 1 << 53)

    def create_tracker(self, restriction: OffsetRange) -> OffsetRestrictionTracker:
        return OffsetRestrictionTracker(restriction)

    def restriction_size(self, element: bytes, restriction: OffsetRange) -> int:  # noqa: ARG002
        return 1

    def truncate(self, element: bytes, restriction: OffsetRange) -> None:  # noqa: ARG002
        return None


class _Seed(beam.DoFn):
    def __init__(self, groups: tuple[str, ...]) -> None:
        self._groups = groups

    @beam.DoFn.unbounded_per_element()
    def process(
        self,
        element: bytes,  # noqa: ARG002
        tracker: Any = beam.DoFn.RestrictionParam(_Forever()),  # noqa: ANN401, B008
        watermark: Any = beam.DoFn.WatermarkEstimatorParam(ManualWatermarkEstimator.default_provider()),  # noqa: ANN401, B008
    ) -> Iterator[TimestampedValue]:
        if tracker.try_claim(tracker.current_restriction().start):
            watermark.set_watermark(_BEGIN)
            for group in self._groups:
                yield TimestampedValue((group, None), _BEGIN)
            tracker.defer_remainder(Duration(SECONDS))


class Seeds(beam.PTransform):
    """Each group's key, now and every `SECONDS`, without end."""

    def __init__(self, groups: tuple[str, ...]) -> None:
        super().__init__()
        self._seed = _Seed(groups)

    def expand(self, begin: Any) -> PCollection[tuple[str, None]]:  # noqa: ANN401
        """Wire it up."""
        return begin | "Begin" >> beam.Impulse() | "Seed" >> beam.ParDo(self._seed).with_output_types(tuple[str, None])
