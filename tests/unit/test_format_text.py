"""Plain text: a title, a body, not a word changed."""

import pytest

from articles import Article, Origin, ParseError
from sources.formats import text


def read(payload: bytes) -> Article:
    (article,) = text.parse(payload, Origin(uri="f"))
    assert isinstance(article, Article)
    return article


def test_the_first_line_with_words_is_the_title() -> None:
    article = read(b"\xef\xbb\xbf\n \n Title \r\n\r\nOne.\r\n\r\n  Two.\n")
    assert (article.title, article.body) == ("Title", "One.\n\n  Two.")


def test_a_title_said_again_stays() -> None:
    assert read(b"Title\nTitle\nBody").body == "Title\nBody"


def test_a_title_alone() -> None:
    assert (read(b"Title").title, read(b"Title").body) == ("Title", "")


@pytest.mark.parametrize("payload", [b"", b" \r\n\t", b"\xef\xbb\xbf"])
def test_nothing(payload: bytes) -> None:
    with pytest.raises(ParseError, match="empty"):
        read(payload)


def test_no_article_is_that_long() -> None:
    with pytest.raises(ParseError, match="too-large"):
        read(b"a" * (text.MAX_TEXT + 1))
