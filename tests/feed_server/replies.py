"""Well-formed answers and small feeds, to be bent by scripts."""

import json
from http import HTTPStatus

ITEM = (
    "<item><title>Harbour strike, day {n}</title><guid>urn:harbour:{n}</guid><link>https://w.example/{n}</link></item>"
)
ENTRY = "<entry><title>Strike, day {n}</title><id>urn:harbour:{n}</id><updated>2025-03-03T08:00:00Z</updated></entry>"


def answer(status: int = 200, body: bytes = b"", **headers: str) -> bytes:
    """A whole HTTP answer; header names are written with `_` for `-`. Content-Length is true unless it is given."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Odd"
    lines = {"Content-Length": str(len(body))} | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value != "")
    return f"HTTP/1.1 {status} {phrase}\r\n{head}\r\n".encode("latin-1") + body


def rss(items: int = 3, head: str = "", after: str = "") -> bytes:
    """An RSS feed with `items` entries, `head` among the channel's own elements and `after` behind the root."""
    entries = "".join(ITEM.format(n=n) for n in range(1, items + 1))
    channel = f"<channel><title>Quay News</title>{head}{entries}</channel>"
    return f'<?xml version="1.0"?><rss version="2.0">{channel}</rss>{after}'.encode()


def atom(entries: int = 2, head: str = "") -> bytes:
    """An Atom feed."""
    body = "".join(ENTRY.format(n=n) for n in range(1, entries + 1))
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Quay News</title>{head}{body}</feed>'.encode()


def json_feed(items: int = 2) -> bytes:
    """A JSON Feed."""
    entries = [{"id": str(n), "content_text": f"Day {n}"} for n in range(1, items + 1)]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Quay News", "items": entries}).encode()
