"""Time as a source: a splittable function that ticks, whose watermark is the time of the last tick.

Beam's PeriodicImpulse gives every tick that was missed while a job stood still; here they are skipped. On Flink an
`Impulse` alone would not do: it ends the watermark at once, and with it the state of what follows.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import apache_beam as beam
from apache_beam.io.restriction_trackers import OffsetRange, OffsetRestrictionTracker
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.pvalue import PCollection
from apache_beam.transforms.core import RestrictionProvider
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import Timestamp

_FOREVER: Final = 1 << 53

LAST: Final = -1
"""The tick after which none comes."""


class _Ticks(RestrictionProvider):
    """Ticks are numbered by the time since 1970; a restriction starts at the next one."""

    def initial_restriction(self, element: bytes) -> OffsetRange:  # noqa: ARG002  # Beam's signature
        return OffsetRange(0, _FOREVER)

    def create_tracker(self, restriction: OffsetRange) -> OffsetRestrictionTracker:
        return OffsetRestrictionTracker(restriction)

    def restriction_size(self, element: bytes, restriction: OffsetRange) -> int:  # noqa: ARG002
        return 1

    def truncate(self, element: bytes, restriction: OffsetRange) -> None:  # noqa: ARG002
        return None


class _Clock(beam.DoFn):
    def __init__(self, seconds: float, stop_sign: str) -> None:
        self._seconds = seconds
        self._stop_sign = stop_sign

    @beam.DoFn.unbounded_per_element()
    def process(
        self,
        element: bytes,  # noqa: ARG002
        tracker: Any = beam.DoFn.RestrictionParam(_Ticks()),  # noqa: ANN401, B008
        watermark: Any = beam.DoFn.WatermarkEstimatorParam(ManualWatermarkEstimator.default_provider()),  # noqa: ANN401, B008
    ) -> Iterator[TimestampedValue]:
        number = int(time.time() / self._seconds)
        begin = tracker.current_restriction().start
        if number >= begin:
            # The stop sign is looked for before the claim: all restriction or one tick of it is claimed.
            last = Path(self._stop_sign).exists()
            if not tracker.try_claim(_FOREVER - 1 if last else number):
                return
            stamp = Timestamp.of(number * self._seconds)
            yield TimestampedValue(LAST if last else number, stamp)
            if last:
                return
            if (known := watermark.current_watermark()) is None or known < stamp:
                watermark.set_watermark(stamp)
            begin = number + 1
        tracker.defer_remainder(Timestamp.of(begin * self._seconds))


class Clock(beam.PTransform):
    """The number of the current tick, every `seconds`; `LAST` and no more once there is a file `stop_sign`."""

    def __init__(self, seconds: float, stop_sign: str) -> None:
        super().__init__()
        self._clock = _Clock(seconds, stop_sign)

    def expand(self, begin: Any) -> PCollection[int]:  # noqa: ANN401
        """Wire it up."""
        return begin | "Begin" >> beam.Impulse() | "Tick" >> beam.ParDo(self._clock).with_output_types(int)
