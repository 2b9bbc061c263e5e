"""One parser a file: bytes and their origin in, articles out. No Beam."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from articles import Article, Origin, ParseError
from sources.formats import feed, json_feed, jsonl, text

Parser = Callable[[bytes, Origin], Iterator[Article | ParseError]]
"""Raises `ParseError` for a hopeless payload, yields one in the place of a bad item and goes on."""

FORMATS: Final[Mapping[str, Parser]] = {
    "rss": feed.parse,
    "atom": feed.parse,
    "json-feed": json_feed.parse,
    "jsonl": jsonl.parse,
    "json": jsonl.parse_document,
    "text": text.parse,
}
"""The parser of each `source_format`; `sources.sniff` tells which one a payload needs."""
