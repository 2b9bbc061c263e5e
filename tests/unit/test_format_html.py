import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from articles import Article, Origin, ParseError
from sources.formats.html import extract, parse
from sources.formats.html_byline import clean_names
from sources.formats.html_jsonld import read_nodes, unescape
from sources.formats.html_metadata import collect
from sources.formats.html_title import without_site

TEXT = (
    "<p>The harbour bridge will be shut to all traffic from the first of April, the county council said on Tuesday.</p>"
    "<p>Repairs are expected to take eleven months and to cost about four million pounds, the council said as well.</p>"
)


def page(head="", above="", below="", h1="Harbour bridge to close for a year"):
    heading = f"<h1>{h1}</h1>" if h1 else ""
    head = f'<meta property="og:type" content="article">{head}'
    return f"<html><head>{head}</head><body><article>{heading}{above}{TEXT}{below}</article></body></html>"


def json_ld(fields):
    return '<script type="application/ld+json">{"@type": "NewsArticle", ' + fields + "}</script>"


def test_headline_and_h1_that_agree_outweigh_the_title_for_sharing():
    head = json_ld('"headline": "Harbour bridge to close for a year"')
    head += '<meta property="og:title" content="You won’t believe what happens to this bridge">'
    assert extract(page(head), None).title == "Harbour bridge to close for a year"


def test_title_that_two_sources_give_outweighs_the_json_ld_headline():
    head = json_ld('"headline": "Bridge closes: all you need to know"')
    head += '<meta property="og:title" content="Harbour bridge to close for a year">'
    assert extract(page(head), None).title == "Harbour bridge to close for a year"


@pytest.mark.parametrize(
    ("title", "site", "expected"),
    [
        ("Bridge closes | The Gazette", "The Gazette", "Bridge closes"),
        ("Bridge closes - Local - The Gazette", "The Gazette", "Bridge closes - Local"),
        ("The Gazette: Bridge closes", "The Gazette", "The Gazette: Bridge closes"),
        ("The Gazette - Bridge closes", "The Gazette", "Bridge closes"),
        ("Bridge – a history", "The Gazette", "Bridge – a history"),
        ("橋が閉鎖｜日刊ガゼット", "日刊ガゼット", "橋が閉鎖"),
    ],
)
def test_the_site_name_is_no_part_of_a_title(title, site, expected):
    tree = lxml_html.document_fromstring(f'<html><head><meta property="og:site_name" content="{site}"></head><body>x')
    assert without_site(title, collect(tree, None)) == expected


def test_words_that_inline_elements_glue_together_are_told_apart_by_another_source():
    head = '<meta property="og:title" content="Harbour / Bridge to close for a year">'
    assert extract(page(head, h1="<span>Harbour</span><span>Bridge to close for a year</span>"), None).title == (
        "Harbour / Bridge to close for a year"
    )


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("By Ana Ruiz", ("Ana Ruiz",)),
        ("Von Jürgen Groß und Anna Klee, dpa", ("Jürgen Groß", "Anna Klee", "dpa")),
        ("Ana Ruiz, Tom Li & Jo Ek", ("Ana Ruiz", "Tom Li", "Jo Ek")),
        ("Inês Costa e Silva", ("Inês Costa e Silva",)),
        ("Ana Ruiz @anaruiz", ("Ana Ruiz",)),
        ("Ana Ruiz | Senior Reporter", ("Ana Ruiz",)),
        ("Jo Ek, Lowmere universiteto Istorijos fakulteto profesorius, Example.lt", ("Jo Ek",)),
        ("srf/hosb;kesm", ("srf/hosb", "kesm")),
        ("viktor ek", ("viktor ek",)),
        ("RUIZ, Ana", ("Ana RUIZ",)),
        ("Dr. Ana Ruiz, PhD (Lowmere), Tom Li (Harbour)", ("Dr. Ana Ruiz", "Tom Li")),
        ("ana@x.example (Ana Ruiz)", ("Ana Ruiz",)),
        ("大渡 美咲", ("大渡 美咲",)),
        ("文/张三", ("张三",)),
        ("https://example.org/authors/ana", ()),
        ("By TPN, in News, Portugal, Property", ("TPN",)),
    ],
)
def test_names_are_cleaned_and_split(raw, expected):
    assert clean_names([raw]) == expected


def test_people_are_taken_before_the_house_that_employs_them():
    head = json_ld('"author": {"@type": "Organization", "name": "The Gazette"}, "publisher": {"name": "The Gazette"}')
    assert extract(page(head), None).byline == ("The Gazette",)
    assert extract(page(head, above="<p>By <b>Ana Ruiz</b></p>"), None).byline == ("Ana Ruiz",)
    assert extract(page(head, below="<p>Ana Ruiz</p>"), None).byline == ("Ana Ruiz",)


def test_an_editor_is_no_author():
    head = json_ld('"author": {"@type": "Person", "name": "Ruth Bell"}')
    found = extract(page(head, above='<div class="author">Ana Ruiz</div>', below="<p>Editor: Ruth Bell</p>"), None)
    assert found.byline == ("Ana Ruiz",)
    assert [(credit.role, credit.name) for credit in found.credits] == [("editor", "Ruth Bell")]


def test_names_of_pictures_and_comments_are_no_bylines():
    above = (
        '<figure><figcaption class="author">By Photo Grapher</figcaption></figure><div class="author-bio">Not Me</div>'
    )
    assert extract(page(above=above), None).byline == ()


def test_a_date_is_kept_verbatim_and_gets_the_zone_that_another_source_adds():
    head = json_ld('"datePublished": "2025-03-04 07:30:00.0"')
    assert extract(page(head), None).published_raw == "2025-03-04 07:30:00.0"
    head += '<meta property="article:published_time" content="2025-03-04T07:30:00+01:00">'
    assert extract(page(head), None).published_raw == "2025-03-04T07:30:00+01:00"
    other_time = '<meta property="article:published_time" content="2025-03-04T09:00:00+01:00">'
    assert extract(page(json_ld('"datePublished": "2025-03-04 07:30:00"') + other_time), None).published_raw == (
        "2025-03-04 07:30:00"
    )


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        ('<time datetime="2025-03-04T07:30Z">4 March</time>', "2025-03-04T07:30Z"),
        ("<p>Published 4 March 2025, 07:30 GMT</p>", "4 March 2025, 07:30 GMT"),
        ("<p>Stand: 04.03.2025, 07:30 Uhr</p>", "04.03.2025, 07:30"),
        ("<p>2025年3月4日 07:30</p>", "2025年3月4日 07:30"),
        ("<p>Publié le 4 mars 2025 à 07h30, modifié le 5 mars 2025</p>", "4 mars 2025 à 07h30"),
        ("", None),
    ],
)
def test_the_date_a_reader_sees_counts_where_metadata_says_none(above, expected):
    assert extract(page(above=above), None).published_raw == expected


def test_a_placeholder_is_no_date_and_an_address_may_hold_one():
    head = json_ld('"datePublished": "0001-01-01T00:00:00"')
    assert extract(page(head), None).published_raw is None
    assert extract(page(head), "https://x.example/2025/3/4/bridge").published_raw == "2025-3-4"


def test_the_text_is_without_headline_byline_captions_teasers_and_copyright():
    above = (
        '<div class="caption">Divers at work, a picture</div><p class="by">By Ana Ruiz</p>'
        '<blockquote class="twitter-tweet"><p>Look at this bridge, it is about to fall.</p></blockquote>'
    )
    below = '<p>Read more: <a href="/x">How the piers were built in the last century</a></p><p>© 2025 Lowmere Press</p>'
    found = extract(page(above=above, below=below), None)
    assert found.body.split("\n\n") == [part.removeprefix("<p>") for part in TEXT.split("</p>")[:-1]]
    assert found.rights is not None
    assert found.rights.copyright_holder == "© 2025 Lowmere Press"


def test_the_standfirst_is_summary_and_first_paragraph():
    standfirst = "Engineers found cracks in two of the piers, and buses take the long way."
    head = f'<meta name="description" content="{standfirst[:60]}…">'
    found = extract(page(head, above=f'<div class="x"><span>{standfirst}</span></div>'), None)
    assert found.summary == standfirst
    assert found.body.startswith(standfirst + "\n\nThe harbour")
    assert found.body.count(standfirst) == 1


def test_the_page_address_is_its_canonical_one_unless_that_is_another_site_or_the_front_page():
    url = "https://www.gazette.example/a?utm_source=x"
    for href, expected in {
        "/a": "https://www.gazette.example/a",
        "https://gazette.example/a": "https://gazette.example/a",
        "https://gazette.example/": url,
        "https://other.example/a": url,
    }.items():
        assert extract(page(f'<link rel="canonical" href="{href}">'), url).url == expected


def test_a_short_chinese_page_without_metadata_is_an_article():
    text = (
        "<p>港口大桥将于四月一日起全面封闭，潜水员在五个桥墩中的两个发现裂缝，维修预计持续十一个月，公交车将绕行老路。</p>"
        * 2
    )
    found = extract(
        f"<html><body><h1>港口大桥将关闭一年</h1><p>2025年3月4日 07:30</p>{text}<p>责任编辑：张三</p></body></html>",
        None,
    )
    assert (found.published_raw, found.credits[0].name) == ("2025年3月4日 07:30", "张三")


def test_a_kicker_in_the_heading_is_set_apart():
    assert extract(page(h1="<span>Local</span><span>Bridge to close</span>"), None).title == "Local Bridge to close"


def test_a_live_blog_is_many_stories():
    head = '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "Live"}</script>'
    assert extract(page(head), None).doc_type == "multi"


def test_other_articles_of_the_page_are_not_its_own():
    head = (
        '<script type="application/ld+json">[{"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle",'
        ' "headline": "Other", "author": "Not Me"}]}, {"@type": "NewsArticle", "headline": "Another",'
        ' "author": "Nor Me", "datePublished": "2020-01-01"}, {"@type": "NewsArticle",'
        ' "headline": "Harbour bridge to close for a year",'
        ' "author": "Ana Ruiz"}]</script>'
    )
    assert extract(page(head), None).byline == ("Ana Ruiz",)


def test_broken_json_ld_is_mended_or_passed_over():
    scripts = [
        '<!-- {"a": 1,} -->',
        '//<![CDATA[\n{"a": "two\nlines"}\n//]]>',
        '{"a": ',
        "[" * 100_000,
        "",
        '{"a": 1};',
    ]
    markup = "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)
    assert [node["a"] for node in read_nodes(lxml_html.document_fromstring(markup))] == [1, "two\nlines", 1]


def test_entities_escaped_twice_are_resolved():
    assert unescape("It&#039;s &amp;quot;here&amp;quot;") == 'It\'s "here"'
    assert unescape("R&D") == "R&D"


def test_a_page_of_links_or_nothing_is_no_article():
    front = "<html><body><h1>News</h1>" + "".join(
        f"<h2><a href='/{n}'>A headline of some length</a></h2>" for n in range(30)
    )
    for markup in (front, "<html><body><div id='app'></div></body></html>"):
        with pytest.raises(ParseError) as caught:
            extract(markup, None)
        assert caught.value.reason == "no-article"


def test_a_paywall_stub_is_an_article_still():
    head = json_ld('"headline": "Harbour bridge to close", "isAccessibleForFree": false')
    assert extract(f"<html><head>{head}</head><body><h1>Harbour bridge to close</h1><p>Subscribe.</p>", None).title


def test_the_charset_is_that_of_header_or_meta_tag():
    payload = page('<meta charset="windows-1251">', h1="Мост закроют на год").encode("windows-1251")
    (found,) = parse(payload, Origin(uri="https://x.example/a"))
    assert isinstance(found, Article)
    assert (found.title, found.encoding.used) == ("Мост закроют на год", "cp1251")
    (found,) = parse(
        page(h1="Мост закроют на год").encode("koi8-r"), Origin(uri="a", content_type="text/html; charset=koi8-r")
    )
    assert found.title == "Мост закроют на год"


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<p>" * 2_000_000, "too-large"),
        ("<p>" * 500_000, "too-complex"),
        ("<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">x", "too-complex"),
        ("<p " + " ".join(f'a{n}="<"' for n in range(100_000)) + ">x", "too-complex"),
        ("<p>" + "<b>x</b> " * 10_000, "too-complex"),
        ("\0" * 100_000, "empty"),
        ("<" * 1_000_000, "no-article"),
        ("<div>" * 25_000 + "x", "no-article"),
        (b"\xff\xfe" + b"<\0" * 100, "no-article"),
    ],
    ids=lambda value: str(value)[:12],
)
def test_hostile_pages_are_refused_in_bounded_time(markup, reason):
    began = time.perf_counter()
    with pytest.raises(ParseError) as caught:
        extract(markup, None)
    assert caught.value.reason == reason
    assert time.perf_counter() - began < 20


PIECES = st.sampled_from([
    "<p>", "</p>", "<h1>", "</h1>", "<article>", "<a href=x>", "</a>", "<img src=x>", "<figure>", "<li>", "<table>",
    "<td>", "<time datetime='2025", "<meta name=author content='", "<script type=application/ld+json>", "</script>",
    "{", "}", "[", '"@type":"NewsArticle"', '"author":', ",", "'>", "\0", "&#0;", "&#xD800;", "\ud800", "<!--",
    "<![CDATA[", "By ", "Ana Ruiz", "<div class=byline>", "<span itemprop=author itemscope>", "<svg>", "<frameset>",
    "|", " - ", "Some words of text. " * 10,
])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.text(max_size=5), max_size=60).map("".join))
def test_only_parse_errors_leave_the_parser(markup):
    try:
        found = extract(markup, "https://x.example/a")
    except ParseError:
        return
    assert isinstance(found, Article)
    assert found.title == found.title.strip()
    assert all(name.strip() for name in found.byline)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_an_article_or_a_parse_error(payload):
    with contextlib.suppress(ParseError):
        list(parse(b"<html><h1>x</h1>" + payload, Origin(uri="x")))
