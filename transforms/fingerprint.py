"""Who an article is, what it says, and whether a source has changed anything in it: three digests."""

import dataclasses
import datetime as dt
import hashlib
import itertools
import re
from collections.abc import Iterable

from articles import Article
from transforms.duplicates.figures import is_figure
from transforms.editorial.headlines import strip_flags
from transforms.fold import fold, words

_DIGEST_BYTES = 16
"""128 bits: among 10 billion articles two share a digest by chance with probability 1e-19."""

_FEWEST_WORDS = 10
"""Folded words below which a body alone tells no story: "More soon." stands under a thousand headlines. From as many
on that are no figures it does: a dividend notice of 14 words has 8, and names its company in the headline."""

_OPENING_WORDS = 2
"""Words of a headline that say who it is about."""

_END_MARK = re.compile(
    r"(?:(?:^|\n|(?<=[.!?\"”’)\]。！？])|(?<=[.!?\"”’)\]。！？] ))"
    r"(?:(?i:reuters?|enditem|ends?)|-{1,2} ?(?:30|(?i:ends?)) ?-{1,2}|[（(]?完[）)]?)"
    r"|(?<=\s)(?:REUTERS?|Reuter|Enditem|ENDS))[\s.#-]*$"
)
"""Marks that wires put under a story: Reuter and Reuters, Xinhua's Enditem, ENDS, --30--, 完."""

_TAIL = 40
"""Characters at the end of a body in which an end mark is looked for."""

_REVISED = (
    "title",
    "summary",
    "body",
    "byline",
    "credits",
    "status",
    "doc_type",
    "source_version",
    "embargoed_until",
    "editors_note",
    "slug",
    "take",
)
"""What makes a new version of an item. Not its dates, addresses, keywords and rights: servers change those without
touching the story, some at every request."""


def fingerprint(article: Article) -> Article:
    """Give a normalized and annotated article the hash of its content."""
    return dataclasses.replace(article, content_hash=hash_content(article))


def identify(article: Article) -> str:
    """Give the same 32 hex digits to every reading of one item, on any day and in any run.

    The source's item id in its provider's name space; else the canonical URL; else what title,
    summary and body say.
    """
    if article.source_item_id:
        return digest(("item", article.provider, article.source_item_id))
    if article.canonical_url:
        return digest(("url", article.canonical_url))
    return digest(("content", article.title, article.summary, article.body))


def hash_content(article: Article) -> str:
    """Hash the folded text that exact duplicates share: the story without what each outlet puts around it.

    Left out of the body: lines that repeat the title, the dateline, credits, a wire's end mark. Case,
    punctuation and blanks don't count, figures do. A body of fewer than 10 words is no story by
    itself, so title, summary and the day of publication count with it: "MARKET REPORT" is another
    one every day. A longer one whose other words are figures may be anyone's ("Qtly div 20 cts vs 20
    cts prior Pay April 15 Record March 31"), so the opening of the headline counts with it: a desk
    may put the notice another way, never under another name. A kill is a duplicate of nothing: which
    item it withdraws is all that it says.
    """
    if article.status == "canceled":
        return digest(("kill", identify(article)))
    told = words(strip_frame(article))
    if len(told) >= _FEWEST_WORDS:
        named = () if _is_prose(told) else words(strip_flags(article.title))[:_OPENING_WORDS]
        return digest(("body", " ".join(told), *named))
    day = article.published_at.date() if article.published_at else None
    return digest(("short", fold(article.title), fold(article.summary or ""), " ".join(told), day))


def _is_prose(told: Iterable[str]) -> bool:
    """Whether enough of a body's words are no figures to tell whose story it is."""
    plain = (word for word in told if not is_figure(word))
    return sum(1 for _ in itertools.islice(plain, _FEWEST_WORDS)) == _FEWEST_WORDS


def strip_frame(article: Article) -> str:
    """Give the body without repeated title, dateline, credits and end mark."""
    spans = [(credit.start, credit.end) for credit in article.credits]
    if article.dateline:
        spans.append((article.dateline.start, article.dateline.end))
    body = _cut(article.body, ((start, end) for start, end in spans if start is not None and end is not None))
    body = _drop_title(body, fold(article.title))
    tail = body[-_TAIL:].rstrip()
    return body[: len(body) - len(body[-_TAIL:])] + _END_MARK.sub("", tail)


def revision(article: Article) -> str:
    """Digest what the source says: text, authors, standing. Equal digests: nothing is new.

    Taken before anything is derived from the text, so that newer code does not make new versions of old items.
    """
    return digest(_plain(getattr(article, name)) for name in _REVISED)


def digest(fields: Iterable[object]) -> str:
    """Hash fields so that no two different sequences have the same bytes: each is framed by its length.

    >>> digest(("ab", "c")) == digest(("a", "bc")), digest((None,)) == digest(("",))
    (False, False)
    """
    hasher = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    _update(hasher, fields)
    return hasher.hexdigest()


def _update(hasher: "hashlib.blake2b", value: object) -> None:
    if value is None:
        hasher.update(b"n")
    elif isinstance(value, str):
        data = value.encode("utf-8", "surrogatepass")
        hasher.update(b"s%d:" % len(data))
        hasher.update(data)
    elif isinstance(value, bool | int | float):
        hasher.update(b"v%s;" % repr(value).encode())
    elif isinstance(value, dt.date):
        hasher.update(b"d%s;" % value.isoformat().encode())
    elif isinstance(value, Iterable):
        hasher.update(b"(")
        for item in value:
            _update(hasher, item)
        hasher.update(b")")
    else:
        raise TypeError(f"no bytes are defined for {type(value).__name__}")


def _plain(value: object) -> object:
    """Give records as their field values; sets never reach here, dates stay."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.astuple(value)
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    return value


def _cut(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Cut spans out, which may overlap and come in any order, with a blank in place of each."""
    kept = []
    position = 0
    for start, end in sorted(spans):
        if start > position:
            kept.append(text[position:start])
        position = max(position, end)
    kept.append(text[position:])
    return " ".join(kept)


def _drop_title(body: str, title: str) -> str:
    """Drop leading lines that say the title again, such as portals put there."""
    while title:
        stripped = body.lstrip()
        first, _, rest = stripped.partition("\n")
        if not first or len(first) > 4 * len(title) + 40 or fold(first) != title:
            return body
        body = rest
    return body
