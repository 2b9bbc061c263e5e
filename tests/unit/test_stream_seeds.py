"""Seeds come for every group, and the function that gives them is never done."""

from apache_beam.io.restriction_trackers import OffsetRestrictionTracker
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.runners.sdf_utils import RestrictionTrackerView, ThreadsafeRestrictionTracker

from pipelines.streaming.seeds import Seeds, _Forever


def test_every_group_is_seeded_again_and_again():
    function, estimator = Seeds(("feeds 0", "place in"))._seed, ManualWatermarkEstimator(None)
    restriction = _Forever().initial_restriction(b"")
    for _ in range(3):
        tracker = ThreadsafeRestrictionTracker(OffsetRestrictionTracker(restriction))
        found = [value.value for value in function.process(b"", RestrictionTrackerView(tracker), estimator)]
        assert found == [("feeds 0", None), ("place in", None)]
        tracker.check_done()
        restriction, _ = tracker.deferred_status()
    assert float(estimator.current_watermark()) == 1.0
