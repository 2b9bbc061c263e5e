"""Whatever becomes of a golden payload on its way, only `ParseError` leaves a parser, and twice the same."""

import runpy
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

FUZZ = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "fuzz" / "parsers.py"))


@pytest.mark.parametrize("source_format", ["ninjs", "newsml-g2", "newsml-1", "nitf", "iptc7901", "anpa1312"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(generator=st.randoms(use_true_random=False), noise=st.binary(max_size=40))
def test_a_damaged_payload_is_read_or_refused(source_format, generator, noise):
    samples = FUZZ["seeds"](source_format)
    payload = FUZZ["mutate"](generator, samples, FUZZ["tokens"](samples))
    FUZZ["check"](source_format, payload)
    FUZZ["check"](source_format, payload[: len(payload) // 2] + noise + payload[len(payload) // 2 :])
