"""What article pages of common content systems have around a text, and pages of other hands than the golden ones."""

import pytest

from sources.formats.html import extract

TEXT = (
    "<p>The harbour bridge will be shut to all traffic from the first of April, the county council said on Tuesday.</p>"
    "<p>Repairs are expected to take eleven months and to cost about four million pounds, the council said as well.</p>"
)
ARTICLE = '<meta property="og:type" content="article">'


def page(body, head=ARTICLE):
    return f"<html><head>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize("account", ["admin", "Super User", "администратор"])
def test_an_account_is_nobodys_name(account):
    head = ARTICLE + f'<meta name="author" content="{account}">'
    assert extract(page(f"<h1>Bridge to close</h1>{TEXT}", head), None).byline == ()
    signed = f'<h1>Bridge to close</h1><a rel="author" href="/a">Ana Ruiz</a>{TEXT}'
    assert extract(page(signed, head), None).byline == ("Ana Ruiz",)


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("3 May 2024 | By Ana Ruiz", ("Ana Ruiz",)),
        ("2024年5月3日 10:25 来源：海港日报 作者：王晓丽", ("王晓丽",)),
        ("2024年5月3日 来源：海港日报 记者：王晓丽 编辑：赵敏", ("王晓丽",)),
        ("3 May 2024 | By the harbour", ()),
        ("3 May 2024 | Passed by one vote", ()),
    ],
)
def test_a_byline_may_stand_behind_date_and_source(line, byline):
    assert extract(page(f"<h1>Bridge to close</h1><div>{line}</div>{TEXT}"), None).byline == byline


def test_an_editors_staff_code_is_read_beside_the_name():
    found = extract(page(f"<h1>大桥关闭一年</h1>{TEXT}<p>责任编辑：赵敏_NB1234</p>"), None)
    assert [(it.role, it.name, it.code) for it in found.credits] == [("editor", "赵敏", "NB1234")]


def test_of_two_h1_that_the_title_element_has_the_longer_is_the_headline():
    head = ARTICLE + "<title>Bridge to close for a year :: Harbour News</title>"
    body = f'<h1 class="logo">Harbour News</h1><div><h1>Bridge to close for a year</h1>{TEXT}</div><h1>Newsletter</h1>'
    assert extract(page(body, head), None).title == "Bridge to close for a year"


def test_an_offer_to_subscribe_is_no_part_of_the_text_but_a_text_so_marked_is():
    offer = (
        '<div class="card signup-card"><p>Sign up for our letter and never miss a story about the harbour.</p></div>'
    )
    assert "Sign up" not in extract(page(f"<article><h1>Bridge to close</h1>{TEXT}{offer}</article>"), None).body
    marked = f'<article><h1>Bridge to close</h1><div class="subscription-content">{TEXT * 3}</div></article>'
    assert "eleven months" in extract(page(marked), None).body


def test_every_post_of_a_live_blog_is_read():
    head = '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "Bridge vote live"}</script>'
    posts = "".join(
        f"<article><h2>{clock}</h2><p>{clock}: the council went on with its debate of the bridge, hour after "
        "hour, until all who had come to speak had spoken, and the chair called for a vote.</p></article>"
        for clock in ("23:10", "22:10", "21:10")
    )
    found = extract(page(f"<main><h1>Bridge vote live</h1>{posts}</main>", head), None)
    assert found.doc_type == "multi"
    assert all(f"{clock}: the council" in found.body for clock in ("23:10", "22:10", "21:10"))
