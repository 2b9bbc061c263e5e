"""Many feeds in one round, and article pages, as the server sees them."""

import datetime as dt
import itertools
import socket
import threading

import pytest
from feed_server import FeedServer, Request, answer, rss

from articles import FeedState
from sources.feeds import Client, Limits, Manners, fetch_page, fetch_pages, poll_all
from sources.polling import connections

NOW = dt.datetime(2025, 3, 3, 12, 0, tzinfo=dt.UTC)


def local(_: str, __: int) -> list[tuple[int, str]]:
    """Every name is this machine."""
    return [(socket.AF_INET, "127.0.0.1")]


def make_client(resolver: connections.Resolver = local, **manners: object) -> Client:
    settings = {"allow_private_hosts": True, "host_delay": 0.0, "read_robots": False} | manners
    return Client(Limits(total_timeout=10), Manners(**settings), resolver=resolver)


def feeds(server: FeedServer, hosts: int, of_each: int) -> list[FeedState]:
    server.serve("/rss", lambda request: [0.01, answer(body=rss(), ETag=f'"{request.path}"')])
    return [
        FeedState(url=server.url(f"/rss?{n}", host=f"h{host}.example")) for host in range(hosts) for n in range(of_each)
    ]


def most_at_once(requests: list[Request]) -> int:
    events = sorted([(request.started, 1) for request in requests] + [(request.ended, -1) for request in requests])
    running = most = 0
    for _, change in events:
        running += change
        most = max(most, running)
    return most


def test_every_feed_is_polled_once(feed_server: FeedServer) -> None:
    asked = feeds(feed_server, hosts=20, of_each=5)
    results = list(poll_all(asked, make_client(), NOW, workers=16))
    assert sorted(result.feed.url for result in results) == sorted(feed.url for feed in asked)
    assert {result.outcome for result in results} == {"fetched"}
    assert len(feed_server.requests) == 100


@pytest.mark.parametrize("concurrency", [1, 3])
def test_limits_of_a_host_hold_at_the_server(feed_server: FeedServer, concurrency: int) -> None:
    client = make_client(host_concurrency=concurrency, host_delay=0.03)
    list(poll_all(feeds(feed_server, hosts=3, of_each=10), client, NOW, workers=16))
    for host in ("h0.example", "h1.example", "h2.example"):
        requests = sorted(
            (request for request in feed_server.requests if request.host == host), key=lambda r: r.started
        )
        assert len(requests) == 10
        assert most_at_once(requests) <= concurrency
        if concurrency == 1:
            gaps = [after.started - before.ended for before, after in itertools.pairwise(requests)]
            assert min(gaps) >= 0.03


def test_slow_host_holds_up_no_other(feed_server: FeedServer) -> None:
    quick = feeds(feed_server, hosts=10, of_each=2)
    released = threading.Event()

    def stall(_: Request) -> list[bytes]:
        released.wait(8)
        return [answer(body=rss())]

    feed_server.serve("/slow", stall)
    slow = [FeedState(url=feed_server.url(f"/slow?{n}", host="slow.example")) for n in range(3)]
    order = []
    for result in poll_all(slow + quick, make_client(), NOW, workers=4):
        order.append(result.feed.url)
        if len(order) == len(quick):
            released.set()
    assert all("slow.example" not in url for url in order[: len(quick)])
    assert len(order) == 23


def test_round_can_be_abandoned(feed_server: FeedServer) -> None:
    results = poll_all(feeds(feed_server, hosts=50, of_each=4), make_client(), NOW, workers=4)
    next(results)
    results.close()
    assert len(feed_server.requests) < 50
    assert not any(thread.name.startswith("poll") for thread in threading.enumerate())


def test_robots_txt_is_asked_once_a_host_however_many_feeds(feed_server: FeedServer) -> None:
    feed_server.serve("/robots.txt", answer(body=b"User-agent: *\nDisallow: /other"))
    results = list(poll_all(feeds(feed_server, hosts=3, of_each=8), make_client(read_robots=True), NOW, workers=16))
    assert all(result.feed.robots_allowed for result in results)
    assert len(feed_server.asked("/robots.txt")) == 3


def test_host_that_asks_for_peace_in_the_middle_of_a_round_gets_it(feed_server: FeedServer) -> None:
    url = feed_server.serve("/busy", answer(429, Retry_After="7200"))
    asked = [FeedState(url=f"{url}?{n}") for n in range(10)]
    results = list(poll_all(asked, make_client(), NOW))
    assert sorted(result.outcome for result in results) == ["error:rate-limited"] + ["not-due"] * 9
    assert {result.feed.next_poll_at for result in results} == {NOW + dt.timedelta(hours=2)}
    assert len(feed_server.requests) == 1


def test_round_of_no_feeds_is_empty() -> None:
    assert list(poll_all([], make_client(), NOW)) == []


def test_round_waits_by_the_injected_clock(feed_server: FeedServer) -> None:
    """An hour between requests to one host passes at once where nobody really sleeps."""
    lock, passed = threading.Lock(), [0.0]

    def sleep(seconds: float) -> None:
        with lock:
            passed[0] += seconds

    manners = Manners(allow_private_hosts=True, host_delay=3600.0, read_robots=False)
    client = Client(manners=manners, clock=lambda: passed[0], sleep=sleep, resolver=local)
    assert len(list(poll_all(feeds(feed_server, hosts=1, of_each=4), client, NOW))) == 4
    assert passed[0] >= 3 * 3600


# Pages.


def test_page_is_fetched_where_robots_allow_it(feed_server: FeedServer) -> None:
    feed_server.serve("/robots.txt", answer(body=b"User-agent: *\nDisallow: /private\nLicense: /rsl.xml"))
    feed_server.serve("/private/1", answer(body=b"<html>"))
    url = feed_server.serve("/news/1", answer(body=b"<html><p>Quay", Content_Type="text/html; charset=gb2312"))
    client = make_client()
    page = fetch_page(url, client, NOW)
    assert (page.outcome, page.payload, page.content_type) == ("fetched", b"<html><p>Quay", "text/html; charset=gb2312")
    assert page.license_url == feed_server.url("/rsl.xml")
    refused = fetch_page(feed_server.url("/private/1"), client, NOW)
    assert (refused.outcome, refused.payload) == ("error:robots", None)
    assert [request.path for request in feed_server.requests] == ["/robots.txt", "/news/1"]


def test_pages_of_many_hosts_are_fetched_in_turns(feed_server: FeedServer) -> None:
    feed_server.serve("/robots.txt", answer(404))
    feed_server.serve("/news", lambda request: [answer(body=request.path.encode())])
    urls = [feed_server.url(f"/news?{n}", host=f"h{n % 4}.example") for n in range(20)]
    pages = list(fetch_pages(urls, make_client(host_delay=0.01), NOW, workers=8))
    assert sorted(page.url for page in pages) == sorted(urls)
    assert all(page.payload == page.url.partition(str(feed_server.port))[2].encode() for page in pages)
    for host in range(4):
        assert most_at_once([asked for asked in feed_server.requests if asked.host == f"h{host}.example"]) == 1


def test_robots_are_asked_for_each_hop(feed_server: FeedServer) -> None:
    feed_server.serve("/robots.txt", answer(body=b"User-agent: newsbeam\nDisallow: /private"))
    feed_server.serve("/private/1", answer(body=b"<html>"))
    url = feed_server.serve("/go", answer(302, Location="/private/1"))
    assert fetch_page(url, make_client(), NOW).outcome == "error:robots"
    assert not feed_server.asked("/private/1")


def test_unreachable_robots_txt_counts_as_a_no(feed_server: FeedServer) -> None:
    feed_server.serve("/robots.txt", answer(503))
    url = feed_server.serve("/news/1", answer(body=b"<html>"))
    assert fetch_page(url, make_client(), NOW).outcome == "error:robots-unreachable"


def test_robots_txt_may_be_long_or_redirected(feed_server: FeedServer) -> None:
    feed_server.serve("/robots.txt", answer(301, Location="/real"))
    feed_server.serve("/real", answer(body=b"User-agent: *\nDisallow: /no\n" + b"# more\n" * 200_000))
    feed_server.serve("/no", answer(body=b"<html>"))
    client = make_client()
    assert fetch_page(feed_server.url("/no"), client, NOW).outcome == "error:robots"
    assert fetch_page(feed_server.serve("/yes", answer(body=b"<html>")), client, NOW).outcome == "fetched"


def test_host_that_asked_for_peace_gets_no_page_requests(feed_server: FeedServer) -> None:
    feed_server.serve("/robots.txt", answer(404))
    url = feed_server.serve("/busy", answer(429, Retry_After="600"))
    client = make_client()
    assert fetch_page(url, client, NOW).outcome == "error:rate-limited"
    asked = len(feed_server.requests)
    assert fetch_page(feed_server.url("/other"), client, NOW).outcome == "error:rate-limited"
    assert len(feed_server.requests) == asked
    feed_server.serve("/other", answer(body=b"<html>"))
    assert fetch_page(feed_server.url("/other"), client, NOW + dt.timedelta(minutes=10)).outcome == "fetched"


@pytest.mark.parametrize(("status", "outcome"), [(404, "not-found"), (500, "server-error"), (204, "unexpected-status")])
def test_page_without_a_body_is_an_error(feed_server: FeedServer, status: int, outcome: str) -> None:
    assert fetch_page(feed_server.serve("/x", answer(status)), make_client(), NOW).outcome == f"error:{outcome}"


def test_page_at_a_private_address_is_refused(feed_server: FeedServer) -> None:
    url = feed_server.serve("/x", answer(body=b"<html>"))
    page = fetch_page(url, make_client(allow_private_hosts=False), NOW)
    assert page.outcome == "error:robots-unreachable"
    assert "address-refused" in page.message
    assert feed_server.connections == 0


def test_contact_must_fit_in_a_header() -> None:
    with pytest.raises(ValueError, match="contact"):
        Client(manners=Manners(contact="me\r\nX-Injected: 1"))
    with pytest.raises(ValueError, match="proxy"):
        Client(manners=Manners(proxy="https://proxy.example"))
