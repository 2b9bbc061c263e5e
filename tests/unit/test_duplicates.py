"""What is a duplicate of what, told by texts."""

import dataclasses
import datetime as dt
import hashlib
import random

import numpy as np
import pyarrow as pa
import pytest

from articles import Article, Credit
from transforms.duplicates import buckets
from transforms.duplicates.compare import BOILERPLATE_HEADLINES, Rules
from transforms.duplicates.decide import decide
from transforms.duplicates.known import is_known, write_known
from transforms.duplicates.nodes import Nodes
from transforms.duplicates.recall import days_near, recall
from transforms.duplicates.sketch import sketch
from transforms.duplicates.tables import HISTORY, ITEMS
from transforms.editorial import headlines
from transforms.fingerprint import fingerprint

DAY = dt.datetime(2026, 3, 5, 6, tzinfo=dt.UTC)
STEMS = ("harbour", "council", "vote", "strike", "ferry", "budget", "storm", "school", "bridge", "market", "police")


def prose(seed, count):
    """Words that no other seed gives in this order."""
    rng = random.Random(seed)
    return [f"{rng.choice(STEMS)}{rng.choice('aeiou')}{rng.choice('lmnrst')}" for _ in range(count)]


def article(name, words, *, minutes=0, days=0, title=None, doc_type="story"):
    return sketch(
        fingerprint(
            Article(
                article_id=hashlib.md5(name.encode()).hexdigest(),
                title=title or f"Headline of {name}",
                body=" ".join(words),
                doc_type=doc_type,
                published_at=DAY + dt.timedelta(days=days, minutes=minutes),
            )
        )
    )


def row(found, version=None):
    known = found.sketch
    return {
        "key": bytes.fromhex(found.article_id),
        "revision": hashlib.md5(f"{found.title}{found.body}".encode()).digest(),
        "content_hash": bytes.fromhex(found.content_hash),
        "table": "articles",
        "published_at": found.published_at,
        "payload_sha256": "",
        "source_uri": "wires.jsonl",
        "item_index": 0,
        "version": version,
        "date": found.published_at.date(),
        "headline": found.headline,
        "edition": found.edition,
        **{name: known and getattr(known, name) for name in ("length", "minhash", "lead", "figures")},
    }


def outcome(*articles, history=(), rules=None, exactly=False):
    """Per article: table, whose duplicate it is or whose story it shares, by position; committed ones count first."""
    items = pa.Table.from_pylist([row(found) for found in articles], schema=ITEMS)
    shingles = [found.sketch and set(np.frombuffer(found.sketch.shingles, np.uint32)) for found in articles]

    def verify(one, other):
        left, right = shingles[one], shingles[other]
        return len(left & right) / len(left | right)

    decisions = decide(items, history, rules, verify if exactly else None).decisions.to_pylist()
    places = {bytes.fromhex(found.article_id): index for index, found in enumerate(articles)}
    return [
        (decision["table"], decision["kind"], places.get(decision["canonical"]), places.get(decision["story"]))
        for decision in decisions
    ]


def commit(*articles, rules=None):
    items = pa.Table.from_pylist([row(found) for found in articles], schema=ITEMS)
    decisions = decide(items, [], rules).decisions
    columns = {name: items[name] for name in HISTORY.names if name in ITEMS.names} | {
        name: decisions[name] for name in ("canonical", "story", "version", "table")
    }
    return pa.table([columns[name] for name in HISTORY.names], schema=HISTORY)


STORY = prose(1, 300)


def changed(words, *places):
    found = list(words)
    for place in places:
        found[place] = f"other{place}word"
    return found


def test_sketch_is_the_same_for_ever():
    """Sketches are stored: where this fails, what is stored can't be compared any more."""
    known = article("a", ["The", "ferry", "with", "312", "people", "aboard", "left", "on", "Monday", *STORY]).sketch
    digest = hashlib.md5(known.minhash + known.lead + known.figures + known.shingles).hexdigest()
    assert (known.length, digest) == (305, "010d514d51b209686357ad7463f080f1")


def test_few_words_and_kills_have_no_sketch():
    assert article("a", STORY[:19]).sketch is None
    assert article("a", STORY[:20]).sketch is not None
    kill = dataclasses.replace(article("a", STORY), status="canceled")
    assert sketch(kill).sketch is None


def test_frame_does_not_count():
    plain = article("a", STORY)
    credited = dataclasses.replace(
        plain,
        body=f"{plain.body} Editing by A. Nother",
        credits=(Credit(role="editor", name="A. Nother", start=len(plain.body) + 1, end=len(plain.body) + 22),),
    )
    assert sketch(credited).sketch == plain.sketch


def test_copy_with_a_few_words_changed_is_a_near_duplicate_of_the_earliest():
    late = article("late", changed(STORY, 150, 250), minutes=5)
    assert outcome(late, article("early", STORY)) == [("duplicates", "near", 1, 1), ("articles", None, 1, 1)]


def test_threshold_decides():
    texts = article("a", STORY), article("b", changed(STORY, 100, 200), minutes=1)
    assert outcome(*texts, rules=Rules(near_threshold=0.95))[1][0] == "articles"
    assert outcome(*texts, rules=Rules(near_threshold=0.9))[1][0] == "duplicates"


@pytest.mark.parametrize("figure", ["413", "Tuesday", "seven"])
def test_texts_that_differ_in_a_figure_are_two(figure):
    table = [*STORY[:100], "312", "Monday", "five", *STORY[100:]]
    other = [
        word if word not in {"312", "Monday", "five"} or figure[0].isdigit() != word[0].isdigit() else figure
        for word in table
    ]
    assert [found[0] for found in outcome(article("a", table), article("b", other, minutes=1))] == ["articles"] * 2


def test_copy_may_lack_a_paragraph_with_its_figures():
    longer = [*STORY, "and", "312", "people", "came", "on", "Monday"]
    assert outcome(article("a", longer), article("b", STORY, minutes=1))[1][:2] == ("duplicates", "near")


def test_wires_that_share_a_long_footer_are_strangers():
    footer = prose("footer", 600)
    wires = [article(str(seed), prose(seed, 60) + footer, minutes=seed) for seed in range(20)]
    assert outcome(*wires) == [("articles", None, place, place) for place in range(20)]


def test_chain_never_makes_strangers_duplicates():
    chain = [STORY]
    for step in range(1, 8):
        chain.append(changed(chain[-1], *range(step * 36, step * 36 + 8)))
    found = outcome(*(article(str(step), words, minutes=step, title="A headline") for step, words in enumerate(chain)))
    assert [canonical for _, _, canonical, _ in found][:2] == [0, 0]
    for place, (table, _, canonical, _) in enumerate(found):
        assert table == "articles" or place - canonical <= 3, "compared with its canonical article, not with a copy"
    assert len({canonical for _, _, canonical, _ in found}) > 1


def test_text_under_many_headlines_is_boilerplate():
    notice = prose("for subscribers only", 30)
    stubs = [article(str(number), notice, minutes=number) for number in range(BOILERPLATE_HEADLINES)]
    assert {table for table, *_ in outcome(*stubs)} == {"articles"}
    assert {table for table, *_ in outcome(*stubs[1:])} == {"articles", "duplicates"}
    again = article("again", notice, title="Headline of 3", minutes=99)
    assert outcome(*stubs, again)[-1][:3] == ("duplicates", "exact", 3)


def test_correction_is_no_duplicate_and_of_the_same_story():
    first, second = (
        article("a", STORY),
        article("b", STORY, minutes=9, title="CORRECTED-Headline", doc_type="correction"),
    )
    assert outcome(first, second) == [("articles", None, 0, 0), ("articles", None, 1, 0)]
    third = article("c", STORY, minutes=10, title="CORRECTED-Headline", doc_type="correction")
    assert outcome(first, second, third)[2] == ("duplicates", "exact", 1, 0)


@pytest.mark.parametrize(
    "headline",
    [
        "CORRECTED-{}",
        "(CORRECTED) - {}",
        "CORRECTED (OFFICIAL)-{}",
        "REFILE-{}",
        "Correction: {}",
        "BERICHTIGUNG: {}",
        "Korrigiert: {}",
        "CORRECTING and REPLACING {}",
        "/C O R R E C T I O N -- {}/",
    ],
)
def test_correction_goes_with_its_headline_before_another_notice_in_the_same_words(headline):
    """A correction repairs a garbled notice, and then reads like everybody else's."""
    garbled = [*STORY[:20], *prose("garbled", 20), *STORY[40:60]]
    corrected, another = [*STORY[:58], "new", "figures"], STORY[:60]
    title = headline.format("Acme sets payout")
    found = outcome(
        article("another", another, title="Zenith sets payout"),
        article("garbled", garbled, minutes=1, title="Acme sets payout"),
        article("corrected", corrected, minutes=9, title=title, doc_type=headlines.read(title).doc_type or "story"),
    )
    assert [story for *_, story in found] == [0, 1, 1]


def test_correction_of_todays_table_is_not_of_yesterdays():
    tables = [[f"{word} {number}{day}" for number, word in enumerate(STORY[:60])] for day in (1, 2)]
    repaired = [*tables[1][:30], "steel 77", *tables[1][31:]]
    found = outcome(
        article("monday", tables[0], title="Commodity prices"),
        article("tuesday", tables[1], days=1, title="Commodity prices"),
        article("corrected", repaired, days=1, minutes=9, title="CORRECTED-Commodity prices", doc_type="correction"),
    )
    assert [story for *_, story in found] == [0, 1, 1]


def test_correction_under_a_headline_that_comes_back_goes_with_the_words():
    """ "Business briefs" is another page every day; the one that was corrected had another headline."""
    found = outcome(
        article("briefs", prose("briefs", 120), title="Business briefs"),
        article("first", STORY, minutes=5, title="Ferry line to cut fares"),
        article("corrected", changed(STORY, 7), days=1, title="CORRECTED-Business briefs", doc_type="correction"),
    )
    assert [story for *_, story in found] == [0, 1, 1]


def test_two_notices_of_one_report_are_a_story_where_that_is_counted_exactly():
    """A sketch leaves open whether fifteen words are a sentence or chance; counted, they are too few for one."""
    second = [*changed(STORY[:60], 1, 9, 21), *prose("note", 14)]
    texts = (
        article("a", STORY[:60], title="Acme third quarter"),
        article("b", second, minutes=9, title="Acme fourth quarter"),
    )
    assert [story for *_, story in outcome(*texts)] == [0, 1]
    assert [story for *_, story in outcome(*texts, exactly=True)] == [0, 0]


def test_two_stories_in_one_frame_stay_two_where_that_is_counted_exactly():
    frame = prose("frame", 160)
    wires = [article(str(seed), [*frame[:30], *prose(seed, 45), *frame[30:]], minutes=seed) for seed in range(12)]
    assert outcome(*wires, exactly=True) == [("articles", None, place, place) for place in range(12)]


def test_story_cut_short_may_write_ten_for_10():
    long, short = [*STORY[:100], "10", *STORY[100:]], [*STORY[:100], "ten", *STORY[100:180]]
    found = outcome(article("a", long, title="Bill passes"), article("b", short, minutes=70, title="Bill passes"))
    assert [(table, story) for table, *_, story in found] == [("articles", 0), ("articles", 0)]


def test_another_days_notice_is_no_cut_of_the_last():
    """Only the week day differs; or a table of figures is cut short, and one of few is another."""
    notice = STORY[:150]
    monday, tuesday = [*notice[:75], "Monday", *notice[75:]], [*notice[:75], "Tuesday", *notice[75:]]
    found = outcome(article("a", monday, title="Alert"), article("b", tuesday, days=1, title="Alert"))
    assert [story for *_, story in found] == [0, 1]
    table, other = ([*STORY[:30], "312", *STORY[30:50], figure, *STORY[50:60]] for figure in ("75", "76"))
    longer = [*other, *prose("more rows", 40)]
    found = outcome(article("a", table, title="Prices"), article("b", longer, days=1, title="Prices"))
    assert [story for *_, story in found] == [0, 1]


def test_update_follows_the_story_under_its_headline():
    flash = article("a", STORY[:40], title="Ferry runs aground")
    update = article("b", prose(2, 90), minutes=30, title="UPDATE 1-Ferry runs aground", doc_type="update")
    late = article("c", prose(3, 90), days=9, title="UPDATE 2-Ferry runs aground", doc_type="update")
    assert [story for *_, story in outcome(flash, update, late)] == [0, 0, 2]


def test_extended_story_is_kept_beside_the_short_one():
    found = outcome(article("a", STORY[:120]), article("b", [*STORY[:120], *prose(4, 200)], minutes=30))
    assert found == [("articles", None, 0, 0), ("articles", None, 1, 0)]


def test_days_apart_decide_what_is_compared():
    texts = article("a", STORY), article("b", STORY, days=31)
    assert [found[0] for found in outcome(*texts)] == ["articles", "articles"]
    assert outcome(*texts, rules=Rules(days=40))[1][0] == "duplicates"
    assert outcome(*texts, rules=Rules(days=None))[1][0] == "duplicates"


def test_older_copy_of_a_committed_article_is_its_duplicate_with_its_story():
    committed = article("a", STORY)
    history = commit(committed)
    (decision,) = decide(
        pa.Table.from_pylist([row(article("b", changed(STORY, 9), days=-20))], schema=ITEMS), [history]
    ).decisions.to_pylist()
    assert (decision["table"], decision["kind"]) == ("duplicates", "near")
    assert decision["canonical"] == decision["story"] == bytes.fromhex(committed.article_id)
    assert outcome(article("b", STORY), history=[history], rules=Rules(days=0))[0][0] == "articles"


def test_new_version_of_a_committed_article_is_no_near_duplicate_of_another():
    history = commit(article("a", STORY), article("b", prose(5, 300)))
    assert outcome(article("b", changed(STORY, 7), minutes=3), history=[history])[0][0] == "articles"


def test_recall_keeps_what_matters_and_nothing_else():
    strangers = [article(f"stranger {seed}", prose(f"s{seed}", 80)) for seed in range(50)]
    near, same_headline = article("near", changed(STORY, 30)), article("other", prose(6, 80), title="Headline of new")
    history = commit(*strangers, near, same_headline)
    items = pa.Table.from_pylist([row(article("new", STORY))], schema=ITEMS)
    pieces = [history.slice(start, 7) for start in range(0, len(history), 7)]
    known = recall(items, pieces, Rules())
    assert set(known["key"].to_pylist()) == {bytes.fromhex(found.article_id) for found in (near, same_headline)}
    assert decide(items, pieces).decisions == decide(items, [known]).decisions
    assert days_near(items, Rules(days=30)) == (dt.date(2026, 2, 3), dt.date(2026, 4, 4))
    assert recall(items, pieces, Rules(days=0)).num_rows == 0


def test_large_groups_are_closed_at_their_budget(monkeypatch):
    footer = prose("footer", 600)
    wires = [article(str(seed), prose(seed, 60) + footer, minutes=seed) for seed in range(60)]
    copy = dataclasses.replace(wires[20], article_id="f" * 32, published_at=DAY + dt.timedelta(days=1))
    items = pa.Table.from_pylist([row(found) for found in (*wires, copy)], schema=ITEMS)
    monkeypatch.setattr(buckets, "BUDGET", 100)
    decided = decide(items, [])
    assert decided.closed_buckets > 0
    assert [decision["table"] for decision in decided.decisions.to_pylist()] == ["articles"] * 60 + ["duplicates"]


def test_copies_of_one_text_are_one_group():
    """They share its content, its headline and 48 bands: fifty groups of the same members, kept once."""
    copies = [article(str(number), STORY, minutes=number, title="Headline") for number in range(30)]
    others = [article(f"other {number}", changed(STORY, 5 * number), minutes=40 + number) for number in range(3)]
    items = pa.Table.from_pylist([row(found) for found in (*copies, *others)], schema=ITEMS)
    sorted_ = buckets.Buckets.sort(Nodes.gather(HISTORY.empty_table(), items))
    groups = [tuple(group) for group in np.split(sorted_.members, sorted_.starts[1:-1])]
    assert tuple(range(30)) in groups
    assert len(set(groups)) == len(groups)
    assert sorted_.after(0).tolist() == list(range(1, 33))


def test_borderline_similarity_is_verified_exactly():
    asked = []

    def verify(one, other):
        asked.append((one, other))
        return 0.79

    items = pa.Table.from_pylist(
        [row(article("b", changed(STORY, 60, 100, 140, 180, 220, 260), minutes=1)), row(article("a", STORY))],
        schema=ITEMS,
    )
    assert decide(items, [], verify=verify).decisions["table"].to_pylist() == ["articles"] * 2
    assert asked == [(1, 0)]


def test_known_pairs(tmp_path):
    history = commit(article("a", STORY), article("b", prose(7, 50)))
    assert write_known([history, history.slice(0, 0)], tmp_path / "known.npy") == 2
    path = str(tmp_path / "known.npy")
    key, revision = (history[name][0].as_py().hex() for name in ("key", "revision"))
    other = history["revision"][1].as_py().hex()
    assert is_known(path, key, revision)
    assert not is_known(path, key, other)
    assert not is_known(path, revision, key)
