"""Polls against a real server: what is sent, what is remembered, when the next poll is due."""

import base64
import dataclasses
import datetime as dt

import pytest
from feed_server import FeedServer, Request, answer, atom, json_feed, rss

from articles import FeedState
from sources.feeds import Client, Manners, Poll, Schedule, note_entries, poll, revive

NOW = dt.datetime(2025, 3, 3, 12, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def client() -> Client:
    return make_client()


def make_client(schedule: Schedule | None = None, **manners: object) -> Client:
    settings = {"allow_private_hosts": True, "host_delay": 0.0, "read_robots": False} | manners
    return Client(manners=Manners(**settings), schedule=schedule)


def repoll(result: Poll, client: Client, after: dt.timedelta = dt.timedelta(days=1)) -> Poll:
    """Poll the resulting state again, later."""
    return poll(result.feed, client, (result.feed.last_poll_at or NOW) + after)


def failing(status: int, times: int, body: bytes, **headers: str):
    """A script that fails so often and works from then on."""
    return lambda request: [answer(status, **headers) if request.attempt <= times else answer(body=body)]


# What is fetched.


def test_new_feed_is_fetched_whole(feed_server: FeedServer, client: Client) -> None:
    url = feed_server.serve("/rss", answer(body=rss(), Content_Type="text/xml; charset=koi8-r"))
    result = poll(FeedState(url=url), client, NOW)
    assert (result.outcome, result.payload, result.status, result.final_url) == ("fetched", rss(), 200, url)
    assert result.content_type == "text/xml; charset=koi8-r", "the charset may lie, and is the parser's to judge"
    assert (result.feed.item_count, result.feed.added_at, result.feed.last_success_at) == (3, NOW, NOW)


def test_request_says_who_asks_and_for_what(feed_server: FeedServer) -> None:
    url = feed_server.serve("/rss", answer(body=rss(), Set_Cookie="id=1"))
    client = make_client(contact="mailto:desk@newsroom.example")
    repoll(poll(FeedState(url=url), client, NOW), client)
    first, second = feed_server.asked("/rss")
    assert first.headers["user-agent"].startswith("newsbeam/")
    assert "mailto:desk@newsroom.example" in first.headers["user-agent"]
    assert "application/atom+xml" in first.headers["accept"]
    assert set(first.headers["accept-encoding"].split(", ")) == {"gzip", "deflate", "br", "zstd"}
    assert "if-none-match" not in first.headers
    assert "cookie" not in second.headers, "cookies are not kept"


@pytest.mark.parametrize(("body", "count"), [(atom(2), 2), (json_feed(4), 4), (rss(0), 0), (b'{"uri": "x"}', None)])
def test_entries_are_counted_in_every_format(
    feed_server: FeedServer, client: Client, body: bytes, count: int | None
) -> None:
    url = feed_server.serve("/feed", answer(body=body))
    assert poll(FeedState(url=url), client, NOW).feed.item_count == count


# Conditional requests.


@pytest.mark.parametrize("etag", ['"abc"', 'W/"abc"', "abc", '"with \\"quotes\\""'])
def test_validators_are_sent_back_verbatim(feed_server: FeedServer, client: Client, etag: str) -> None:
    modified = "Mon, 03 Mar 2025 08:00:00 GMT"

    def script(request: Request) -> list[bytes]:
        known = request.headers.get("if-none-match") == etag and request.headers.get("if-modified-since") == modified
        return [answer(304) if known else answer(body=rss(), ETag=etag, Last_Modified=modified)]

    result = repoll(poll(FeedState(url=feed_server.serve("/rss", script)), client, NOW), client)
    assert (result.outcome, result.payload, result.feed.etag) == ("not-modified", None, etag)
    assert (result.feed.silent_polls, result.feed.item_count) == (1, 3)
    assert feed_server.asked("/rss")[1].headers["a-im"] == "feed"


def test_unchanged_body_under_200_is_noticed(feed_server: FeedServer, client: Client) -> None:
    url = feed_server.serve("/rss", lambda request: [answer(body=rss(), ETag=f'"{request.attempt}"')])
    result = repoll(poll(FeedState(url=url), client, NOW), client)
    assert (result.outcome, result.payload, result.feed.etag) == ("unchanged-body", None, '"2"')


def test_what_changes_around_the_entries_is_no_change(feed_server: FeedServer, client: Client) -> None:
    def script(request: Request) -> list[bytes]:
        head = f"<lastBuildDate>{request.attempt}</lastBuildDate>"
        return [answer(body=rss(head=head, after=f"<!-- served in 0.{request.attempt} s -->"))]

    first = poll(FeedState(url=feed_server.serve("/rss", script)), client, NOW)
    assert repoll(first, client).outcome == "unchanged-body"


def test_same_etag_for_changed_entries_is_never_believed_again(feed_server: FeedServer) -> None:
    def script(request: Request) -> list[bytes]:
        # Honours its lying ETag: what is new between two polls would stay unseen for ever.
        if request.headers.get("if-none-match") == '"frozen"':
            return [answer(304)]
        return [answer(body=rss(request.attempt), ETag='"frozen"')]

    client = make_client(Schedule(unconditional_every=2))
    result = poll(FeedState(url=feed_server.serve("/rss", script)), client, NOW)
    outcomes = [result.outcome]
    for _ in range(4):
        result = repoll(result, client)
        outcomes.append(result.outcome)
    assert outcomes == ["fetched", "not-modified", "not-modified", "fetched", "fetched"]
    assert not result.feed.validators_trusted
    assert "if-none-match" not in feed_server.asked("/rss")[-1].headers


def test_every_so_often_a_poll_is_unconditional(feed_server: FeedServer) -> None:
    def script(request: Request) -> list[bytes]:
        return [answer(304) if "if-none-match" in request.headers else answer(body=rss(), ETag='"a"')]

    client = make_client(Schedule(unconditional_every=3))
    result = poll(FeedState(url=feed_server.serve("/rss", script)), client, NOW)
    outcomes = []
    for _ in range(5):
        result = repoll(result, client)
        outcomes.append(result.outcome)
    assert outcomes == ["not-modified"] * 3 + ["unchanged-body", "not-modified"]


def test_304_to_an_unconditional_request_is_an_error(feed_server: FeedServer, client: Client) -> None:
    url = feed_server.serve("/rss", answer(304))
    assert poll(FeedState(url=url), client, NOW).outcome == "error:unexpected-304"


def test_226_holds_the_new_entries_alone(feed_server: FeedServer, client: Client) -> None:
    def script(request: Request) -> list[bytes]:
        partial = request.headers.get("a-im") == "feed"
        return [answer(226, rss(1), ETag='"b"', IM="feed") if partial else answer(body=rss(9), ETag='"a"')]

    result = repoll(poll(FeedState(url=feed_server.serve("/rss", script)), client, NOW), client)
    assert (result.outcome, result.payload, result.feed.etag) == ("fetched", rss(1), '"b"')
    assert (result.feed.item_count, result.feed.alarm) == (9, None)


def test_validators_unfit_to_be_sent_are_dropped(feed_server: FeedServer, client: Client) -> None:
    url = feed_server.serve("/rss", answer(body=rss(), ETag='"caf\xe9"', Last_Modified="x" * 2000))
    result = poll(FeedState(url=url), client, NOW)
    assert (result.feed.etag, result.feed.last_modified) == (None, None)
    assert repoll(result, client).outcome == "unchanged-body"


# Redirects.


def test_permanent_redirect_is_believed_after_three_polls(feed_server: FeedServer, client: Client) -> None:
    new = feed_server.serve("/new", answer(body=rss()))
    middle = feed_server.serve("/middle", answer(308, Location="/new"))
    old = feed_server.serve("/old", answer(301, Location=middle))
    result = poll(FeedState(url=old), client, NOW)
    assert (result.outcome, result.final_url, result.feed.moved_to) == ("fetched", new, None)
    result = repoll(repoll(result, client), client)
    assert result.feed.moved_to == new
    repoll(result, client)
    assert len(feed_server.asked("/old")) == 3, "the fourth poll goes straight to the new address"
    assert result.feed.url == old, "a feed's identity stays"


@pytest.mark.parametrize("status", [302, 303, 307])
def test_temporary_redirect_is_followed_and_forgotten(feed_server: FeedServer, client: Client, status: int) -> None:
    feed_server.serve("/new", answer(body=rss()))
    result = poll(FeedState(url=feed_server.serve("/old", answer(status, Location="/new"))), client, NOW)
    for _ in range(4):
        result = repoll(result, client)
    assert (result.outcome, result.feed.moved_to, result.feed.redirect_sightings) == ("unchanged-body", None, 0)


def test_only_the_permanent_part_of_a_chain_is_remembered(feed_server: FeedServer, client: Client) -> None:
    feed_server.serve("/today", answer(body=rss()))
    new = feed_server.serve("/new", answer(302, Location="/today"))
    result = poll(FeedState(url=feed_server.serve("/old", answer(301, Location="/new"))), client, NOW)
    result = repoll(repoll(result, client), client)
    assert result.feed.moved_to == new


def test_wavering_redirect_is_not_believed(feed_server: FeedServer, client: Client) -> None:
    for n in (0, 1):
        feed_server.serve(f"/new{n}", answer(body=rss()))
    old = feed_server.serve("/old", lambda request: [answer(301, Location=f"/new{request.attempt % 2}")])
    result = poll(FeedState(url=old), client, NOW)
    for _ in range(6):
        result = repoll(result, client)
    assert result.feed.moved_to is None


def test_redirect_that_leads_nowhere_is_forgotten(feed_server: FeedServer, client: Client) -> None:
    feed_server.serve("/old", answer(body=rss()))
    gone = feed_server.serve("/gone", answer(410))
    result = poll(FeedState(url=feed_server.url("/old"), moved_to=gone), client, NOW)
    assert (result.outcome, result.feed.moved_to, result.feed.retired_at) == ("error:gone", None, None)
    assert repoll(result, client).outcome == "fetched"


def test_validators_go_only_to_the_address_that_gave_them(feed_server: FeedServer, client: Client) -> None:
    feed_server.serve("/a", answer(body=rss(), ETag='"a"'))
    feed_server.serve("/b", answer(body=rss(5), ETag='"b"'))
    url = feed_server.serve("/", lambda request: [answer(302, Location="/a" if request.attempt == 1 else "/b")])
    result = repoll(poll(FeedState(url=url), client, NOW), client)
    assert result.outcome == "fetched"
    assert all("if-none-match" not in request.headers for request in feed_server.requests)


# Failures, backoff, retirement.


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, "forbidden"),
        (404, "not-found"),
        (418, "client-error"),
        (429, "rate-limited"),
        (500, "server-error"),
        (503, "unavailable"),
        (206, "unexpected-status"),
        (300, "unexpected-status"),
        (204, "empty"),
        (451, "forbidden"),
    ],
)
def test_status_is_an_error_with_a_kind(feed_server: FeedServer, client: Client, status: int, kind: str) -> None:
    result = poll(FeedState(url=feed_server.serve("/rss", answer(status))), client, NOW)
    assert (result.outcome, result.feed.last_error, result.feed.last_status) == (f"error:{kind}", kind, status)
    assert result.feed.consecutive_failures == 1
    assert result.feed.next_poll_at >= NOW + client.schedule.min_interval


def test_success_clears_the_failures(feed_server: FeedServer, client: Client) -> None:
    result = poll(FeedState(url=feed_server.serve("/rss", failing(500, 2, rss()))), client, NOW)
    result = repoll(repoll(result, client), client)
    assert (result.outcome, result.feed.consecutive_failures, result.feed.last_error) == ("fetched", 0, None)


@pytest.mark.parametrize(
    ("value", "hours"),
    [("7200", 2), ("Mon, 03 Mar 2025 15:00:00 GMT", 3), ("99999999", 24), ("soon", 0.25), ("-5", 0.25)],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_kept_within_a_cap(feed_server: FeedServer, status: int, value: str, hours: float) -> None:
    client = make_client()
    result = poll(FeedState(url=feed_server.serve("/rss", answer(status, Retry_After=value))), client, NOW)
    assert result.feed.next_poll_at == NOW + hours * HOUR


def test_a_host_that_asks_for_peace_gets_it_for_all_its_feeds(feed_server: FeedServer, client: Client) -> None:
    poll(FeedState(url=feed_server.serve("/a", answer(429, Retry_After="3600"))), client, NOW)
    other = FeedState(url=feed_server.serve("/b", answer(body=rss())))
    result = poll(other, client, NOW)
    assert (result.outcome, result.feed.next_poll_at) == ("not-due", NOW + HOUR)
    assert not feed_server.asked("/b")
    assert poll(result.feed, client, NOW + HOUR).outcome == "fetched"


def test_gone_feed_is_retired_at_once_and_asked_no_more(feed_server: FeedServer, client: Client) -> None:
    result = poll(FeedState(url=feed_server.serve("/rss", answer(410))), client, NOW)
    assert (result.outcome, result.feed.retired_at, result.feed.retired_reason) == ("retired", NOW, "gone")
    assert repoll(result, client).outcome == "retired"
    assert len(feed_server.asked("/rss")) == 1


def test_long_dead_feed_is_retired(feed_server: FeedServer, client: Client) -> None:
    result = poll(FeedState(url=feed_server.serve("/rss", answer(404))), client, NOW)
    polls = 1
    while result.outcome != "retired":
        result = repoll(result, client, dt.timedelta(days=7))
        polls += 1
    assert (result.feed.retired_reason, polls) == ("dead", 10), "ten failures over at least 60 days"


def test_retired_feed_can_be_taken_up_again(feed_server: FeedServer, client: Client) -> None:
    url = feed_server.serve("/rss", failing(410, 1, rss()))
    retired = poll(FeedState(url=url), client, NOW)
    assert poll(revive(retired.feed), client, NOW + HOUR).outcome == "fetched"


def test_a_poll_not_due_asks_nothing(feed_server: FeedServer, client: Client) -> None:
    result = poll(FeedState(url=feed_server.serve("/rss", answer(body=rss()))), client, NOW)
    again = poll(result.feed, client, NOW + dt.timedelta(minutes=1))
    assert (again.outcome, again.feed) == ("not-due", result.feed)
    assert len(feed_server.requests) == 1


def test_the_same_poll_twice_gives_the_same_state(feed_server: FeedServer) -> None:
    """A crash between fetch and commit repeats a poll from the old state: nothing may be skipped."""
    url = feed_server.serve("/rss", answer(body=rss(), ETag='"a"'))
    feed = FeedState(url=url)
    assert poll(feed, make_client(), NOW) == poll(feed, make_client(), NOW)


def test_server_that_fails_on_conditional_requests_is_asked_plainly(feed_server: FeedServer, client: Client) -> None:
    def script(request: Request) -> list[bytes]:
        return [answer(500) if "if-none-match" in request.headers else answer(body=rss(), ETag='"a"')]

    result = poll(FeedState(url=feed_server.serve("/rss", script)), client, NOW)
    for _ in range(4):
        result = repoll(result, client)
    assert result.outcome == "unchanged-body"


# Alarms.


def test_feed_that_suddenly_yields_nothing_raises_an_alarm(feed_server: FeedServer, client: Client) -> None:
    def script(request: Request) -> list[bytes]:
        if request.headers.get("if-none-match") == '"empty"':
            return [answer(304)]
        return [answer(body=rss(0), ETag='"empty"') if request.attempt in (2, 3) else answer(body=rss())]

    first = poll(FeedState(url=feed_server.serve("/rss", script)), client, NOW)
    empty = repoll(first, client)
    assert (empty.outcome, empty.feed.alarm) == ("fetched", "empty")
    assert repoll(empty, client).feed.alarm == "empty", "a 304 does not end it"
    forgetful = dataclasses.replace(empty.feed, etag=None)
    assert poll(forgetful, client, NOW + dt.timedelta(days=9)).feed.alarm is None


def test_feed_that_never_had_entries_raises_none(feed_server: FeedServer, client: Client) -> None:
    url = feed_server.serve("/rss", answer(body=rss(0)))
    assert repoll(poll(FeedState(url=url), client, NOW), client).feed.alarm is None


def test_html_in_place_of_a_feed_is_an_error_with_its_payload(feed_server: FeedServer, client: Client) -> None:
    page = b"\xef\xbb\xbf \n<!-- portal --><!DOCTYPE html><html><body>Please log in</body></html>"

    def script(request: Request) -> list[bytes]:
        portal = request.attempt == 2
        return [answer(body=page, ETag='"p"', Content_Type="application/rss+xml") if portal else answer(body=rss())]

    first = poll(FeedState(url=feed_server.serve("/rss", script)), client, NOW)
    second = repoll(first, client)
    assert (second.outcome, second.payload, second.feed.alarm) == ("error:not-a-feed", page, "html")
    assert second.feed.etag is None, "the page's validators are not the feed's"
    third = repoll(second, client)
    assert (third.outcome, third.feed.alarm) == ("unchanged-body", None)


@pytest.mark.parametrize("body", [b"", b" \n "])
def test_empty_body_is_an_error_and_an_alarm(feed_server: FeedServer, client: Client, body: bytes) -> None:
    url = feed_server.serve("/rss", lambda request: [answer(body=rss() if request.attempt == 1 else body)])
    result = repoll(poll(FeedState(url=url), client, NOW), client)
    assert (result.outcome, result.feed.alarm) == ("error:empty", "empty")


def test_feed_that_falls_silent_raises_an_alarm(feed_server: FeedServer, client: Client) -> None:
    url = feed_server.serve("/rss", lambda request: [answer(body=rss(min(request.attempt, 4)))])
    result = poll(FeedState(url=url), client, NOW)
    for _ in range(3):
        result = repoll(result, client, 6 * HOUR)
    assert result.feed.usual_gap_seconds == 6 * 3600
    result = repoll(result, client, 40 * HOUR)
    assert result.feed.alarm is None
    assert repoll(result, client, 40 * HOUR).feed.alarm == "silent"


def test_what_the_parser_found_is_noted() -> None:
    feed = FeedState(url="https://wire.example/rss", item_count=3, last_entry_at=NOW)
    assert note_entries(feed, 3, NOW - HOUR).last_entry_at == NOW
    assert note_entries(feed, 0, None).alarm == "empty"


# Credentials, licences, robots.txt.


def test_credentials_are_sent_to_their_origin_and_shown_nowhere(feed_server: FeedServer, client: Client) -> None:
    feed_server.serve("/here", answer(302, Location=feed_server.url("/there", host="localhost")))
    feed_server.serve("/there", answer(500))
    feed = FeedState(url=feed_server.url("/here", host="desk:s3cret%21@127.0.0.1"))
    result = poll(feed, client, NOW)
    here, there = feed_server.requests
    assert base64.b64decode(here.headers["authorization"].removeprefix("Basic ")) == b"desk:s3cret!"
    assert "authorization" not in there.headers
    shown = repr(dataclasses.replace(result, feed=dataclasses.replace(result.feed, url="")))
    assert "s3cret" not in shown


@pytest.mark.parametrize(
    ("head", "link", "robots", "expected"),
    [
        ('<link rel="license" href="/terms"/>', "", "", ("/terms", "feed")),
        ('<r:content xmlns:r="https://rslstandard.org/rsl" url="/"/>', "", "", ("/rss", "feed")),
        ("", '</l.xml>; rel="license"; type="application/rsl+xml"', "License: /r.xml", ("/l.xml", "link-header")),
        ("", "", "License: {base}/r.xml\nUser-agent: *\nDisallow: /rss\nCrawl-delay: 2", ("/r.xml", "robots.txt")),
        ("", "", "License: javascript:alert(1)", (None, None)),
    ],
)
def test_licence_terms_are_recorded(
    feed_server: FeedServer, head: str, link: str, robots: str, expected: tuple[str | None, str | None]
) -> None:
    client = make_client(read_robots=True)
    feed_server.serve("/robots.txt", answer(body=robots.replace("{base}", feed_server.url("")).encode()))
    url = feed_server.serve("/rss", answer(body=rss(head=head), Link=link))
    feed = poll(FeedState(url=url), client, NOW).feed
    path, source = expected
    assert (feed.license_url, feed.license_source) == (path and feed_server.url(path), source)
    assert feed.robots_allowed is ("Disallow" not in robots)
    assert feed.crawl_delay_seconds == (2.0 if "Crawl-delay" in robots else None)
    later = poll(feed, client, NOW + 20 * HOUR).feed
    assert (later.license_url, later.license_source) == (feed.license_url, feed.license_source)
    assert len(feed_server.asked("/robots.txt")) == 1, "once a day"


def test_robots_bind_feeds_only_on_request(feed_server: FeedServer) -> None:
    feed_server.serve("/robots.txt", answer(body=b"User-agent: newsbeam\nDisallow: /rss"))
    url = feed_server.serve("/rss", answer(body=rss()))
    free = poll(FeedState(url=url), make_client(read_robots=True), NOW)
    assert (free.outcome, free.feed.robots_allowed) == ("fetched", False)
    bound = poll(FeedState(url=url), make_client(robots_bind_feeds=True), NOW)
    assert bound.outcome == "error:robots"


def test_unreachable_robots_txt_is_recorded_as_unknown(feed_server: FeedServer) -> None:
    feed_server.serve("/robots.txt", answer(500))
    result = poll(FeedState(url=feed_server.serve("/rss", answer(body=rss()))), make_client(read_robots=True), NOW)
    assert (result.outcome, result.feed.robots_allowed, result.feed.robots_checked_at) == ("fetched", None, NOW)
