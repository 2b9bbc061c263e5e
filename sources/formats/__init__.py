"""One parser a file: bytes and their origin in, articles out. No Beam."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from articles import Article, Origin, ParseError
from sources.formats import (
    anpa1312,
    email,
    feed,
    html,
    iptc7901,
    json_feed,
    jsonl,
    newsml_1,
    newsml_g2,
    ninjs,
    nitf,
    text,
    warc,
)

Parser = Callable[[bytes, Origin], Iterator[Article | ParseError]]
"""Raises `ParseError` for a hopeless payload, yields one in the place of a bad item and goes on."""

FORMATS: Final[Mapping[str, Parser]] = {
    "rss": feed.parse,
    "atom": feed.parse,
    "json-feed": json_feed.parse,
    "jsonl": jsonl.parse,
    "json": jsonl.parse_document,
    "text": text.parse,
    "ninjs": ninjs.parse,
    "newsml-g2": newsml_g2.parse,
    "newsml-1": newsml_1.parse,
    "nitf": nitf.parse,
    "iptc7901": iptc7901.parse,
    "anpa1312": anpa1312.parse,
    "html": html.parse,
    "email": email.parse,
    "warc": warc.parse,
}
"""The parser of each `source_format`; `sources.sniff` tells which one a payload needs."""

STRICT: Final[Mapping[str, Parser]] = {"ninjs": ninjs.parse_strictly}
"""What takes a parser's place where partners are held to the standard: it rejects what the format's schema forbids."""
