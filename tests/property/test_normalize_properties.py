import contextlib

from hypothesis import example, given, settings
from hypothesis import strategies as st

from articles import Article, ParseError
from transforms.fold import count_words, fold, words
from transforms.normalize import normalize
from transforms.urls import _CANONICAL, _canonicalize, canonicalize

PIECES = st.sampled_from(
    [
        *(
            "<p>",
            "</p>",
            "<br>",
            "<b>",
            "</b>",
            "&lt;",
            "&gt;",
            "&amp;",
            "&#38;",
            "&nbsp;",
            "&",
            "<",
            ">",
            "\n",
            "\n\n",
        ),
        *(
            "    ",
            " ",
            "\t",
            "\u00a0",
            "\u200b",
            "\u200d",
            "\u200f",
            "\ufeff",
            "\x00",
            "\x92",
            "Ã©",
            "â€™",
            "é",
            "e\u0301",
        ),
        *("ا", "ไ", "中", "word", "Net 12", "The harbour authority said on Friday that ferries to the", "Reuter", "."),
        *("- ", "😀", "\ud83d", "   "),
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join))
FIELDS = st.frozensets(st.sampled_from(["title", "summary", "body"]))


@settings(deadline=None, max_examples=300)
@given(TEXTS, TEXTS, FIELDS)
def test_normalizing_twice_is_normalizing_once(title, body, markup):
    with contextlib.suppress(ParseError):
        once = normalize(Article(title=title, body=body, summary=body, markup=markup))
        assert normalize(once) == once


@settings(deadline=None, max_examples=300)
@given(TEXTS, FIELDS)
def test_what_leaves_can_be_stored_and_has_no_controls(text, markup):
    with contextlib.suppress(ParseError):
        article = normalize(Article(title="t", body=text, markup=markup))
        article.body.encode()
        assert not any(ord(char) < 32 and char != "\n" for char in article.body)
        assert "\n\n\n" not in article.body
        assert article.body == article.body.strip()


@given(TEXTS)
def test_folding_is_idempotent_and_counting_never_negative(text):
    assert fold(fold(text)) == fold(text)
    assert all(word and not word.isspace() for word in words(text))
    assert count_words(text) >= 0


@given(st.text(max_size=100), st.text(max_size=30), st.text(max_size=30))
@example("", ".", "")
@example("", "a。.", "")
def test_canonical_addresses_are_stable(path, host, query):
    for url in (path, f"https://example.org/{path}?{query}", f"http://{host}/{path}#{query}"):
        canonical = canonicalize(url)
        assert canonical is None or canonicalize(canonical) == canonical


@given(st.from_regex(_CANONICAL, fullmatch=True))
def test_the_short_way_gives_what_the_long_way_gives(url):
    assert canonicalize(url) == _canonicalize(url)
