"""What later runs may do to what is committed: nothing. Embargoes, kills, versions and copies, run after run."""

import dataclasses
import datetime as dt
import hashlib
import random
from collections import defaultdict

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import Article
from transforms.duplicates.compare import Rules
from transforms.duplicates.decide import decide
from transforms.duplicates.recall import recall
from transforms.duplicates.sketch import sketch
from transforms.duplicates.tables import HISTORY, ITEMS
from transforms.fingerprint import fingerprint, revision

NOON = dt.datetime(2026, 3, 5, 12, tzinfo=dt.UTC)
WORDS = [f"{stem}{end}" for stem in ("harbour", "ferry", "grain", "vote", "storm") for end in ("al", "en", "is", "or")]


def prose(seed, count):
    return random.Random(seed).choices(WORDS, k=count)


@dataclasses.dataclass(frozen=True)
class Item:
    """An article as a run reads it, and the run that first may publish it."""

    article: Article
    due: int

    def __repr__(self):
        found = self.article
        return f"{found.article_id[:2]} {found.title!r} {found.status} {found.published_at:%d/%H} due {self.due}"


@st.composite
def items(draw):
    """One of two texts, edited, extended or as it is, under one of five ids; at times under embargo, or a kill."""
    text = prose(draw(st.integers(0, 1)), draw(st.sampled_from([4, 15, 60])))
    for place in draw(st.lists(st.integers(0, len(text) - 1), max_size=2)):
        text[place] = draw(st.sampled_from(["edited", "7", "march"]))
    text += prose("more", draw(st.sampled_from([0, 0, 40])))
    article = Article(
        article_id=hashlib.md5(str(draw(st.integers(0, 4))).encode()).hexdigest(),
        title=draw(st.sampled_from(["Ferries", "Ferries", "UPDATE 1-Ferries", "CORRECTED-Ferries", "Grain"])),
        body=" ".join(text),
        status=draw(st.sampled_from(["usable"] * 5 + ["canceled"])),
        published_at=NOON + dt.timedelta(hours=draw(st.integers(-40, 40))),
    )
    article = dataclasses.replace(article, source_item_id=article.article_id)
    return Item(
        sketch(fingerprint(dataclasses.replace(article, revision=revision(article)))),
        due=draw(st.sampled_from([0, 0, 0, 1, 2])) if article.status == "usable" else 0,
    )


def tabulate(rows):
    """Items of a run, each with where it would go, and its version where it was held until now."""
    found = []
    for place, (item, table, version) in enumerate(rows):
        article, known = item.article, item.article.sketch
        found.append(
            {
                "key": bytes.fromhex(article.article_id),
                "revision": bytes.fromhex(article.revision),
                "content_hash": bytes.fromhex(article.content_hash),
                "table": table,
                "published_at": article.published_at,
                "payload_sha256": "",
                "source_uri": "wires.jsonl",
                "item_index": place,
                "version": version,
                "date": article.published_at.date(),
                "headline": article.headline,
                "edition": article.edition,
                **({name: getattr(known, name) for name in ("length", "minhash", "lead", "figures")} if known else {}),
            }
        )
    return pa.Table.from_pylist(found, schema=ITEMS)


def verifier(rows):
    shingles = [row[0].article.sketch and np.frombuffer(row[0].article.sketch.shingles, np.uint32) for row in rows]

    def verify(one, other):
        shared = len(np.intersect1d(shingles[one], shingles[other]))
        return shared / (len(shingles[one]) + len(shingles[other]) - shared)

    return verify


def commit(items, decisions):
    """The signatures that a run leaves: nothing is compared with a duplicate, so it has no sketch."""
    told = [
        {name: (item | decision)[name] for name in HISTORY.names}
        | ({} if decision["table"] != "duplicates" else dict.fromkeys(("length", "minhash", "lead", "figures")))
        for item, decision in zip(items.to_pylist(), decisions, strict=True)
        if decision["table"] != "unchanged" and not (item["version"] is not None and decision["table"] == "held")
    ]
    return pa.Table.from_pylist(told, schema=HISTORY)


def follow(rows, decisions, known, tables):
    """Hold each row against what was committed of its id before, and take down what is now."""
    for (item, _, moved), decision in zip(rows, decisions, strict=True):
        key, said = bytes.fromhex(item.article.article_id), item.article.revision
        assert (decision["table"] == "unchanged") == ((key, said) in known and moved is None)
        if decision["table"] == "unchanged":
            continue
        tables.versions[key].add((decision["version"], said))
        if decision["table"] == "held":
            tables.held += [(item, decision["version"])] if moved is None else []
            continue
        assert tables.stories.setdefault(key, decision["story"]) == decision["story"], "an id keeps its story"
        if decision["table"] == "articles":
            assert decision["canonical"] == key
            tables.articles.add(key)
    for pairs in tables.versions.values():
        assert len({version for version, _ in pairs}) == len({said for _, said in pairs}), "a version a revision"


def check_duplicates(rows, decisions, tables):
    """A duplicate is one of an article, and of its story."""
    for (item, _, _), decision in zip(rows, decisions, strict=True):
        if decision["table"] == "duplicates":
            key = bytes.fromhex(item.article.article_id)
            assert decision["canonical"] in tables.articles
            assert item.article.status != "canceled" or decision["canonical"] == key, "a kill is nobody else's"
            if len(tables.versions[key]) == 1:  # two texts of one id may each have a story already, and it gets one
                assert decision["story"] == tables.stories[decision["canonical"]]


@dataclasses.dataclass
class Tables:
    """What is committed: ids of articles, each id's story and versions, and what is held."""

    articles: set = dataclasses.field(default_factory=set)
    stories: dict = dataclasses.field(default_factory=dict)
    versions: dict = dataclasses.field(default_factory=lambda: defaultdict(set))
    held: list = dataclasses.field(default_factory=list)


@settings(max_examples=60)
@given(st.lists(st.lists(items(), max_size=6), min_size=2, max_size=4), st.integers(0, 9))
def test_what_is_committed_stays(runs, seed):
    rng = random.Random(seed)
    history, tables, known = [], Tables(), set()
    for number, read in enumerate(runs):
        moving = [(item, version) for item, version in tables.held if item.due <= number]
        tables.held = [pair for pair in tables.held if pair not in moving]
        rows = [(item, "held" if item.due > number else "articles", None) for item in read]
        rows += [(item, "articles", version) for item, version in moving]
        rng.shuffle(rows)
        table = tabulate(rows)
        decided = decide(table, history, Rules(), verifier(rows)).decisions
        assert decide(table, [recall(table, history, Rules())], Rules(), verifier(rows)).decisions == decided
        decisions = decided.to_pylist()
        follow(rows, decisions, known, tables)
        check_duplicates(rows, decisions, tables)
        known |= {(bytes.fromhex(item.article.article_id), item.article.revision) for item in read}
        history.append(commit(table, decisions))
