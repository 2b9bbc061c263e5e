"""IPTC 7901: frames, headers, headings, notes, and 7-bit lines."""

# ruff: noqa: E501 - a payload reads best in one line

import time

import pytest

from articles import Article, Origin, ParseError
from sources.formats import iptc7901, wiretext

HEADER = b"\x01xna014 4 pl 171 vvvvb XNA 1\r\r\n"


def read(payload):
    return list(iptc7901.parse(payload, Origin(uri="a.txt")))


def one(payload):
    (found,) = read(payload)
    return found


def test_a_framed_message():
    found = one(
        HEADER
        + b"Bridges/Tolls/\r\r\n\x02Tolls to fall =\r\r\n   Delft (XNA) - Tolls\r\r\nfall.\r\r\n\x03021045 GMT Jan 26\r\r\n\x04"
    )
    assert found == Article(
        title="Tolls to fall", body="Delft (XNA) - Tolls fall.", slug="Bridges/Tolls", section="pl", urgency=4,
        provider="xna", publisher="XNA", source_item_id="xna014 02 Jan 26", published_raw="021045 GMT Jan 26",
        encoding=found.encoding,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "title", "take", "byline"),
    [
        (b"One line =", "One line", None, ()),
        (b"A headline on\ntwo lines =", "A headline on two lines", None, ()),
        (b"REFILE\n1ST LEAD\nThe headline\nBy Ann Bell =", "The headline", "REFILE 1ST LEAD", ("By Ann Bell",)),
        (b"CAPITALS ALL\nOVER THE PLACE =", "CAPITALS ALL OVER THE PLACE", None, ()),
        (b"(Achtung)\nDie Zeile\nVon Ann Bell =", "Die Zeile", "(Achtung)", ("Von Ann Bell",)),
    ],
)
def test_the_lines_above_the_text_are_told_apart(heading, title, take, byline):
    found = one(HEADER + b"Slug/\n\x02" + heading + b"\n\n   Text.\n\x03")
    assert (found.title, found.take, found.byline, found.body) == (title, take, byline, "Text.")


def test_a_text_without_a_headline_is_known_by_its_slug():
    found = one(HEADER + b"Slug/\n\x02   Delft (XNA) - Fog holds\nships.\n\x03")
    assert (found.title, found.body) == ("Slug", "Delft (XNA) - Fog holds ships.")


def test_a_message_that_lost_its_control_characters():
    found = one(
        b"eca0003 3 i 380  dpa 0045\n\nFog/ships/\nLEAD\nFog holds ships\nBy dpa reporters =\n\nDelft (dpa) - Fog.\n\n212322 GMT Nov 26\n"
    )
    assert (found.slug, found.take, found.title, found.body) == (
        "Fog/ships",
        "LEAD",
        "Fog holds ships",
        "Delft (dpa) - Fog.",
    )
    assert found.published_raw == "212322 GMT Nov 26"


@pytest.mark.parametrize(
    ("lines", "status", "embargo"),
    [
        (b"KILL KILL KILL", "canceled", None),
        (b"HOLD HOLD HOLD", "withheld", None),
        (b"EMBARGOED UNTIL 0600 GMT", "withheld", "EMBARGOED UNTIL 0600 GMT"),
        (b"(Sperrfrist: 0600)", "withheld", "Sperrfrist: 0600"),
        (b"Killings in the hold", "usable", None),
        (b"Union extends arms embargo", "usable", None),
        (b"Families plead for release of crew", "usable", None),
        (b"FOR IMMEDIATE RELEASE", "usable", None),
    ],
)
def test_status_words_above_the_text_count(lines, status, embargo):
    found = one(HEADER + b"Slug/\n\x02" + lines + b"\nThe headline =\nText.\n\x03")
    assert (found.status, found.embargo_raw) == (status, embargo)


def test_the_notebook_is_for_editors_and_names_who_wrote():
    found = one(
        HEADER
        + b"\x02H =\nText.\n# Notebook\n- Reporting by: Ann Bell in Delft, Jo Roe\n- Editing by: Al Otti, +31 1, <x@y.z>\n\x03"
    )
    assert found.body == "Text."
    assert [(credit.role, credit.name) for credit in found.credits] == [
        ("reporter", "Ann Bell"), ("reporter", "Jo Roe"), ("editor", "Al Otti"),
    ]  # fmt: skip
    assert "Reporting by" in found.editors_note


def test_parity_bits_are_taken_off():
    plain = HEADER + b"\x02Fog holds ships =\r\nDelft.\r\n\x03021045 GMT Jan 26\r\n"
    even = bytes(byte | (byte.bit_count() & 1) << 7 for byte in plain)
    odd = bytes(byte | (1 - (byte.bit_count() & 1)) << 7 for byte in plain)
    for sent in (even, odd):
        assert one(sent).title == "Fog holds ships"
        assert one(sent).encoding.repair == "parity-stripped"
    assert not wiretext.has_parity(plain)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"Not false\x18 true.", "Not true."),
        (b"\x0cbold\x0bText.", "Text."),
        (b"Day\x1fShips\nFri\x1f0", "Day\tShips\nFri\t0"),
        ("Köln".encode("latin-1"), "Köln"),
        ("Peña, el niño".encode("cp1252"), "Peña, el niño"),
        ("Łódź i Gdańsk, żółty śnieg pada całą noc".encode("iso8859-2"), "Łódź i Gdańsk, żółty śnieg pada całą noc"),
        ("Ações não caem, põe-se".encode("cp1252"), "Ações não caem, põe-se"),
        (
            "Õket is figyelmeztették az őrök, hűvös lesz".replace("Õ", "Ő").encode("iso8859-2"),
            "Őket is figyelmeztették az őrök, hűvös lesz",
        ),
        ("Köln".encode(), "Köln"),
    ],
)
def test_control_characters_and_charsets(body, words):
    assert one(HEADER + b"\x02H =\n" + body + b"\n\x03").body == words


def test_one_broken_message_leaves_the_others():
    first, second, third = read(HEADER + b"\x02A =\nx\x03" + b"\x01nonsense\x02y\x03" + HEADER + b"\x02B =\nz\x03")
    assert (first.title, second.reason, third.title) == ("A", "malformed", "B")
    assert b"nonsense" in second.payload


@pytest.mark.parametrize("payload", [b"", b"\x01\x02\x03", b"\x01" * 50, b"Words without a header"])
def test_what_is_no_message_is_a_reject(payload):
    try:
        found = read(payload)
    except ParseError as error:
        found = [error]
    assert {each.reason for each in found} <= {"empty", "malformed"}


@pytest.mark.parametrize("filler", [b"a ", b"a\x18", b"\x0c", b"9 ", b"KILL ", b";", b" \n", b"=\n", b"embargo "])
def test_long_lines_take_linear_time(filler):
    began = time.perf_counter()
    read(HEADER + b"\x02" + filler * 50_000 + b"\x03")
    assert time.perf_counter() - began < 5
