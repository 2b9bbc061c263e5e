"""Which partition an article belongs to."""

import datetime as dt

from articles import Article, DateSource


def partition(article: Article) -> tuple[dt.date, DateSource]:
    """The UTC day the article is filed under, and where that day comes from.

    The publication time, else the dateline's date where its year is known, else the day of
    ingestion.
    """
    if article.published_at is not None:
        return article.published_at.date(), "published"
    if article.dateline is not None and article.dateline.date is not None:
        return article.dateline.date, "dateline"
    if article.ingested_at is None:
        msg = "an article reaches the sink with ingested_at set"
        raise ValueError(msg)
    return article.ingested_at.date(), "ingested"
