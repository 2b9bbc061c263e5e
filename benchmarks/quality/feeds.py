"""Hold the feeds parser against feedparser's own test files: every entry kept, every expected value in its column.

    NEWSBEAM_DATA=… python benchmarks/quality/feeds.py [--verbose]

A file's leading comment says what feedparser must find in it (`Expect: not bozo and entries[0]['title'] == 'x'`).
Each equation about an entry is checked where a column holds such a value, on normalized articles and as text:
what a sanitizer leaves of a tag is no concern of ours, the words are. An entry without title and text is a
reject; so that its other values are checked too, it is read once more with a title put in.
"""

import ast
import collections
import contextlib
import io
import os
import re
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

import feedparser
import lxml.html

from articles import Article, Origin, ParseError, Reject
from sources.charset import decode
from sources.parse import parse
from transforms.normalize import normalize

ENTRY = re.compile(rb"(<(?:\w+:)?(?:item|entry)(?:\s[^>]*)?>)")
TEXTS = {"title", "title_detail", "summary", "summary_detail", "description", "description_detail", "content"}
COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
EXPECT = re.compile(r"Expect:\s*(.+)")
CONTENT_TYPE = re.compile(r"Header:\s*Content-type:\s*(.+)", re.IGNORECASE)
BASE = re.compile(r"Header:\s*Content-Location:\s*(.+)", re.IGNORECASE)


def value_of(article: Article, path: list[object]) -> object:  # noqa: C901, PLR0912  # a table
    """What the article has for a path below an entry; `KeyError` where it has no column for it."""
    match path:
        case ["title"] | ["title_detail", "value"]:
            return article.title
        case ["summary" | "description"] | ["summary_detail" | "description_detail", "value"]:
            return article.summary or article.body
        case ["content", 0, "value"]:
            return article.body
        case ["link"]:
            return article.url
        case ["id" | "guid"]:
            return article.source_item_id
        case ["author" | "author_detail" | "authors", *rest] if rest in ([], ["name"], [0, "name"]):
            return article.byline[0] if article.byline else None
        case ["published" | "created"]:
            return article.published_raw
        case ["updated" | "modified"]:
            return article.updated_raw
        case ["rights" | "copyright"] | ["rights_detail", "value"]:
            return article.rights and article.rights.usage_terms
        case ["category"] | ["tags", 0, "term" | "label"]:
            return article.keywords[0] if article.keywords else None
        case ["source", "title"]:
            return article.publisher
        case ["publisher"] | ["publisher_detail", "name"]:
            return article.publisher
        case ["contributors", int(n), "name"]:
            return article.credits[n].name
        case ["media_credit", int(n), "content"]:
            return article.credits[n].name
        case ["language"] | ["title_detail" | "summary_detail", "language"] | ["content", 0, "language"]:
            return article.language_declared
    raise KeyError(path)


def equations(expression: str) -> Iterator[tuple[list[object], object]]:
    """Each `path == value` of an expectation, the path below the parser's result."""
    for node in ast.walk(ast.parse(expression.strip(), mode="eval")):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq):
            path: list[object] = []
            left: ast.AST = node.left
            while isinstance(left, ast.Subscript | ast.Attribute):
                path.insert(0, left.attr if isinstance(left, ast.Attribute) else ast.literal_eval(left.slice))
                left = left.value
            if isinstance(left, ast.Name):
                yield [left.id, *path], ast.literal_eval(node.comparators[0])


def words(value: object) -> str:
    """The text of a value without its markup, blanks as one."""
    text = str(value or "")
    if "<" in text or "&" in text:
        with contextlib.suppress(lxml.etree.LxmlError, ValueError):
            text = lxml.html.fromstring(f"<div>{text}</div>").text_content()
    return " ".join(text.split())


def normalized(items: list[Article | Reject]) -> list[Article | Reject]:
    """The articles as the next stage makes them, where it can."""
    done: list[Article | Reject] = []
    for item in items:
        with contextlib.suppress(ParseError):
            item = normalize(item) if isinstance(item, Article) else item  # noqa: PLW2901
        done.append(item)
    return done


def check(
    name: str, payload: bytes, items: list[Article | Reject], titled: list[Article | Reject]
) -> Iterator[tuple[str, str]]:
    """An outcome for each equation of a file, and what it was about."""
    comment = COMMENT.search(decode(payload)[0])
    expect = EXPECT.search(comment.group(1)) if comment else None
    if expect is None:
        yield "no expectation", name
        return
    try:
        found = list(equations(expect.group(1)))
    except (SyntaxError, ValueError):
        yield "not an equation", name
        return
    for path, wanted in found:
        about = f"{name}: {path} should be {wanted!r}"
        if path[0] != "entries" or len(path) < 3:
            yield "about the feed, not an entry", about
            continue
        number = int(str(path[1]))
        item = items[number] if number < len(items) else None
        if not isinstance(item, Article) and path[2] in TEXTS:
            yield ("DIFFERS" if words(wanted) else "held: no text, a reject"), about
            continue
        if not isinstance(item, Article):
            item = titled[number] if number < len(titled) else None
        if not isinstance(item, Article):
            yield "entry not read", about
            continue
        try:
            has = value_of(item, path[2:])
        except (KeyError, IndexError):
            yield "no column", about
            continue
        yield "held" if words(has) == words(wanted) else "DIFFERS", f"{about}, is {has!r}"


def main() -> int:
    """Print the table; 1 where an entry got lost."""
    archive = Path(os.environ["NEWSBEAM_DATA"]) / "feeds" / "feedparser-tests.tar.xz"
    outcomes: collections.Counter[str] = collections.Counter()
    differing, totals, lost, seconds = [], collections.Counter[str](), [], 0.0
    with tarfile.open(archive) as tar:
        for member in tar:
            if not member.isfile() or "/json/" in member.name or "/tests/" not in f"/{member.name}":
                continue
            payload = tar.extractfile(member).read()  # type: ignore[union-attr]  # a file
            header = decode(payload)[0][:4096]
            content_type, base = CONTENT_TYPE.search(header), BASE.search(header)
            origin = Origin(
                uri=base.group(1).strip() if base else member.name,
                content_type=content_type.group(1).strip() if content_type else None,
            )
            started = time.process_time()
            items = list(parse(payload, origin))
            seconds += time.process_time() - started
            entries = len(feedparser.parse(io.BytesIO(payload), sanitize_html=False).entries)
            kept = [item for item in items if isinstance(item, Article) or item.reason == "no-text"]
            totals.update(files=1, entries=entries, articles=sum(isinstance(item, Article) for item in items))
            totals.update(rejects=sum(isinstance(item, Reject) for item in items))
            totals.update(f"reject {item.reason}" for item in items if isinstance(item, Reject))
            if len(kept) < entries:
                lost.append(f"{member.name}: {entries} entries, {len(kept)} items")
            titled = list(parse(ENTRY.sub(rb"\1<title>t</title>", payload), origin))
            for outcome, about in check(member.name, payload, normalized(items), normalized(titled)):
                outcomes[outcome] += 1
                differing += [about] if outcome == "DIFFERS" else []
    print(", ".join(f"{name} {count:,}" for name, count in totals.items()), f"- {seconds:.2f} s of CPU")
    for outcome, count in outcomes.most_common():
        print(f"{count:6,}  {outcome}")
    print(f"{len(lost)} files with lost entries", *lost, sep="\n  ")
    if "--verbose" in sys.argv:
        print(*differing, sep="\n")
    return int(bool(lost))


if __name__ == "__main__":
    sys.exit(main())
