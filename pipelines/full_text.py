"""`--full-text`: the page behind each new entry of a feed, fetched politely, and the story on it.

Pages are fetched before the run reads its units, for entries that were not committed before. An entry
whose page can't be had keeps the text that the feed gave.
"""

import dataclasses
import datetime as dt
import hashlib
import pickle
from collections.abc import Iterable, Iterator

from articles import Article, ParseError
from sources.feeds import Client, Manners, Page, fetch_pages
from sources.formats.html import extract
from sources.read import open_uri
from sources.unit import Unit, read_unit
from storage.paths import Location, location
from transforms.duplicates.known import is_known
from transforms.normalize import normalize
from transforms.stages import revise


def fetch(units: Iterable[Unit], known: str | None, manners: Manners, now: dt.datetime, folder: Location) -> int:
    """Fetch the pages of all entries that are not in the file `known` into `folder`; how many came."""
    urls = dict.fromkeys(
        url
        for unit in units
        for url, article_id, revision in _entries(unit)
        if known is None or not is_known(known, article_id, revision)
    )
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for page in fetch_pages(urls, Client(manners=manners), now):
        if page.payload is not None:
            _path(folder, page.url).write_bytes(pickle.dumps(page))
            count += 1
    return count


def _entries(unit: Unit) -> Iterator[tuple[str, str, str]]:
    """URL, id and revision of each entry that has a page."""
    for item in read_unit(unit, open_uri):
        if not isinstance(item, Article) or not item.url:
            continue
        try:
            article = revise(normalize(item))
        except ParseError:
            continue
        yield item.url, article.article_id, article.revision


def complete(article: Article, folder: str) -> Article:
    """Give a normalized article the text of its page, where the page was fetched and says more than the feed."""
    if not article.url:
        return article
    try:
        stored = _path(location(folder), article.url).read_bytes()
    except FileNotFoundError:
        return article
    # Written by this run, into a folder only this run writes to.
    page: Page = pickle.loads(stored)  # noqa: S301
    try:
        found = normalize(extract(page.payload or b"", page.final_url or article.url, content_type=page.content_type))
    except ParseError:
        return article
    if found.word_count <= article.word_count:
        return article
    return dataclasses.replace(
        article,
        body=found.body,
        word_count=found.word_count,
        byline=article.byline or found.byline,
        section=article.section or found.section,
        keywords=article.keywords or found.keywords,
        rights=article.rights or found.rights,
    )


def _path(folder: Location, url: str) -> Location:
    return folder / f"{hashlib.sha256(url.encode()).hexdigest()}.page"
