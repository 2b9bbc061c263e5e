"""Feeds as inputs of a whole run: polled over real sockets, states committed with the articles."""

import datetime as dt
import json

import pyarrow.dataset as ds
import pytest
from feed_server import FeedServer, answer, rss

from articles import FeedState
from pipelines import ingest as batch
from pipelines.cli import main
from pipelines.ingest import ingest
from pipelines.options import IngestOptions
from pipelines.polling import recall, subscriptions
from pipelines.progress import Reporter
from sinks.feeds import read_feeds
from sinks.manifest import last_manifest

NOW = dt.datetime(2026, 3, 5, 12, tzinfo=dt.UTC)


def run(output, *inputs, hours=0, **more):
    options = IngestOptions(
        **more,
        inputs=tuple(map(str, inputs)),
        output=output,
        allow_private_hosts=True,
        host_delay=0.0,
        contact="mailto:a@b.example",
    )
    return ingest(options, Reporter(quiet=True), NOW + dt.timedelta(hours=hours)).manifest


def states(output):
    manifest = last_manifest(output)
    return read_feeds(output, [file for file in manifest.state if file.table == "feeds"])


def titles(output):
    return sorted(ds.dataset(output / "articles").to_table(columns=["title"])["title"].to_pylist())


def with_etag(body):
    """A server that means its ETag."""

    def script(request):
        if request.headers.get("if-none-match") == '"1"':
            return [answer(304, ETag='"1"')]
        return [answer(body=body, ETag='"1"', Content_Type="application/rss+xml")]

    return script


def test_feed_is_read_once_and_then_not_modified(tmp_path, feed_server: FeedServer, capsys):
    url = feed_server.serve("/rss", with_etag(rss(3)))
    first = run(tmp_path, url)
    assert (first.totals["read"], first.feeds) == (3, {"fetched": 1})
    assert set(first.sources) == {url}
    assert states(tmp_path)[url].etag == '"1"'
    again = run(tmp_path, url, hours=24)
    assert (again.totals["read"], again.feeds, again.files) == (0, {"not-modified": 1}, ())
    soon = run(tmp_path, url, hours=24)
    assert soon.feeds == {"not-due": 1}
    assert len(feed_server.asked("/rss")) == 2
    assert main(["verify", str(tmp_path)]) == 0
    assert main(["feeds", str(tmp_path)]) == 0
    assert "1 feed: 1 ok" in capsys.readouterr().out
    assert main(["feeds", "--json", str(tmp_path)]) == 0
    assert json.loads(capsys.readouterr().out)["health"] == "ok"


def test_changed_feed_gives_only_what_is_new(tmp_path, feed_server: FeedServer):
    bodies = [rss(2), rss(5)]
    url = feed_server.serve("/rss", lambda request: [answer(body=bodies[min(request.attempt, 2) - 1])])
    run(tmp_path, url)
    second = run(tmp_path, url, hours=24)
    assert (second.totals["articles"] + second.totals["duplicates"], second.totals["unchanged"]) == (3, 2)
    assert len(titles(tmp_path)) + second.totals["duplicates"] == 5


def test_run_that_dies_between_fetch_and_commit_loses_no_entry(tmp_path, feed_server: FeedServer, monkeypatch):
    url = feed_server.serve("/rss", with_etag(rss(3)))
    with monkeypatch.context() as patch:

        def die(*_):
            raise SystemExit(137)

        patch.setattr(batch, "publish", die)
        with pytest.raises(SystemExit):
            run(tmp_path, url)
    assert last_manifest(tmp_path) is None, "neither articles nor the ETag that stands for them"
    assert run(tmp_path, url, hours=1).totals["read"] == 3


def test_page_in_place_of_a_feed_is_a_reject_with_its_payload(tmp_path, feed_server: FeedServer):
    page = b"<!DOCTYPE html><html><body><h1>Log in</h1><p>Give your name and your password here.</p></body></html>"
    url = feed_server.serve("/rss", answer(body=page, Content_Type="text/html"))
    manifest = run(tmp_path, url)
    assert manifest.totals["rejects"] == manifest.totals["read"] == 1
    assert manifest.rejects_by_reason == {"not-a-feed": 1}
    (row,) = ds.dataset(tmp_path / "rejects").to_table().to_pylist()
    assert (row["source_uri"], row["payload"]) == (url, page)


def test_feed_that_fails_is_told_and_does_not_fail_the_run(tmp_path, feed_server: FeedServer):
    good, bad = feed_server.serve("/good", answer(body=rss(1))), feed_server.url("/none")
    manifest = run(tmp_path, good, bad)
    assert manifest.totals["read"] == 1
    assert manifest.feeds["fetched"] == 1
    assert sum(manifest.feeds.values()) == 2
    assert states(tmp_path)[bad].consecutive_failures == 1


def test_subscription_list_names_publishers_and_is_polled_where_it_is_named(tmp_path, feed_server: FeedServer):
    url = feed_server.serve("/rss", answer(body=rss(1)))
    opml = tmp_path / "in/feeds.opml"
    opml.parent.mkdir()
    opml.write_text(
        f'<opml version="2.0"><body><outline text="Isles"><outline text="Gazette" type="rss" xmlUrl="{url}"/>'
        "</outline></body></opml>"
    )
    manifest = run(tmp_path / "out", opml)
    assert manifest.feeds == {"fetched": 1}
    assert states(tmp_path / "out")[url].publisher == "Gazette"
    assert states(tmp_path / "out")[url].category == "Isles"


def test_feed_that_falls_empty_raises_an_alarm_in_the_summary(tmp_path, feed_server: FeedServer):
    bodies = [rss(2), rss(0)]
    url = feed_server.serve("/rss", lambda request: [answer(body=bodies[min(request.attempt, 2) - 1])])
    assert run(tmp_path, url).alarms == ()
    (line,) = run(tmp_path, url, hours=24).alarms
    assert line.startswith(f"{url}: empty")


def test_private_addresses_are_refused_unless_allowed(tmp_path, feed_server: FeedServer):
    url = feed_server.serve("/rss", answer(body=rss(1)))
    assert main(["ingest", url, "--output", str(tmp_path), "--quiet"]) == 0
    assert feed_server.requests == []
    assert states(tmp_path)[url].last_error == "address-refused"


def test_inputs_are_told_apart_and_known_feeds_recalled():
    files, feeds, _ = subscriptions(["wires/", "feed://a.example/rss", "http://a.example/rss", "b.xml"])
    assert (files, list(feeds)) == (["wires/", "b.xml"], ["http://a.example/rss"])
    known = {"http://a.example/rss": FeedState(url="http://a.example/rss", etag="x", publisher="Old")}
    (state,) = recall({"http://a.example/rss": FeedState(url="http://a.example/rss", publisher="New")}, known)
    assert (state.etag, state.publisher) == ("x", "New")


STORY = (
    "<p>"
    + "</p><p>".join(
        f"The council met for the {number} time this year and heard the harbour office on the repair of the old quay, "
        f"which has waited for {number} winters and will now begin in spring, the mayor said on Thursday."
        for number in ("third", "fourth", "fifth")
    )
    + "</p>"
)


def test_full_text_is_taken_from_the_page_of_each_new_entry_once(tmp_path, feed_server: FeedServer):
    page = f"<html><head><title>Quay</title></head><body><article><h1>Quay</h1>{STORY}</article></body></html>"
    good = feed_server.serve("/quay", answer(body=page.encode(), Content_Type="text/html"))
    lost = feed_server.url("/lost")
    items = "".join(
        f"<item><title>{title}</title><link>{link}</link><description>Teaser of {title}.</description></item>"
        for title, link in (("Quay", good), ("Lost", lost))
    )
    feed = f"<rss version='2.0'><channel><title>Isles</title>{items}</channel></rss>".encode()
    url = feed_server.serve("/rss", answer(body=feed))
    run(tmp_path, url, full_text=True)
    rows = ds.dataset(tmp_path / "articles").to_table(columns=["title", "body", "summary"]).to_pylist()
    bodies = {row["title"]: row["body"] for row in rows}
    assert "which has waited for fifth winters" in bodies["Quay"]
    assert bodies["Lost"] == "Teaser of Lost."
    assert {row["summary"] for row in rows} == {"Teaser of Quay.", "Teaser of Lost."}
    more = feed.replace(b"</channel>", b"<item><title>New one</title><description>More.</description></item></channel>")
    feed_server.serve("/rss", answer(body=more))
    again = run(tmp_path, url, hours=24, full_text=True)
    assert (again.totals["articles"], again.totals["unchanged"]) == (1, 2)
    assert len(feed_server.asked("/quay")) == 1, "the page of an entry that was committed is not fetched again"
