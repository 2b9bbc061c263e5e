"""What holds for any text: spans inside it, apart from each other, nothing rewritten, nothing new the second time."""

import datetime as dt
import re
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from articles import Article
from transforms.editorial import annotate

MARKS = [
    "(",
    ")",
    "（",
    "）",
    "【",
    "】",
    "[",
    "]",
    "; ",
    ", ",
    "：",
    ": ",
    " - ",
    " — ",
    "--",
    ".",
    "/",
    "|",
    "=2",
    "\n",
    "\n\n",
    " ",
]
NAMES = ["Jane Roe", "Wang Jin", "王某", "nbjs7825", "PARIS", "Paris", "新华社", "Reuters", "Xinhua", "(AFP)", "/TASS/"]
ROLES = [
    "By ",
    "Von ",
    "记者",
    "责任编辑",
    "Editor",
    "Author",
    "Source",
    "Reporting by ",
    "Editing by ",
    " and ",
    " in ",
]
LINES = [
    "bur-abc/xyz",
    " contributed to this report.",
    " reported from ",
    "(Adds quote)",
    "The council met.",
    "TAKE 2",
    "A/B",
]
DATES = ["Nov 15", "11月15日电", "15.11.2019", "EMBARGOED UNTIL 0001 GMT, 16 NOV 2019", "UPDATE 2-", "KILL"]
PIECES = st.sampled_from([*MARKS, *NAMES, *ROLES, *LINES, *DATES])
TEXTS = st.lists(PIECES | st.text(max_size=5), max_size=25).map("".join)
MOMENTS = st.none() | st.integers(0, 2**31).map(lambda second: dt.datetime.fromtimestamp(second, dt.UTC))


@settings(deadline=None)  # the first date in words loads a parser's languages
@given(title=TEXTS, body=TEXTS, published=MOMENTS)
@example(title="", body="By nbjs7825", published=None)
def test_spans_lie_inside_the_body_and_apart(title, body, published):
    article = annotate(Article(title=title, body=body, published_at=published))
    assert (article.title, article.body) == (title, body)
    spans = [(credit.start, credit.end) for credit in article.credits]
    assert all(start is not None and end is not None and 0 <= start < end <= len(body) for start, end in spans)
    assert all(first[1] <= second[0] or first == second for first, second in pairwise(spans))
    if article.dateline is not None:
        assert 0 <= article.dateline.start < article.dateline.end <= len(body)
        assert not body[article.dateline.end - 1].isspace()


@settings(deadline=None)  # the first date in words loads a parser's languages
@given(title=TEXTS, body=TEXTS, published=MOMENTS)
def test_names_and_codes_are_words_of_the_text(title, body, published):
    article = annotate(Article(title=title, body=body, published_at=published))
    for credit in article.credits:
        said = body[credit.start : credit.end]
        assert (credit.name or credit.code or "") in said or (credit.name or "").split() == said.split()
        assert (credit.code or "") in said
    assert all(name in body for name in article.byline)


@settings(deadline=None)  # the first date in words loads a parser's languages
@given(title=TEXTS, body=TEXTS, published=MOMENTS)
def test_twice_is_once(title, body, published):
    once = annotate(Article(title=title, body=body, published_at=published))
    assert annotate(once) == once


@settings(deadline=None)  # the first date in words loads a parser's languages
@given(body=TEXTS, published=MOMENTS)
def test_a_dateline_without_a_year_is_never_after_publication(body, published):
    article = annotate(Article(body=body, published_at=published))
    found = article.dateline
    if found and found.date and published and not re.search(r"\d{4}", found.date_text or ""):
        assert article.dateline.date <= published.date() + dt.timedelta(days=1)
