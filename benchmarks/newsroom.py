"""A newsroom for streams: feeds that add, edit and repeat items, and remember what they served when."""

import dataclasses
import hashlib
import html
import random
import sys
import threading
import time
from pathlib import Path
from typing import Final

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from feed_server import FeedServer, answer
from feed_server.server import Request

WORDS: Final = Path(__file__).with_name("words.txt").read_text().split()
KEPT: Final = 900.0
"""Seconds an item stays in its feed: longer than any stop of the stream."""


@dataclasses.dataclass(slots=True)
class Item:
    """An item of a feed: its texts in order, and when each was published."""

    guid: str
    feed: int
    texts: list[str]
    published: list[float]
    syndicated: bool = False
    """Whether it says what an item of another feed says."""


class Newsroom:
    """Publishes `per_minute` items over its feeds.

    One in five is edited, `edit_after` seconds later; one in ten comes in a second feed too, under another id and with
    the same words. All stay for `KEPT` seconds, so each poll repeats what was there before.
    """

    def __init__(self, feeds: int, per_minute: float, edit_after: float, seed: int = 7) -> None:
        self.server = FeedServer()
        self.items: list[Item] = []
        self._feeds = feeds
        self._pause = 60 / per_minute
        self._edit_after = edit_after
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self.urls = [self.server.serve(f"/{feed}.xml", self._script(feed)) for feed in range(feeds)]
        self._thread = threading.Thread(target=self._publish, daemon=True)

    def open(self) -> None:
        """Begin to publish."""
        self._thread.start()

    def close(self) -> None:
        """Publish no more; the feeds are served on."""
        self._closing.set()
        self._thread.join()

    def _publish(self) -> None:
        edits: list[tuple[float, Item]] = []
        while not self._closing.wait(self._pause):
            now = time.time()
            with self._lock:
                feed = self._random.randrange(self._feeds)
                item = self._add(feed, self._text(), now)
                if self._random.random() < 0.2:
                    edits.append((now + self._edit_after, item))
                if self._random.random() < 0.1:
                    self._add((feed + 1) % self._feeds, item.texts[0], now, syndicated=True)
                for due, edited in [edit for edit in edits if edit[0] <= now]:
                    edited.texts.append(f"{edited.texts[0]} {self._sentence()}")
                    edited.published.append(now)
                    edits.remove((due, edited))

    def _add(self, feed: int, text: str, now: float, *, syndicated: bool = False) -> Item:
        item = Item(f"urn:newsroom:{len(self.items)}", feed, [text], [now], syndicated)
        self.items.append(item)
        return item

    def _text(self) -> str:
        return " ".join(self._sentence() for _ in range(self._random.randrange(4, 9)))

    def _sentence(self) -> str:
        words = self._random.choices(WORDS, k=self._random.randrange(9, 18))
        return " ".join([words[0].capitalize(), *words[1:]]) + "."

    def _script(self, feed: int):  # noqa: ANN202
        def script(request: Request) -> list[bytes]:
            with self._lock:
                now = time.time()
                shown = [item for item in self.items if item.feed == feed and now - item.published[-1] < KEPT]
                body = _rss(feed, shown)
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            if request.headers.get("if-none-match") == etag:
                return [answer(304, ETag=etag)]
            return [answer(body=body, ETag=etag, Content_Type="application/rss+xml")]

        return script


def _rss(feed: int, items: list[Item]) -> bytes:
    entries = "".join(
        f"<item><guid>{item.guid}</guid><title>{html.escape(item.texts[0][:60])}</title>"
        f"<link>https://wire{feed}.example/{item.guid}</link><description>{html.escape(item.texts[-1])}</description>"
        f"<pubDate>{time.strftime('%a, %d %b %Y %H:%M:%S GMT', time.gmtime(item.published[0]))}</pubDate></item>"
        for item in reversed(items)
    )
    head = f"<title>Wire {feed}</title><link>https://wire{feed}.example/</link>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{entries}</channel></rss>'.encode()
