"""The records every part of newsbeam shares. Imports nothing of ours."""

from articles.article import (
    WORKING_FIELDS,
    Article,
    Artifact,
    Credit,
    Dateline,
    DateSource,
    DocType,
    DuplicateKind,
    Encoding,
    Rights,
    Sketch,
    Status,
    TextField,
)
from articles.feed import FeedAlarm, FeedState
from articles.origin import Origin
from articles.reject import REJECT_PAYLOAD_CAP, ParseError, Reject
from articles.span import Span

__all__ = [
    "REJECT_PAYLOAD_CAP",
    "WORKING_FIELDS",
    "Article",
    "Artifact",
    "Credit",
    "DateSource",
    "Dateline",
    "DocType",
    "DuplicateKind",
    "Encoding",
    "FeedAlarm",
    "FeedState",
    "Origin",
    "ParseError",
    "Reject",
    "Rights",
    "Sketch",
    "Span",
    "Status",
    "TextField",
]
