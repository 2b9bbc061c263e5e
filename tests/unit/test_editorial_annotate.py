"""What `annotate` does with fields a wire gave, and with what isn't credit, source or author."""

import datetime as dt
import time

import pytest

from articles import Article, Credit, Dateline
from transforms.editorial import annotate

STORY = "The council met for three hours and agreed on nothing at all."
PUBLISHED = dt.datetime(2019, 11, 15, 12, tzinfo=dt.UTC)


def test_machine_rendered_credit_has_editor_code_and_place_in_the_text():
    body = f"Harbour network, Nov. 15 - {STORY}\n\nSource: editor in charge of harbour website: Li Bo, nbjs1234"
    article = annotate(Article(body=body, published_at=PUBLISHED))
    (credit,) = article.credits
    assert (credit.role, credit.name, credit.code) == ("editor", "Li Bo", "nbjs1234")
    assert body[credit.start : credit.end] == "editor in charge of harbour website: Li Bo, nbjs1234"
    assert article.dateline is not None
    assert (article.dateline.agency, article.dateline.place) == ("Harbour network", None)
    assert (article.dateline.date_text, article.dateline.date) == ("Nov. 15", dt.date(2019, 11, 15))
    assert article.original_source == "harbour website"


def test_fields_of_the_wire_win():
    given = Article(
        body=f"{STORY}\n\nSource: AFP",
        title="UPDATE 2-Council meets",
        byline=("Max Muster",),
        credits=(Credit("editor", "Eva Probe"),),
        original_source="The Harbour",
        editors_note="as sent",
        doc_type="correction",
        status="withheld",
    )
    assert annotate(given) == given


def test_the_text_adds_to_the_credits_of_the_wire_and_says_where_they_stand():
    body = f"{STORY}\n\n(Reporting by Jane Roe; Editing by Ann O'Hara)"
    given = Article(body=body, credits=(Credit("editor", "ANN O'HARA"), Credit("photographer", "Eva Probe")))
    editor, photographer, reporter = annotate(given).credits
    assert (editor.name, body[editor.start : editor.end]) == ("Ann O'Hara", "Editing by Ann O'Hara")
    assert photographer == Credit("photographer", "Eva Probe")
    assert (reporter.role, reporter.name) == ("reporter", "Jane Roe")


def test_a_dateline_field_gets_its_place_in_the_text():
    given = Article(
        body=f"SANTOS, Nov 15 (Reuters) - {STORY}", dateline=Dateline(place="Santos"), published_at=PUBLISHED
    )
    assert annotate(given).dateline == Dateline("Santos", "Reuters", "Nov 15", dt.date(2019, 11, 15), 0, 26)


def test_a_byline_field_is_read_as_names():
    given = Article(body=STORY, byline=("By JANE ROE and Max Muster, Reuters", "Von Neumann", "desk@example.com"))
    assert annotate(given).byline == ("JANE ROE", "Max Muster", "Von Neumann", "desk@example.com")


def test_an_editor_is_no_author():
    article = annotate(Article(body=f"{STORY}\n\n(Reporting by Jane Roe; Editing by Ann O'Hara)\n\nEditor: Li Bo"))
    assert [credit.role for credit in article.credits] == ["reporter", "editor", "editor"]
    assert article.byline == ()


def test_reporters_in_a_dateline_are_the_authors_where_no_credit_names_one():
    assert annotate(Article(body="新华社北京11月15日电（记者 高某）会议开了三个小时。")).byline == ("高某",)


@pytest.mark.parametrize("portal", ["网易新闻", "Sina", "Yahoo News"])
def test_a_portal_is_no_original_source(portal):
    assert annotate(Article(body=f"Source: {portal}\n\n{STORY}")).original_source is None


def test_the_publisher_is_no_original_source():
    assert annotate(Article(body=STORY, publisher="The Harbour")).original_source is None


def test_according_to_is_no_source_credit():
    assert annotate(Article(body=f"According to Reuters, {STORY}")).original_source is None


def test_an_embargo_without_a_readable_end_is_withheld():
    article = annotate(Article(body=f"EMBARGOED UNTIL 6 A.M. ON FRIDAY\n\n{STORY}"))
    assert (article.status, article.embargo_raw, article.embargoed_until) == ("withheld", "6 A.M. ON FRIDAY", None)


def test_an_embargo_with_an_end_leaves_the_status_to_the_clock():
    article = annotate(Article(body=f"EMBARGOED UNTIL 0001 GMT, 16 NOV 2019\n\n{STORY}"))
    assert article.status == "usable"
    assert article.embargoed_until == dt.datetime(2019, 11, 16, 0, 1, tzinfo=dt.UTC)


def test_the_slug_may_say_what_the_headline_does_not():
    assert annotate(Article(body=STORY, slug="TURKEY-USA/MISSILES (CORRECTED)")).doc_type == "correction"


def test_an_empty_body_is_no_trouble():
    assert annotate(Article(title="Council meets")) == Article(title="Council meets")


@pytest.mark.parametrize(
    "unit", ["(editing by ", "Editor: ", "Source:A ", "A, ", "【编辑:", "By A and ", "(Adds (", "1 Nov "]
)
def test_a_line_of_a_million_letters_takes_no_longer_than_its_ends(unit):
    body = unit * (1_000_000 // len(unit))
    start = time.process_time()
    annotate(Article(title=body, body=body))
    assert time.process_time() - start < 2
