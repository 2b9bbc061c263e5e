"""Lines of JSON: what is taken, what is refused, and how it is said."""

import io

import orjson
import pytest

from articles import Article, Origin, ParseError
from sources.formats import jsonl

ORIGIN = Origin(uri="f.jsonl")


def read(payload: bytes, first_item: int = 0) -> list[Article | ParseError]:
    return list(jsonl.parse(payload, Origin(uri="f.jsonl", first_item=first_item)))


def test_every_key() -> None:
    item = {
        "id": "7", "url": "https://a.example/7", "title": "T", "summary": "S", "body": "B",
        "published": "2024", "updated": "2025",
        "language": "en", "authors": ["A", "B"], "publisher": "P", "unknown": [{}],
    }  # fmt: skip
    (article,) = read(orjson.dumps(item))
    assert isinstance(article, Article)
    assert (article.source_item_id, article.url, article.title, article.summary) == (
        "7",
        "https://a.example/7",
        "T",
        "S",
    )
    assert (article.body, article.published_raw, article.updated_raw) == ("B", "2024", "2025")
    assert (article.language_declared, article.byline) == ("en", ("A", "B"))
    assert (article.publisher, article.provider, article.markup) == ("P", "P", frozenset())


@pytest.mark.parametrize(
    ("line", "reason", "said"),
    [
        (b'{"title": 1}', "wrong-type", 'line 1: "title" is a number, not a string'),
        (b'{"title": "t", "authors": {"name": "A"}}', "wrong-type", '"authors" is an object'),
        (b'{"title": "t", "authors": ["A", null]}', "wrong-type", '"authors" is an array'),
        (b'{"title": "t", "id": true}', "wrong-type", '"id" is a boolean'),
        (b'"text"', "wrong-type", "found a string"),
        (b"null", "wrong-type", "found null"),
        (b'{"title": " ", "body": null}', "no-text", "line 1: neither title nor body"),
        (b'{"title": NaN}', "bad-json", "line 1"),
        (b'{"title": "a', "bad-json", "line 1"),
        (b'{"title": "\x00"}', "bad-json", "line 1"),
        (b'{"title": "\\ud800"}', "bad-json", "line 1"),
        (b'{"a":' * 200_000, "bad-json", "line 1"),
        (b"[" * 200_000, "bad-json", "line 1"),
    ],
)
def test_refused_lines(line: bytes, reason: str, said: str) -> None:
    error, article = read(line + b'\n{"title": "next"}')
    assert isinstance(error, ParseError)
    assert isinstance(article, Article)
    assert (error.reason, error.payload, error.item_index, article.item_index) == (reason, line, 0, 1)
    assert said in error.message


def test_lines_are_numbered_as_an_editor_does() -> None:
    items = read(b'\xef\xbb\xbf{"title": "a"}\r\n\n  \r\n{"title": "b"}\n{', first_item=0)
    assert [item.item_index for item in items] == [0, 3, 4]
    assert [item.item_index for item in read(b'\n{"title": "b"}', first_item=10)] == [11]


def test_line_separators_of_unicode_end_no_line() -> None:
    (article,) = read('{"title": "a\u2028b\u0085c"}'.encode())
    assert isinstance(article, Article)
    assert article.title == "a\u2028b\u0085c"


def test_other_charsets_are_read_line_by_line() -> None:
    chinese = "港口的新码头将于周一开放，市长说这是一个里程碑"
    first, second = read(orjson.dumps({"title": chinese}) + b"\n" + f'{{"title": "{chinese}"}}'.encode("gb18030"))
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert first.title == second.title == chinese
    assert second.encoding is not None
    assert second.encoding.used == "gb18030"


def test_a_line_too_long_is_skipped_in_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "MAX_LINE", 40)
    longest = b'{"title": "' + b"a" * 27 + b'"}'
    assert len(longest) == 40
    items = read(b"\n".join([longest, b"x" * 41, b"y" * 500, longest + b"\r", b"z" * 41]))
    assert [type(item) for item in items] == [Article, ParseError, ParseError, Article, ParseError]
    assert [item.item_index for item in items] == [0, 1, 2, 3, 4]
    assert all(len(item.payload or b"") <= 41 for item in items if isinstance(item, ParseError))


def test_a_stream_is_read_to_its_length_only() -> None:
    stream = io.BytesIO(b'{"title": "a"}\n{"title": "b"}\n')
    assert len(list(jsonl.parse_lines(stream, ORIGIN, 15))) == 1
    assert stream.tell() == 15
    assert list(jsonl.parse_lines(stream, ORIGIN, 0)) == []


def test_documents_of_arrays_and_objects() -> None:
    document = b'\xef\xbb\xbf[{"title": "a"}, 5,\n {"title": "c"}]'
    items = list(jsonl.parse_document(document, ORIGIN))
    assert [item.item_index for item in items] == [0, 1, 2]
    assert isinstance(items[1], ParseError)
    assert items[1].payload == b"5"
    assert list(jsonl.parse_document(b"[]", ORIGIN)) == []
    with pytest.raises(ParseError, match="bad-json"):
        list(jsonl.parse_document(b"[{", ORIGIN))
    assert len(list(jsonl.parse_document('{"title": "a"}\n{"title": "b"}'.encode("utf-16"), ORIGIN))) == 2


def test_items_too_deep_to_be_written_stand_for_the_whole_payload() -> None:
    deep = b'{"a": ' * 400 + b"1" + b"}" * 400
    document = b'[{"extra": ' + deep + b'}, {"title": "t", "extra": ' + deep + b"}]"
    error, article = jsonl.parse_document(document, ORIGIN)
    assert isinstance(error, ParseError)
    assert (error.reason, error.payload, error.item_index) == ("no-text", None, 0)
    assert isinstance(article, Article)
    assert (article.title, article.payload_sha256) == ("t", "")
