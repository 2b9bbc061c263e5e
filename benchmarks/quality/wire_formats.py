"""Wire formats against IPTC's own examples: `NEWSBEAM_DATA=... python benchmarks/quality/wire_formats.py`.

Reads `wire-formats/*.tar.xz` under NEWSBEAM_DATA. What each example holds is found by another way than the parsers go
(XPath over the raw tree, a walk over the raw JSON), then compared field by field with what `sources.parse` yields and
`transforms.normalize` makes of it. ninjs validation files are judged by the schema of the version their folder names.
Exit status 1 where anything differs.
"""

import collections
import json
import os
import re
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lxml.html
from ftfy import fix_encoding
from lxml import etree

from articles import Article, Origin, ParseError, Reject
from sources.formats import ninjs_schema
from sources.parse import parse
from sources.sniff import sniff
from transforms.normalize import normalize

_DEV = {"1.x_dev": "dev_0.2_v1.5", "2.x_dev": "dev_0.1_v2.1"}
_ITEMS = "//*[local-name()='newsItem'] | /*[local-name()='contentSet']"
_MEDIA = ("picture", "graphic", "video", "audio", "animation", "still")
Expected = dict[str, Any]


def members(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file of an archive."""
    with tarfile.open(archive) as tar:
        for member in tar:
            stream = tar.extractfile(member) if member.isfile() else None
            if stream is not None:
                yield member.name.removeprefix("./"), stream.read()


def fold(value: str) -> str:
    """Letters and digits of a text: what no layout changes."""
    return re.sub(r"[\W_]+", "", value).casefold()


# NewsML-G2 by XPath


def xpath(node: etree._Element, path: str) -> str | None:
    """The folded string of a path whose steps are local names, None where nothing is there."""
    steps = [f"@{step[1:]}" if step.startswith("@") else f"*[local-name()='{step}']" for step in path.split("/")]
    value = node.xpath(f"string({'/'.join(steps)})")
    return " ".join(str(value).split()) or None


def text_under(node: etree._Element) -> str:
    """All words of the paragraphs, subheads, items and cells of a content, captions left out."""
    inside = " or ".join(f"self::*[local-name()='{name}']" for name in ("p", "hl2", "li", "td", "th"))
    outside = " or ".join(f"ancestor::*[local-name()='{name}']" for name in ("media", "body.head", "head", "header"))
    return "".join("".join(each.itertext()) for each in node.xpath(f".//*[({inside}) and not({outside})]"))


def expect_g2(payload: bytes) -> Iterator[Expected | None]:
    """What each news item holds; None for one without a text."""
    for item in etree.fromstring(payload, etree.XMLParser(remove_comments=True)).xpath(_ITEMS):
        kind = (xpath(item, "itemMeta/itemClass/@qcode") or "").rpartition(":")[2]
        head, body = xpath(item, "contentMeta/headline"), text_under(item)
        story = item.xpath("string(.//*[local-name()='hl1'])").strip()
        described = xpath(item, "contentMeta/description")
        if kind in _MEDIA or not (head or body.strip() or story or described):
            yield None
            continue
        yield {
            "source_item_id": item.get("guid"), "source_version": item.get("version"),
            "title": head or " ".join(story.split()) or None, "body": body, "summary": described,
            "published_raw": xpath(item, "itemMeta/firstCreated") or xpath(item, "itemMeta/versionCreated"),
            "updated_raw": xpath(item, "itemMeta/versionCreated"), "embargo_raw": xpath(item, "itemMeta/embargoed"),
            "slug": xpath(item, "contentMeta/slugline"), "editors_note": xpath(item, "itemMeta/edNote"),
            "urgency": xpath(item, "contentMeta/urgency"),
            "language_declared": xpath(item, "contentMeta/language/@tag")
            or item.get("{http://www.w3.org/XML/1998/namespace}lang"),
            "located": xpath(item, "contentMeta/located/name"),
            "usage_terms": xpath(item, "rightsInfo/usageTerms"),
            "copyright_holder": xpath(item, "rightsInfo/copyrightHolder/name"),
            "creator": xpath(item, "contentMeta/creator/name"),
            "status": (xpath(item, "itemMeta/pubStatus/@qcode") or "stat:usable").rpartition(":")[2],
            "keywords": [" ".join(n.split()) for n in item.xpath(
                "*[local-name()='contentMeta']/*[local-name()='subject']/*[local-name()='name'][1]/text()")],
        }  # fmt: skip


# ninjs by a walk over the raw JSON


def expect_ninjs(payload: bytes) -> Iterator[Expected | None]:
    """What each item holds; None for one without a text."""
    document = json.loads(payload)
    for item in document if isinstance(document, list) else [document]:
        yield _expect_item(item)


def _expect_item(raw: dict[str, Any]) -> Expected | None:
    item = {key.lower(): value for key, value in raw.items()}
    bodies = [value for key, value in item.items() if key.startswith("body_")]
    bodies += [each["value"] for each in item.get("bodies", [])]
    heads = [value for key, value in item.items() if key == "headline" or key.startswith("headline_")]
    heads += [each["value"] for each in item.get("headlines", [])]
    told = [value for key, value in item.items() if key.startswith("description_")]
    told += [each["value"] for each in item.get("descriptions", [])]
    kind = item.get("type", "text")
    if kind in _MEDIA or (kind == "event" and not bodies) or not (bodies or heads or told or item.get("title")):
        return None
    words = ("subject", "subjects")
    return {
        "source_item_id": item["uri"], "source_version": item.get("version"), "title": heads or item.get("title"),
        "body": bodies or None, "summary": told or None, "slug": item.get("slugline"), "located": item.get("located"),
        "published_raw": item.get("firstcreated") or item.get("versioncreated") or item.get("contentcreated"),
        "updated_raw": item.get("versioncreated"), "embargo_raw": item.get("embargoeduntil") or item.get("embargoed"),
        "language_declared": item.get("language"), "urgency": item.get("urgency"), "editors_note": item.get("ednote"),
        "byline": item.get("by") or item.get("byline"), "usage_terms": item.get("usageterms"),
        "copyright_holder": item.get("copyrightholder"), "status": item.get("pubstatus", "usable"),
        "keywords": [each["name"] for key in words for each in item.get(key, []) if "name" in each],
    }  # fmt: skip


# Comparison


def actual(article: Article) -> Expected:
    """The compared fields of an article."""
    names = (
        "source_item_id", "source_version", "title", "body", "summary", "published_raw", "updated_raw", "embargo_raw",
        "slug", "editors_note", "urgency", "language_declared", "located", "status", "byline", "keywords",
    )  # fmt: skip
    found = {name: getattr(article, name) for name in names}
    found["usage_terms"] = article.rights and article.rights.usage_terms
    found["copyright_holder"] = article.rights and article.rights.copyright_holder
    found["creator"] = [credit.name or "" for credit in article.credits]
    return found


def holds(name: str, wanted: object, got: object) -> bool:
    """Whether a field of the article has what the file holds; mojibake in the file counts as what it stood for."""
    if isinstance(wanted, list) and name == "keywords":
        return set(map(fold, wanted)) <= set(map(fold, got if isinstance(got, tuple) else ()))
    if isinstance(wanted, list):  # several forms of one text: one of them is enough
        return any(holds(name, form, got) for form in wanted)
    if name == "body" and isinstance(wanted, str) and "<" in wanted:
        wanted = _rendered(wanted)
    if isinstance(got, tuple | list):
        got = " ".join(got)
    wanted, got = fold(fix_encoding(str(wanted))), fold(str(got or ""))
    return wanted == got or (name in ("located", "byline", "creator") and wanted in got)


def _rendered(markup: str) -> str:
    if "<nitf" in markup:
        return text_under(etree.fromstring(markup.encode(), etree.XMLParser(recover=True, resolve_entities=False)))
    return str(lxml.html.fromstring(f"<div>{markup}</div>").text_content())


def compare(name: str, expected: list[Expected | None], payload: bytes, tally: collections.Counter[str]) -> list[str]:
    """Run one file through parse and normalize; a line for every difference."""
    items = list(parse(payload, Origin(uri=name)))
    articles = {item.item_index: item for item in items if isinstance(item, Article)}
    rejects = [item for item in items if isinstance(item, Reject)]
    wanted = [each for each in expected if each is not None]
    tally["items"] += len(items)
    tally["text items"] += len(wanted)
    tally["without text"] += len(rejects)
    for reject in rejects:
        tally[f"  reject {reject.reason}"] += 1
    if len(wanted) != len(articles):
        return [f"{name}: {len(wanted)} text items in the file, {len(articles)} articles"]
    misses = []
    for want, article in zip(wanted, articles.values(), strict=True):
        got = actual(normalize(article))
        for field, value in want.items():
            if not value:
                continue
            tally["fields"] += 1
            if holds(field, value, got[field]):
                tally["fields held"] += 1
            else:
                misses.append(f"{name}: {field}: file {str(value)[:110]!r}, article {str(got[field])[:110]!r}")
    return misses


def judge_files(files: list[tuple[str, bytes]]) -> list[str]:
    """The validation files, by the schema of their folder's version, and what the lenient parser does with them."""
    judged: collections.Counter[tuple[str, bool, bool]] = collections.Counter()
    parsed: collections.Counter[tuple[bool, str]] = collections.Counter()
    wrong = []
    for name, payload in files:
        version, folder = name.split("/")[-3:-1]
        must_pass = folder == "should_pass"
        for way, asked in (("by the folder's version", _DEV.get(version, version)), ("by what the item says", None)):
            try:
                problems = ninjs_schema.judge(json.loads(payload), asked)
            except json.JSONDecodeError as error:
                problems = [str(error)]
            judged[way, must_pass, must_pass == (not problems)] += 1
            if asked and must_pass != (not problems):
                wrong.append(f"{name}: {problems[:1] or 'no problem found'}")
        for item in parse(payload, Origin(uri=name), "ninjs"):
            parsed[must_pass, item.reason if isinstance(item, Reject) else "article"] += 1
    for way in ("by the folder's version", "by what the item says"):
        right = sum(count for (which, _, is_right), count in judged.items() if which == way and is_right)
        print(f"  judged right {way}: {right} of {len(files)}")
    for must_pass in (True, False):
        kinds = ", ".join(f"{kind} {count}" for (which, kind), count in sorted(parsed.items()) if which == must_pass)
        print(f"  the lenient parser, files that {'must' if must_pass else 'must not'} validate: {kinds}")
    return wrong


def detections(files: list[tuple[str, bytes]], wanted: str) -> list[str]:
    """The files that `sniff` takes for another format."""
    wrong = []
    for name, payload in files:
        try:
            found = sniff(payload, name)
        except ParseError as error:
            found = error.reason
        if found != wanted:
            wrong.append(f"{name}: detected as {found}")
    return wrong


def main() -> int:
    """Print the three tables and what was missed."""
    folder = Path(os.environ["NEWSBEAM_DATA"], "wire-formats")
    failures = 0
    g2 = [(n, b) for n, b in members(folder / "newsml-g2_examples.tar.xz") if n.endswith(".xml")]
    json_files = [(n, b) for n, b in members(folder / "newsinjson_examples.tar.xz") if n.endswith(".json")]
    validation = [(n, b) for n, b in json_files if re.search(r"/should_(?:pass|fail)/", n)]
    examples = [
        (n, b) for n, b in json_files
        if ("examples/" in n) and "schema" not in Path(n).name and not re.search(r"/should_(?:pass|fail)/", n)
    ]  # fmt: skip
    for label, files, expect, wanted in (
        ("NewsML-G2 examples", g2, expect_g2, "newsml-g2"), ("ninjs examples", examples, expect_ninjs, "ninjs"),
    ):  # fmt: skip
        tally: collections.Counter[str] = collections.Counter()
        misses = [miss for name, payload in files for miss in compare(name, list(expect(payload)), payload, tally)]
        print(f"{label}: {len(files)} files, " + ", ".join(f"{key.strip()} {count}" for key, count in tally.items()))
        other = detections(files, wanted)
        for miss in [*misses, *other]:
            print(f"  miss: {miss}")
        failures += len(misses) + len(other)
    print(f"ninjs validation files: {len(validation)}")
    wrong = judge_files(validation)
    for line in wrong:
        print(f"  wrong: {line}")
    return int(failures + len(wrong) > 0)


if __name__ == "__main__":
    sys.exit(main())
