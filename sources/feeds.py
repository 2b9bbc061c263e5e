"""Poll feeds like a good citizen: the public door to `sources.polling`.

    client = Client(manners=Manners(contact="https://news.example/bot"))
    for result in poll_all([FeedState(url="https://wire.example/rss")], client, now):
        ...  # parse result.payload; then commit result.feed with the articles

A poll is a function of the feed's state, the time and the network; all that the next one needs is in the state it
returns, to be committed together with the articles of the payload. docs/polling.md has the rules.
"""

from sources.polling.client import Client, Limits, Manners
from sources.polling.headers import host_of, public_url, subscribed_url
from sources.polling.outcomes import Poll, note_entries, revive
from sources.polling.pages import Page, fetch_page
from sources.polling.polls import poll
from sources.polling.rounds import fetch_pages, poll_all
from sources.polling.schedule import Schedule

__all__ = [
    "Client",
    "Limits",
    "Manners",
    "Page",
    "Poll",
    "Schedule",
    "fetch_page",
    "fetch_pages",
    "host_of",
    "note_entries",
    "poll",
    "poll_all",
    "public_url",
    "revive",
    "subscribed_url",
]
