"""Many feeds at once, each host in its own time."""

import collections
import concurrent.futures
import datetime as dt
import heapq
from collections.abc import Iterable, Iterator

from articles import FeedState
from sources.polling.client import Client
from sources.polling.headers import host_of
from sources.polling.outcomes import Poll
from sources.polling.polls import poll


def poll_all(feeds: Iterable[FeedState], client: Client, now: dt.datetime, *, workers: int = 32) -> Iterator[Poll]:
    """Poll every feed once and yield each result as it comes, in no set order.

    A worker is given a feed only when its host's turn has come, so that a host with a thousand feeds holds up no
    other. At most `workers` results are waiting at any time, however slow the consumer is. Abandoning the iterator
    ends it after the polls under way.
    """
    queue = _Queue(feeds, client)
    running: dict[concurrent.futures.Future[Poll], str] = {}
    with concurrent.futures.ThreadPoolExecutor(workers, thread_name_prefix="poll") as pool:
        while queue or running:
            while len(running) < workers and (turn := queue.take()):
                host, feed = turn
                running[pool.submit(poll, feed, client, now)] = host
            pause = queue.pause()
            if not running:
                client.sleep(pause or 0.0)
                continue
            # Another host's turn may come before any of the running polls ends.
            timeout = pause if len(running) < workers else None
            done, _ = concurrent.futures.wait(running, timeout, concurrent.futures.FIRST_COMPLETED)
            for future in done:
                queue.finish(running.pop(future))
                yield future.result()


class _Queue:
    """Feeds by host, and when each host's turn comes."""

    def __init__(self, feeds: Iterable[FeedState], client: Client) -> None:
        self._client = client
        self._feeds: dict[str, collections.deque[FeedState]] = {}
        for feed in feeds:
            self._feeds.setdefault(host_of(feed.moved_to or feed.url), collections.deque()).append(feed)
        self._busy: collections.Counter[str] = collections.Counter()
        self._turns = [(client.clock(), number, host) for number, host in enumerate(self._feeds)]
        self._placed = set(self._feeds)
        self._number = len(self._turns)

    def __bool__(self) -> bool:
        return bool(self._feeds)

    def take(self) -> tuple[str, FeedState] | None:
        """A feed of a host whose turn has come; None where all have to wait."""
        while self._turns and self._turns[0][0] <= self._client.clock():
            _, _, host = heapq.heappop(self._turns)
            self._placed.discard(host)
            if self._client.hosts.wait(host) > 0:
                self._place(host)
                continue
            feeds = self._feeds[host]
            feed = feeds.popleft()
            if not feeds:
                del self._feeds[host]
            self._busy[host] += 1
            self._place(host)
            return host, feed
        return None

    def pause(self) -> float | None:
        """Seconds until the next turn of a host that isn't busy; None where all are."""
        return max(self._turns[0][0] - self._client.clock(), 0.0) if self._turns else None

    def finish(self, host: str) -> None:
        """One of the polls at `host` has ended."""
        self._busy[host] -= 1
        self._place(host)

    def _place(self, host: str) -> None:
        if host in self._feeds and host not in self._placed and self._busy[host] < self._client.hosts.concurrency:
            self._number += 1
            self._placed.add(host)
            heapq.heappush(self._turns, (self._client.clock() + self._client.hosts.wait(host), self._number, host))
