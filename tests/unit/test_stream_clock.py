"""Ticks: one at its time, none for time that was missed, a last one at the stop sign."""

import pytest
from apache_beam.io.restriction_trackers import OffsetRange, OffsetRestrictionTracker
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.runners.sdf_utils import RestrictionTrackerView, ThreadsafeRestrictionTracker

from pipelines.streaming import clock
from pipelines.streaming.clock import LAST, Clock


@pytest.fixture
def tick(tmp_path, monkeypatch):
    """Calls the clock at a time with the restriction that the call before left; its tick, if it gave one."""
    function = Clock(2.0, str(tmp_path / "stop"))._clock
    estimator = ManualWatermarkEstimator(None)
    left = [OffsetRange(0, clock._FOREVER)]

    def call(now):
        monkeypatch.setattr(clock.time, "time", lambda: now)
        tracker = ThreadsafeRestrictionTracker(OffsetRestrictionTracker(left[0]))
        found = [
            (value.value, float(value.timestamp))
            for value in function.process(b"", RestrictionTrackerView(tracker), estimator)
        ]
        tracker.check_done()
        residual = tracker.deferred_status()
        if residual:
            left[0] = residual[0]
        watermark = estimator.current_watermark()
        return found, residual is None, None if watermark is None else float(watermark)

    return call


def test_ticks_come_one_at_a_time_and_what_was_missed_is_skipped(tick):
    assert tick(100.5) == ([(50, 100.0)], False, 100.0)
    assert tick(101.9) == ([], False, 100.0)  # engines come back early
    assert tick(102.1) == ([(51, 102.0)], False, 102.0)
    assert tick(120.0) == ([(60, 120.0)], False, 120.0)


def test_time_set_back_gives_no_tick_twice(tick):
    tick(100.5)
    assert tick(90.0) == ([], False, 100.0)


def test_the_stop_sign_ends_it_all(tick, tmp_path):
    tick(100.5)
    (tmp_path / "stop").touch()
    assert tick(101.0) == ([], False, 100.0)
    found, ended, _ = tick(102.5)
    assert (found, ended) == ([(LAST, 102.0)], True)
