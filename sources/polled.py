"""Between polling and reading: a feed's answer is put aside, to be read like any other input."""

import dataclasses
import hashlib

from articles import FeedState
from sources.feeds import Poll, public_url
from sources.unit import Unit
from storage.paths import Location


@dataclasses.dataclass(frozen=True, slots=True)
class Polled:
    """What came of a poll: the feed's new state, to be committed, and what there is to read, if anything."""

    feed: FeedState
    outcome: str
    message: str
    unit: Unit | None


def put_aside(poll: Poll, folder: Location) -> Polled:
    """Write the payload of a poll to `folder`, where the unit finds it."""
    return Polled(poll.feed, poll.outcome, poll.message, _unit(poll, poll.payload, folder) if poll.payload else None)


def _unit(poll: Poll, payload: bytes, folder: Location) -> Unit:
    feed = poll.feed
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{hashlib.sha256(feed.url.encode()).hexdigest()}.payload"
    path.write_bytes(payload)
    return Unit(
        uri=str(path),
        source_uri=public_url(feed.url),
        size=len(payload),
        polled=True,
        content_type=poll.content_type,
        publisher=feed.publisher,
        license_url=feed.license_url,
    )
