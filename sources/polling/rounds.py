"""Many requests at once, each host in its own time."""

import collections
import concurrent.futures
import datetime as dt
import heapq
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from articles import FeedState
from sources.polling.client import Client
from sources.polling.headers import host_of
from sources.polling.outcomes import Poll
from sources.polling.pages import Page, fetch_page
from sources.polling.polls import poll

Job = TypeVar("Job")
Result = TypeVar("Result")


def poll_all(feeds: Iterable[FeedState], client: Client, now: dt.datetime, *, workers: int = 32) -> Iterator[Poll]:
    """Poll every feed once and yield each result as it comes, in no set order.

    A worker is given a feed only when its host's turn has come, so that a host with a thousand feeds holds up no
    other. At most `workers` results are waiting at any time, however slow the consumer is. Abandoning the iterator
    ends it after the polls under way.
    """

    def work(feed: FeedState) -> Poll:
        return poll(feed, client, now)

    jobs = [(host_of(feed.moved_to or feed.url), feed) for feed in feeds]
    return _in_turns(jobs, work, client, workers)


def fetch_pages(urls: Iterable[str], client: Client, now: dt.datetime, *, workers: int = 32) -> Iterator[Page]:
    """Fetch the pages as `poll_all` polls feeds: each once, in no set order."""

    def work(url: str) -> Page:
        return fetch_page(url, client, now)

    return _in_turns([(host_of(url), url) for url in urls], work, client, workers)


def _in_turns(
    jobs: Iterable[tuple[str, Job]], work: Callable[[Job], Result], client: Client, workers: int
) -> Iterator[Result]:
    queue = _Queue(jobs, client)
    running: dict[concurrent.futures.Future[Result], str] = {}
    with concurrent.futures.ThreadPoolExecutor(workers, thread_name_prefix="poll") as pool:
        while queue or running:
            while len(running) < workers and (turn := queue.take()):
                host, job = turn
                running[pool.submit(work, job)] = host
            pause = queue.pause()
            if not running:
                client.sleep(pause or 0.0)
                continue
            # Another host's turn may come before any of the running requests ends.
            timeout = pause if len(running) < workers else None
            done, _ = concurrent.futures.wait(running, timeout, concurrent.futures.FIRST_COMPLETED)
            for future in done:
                queue.finish(running.pop(future))
                yield future.result()


class _Queue(Generic[Job]):
    """Jobs by host, and when each host's turn comes."""

    def __init__(self, jobs: Iterable[tuple[str, Job]], client: Client) -> None:
        self._client = client
        self._jobs: dict[str, collections.deque[Job]] = {}
        for host, job in jobs:
            self._jobs.setdefault(host, collections.deque()).append(job)
        self._busy: collections.Counter[str] = collections.Counter()
        self._turns = [(client.clock(), number, host) for number, host in enumerate(self._jobs)]
        self._placed = set(self._jobs)
        self._number = len(self._turns)

    def __bool__(self) -> bool:
        return bool(self._jobs)

    def take(self) -> tuple[str, Job] | None:
        """A job at a host whose turn has come; None where all have to wait."""
        while self._turns and self._turns[0][0] <= self._client.clock():
            _, _, host = heapq.heappop(self._turns)
            self._placed.discard(host)
            if self._client.hosts.wait(host) > 0:
                self._place(host)
                continue
            jobs = self._jobs[host]
            job = jobs.popleft()
            if not jobs:
                del self._jobs[host]
            self._busy[host] += 1
            self._place(host)
            return host, job
        return None

    def pause(self) -> float | None:
        """Seconds until the next turn of a host that isn't busy; None where all are."""
        return max(self._turns[0][0] - self._client.clock(), 0.0) if self._turns else None

    def finish(self, host: str) -> None:
        """One of the jobs at `host` has ended."""
        self._busy[host] -= 1
        self._place(host)

    def _place(self, host: str) -> None:
        if host in self._jobs and host not in self._placed and self._busy[host] < self._client.hosts.concurrency:
            self._number += 1
            self._placed.add(host)
            heapq.heappush(self._turns, (self._client.clock() + self._client.hosts.wait(host), self._number, host))
