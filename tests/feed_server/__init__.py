"""A feed server that misbehaves on purpose, over real sockets on 127.0.0.1."""

from feed_server.replies import answer, atom, json_feed, rss
from feed_server.server import FeedServer, Request, Script

__all__ = ["FeedServer", "Request", "Script", "answer", "atom", "json_feed", "rss"]
