"""One article as the page holds it: what is shown when it is opened, without what is empty."""

import datetime as dt
from typing import Any, Final

from reports.html.counts import short

_PLAIN: Final = (
    "version",
    "doc_type",
    "story_id",
    "title",
    "summary",
    "body",
    "language",
    "language_confidence",
    "word_count",
    "source_format",
    "source_item_id",
    "publisher",
    "original_source",
    "slug",
    "take",
    "section",
    "located",
    "editors_note",
    "translation_probability",
    "run_id",
)
_ALWAYS: Final = frozenset({"title", "body"})
_MOST: Final = 20
"""Values shown of a list whose length the source decides: authors, keywords."""


def article(row: dict[str, Any], date: str) -> dict[str, Any]:
    """A row of `articles`, for the page; `date` is its partition.

    Artifacts are `[kind, field, start, end, suggestion, confidence]`, credits `[role, name, code, start, end]`;
    offsets are half-open code points.
    """
    shown = {name: row.get(name) for name in _PLAIN}
    shown |= {
        "id": row["article_id"],
        "date": date,
        "source_uri": short(row["source_uri"]),
        "url": row["canonical_url"] or row["url"],
        "published": _time(row["published_at"]),
        "updated": _time(row["updated_at"]),
        "published_raw": None if row["published_at"] else row["published_raw"],
        "byline": [short(name) for name in row["byline"][:_MOST]],
        "keywords": [short(name) for name in row["keywords"][:_MOST]],
        "rights": [value for value in (row["rights"] or {}).values() if value],
        "repair": (row["encoding"] or {}).get("repair"),
        "dateline": _dateline(row["dateline"]),
        "credits": [[credit[name] for name in ("role", "name", "code", "start", "end")] for credit in row["credits"]],
        "artifacts": [
            [
                *(artifact[name] for name in ("kind", "field", "start", "end", "suggestion")),
                round(artifact["confidence"], 2),
            ]
            for artifact in row["artifacts"]
        ],
    }
    shown |= {name: _rounded(row[name]) for name in ("language_confidence", "translation_probability")}
    return {name: value for name, value in shown.items() if value not in (None, [], "") or name in _ALWAYS}


def headline(row: dict[str, Any], date: str) -> dict[str, Any]:
    """A row of a list of articles."""
    return {
        "id": row["article_id"],
        "date": date,
        "title": short(row["title"], 300),
        "publisher": row["publisher"] and short(row["publisher"]),
        "published": _time(row["published_at"]),
        "language": row["language"],
        "source_format": row["source_format"],
        "doc_type": row["doc_type"],
        "word_count": row["word_count"],
        "translation_probability": _rounded(row["translation_probability"]),
        "kinds": [artifact["kind"] for artifact in row["artifacts"]],
    }


def _dateline(dateline: dict[str, Any] | None) -> dict[str, Any] | None:
    if dateline is None:
        return None
    shown = dateline | {"date": dateline["date"] and dateline["date"].isoformat()}
    return {name: value for name, value in shown.items() if value is not None}


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 3)


def _time(moment: dt.datetime | None) -> str | None:
    return None if moment is None else moment.replace(microsecond=0, tzinfo=None).isoformat() + "Z"
