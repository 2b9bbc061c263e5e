"""Texts that are nearly alike, in any order and out of any files: the same decision."""

import dataclasses
import datetime as dt
import hashlib
import random
from collections import Counter

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import Article
from transforms.duplicates.decide import decide
from transforms.duplicates.sketch import sketch
from transforms.duplicates.tables import ITEMS
from transforms.fingerprint import fingerprint, revision

NOON = dt.datetime(2026, 3, 5, 12, tzinfo=dt.UTC)
WORDS = [f"{stem}{end}" for stem in ("harbour", "ferry", "grain", "vote", "storm") for end in ("al", "en", "is", "or")]


def prose(seed, count):
    return random.Random(seed).choices(WORDS, k=count)


FOOTER = prose("footer", 120)


@st.composite
def articles(draw):
    """One of three texts, maybe edited, with other figures, more text, a footer; often under an id used before."""
    text = prose(draw(st.integers(0, 2)), draw(st.sampled_from([8, 60, 90])))
    for place in draw(st.lists(st.integers(0, len(text) - 1), max_size=3)):
        text[place] = draw(st.sampled_from(["edited", "7", "8", "march", "mended"]))
    if draw(st.booleans()):
        text += prose("more", draw(st.sampled_from([20, 80])))
    if draw(st.booleans()):
        text += FOOTER
    name = draw(st.integers(0, 8))
    article = Article(
        article_id=hashlib.md5(str(name).encode()).hexdigest(),
        title=draw(st.sampled_from(["Ferries", "UPDATE 1-Ferries", "CORRECTED-Ferries", "Grain", "Storm"])),
        body=" ".join(text),
        published_at=NOON + dt.timedelta(hours=draw(st.integers(0, 60))),
    )
    return sketch(fingerprint(dataclasses.replace(article, revision=revision(article))))


def tabulate(found, files):
    """The items, as if read out of so many files in turn."""
    rows = []
    for place, article in enumerate(found):
        known = article.sketch
        rows.append(
            {
                "key": bytes.fromhex(article.article_id),
                "revision": bytes.fromhex(article.revision),
                "content_hash": bytes.fromhex(article.content_hash),
                "table": "articles",
                "published_at": article.published_at,
                "payload_sha256": "",
                "source_uri": f"{place % files}.jsonl",
                "item_index": place // files,
                "date": article.published_at.date(),
                "headline": article.headline,
                "edition": article.edition,
                **({name: getattr(known, name) for name in ("length", "minhash", "lead", "figures")} if known else {}),
            }
        )
    return pa.Table.from_pylist(rows, schema=ITEMS)


def decided(found, files):
    """Each decision with the item it is about; copies of one item may change places."""
    items = tabulate(found, files)
    decisions = decide(items, []).decisions
    about = [tuple(row.values()) for row in items.select(["key", "revision", "published_at"]).to_pylist()]
    return Counter(zip(about, (tuple(row.values()) for row in decisions.to_pylist()), strict=True))


@settings(max_examples=50, deadline=None)
@given(st.lists(articles(), min_size=2, max_size=14), st.randoms(use_true_random=False), st.integers(1, 4))
def test_order_and_files_never_matter(found, rng, files):
    plain = decided(found, 1)
    rng.shuffle(found)
    assert decided(found, files) == plain
