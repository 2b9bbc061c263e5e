"""Poll feeds over a local server, twice, and measure at the server that every host's limits were kept.

    python benchmarks/polling.py [--feeds 500] [--hosts 100] [--workers 32] [--delay 0.05]

All traffic is to 127.0.0.1: names are resolved to it. Client and server share one process and its interpreter lock.
Three rounds a part: new feeds; the same a day later; nothing due. Exits with 1 where a limit was broken.
"""

import argparse
import collections
import datetime as dt
import itertools
import resource
import socket
import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from feed_server import FeedServer, Request, answer, rss

from articles import FeedState
from sources.feeds import Client, Limits, Manners, poll_all

NOW = dt.datetime(2025, 3, 3, 12, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
BODY = rss(30)


def with_etag(request: Request) -> list[bytes | float]:
    """A server as it should be."""
    known = request.headers.get("if-none-match") == '"v1"'
    return [answer(304) if known else answer(body=BODY, ETag='"v1"', Cache_Control="max-age=900")]


def with_date(request: Request) -> list[bytes | float]:
    """Last-Modified only."""
    modified = "Mon, 03 Mar 2025 08:00:00 GMT"
    known = request.headers.get("if-modified-since") == modified
    return [answer(304) if known else answer(body=BODY, Last_Modified=modified)]


def without(request: Request) -> list[bytes | float]:
    """No validators, and a build date that changes each time."""
    return [answer(body=rss(30, head=f"<lastBuildDate>{request.started}</lastBuildDate>"))]


HEALTHY = {"/etag": with_etag, "/date": with_date, "/plain": without}
SICK = {
    "/moved": lambda _: [answer(301, Location="/etag")],
    "/gone": lambda _: [answer(410)],
    "/broken": lambda _: [answer(500)],
    "/cut": lambda _: [answer(body=BODY, Content_Length="999999")],
    "/garbage": lambda _: [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
    "/drip": lambda _: itertools.chain.from_iterable((b"H", 0.1) for _ in range(100)),
    "/html": lambda _: [answer(body=b"<!DOCTYPE html><html>")],
    "/loop": lambda _: [answer(302, Location="/loop")],
}


def main() -> int:
    """Run both parts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--workers", type=int, default=32)
    parser.add_argument("--delay", type=float, default=0.05)
    options = parser.parse_args()
    print(f"{options.feeds} feeds at {options.hosts} hosts, {options.workers} workers, 1 request at once a host")
    relaxed = argparse.Namespace(**(vars(options) | {"delay": 0.0}))
    crowded = argparse.Namespace(**(vars(options) | {"hosts": max(options.hosts // 10, 1)}))
    kept = [
        run("healthy, no delay", list(HEALTHY), relaxed),
        run(f"healthy, a tenth of the hosts, {options.delay} s between requests to each", list(HEALTHY), crowded),
        run("one in four sick, no delay", [*itertools.islice(itertools.cycle(HEALTHY), 24), *SICK], relaxed),
    ]
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB, client and server together")
    return 0 if all(kept) else 1


def run(name: str, paths: list[str], options: argparse.Namespace) -> bool:
    """Three rounds over one set of feeds; whether limits held."""
    print(f"\n{name}")
    client = Client(
        Limits(total_timeout=2.0, max_bytes=1_000_000),
        Manners(
            allow_private_hosts=True,
            host_delay=options.delay,
            read_robots=False,
            contact="mailto:bench@newsbeam.example",
        ),
        resolver=lambda *_: [(socket.AF_INET, "127.0.0.1")],
    )
    with FeedServer() as server:
        for path, script in (HEALTHY | SICK).items():
            server.serve(path, script)
        feeds = [
            FeedState(url=server.url(f"{path}?{n}", host=f"h{n % options.hosts}.example"))
            for n, path in enumerate(itertools.islice(itertools.cycle(paths), options.feeds))
        ]
        for label, now in (("first poll", NOW), ("a day later", NOW + DAY), ("not due", NOW + DAY)):
            before, started = len(server.requests), time.perf_counter()
            results = list(poll_all(feeds, client, now, workers=options.workers))
            seconds = time.perf_counter() - started
            feeds = [result.feed for result in results]
            outcomes = ", ".join(
                f"{count} {name}" for name, count in collections.Counter(r.outcome for r in results).most_common()
            )
            asked = len(server.requests) - before
            print(f"  {label:<12}{len(feeds) / seconds:8.0f} feeds/s  {asked:5} requests  {outcomes}")
        return limits_held(server.requests, options.delay)


def limits_held(requests: list[Request], delay: float) -> bool:
    """Judge by the server's own record: no two requests to a host overlap or come closer than the delay."""
    by_host: dict[str, list[Request]] = collections.defaultdict(list)
    for request in sorted(requests, key=lambda request: request.started):
        by_host[request.host].append(request)
    gaps = [b.started - a.ended for asked in by_host.values() for a, b in itertools.pairwise(asked) if not a.broken_off]
    closest = min(gaps)
    held = closest >= delay
    busiest = max(len(asked) for asked in by_host.values())
    print(
        f"  at the server: closest requests of one host {closest * 1000:.1f} ms apart, busiest host {busiest} requests"
    )
    return held


if __name__ == "__main__":
    sys.exit(main())
