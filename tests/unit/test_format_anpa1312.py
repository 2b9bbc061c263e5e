"""ANPA 1312: two header lines, the lines marked `^`, AP's habits."""

# ruff: noqa: E501 - a payload reads best in one line

import pytest

from articles import Origin, ParseError
from sources.formats import anpa1312


def message(above=b"^BC-XX--Fog, 1st Ld-Writethru,120<\r\n^Fog holds ships<\r\n", text=b"\t   Text.\r\n", priority=b"r",
            slug=b"BC-XX--Fog   1stLd-Writethru", trailer=b"XP-WF-01-02-26 1509GMT<"):  # fmt: skip
    return (
        b"\x16\x16\x01W2870\x1fasian\r\n" + priority + b" i\x13\x11 " + slug + b"  01-02 0120\r\n"
        b"\x02" + above + text + b"\x03\r\n\t   " + trailer + b"\r\n\x04"
    )


def read(payload):
    return list(anpa1312.parse(payload, Origin(uri="a.txt")))


def one(**parts):
    (found,) = read(message(**parts))
    return found


def test_the_headers_and_marked_lines_are_fields():
    found = one()
    assert (found.title, found.body, found.slug, found.take) == (
        "Fog holds ships",
        "Text.",
        "BC-XX--Fog",
        "1st Ld-Writethru",
    )
    assert (found.urgency, found.section, found.doc_type) == (4, "i", "update")
    assert (found.provider, found.source_item_id, found.published_raw) == (
        "XP",
        "W2870 01-02-26 BC-XX--Fog",
        "01-02-26 1509GMT",
    )


def test_byline_affiliation_and_notes_are_told_apart():
    above = b"^BC-XX--Fog,120<\n^Fog holds ships<\n^AP Photo X1<\n^Eds: Adds photo.<\n^By ANN BELL=\n^Example Press Writer=\n"
    found = one(above=above)
    assert (found.title, found.byline) == ("Fog holds ships", ("By ANN BELL",))
    assert found.editors_note == "AP Photo X1\nEds: Adds photo."
    assert found.body == "Text."


def test_lines_below_the_byline_that_are_no_affiliation_are_text():
    assert one(above=b"^BC-XX--Table,1<\n^Standings=\n^By The Example Press=\n^EAST=\n").body == "EAST\n\nText."


def test_a_table_keeps_its_rows():
    found = one(text=b"^;W;L;Pct<\r\n\x08Delft;2;1;.667\r\n\x08Leiden;1;2;.333\r\n")
    assert found.body == ";W;L;Pct\nDelft;2;1;.667\nLeiden;1;2;.333"


@pytest.mark.parametrize(
    ("sent", "meant"),
    [(b"``Yes,'' he said", "“Yes,” he said"), (b"DELFT (XP) _ Fog", "DELFT (XP) — Fog"), (b"3{ games", "3½ games"),
     ("Peña won".encode("latin-1"), "Peña won"), (b"it's {odd}", "it's {odd}")],
)  # fmt: skip
def test_seven_bit_spellings_are_read(sent, meant):
    assert one(text=b"\t   " + sent + b"\r\n").body == meant


@pytest.mark.parametrize(
    ("parts", "status", "embargo"),
    [
        ({"above": b"^BC-XX--Fog,1<\n^BULLETIN KILL<\n^Eds: Please kill.<\n", "text": b""}, "canceled", None),
        ({"above": b"^BC-XX--Fog,1<\n^For release Sunday, Jan. 4<\n^Fog<\n"}, "withheld", "For release Sunday, Jan. 4"),
        ({"above": b"^BC-XX--Fog,1<\n^$Adv04<\n^Fog<\n"}, "withheld", "$Adv04"),
        ({"slug": b"BC-XX--Fog-Adv04"}, "withheld", "Adv04"),
        ({"above": b"^BC-XX--Fog,1<\n^HOLD HOLD HOLD<\n^Fog<\n"}, "withheld", None),
        ({"above": b"^BC-XX--Fog,1<\n^Advances to the final<\n"}, "usable", None),
    ],
)
def test_advances_holds_and_kills_are_never_usable(parts, status, embargo):
    found = one(**parts)
    assert (found.status, found.embargo_raw) == (status, embargo)
    assert found.title


def test_each_message_of_a_file_is_an_item():
    first, second, third = read(message() + b"\x16\x16\x01noise" + message())
    assert (first.title, second.reason, third.item_index) == ("Fog holds ships", "malformed", 2)


def test_the_same_message_has_the_same_id_without_its_trailer_too():
    found = one(trailer=b"")
    assert (found.provider, found.source_item_id, found.published_raw) == ("anpa1312", "W2870 01-02 BC-XX--Fog", None)


def test_no_message_is_a_reject():
    with pytest.raises(ParseError, match="empty"):
        read(b" \r\n")
