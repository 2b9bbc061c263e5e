import datetime as dt
import threading

import pytest

from sources.polling.hosts import Hosts

NOW = dt.datetime(2025, 3, 3, 12, 0, tzinfo=dt.UTC)


class Clock:
    """Time that passes only where somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_turns_at_a_host_are_a_delay_apart_from_end_to_start() -> None:
    clock = Clock()
    hosts = Hosts(1, 2.0, clock, clock.sleep)
    with hosts.turn("a"):
        clock.now += 5  # a slow answer
    with hosts.turn("a"):
        pass
    assert clock.slept == [2.0]


def test_hosts_do_not_wait_for_each_other() -> None:
    clock = Clock()
    hosts = Hosts(1, 2.0, clock, clock.sleep)
    for host in ("a", "b", "c"):
        with hosts.turn(host):
            pass
    assert clock.slept == []
    assert hosts.wait("a") == 2.0
    assert hosts.wait("d") == 0.0


def test_starts_are_a_delay_apart_where_several_may_run() -> None:
    clock = Clock()
    hosts = Hosts(3, 2.0, clock, clock.sleep)
    with hosts.turn("a"), hosts.turn("a"), hosts.turn("a"):
        assert clock.slept == [2.0, 2.0]


def test_failed_request_counts_as_a_turn() -> None:
    clock = Clock()
    hosts = Hosts(1, 2.0, clock, clock.sleep)
    for _ in range(2):
        with pytest.raises(OSError, match="refused"), hosts.turn("a"):
            raise OSError("refused")
    assert clock.slept == [2.0]


def test_host_can_ask_for_longer_delays_but_not_for_shorter_ones() -> None:
    clock = Clock()
    hosts = Hosts(1, 2.0, clock, clock.sleep)
    hosts.slow_down("a", 5.0)
    hosts.slow_down("a", 0.1)
    with hosts.turn("a"):
        pass
    assert (hosts.wait("a"), hosts.wait("b")) == (5.0, 0.0)


def test_longest_wish_to_be_left_alone_holds() -> None:
    hosts = Hosts(1, 0.0, Clock(), Clock().sleep)
    hosts.leave_alone("a", NOW + dt.timedelta(hours=2))
    hosts.leave_alone("a", NOW + dt.timedelta(hours=1))
    assert hosts.left_alone_until("a", NOW) == NOW + dt.timedelta(hours=2)
    assert hosts.left_alone_until("a", NOW + dt.timedelta(hours=2)) is None
    assert hosts.left_alone_until("b", NOW) is None


def test_no_more_than_the_limit_run_at_once() -> None:
    hosts = Hosts(2, 0.0, lambda: 0.0, lambda _: None)
    lock, running, most = threading.Lock(), 0, 0
    both = threading.Barrier(2)

    def visit() -> None:
        nonlocal running, most
        with hosts.turn("a"):
            with lock:
                running += 1
                most = max(most, running)
            both.wait(10)  # passes only where two are inside
            with lock:
                running -= 1

    threads = [threading.Thread(target=visit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most == 2
