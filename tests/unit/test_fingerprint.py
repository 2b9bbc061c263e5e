import dataclasses
import datetime as dt

import pytest

from articles import Article, Credit, Dateline, Rights
from transforms.fingerprint import digest, fingerprint, hash_content, identify, revision
from transforms.fold import fold

STORY = "Ferries to the outer islands will stay in port until the gale has passed, the harbour authority said."


def test_the_item_id_names_the_article_in_its_providers_space():
    first = Article(source_item_id="7", provider="a", title="x")
    assert identify(first) == identify(dataclasses.replace(first, title="y", body="z", canonical_url="http://x.org/"))
    assert identify(first) != identify(dataclasses.replace(first, provider="b"))
    assert identify(first) != identify(dataclasses.replace(first, provider=None))


def test_then_the_address_then_the_content():
    article = Article(canonical_url="http://x.org/", title="x")
    assert identify(article) == identify(dataclasses.replace(article, title="y"))
    bare = Article(title="x")
    assert identify(bare) != identify(dataclasses.replace(bare, body="y"))
    assert len(identify(bare)) == 32


@pytest.mark.parametrize(
    "body",
    [
        STORY,
        STORY.upper(),
        STORY.replace(",", " ,").replace(" ", "  "),
        f"{STORY}\n\nReuter",
        f"{STORY} Enditem",
        f"{STORY}\n\nENDS",
        f"{STORY}\n\n--30--",
        f"Gale stops ferries\n\n{STORY}",
        f"GALE STOPS FERRIES!\nGale stops ferries\n\n{STORY}",
    ],
)
def test_frame_case_and_punctuation_do_not_change_the_content_hash(body):
    assert hash_content(Article(title="Gale stops ferries", body=body)) == hash_content(Article(title="x", body=STORY))


def test_dateline_and_credits_do_not_either():
    line = "OSLO, Jan 2 (Example) - "
    credit = "(Editing by A. Name)"
    body = f"{line}{STORY}\n\n{credit}"
    article = Article(
        body=body,
        dateline=Dateline(start=0, end=len(line)),
        credits=(Credit(role="editor", start=body.index(credit), end=len(body)),),
    )
    assert hash_content(article) == hash_content(Article(body=STORY))


def test_figures_change_it():
    assert hash_content(Article(body=f"{STORY} 5 pct")) != hash_content(Article(body=f"{STORY} 6 pct"))


def test_a_word_that_ends_like_an_end_mark_stays():
    assert hash_content(Article(body=f"{STORY} So the friendship ends")) != hash_content(
        Article(body=f"{STORY} So the friendship")
    )


def test_short_bodies_are_no_duplicates_of_each_other():
    assert hash_content(Article(title="Rain in Oslo")) != hash_content(Article(title="Sun in Oslo"))
    assert hash_content(Article(title="A", body="More soon.")) != hash_content(Article(title="B", body="More soon."))


NOTICE = "Qtly div 20 cts vs 20 cts previously\nPay April 15\nRecord March 23"


def test_a_notice_of_figures_is_its_headlines_company():
    """Fourteen words and none of them names anyone: two companies pay twenty cents on one day."""
    acme, zenith, again = (
        hash_content(Article(title=title, body=NOTICE))
        for title in (
            "ACME OATS CO <ACM> REGULAR DIVIDEND",
            "ZENITH BANC <ZTH> SETS QUARTERLY",
            "Acme Oats Declares Div",
        )
    )
    assert acme == again != zenith


def test_a_notice_repeated_under_a_flag_or_on_another_day_is_the_same():
    first, repeated = (
        Article(title=title, body=NOTICE, published_at=dt.datetime(2026, 3, day, tzinfo=dt.UTC))
        for title, day in (("ACME OATS sets payout", 1), ("RPT-ACME OATS sets payout", 2))
    )
    assert hash_content(first) == hash_content(repeated)


@pytest.mark.parametrize(
    "body",
    [
        "Ferry with 312 people aboard runs aground off Crete, coast guard says.",
        "Acme Oats Co declared a quarterly dividend of 20 cts, payable April 15 to holders of March 23.",
    ],
)
def test_a_sentence_is_the_same_under_any_headline(body):
    titles = "Ferry aground off Crete", "312 on ferry that ran aground", "Zenith sets payout"
    assert len({hash_content(Article(title=title, body=body)) for title in titles}) == 1


def test_short_texts_of_two_days_are_two_texts():
    days = [dt.datetime(2026, 3, day, 23, tzinfo=dt.UTC) for day in (1, 1, 2)]
    first, same, other = (hash_content(Article(title="Market report", published_at=day)) for day in days)
    assert first == same != other


def test_kills_of_two_items_are_two_contents():
    kills = [Article(status="canceled", source_item_id=name, title="Story withdrawn") for name in "ab"]
    assert len({hash_content(kill) for kill in kills}) == 2


def test_revision_notices_what_readers_notice():
    article = Article(title="A", body=STORY, byline=("X",), rights=Rights(usage_terms="none"))
    before = revision(article)
    assert before != revision(dataclasses.replace(article, body=STORY + "!"))
    assert before != revision(dataclasses.replace(article, status="canceled"))
    assert before != revision(dataclasses.replace(article, byline=("X", "Y")))
    assert before == revision(dataclasses.replace(article, rights=None, published_raw="now", keywords=("x",)))


def test_revision_overlooks_when_and_how_it_was_read():
    article = Article(title="A", body=STORY)
    read_again = dataclasses.replace(
        article,
        ingested_at=dt.datetime(2026, 1, 2, tzinfo=dt.UTC),
        run_id="r2",
        newsbeam_version="9",
        language="en",
        translation_probability=0.5,
        source_uri="elsewhere",
    )
    assert revision(article) == revision(read_again)


def test_fields_are_framed():
    tuples = [
        ("ab", "c"),
        ("a", "bc"),
        ("abc",),
        ("abc", None),
        ("abc", ""),
        (("ab", "c"),),
        (("ab",), "c"),
        (1,),
        ("1",),
        (True,),
    ]
    assert len({digest(fields) for fields in tuples}) == len(tuples)


def test_fingerprint_fills_the_column():
    article = fingerprint(Article(title="A", body=STORY))
    assert article.content_hash == hash_content(article)


def test_fold_makes_one_of_spellings_by_machine():
    assert fold("ＴＲＵＭＰ’s “plan” – 3,5 %") == fold("trumps plan 3 5") == "trumps plan 3 5"
