"""One poll of one feed."""

import dataclasses
import datetime as dt
from collections.abc import Mapping

from articles import FeedState
from articles.feed import LicenseSource
from sources.polling import outcomes
from sources.polling.client import Client, Response
from sources.polling.contents import Contents, examine
from sources.polling.errors import FetchError
from sources.polling.headers import host_of, license_link
from sources.polling.outcomes import IM_USED, Poll
from sources.polling.robots import KEPT, Rules

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)

FAILURES_BEFORE_PLAIN = 3
"""Failures in a row after which a poll goes without validators: some servers fail on those alone."""


def poll(feed: FeedState, client: Client, now: dt.datetime) -> Poll:
    """Ask `feed` whether it has news. Never raises for anything that names, servers or networks do.

    `now` is aware. Asked again with the same state after a crash, it does the same again.
    """
    if feed.retired_at is not None:
        return outcomes.spared(feed, "retired", f"retired since {feed.retired_at:%Y-%m-%d}: {feed.retired_reason}")
    if feed.next_poll_at is not None and now < feed.next_poll_at:
        return outcomes.spared(feed, "not-due", f"due at {feed.next_poll_at:%Y-%m-%d %H:%M:%S} UTC")
    address = feed.moved_to or feed.url
    host = host_of(address)
    if until := client.hosts.left_alone_until(host, now):
        feed = dataclasses.replace(feed, next_poll_at=until)
        return outcomes.spared(feed, "not-due", f"{host} asked to be left alone until {until:%Y-%m-%d %H:%M:%S} UTC")
    if feed.crawl_delay_seconds:
        client.hosts.slow_down(host, min(feed.crawl_delay_seconds, client.manners.max_crawl_delay))
    feed = dataclasses.replace(feed, added_at=feed.added_at or now, last_poll_at=now)
    try:
        return _ask(feed, address, client, now)
    except FetchError as error:
        return outcomes.failed(feed, error, now, client.schedule)


def _ask(feed: FeedState, address: str, client: Client, now: dt.datetime) -> Poll:
    conditional = (
        feed.validators_trusted
        and feed.conditional_polls < client.schedule.unconditional_every
        and feed.consecutive_failures < FAILURES_BEFORE_PLAIN
        and bool(feed.etag or feed.last_modified)
    )

    def headers_for(url: str) -> Mapping[str, str]:
        # Validators mean something only to the address that gave them.
        return {"Accept": ACCEPT, **(_validators(feed) if conditional and url == feed.validator_url else {})}

    def ask_robots(url: str) -> None:
        client.robots.check(url, now)

    response = client.fetch(address, now, headers_for, before=ask_robots if client.manners.robots_bind_feeds else None)
    asked_conditionally = conditional and response.url == feed.validator_url
    if response.status == 304 and asked_conditionally:
        result, contents = outcomes.not_modified(feed, response, now, client.schedule), None
    elif response.status in (200, 203) or (response.status == IM_USED and asked_conditionally):
        result, contents = _read(feed, response, now, client, conditional=asked_conditionally)
    elif response.status in (204, 205):
        raise FetchError("empty", "the answer has no body", status=response.status)
    else:
        raise outcomes.status_error(response, now)
    if result.outcome.startswith(("error:", "retired")):
        return result
    return dataclasses.replace(result, feed=_with_permissions(result.feed, response, contents, client, now))


def _validators(feed: FeedState) -> dict[str, str]:
    sent = {"If-Modified-Since": feed.last_modified} if feed.last_modified else {}
    # RFC 3229: with an ETag to compare to, a server may send the new entries alone.
    return {**sent, **({"If-None-Match": feed.etag, "A-IM": "feed"} if feed.etag else {})}


def _read(
    feed: FeedState, response: Response, now: dt.datetime, client: Client, *, conditional: bool
) -> tuple[Poll, Contents]:
    if not response.body.strip():
        raise FetchError("empty", "the body is empty", status=response.status)
    contents = examine(response.body, response.url)
    if contents.is_html:
        return outcomes.not_a_feed(feed, response, now, client.schedule), contents
    unchanged = contents.body_hash == feed.body_hash and response.status != IM_USED
    finish = outcomes.unchanged_body if unchanged else outcomes.fetched
    return finish(feed, response, contents, now, client.schedule, conditional=conditional), contents


def _with_permissions(
    feed: FeedState, response: Response, contents: Contents | None, client: Client, now: dt.datetime
) -> FeedState:
    """Record what robots.txt says of the feed, and where licence terms are: the nearest to the entries wins.

    After the feed rather than before it: a dead one costs its host no more than one request.
    """
    rules: Rules | None = None
    if client.manners.read_robots and (feed.robots_checked_at is None or now - feed.robots_checked_at >= KEPT):
        rules = client.robots.rules(response.url, now)
        feed = dataclasses.replace(
            feed,
            robots_checked_at=now,
            robots_allowed=rules.allow(response.url),
            crawl_delay_seconds=rules.crawl_delay,
        )
    found: list[tuple[LicenseSource, str | None]] = [
        ("feed", contents.license_url if contents else _known(feed, "feed")),
        ("link-header", license_link(response.headers.get("Link"), response.url) or _known(feed, "link-header")),
        ("robots.txt", rules.license_url if rules and not rules.problem else _known(feed, "robots.txt")),
    ]
    source, url = next(((source, url) for source, url in found if url), (None, None))
    return dataclasses.replace(feed, license_url=url, license_source=source)


def _known(feed: FeedState, source: LicenseSource) -> str | None:
    return feed.license_url if feed.license_source == source else None
