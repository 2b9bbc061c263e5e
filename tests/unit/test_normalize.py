import datetime as dt
import time

import pytest

from articles import Article, Encoding, ParseError
from transforms.normalize import normalize
from transforms.reasons import REASONS


def body_of(text, *, html=False):
    return normalize(Article(body=text, title="T", markup=frozenset({"body"} if html else ()))).body


def test_html_becomes_paragraphs_and_plain_text_stays():
    article = normalize(
        Article(
            title="Rain &amp; <b>wind</b>",
            summary="<p>Short.</p>",
            body="<p>One.</p><p>Two <a href='x'>linked</a>.</p>",
            markup=frozenset({"title", "summary", "body"}),
        )
    )
    assert (article.title, article.summary, article.body) == ("Rain & wind", "Short.", "One.\n\nTwo linked.")
    assert article.markup == frozenset()
    assert article.word_count == 3


@pytest.mark.parametrize("text", ["AT&T rose", "a < b and c > d", "<T.N> fell", "Q&A;", "use <b> for bold", "1<2"])
def test_plain_text_that_only_looks_like_markup_is_left_alone(text):
    assert body_of(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "&lt;p&gt;Rain in Oslo.&lt;/p&gt;",
        "<p>Rain in Oslo.</p>",
        "&amp;lt;p&amp;gt;Rain in Oslo.&amp;lt;/p&amp;gt;",
        "Rain in <em>Oslo</em>.",
    ],
)
def test_markup_in_a_plain_field_is_read_as_markup_however_often_escaped(text):
    assert body_of(text) == "Rain in Oslo."


def test_double_escaped_markup_inside_html():
    assert body_of("<div>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</div>", html=True) == "One.\n\nTwo."


def test_mojibake_is_repaired_and_recorded():
    article = normalize(
        Article(title="The cafÃ© reopened", body="Plain.\nCafé stays.", encoding=Encoding(used="utf-8"))
    )
    assert article.title == "The café reopened"
    assert article.encoding == Encoding(used="utf-8", repair="utf-8-as-latin-1")


def test_a_repair_of_the_parser_is_kept_beside_ours():
    article = normalize(Article(title="cafÃ©", encoding=Encoding(repair="byte-order-mark")))
    assert article.encoding is not None
    assert article.encoding.repair == "byte-order-mark+utf-8-as-latin-1"


def test_windows_quotes_read_as_latin_1_are_set_right():
    assert body_of("C\x92est d\xe9j\xe0 fini") == "C’est déjà fini"


@pytest.mark.parametrize(
    "text",
    [
        "São Paulo, Ærø, Łódź, Ōsaka, Þórshöfn",
        "Ils ont dit : « déjà vu » – peut-être…",
        "Привет, мир",
        "日本語の文章",
        "می‌خواهد برود",
        "हिन्दी में समाचार",
        "€ 5 £ 6 ¥ 7 © ® ™ §",
    ],
)
def test_clean_text_of_any_language_is_not_repaired(text):
    article = normalize(Article(body=text))
    assert article.body == text
    assert article.encoding is None


def test_controls_marks_and_odd_blanks_go():
    assert body_of("\ufeffa\x00b\u200b c\u00a0\u00a0d\te\r\nf\u00adg\u2060") == "ab c d e\nfg"


def test_direction_marks_stay_in_hebrew_and_go_in_english():
    assert body_of("ש\u200fלום") == "ש\u200fלום"
    assert body_of("pay\u200f now\u202egpj") == "pay nowgpj"


def test_emoji_sequences_survive():
    assert body_of("👩\u200d🚒 ❤\ufe0f 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f") == (
        "👩\u200d🚒 ❤\ufe0f 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
    )


def test_lone_surrogates_can_be_written():
    article = normalize(Article(title="a\ud800b \ud83d\ude00", body="x"))
    article.title.encode()
    assert article.title == "a\ufffdb 😀"


def test_text_is_composed():
    assert body_of("Cafe\u0301") == "Café"


def test_an_article_without_text_is_rejected_with_a_listed_reason():
    with pytest.raises(ParseError) as caught:
        normalize(Article(title=" \u200b", body="<p>&nbsp;</p>", markup=frozenset({"body"}), item_index=4))
    assert caught.value.reason in REASONS
    assert caught.value.item_index == 4


def test_a_title_alone_is_an_article():
    assert normalize(Article(title="FED HOLDS RATES")).body == ""


def test_dates_are_read_beside_their_raw_strings():
    article = normalize(
        Article(
            title="T",
            published_raw="Mon, 23 Nov 2026 18:06:23 +0100",
            updated_raw="2026-11-24T00:00:00Z",
            embargo_raw="tomorrow",
        )
    )
    assert article.published_at == dt.datetime(2026, 11, 23, 17, 6, 23, tzinfo=dt.UTC)
    assert (article.published_offset, article.date_source) == (60, "published")
    assert article.updated_at == dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
    assert article.embargoed_until is None


def test_an_unreadable_date_leaves_no_date():
    article = normalize(Article(title="T", published_raw="soon"))
    assert (article.published_at, article.published_raw, article.date_source) == (None, "soon", "ingested")


def test_word_count_of_scripts_without_blanks():
    assert normalize(Article(body="今天天气很好。")).word_count == 6
    assert normalize(Article(body="ภาษาไทย")).word_count == 2
    assert normalize(Article(body="It's 3,000.5 well-known words.")).word_count == 5


@pytest.mark.parametrize(
    "text",
    [
        "&amp;" * 100_000,
        "&" * 300_000,
        "<" * 300_000,
        "\u200d" * 300_000,
        "Ã©" * 100_000,
        " \n" * 200_000,
        "a\n    b\n" * 50_000,
    ],
)
def test_hostile_text_takes_bounded_time(text):
    started = time.process_time()
    normalize(Article(title="T", body=text))
    assert time.process_time() - started < 20


def test_kill_needs_no_text():
    assert normalize(Article(status="canceled", source_item_id="x")).status == "canceled"


@pytest.mark.parametrize(
    ("raw", "until", "status"),
    [
        ("2026-03-05T12:00:00+01:00", dt.datetime(2026, 3, 5, 11, tzinfo=dt.UTC), "usable"),
        ("2026-03-05T12:00:00", dt.datetime(2026, 3, 6, 0, tzinfo=dt.UTC), "usable"),
        ("2026-03-05", dt.datetime(2026, 3, 6, 12, tzinfo=dt.UTC), "usable"),
        ("until the minister speaks", None, "withheld"),
    ],
)
def test_embargo_never_ends_early(raw, until, status):
    article = normalize(Article(title="Plan", embargo_raw=raw))
    assert (article.embargoed_until, article.status) == (until, status)
    assert normalize(article) == article
