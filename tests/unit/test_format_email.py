import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import Article, Origin, ParseError
from sources.formats.email import parse
from sources.formats.email_headers import decode_words, read_sender
from sources.formats.email_text import to_paragraphs, unflow

ORIGIN = Origin(uri="x.eml")


def read(payload):
    (found,) = parse(payload if isinstance(payload, bytes) else payload.encode(), ORIGIN)
    return found


@pytest.mark.parametrize(
    ("sender", "byline", "publisher"),
    [
        ("Ana Ruiz <ana.ruiz@gazette.example>", ("Ana Ruiz",), None),
        ("Ana Ruiz <aruiz@gazette.example>", ("Ana Ruiz",), None),
        ("Ana Ruiz <newsletter@gazette.example>", (), "Ana Ruiz"),
        ("The Gazette <news@gazette.example>", (), "The Gazette"),
        ("Lowmere Gazette <gazette.editor@lowmere.example>", (), "Lowmere Gazette"),
        ("Ana Ruiz at The Gazette <gazette@letters.example>", ("Ana Ruiz",), "The Gazette"),
        ("news@gazette.example", (), "gazette.example"),
        ("", (), None),
        ("((((<<<>", (), None),
    ],
)
def test_a_sender_is_a_person_or_a_house(sender, byline, publisher):
    assert read_sender(sender) == (byline, publisher)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("=?utf-8?q?M=C3?= =?utf-8?q?=BCller?=", "Müller"),
        ("=?UTF-8?B?w5bDtg?= x", "Öö x"),
        ("=?gb2312?B?1tC5+g==?=", "中国"),
        ("=?utf-8*en?q?a_b?=", "a b"),
        ("=?nonsense?q?a=E4?=", "aä"),
        ("=?utf-8?q?open", "=?utf-8?q?open"),
        ("a =?utf-8?q?b?= c", "a b c"),
        ("=?utf-8?b?A?=", ""),
    ],
)
def test_encoded_words_are_read_broken_ones_too(raw, expected):
    assert decode_words(raw) == expected


def test_the_plain_part_is_taken_before_the_html_part_unless_it_is_a_stub():
    head = "Subject: s\nContent-Type: multipart/alternative; boundary=b\n\n"
    html = "--b\nContent-Type: text/html\n\n<p>" + "The text. " * 100 + "</p>\n--b--\n"
    assert read(f"{head}--b\n\nThe whole text stands here as well.\n" + html.replace(" " * 1, " ")).markup == {"body"}
    full = "The text. " * 40
    assert read(f"{head}--b\n\n{full}\n{html}").markup == frozenset()


@pytest.mark.parametrize("declared", ["charset=koi8-r", "charset=utf-8", "charset=nonsense", "x=y"])
def test_text_is_read_whatever_charset_is_declared(declared):
    text = "Мост в порту закроют на год, сообщил во вторник совет графства после осмотра опор."
    payload = f"Subject: s\nContent-Type: text/plain; {declared}\n\n".encode() + text.encode("utf-8")
    assert read(payload).body == text


def test_undeclared_bytes_in_a_header_are_read():
    assert read("Subject: Brücke gesperrt\n\nx").title == "Brücke gesperrt"
    assert read("Subject: Brücke gesperrt\n\nx".encode("latin-1")).title == "Brücke gesperrt"


def test_wrapped_lines_run_on_and_unwrapped_ones_are_paragraphs():
    wrapped = [
        "The harbour bridge will be shut to all traffic from the first",
        "of April, the council said.",
        "",
        "Next.",
    ]
    assert to_paragraphs(wrapped * 3, flowed=False).startswith(" ".join(wrapped[:2]) + "\n\nNext.")
    assert to_paragraphs(["A long line. " * 20, "Another."], flowed=False).endswith("\n\nAnother.")


def test_flowed_text_is_joined_but_for_quotes_and_signatures():
    assert unflow(["a ", "b", " >c", "> d ", "e"], delete_space=False) == ["a b", ">c", "> d ", "e"]
    assert unflow(["日本 ", "語"], delete_space=True) == ["日本語"]
    assert unflow(["a ", "-- "], delete_space=False)[0].startswith("a ")


def test_the_signature_is_left_out():
    assert read("Subject: s\n\nText.\n\n-- \nUnsubscribe here\n").body == "Text."


def test_a_forwarded_message_is_read_in_place_of_the_one_around_it():
    inner = (
        "From: The Gazette <news@g.example>\nDate: Tue, 4 Mar 2025\nSubject: Bridge\nMessage-ID: <1@g>\n\nThe text.\n"
    )
    head = "Subject: Fwd: Bridge\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n"
    outer = f"{head}{inner}--b--"
    found = read(outer)
    assert (found.title, found.source_item_id, found.publisher, found.body) == (
        "Bridge",
        "1@g",
        "The Gazette",
        "The text.",
    )
    quoted = read(
        "Subject: WG: x\n\n-----Ursprüngliche Nachricht-----\nVon: Bote <news@b.example>\nBetreff: Brücke\n\nText."
    )
    assert (quoted.title, quoted.publisher, quoted.body) == ("Brücke", "Bote", "Text.")


def test_what_is_attached_is_named_but_not_read():
    payload = (
        "Subject: s\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nText.\n"
        "--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nNot this.\n--b--\n"
    )
    assert (read(payload).body, read(payload).editors_note) == ("Text.", "attachments left out: a.txt")


def test_an_mbox_gives_its_messages_and_the_place_of_a_bad_one():
    box = b"From a@b Tue Mar  4 07:30:00 2025\nSubject: one\n\nx\n\nFrom a@b Tue Mar  4 07:30:00 2025\nX: y\n\n\n"
    box += b"From a@b Tue Mar  4 07:30:00 2025\nSubject: three\n\n>From here\n"
    one, two, three = parse(box, ORIGIN)
    assert (one.title, two.reason, two.item_index) == ("one", "no-text", 1)
    assert (three.body, three.item_index) == ("From here", 2)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"no header here", "malformed"),
        (b"", "malformed"),
        (b"X: y\n\n", "no-text"),
        (b"Subject: s\n\n" + b"x" * 20_000_001, "too-large"),
        (b"Subject: s\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 100_000, "too-complex"),
        (b"X: y\n" * 500_000, "too-complex"),
        (
            b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2000)),
            "malformed",
        ),
    ],
    ids=["no header", "empty", "no text", "large", "parts", "fields", "nested"],
)
def test_hostile_messages_are_refused_in_bounded_time(payload, reason):
    began = time.perf_counter()
    with pytest.raises(ParseError) as caught:
        read(payload)
    assert caught.value.reason == reason
    assert time.perf_counter() - began < 20


@pytest.mark.parametrize(
    "payload",
    [
        b"Subject: =?utf-8?b?QUJDR?=\n\nText.",
        b"Subject: s\nContent-Type: text/plain; charset=a\0b\n\nText. \xe4",
        b"Subject: s\nContent-Type: message/rfc822; charset=a\0b\n\nText.",
    ],
)
def test_what_the_standard_library_stumbles_over_is_read(payload):
    assert read(payload).body.startswith("Text.")


@pytest.mark.parametrize("header", ["Subject", "From", "Date", "Content-Type", "Content-Disposition", "Message-ID"])
@pytest.mark.parametrize(
    "value", ["(" * 100_000, "=?utf-8?q?a?= " * 50_000, "; a=b" * 50_000, "a," * 50_000, '"' * 99_999]
)
def test_endless_headers_take_bounded_time(header, value):
    began = time.perf_counter()
    assert read(f"X: y\n{header}: {value}\n\nText.").body == "Text."
    assert time.perf_counter() - began < 10


LINES = st.sampled_from([
    "Subject: s", "From: Ana <a@b>", "From: =?utf-8?q?=ff?= <", "Date: x", "Content-Type: multipart/mixed; boundary=b",
    "Content-Type: message/rfc822", "Content-Type: text/plain; charset=utf-7", "Content-Type: ;;;", "--b", "--b--", "",
    "Content-Transfer-Encoding: base64", "Content-Transfer-Encoding: uuencode", "begin 644 x",
    "Content-Type: text/html",
    "Content-Disposition: attachment; filename*0*=utf-8''%ff", "MIME-Version: x", "-- ", "=?", "From x Mon 2025",
    "\xe4",
    "---- Forwarded message ----", "Message-ID: <", " folded",
])  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES | st.text(max_size=8), max_size=25).map("\n".join), st.sampled_from(["utf-8", "latin-1"]))
def test_only_parse_errors_leave_the_parser(message, charset):
    try:
        found = list(parse(message.encode(charset, "replace"), ORIGIN))
    except ParseError:
        return
    assert all(isinstance(item, Article | ParseError) for item in found)
