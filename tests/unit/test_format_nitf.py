"""NITF, and the hardened XML below it and the other formats."""

# ruff: noqa: E501 - a payload reads best in one line

import pytest

from articles import Origin, ParseError
from sources.formats import nitf, xmlwire
from sources.formats.xmlwire_body import markup_of_html

ORIGIN = Origin(uri="a.xml")


def read(data="", head="<hedline><hl1>A</hl1></hedline>", content="<p>T</p>"):
    xml = f"<nitf><head>{data}</head><body><body.head>{head}</body.head><body.content>{content}</body.content></body></nitf>"
    (found,) = nitf.parse(xml.encode(), ORIGIN)
    return found


@pytest.mark.parametrize(
    ("data", "status", "embargo"),
    [
        ("<docdata/>", "usable", None),
        ('<docdata management-status="usable"/>', "usable", None),
        ('<docdata management-status="embargoed"/>', "withheld", None),
        ('<docdata management-status="embargoed"><date.release norm="20260103T060000Z"/></docdata>', "usable", "20260103T060000Z"),
        ('<docdata><date.issue norm="20260102T060000Z"/><date.release norm="20260103T060000Z"/></docdata>', "usable", "20260103T060000Z"),
        ('<docdata><date.issue norm="20260102T060000Z"/><date.release norm="20260102T060000Z"/></docdata>', "usable", None),
        ('<docdata management-status="withheld"/>', "withheld", None),
        ('<docdata management-status="canceled"/>', "canceled", None),
        ('<docdata management-status="who knows"/>', "withheld", None),
        ('<docdata><ed-msg info="Under embargo until Friday 6 am"/></docdata>', "withheld", "Under embargo until Friday 6 am"),
    ],
)  # fmt: skip
def test_an_embargoed_story_is_never_usable_without_its_embargo(data, status, embargo):
    found = read(data)
    assert (found.status, found.embargo_raw) == (status, embargo)


@pytest.mark.parametrize(
    ("data", "identity"),
    [
        ('<docdata><doc-id regsrc="XA" id-string="17.1"/><du-key key="17" version="2"/></docdata>', ("XA", "17", "2")),
        ('<docdata><doc-id regsrc="XA" id-string="17.1"/></docdata>', ("XA", "17.1", None)),
        ('<docdata><doc-id id-string="urn:x:17"/></docdata>', (None, "urn:x:17", None)),
        ('<docdata management-status="canceled" management-doc-idref="17.1"><doc-id regsrc="XA" id-string="18"/></docdata>',
         ("XA", "17.1", None)),
    ],
)  # fmt: skip
def test_the_id_is_the_one_that_stays(data, identity):
    found = read(data)
    assert (found.provider, found.source_item_id, found.source_version) == identity


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ("<p>One<br/>two</p>", "<p>One<br/>two</p>"),
        ("<block><p>One</p><hl2>Two</hl2></block>tail", "<p>One</p>\n<h2>Two</h2>\n<p>tail</p>"),
        ("<p>A</p><media><media-caption>No</media-caption></media><note><p>No</p></note>", "<p>A</p>"),
        ("<ul><li>a</li><li>b</li></ul>", "<li>a</li>\n<li>b</li>"),
        ("<table><tr><td>a</td><td/></tr></table>", "<table>\n<tr>\n<td>a</td>\n<td></td>\n</tr>\n</table>"),
        ("<table><tr><td><p>a</p><p>b</p></td></tr></table>", "<p>a</p>\n<p>b</p>"),
        ("<p>ran on\n<chron>Friday</chron>\n.</p>", "<p>ran on Friday.</p>"),
        ("<p>a &lt; b &amp; c</p>", "<p>a &lt; b &amp; c</p>"),
        ("<p>   Lead in a column as wide as a teleprinter was, broken <br/>by hand at its end.</p>",
         "<p>Lead in a column as wide as a teleprinter was, broken by hand at its end.</p>"),
        ("<p>Head\n    First line\nruns on\n    Second</p>", "<p>Head</p>\n<p>First line runs on</p>\n<p>Second</p>"),
        ("<p>Pretty\n    printed\n    only</p>", "<p>Pretty printed only</p>"),
    ],
)  # fmt: skip
def test_the_body_is_small_html(content, body):
    assert read(content=content).body == body


def test_the_authors_title_is_no_part_of_the_byline():
    assert read(head="<byline>By Ann Bell<byttl>Business Writer</byttl></byline>").byline == ("By Ann Bell",)


@pytest.mark.parametrize(
    ("payload", "title"),
    [
        (b"<hl1>AT&T & more &nbsp;&eacute;</hl1>", "AT&T & more é"),
        (b"<hl1>a\x00b\x01</hl1>", "ab"),
        (b"<hl1>3 < 4 <5 & 6</hl1>", "3 < 4 <5 & 6"),
        (b"<hl1><![CDATA[AT&T &amp; <b>]]></hl1>", "AT&T &amp; <b>"),
        ("<hl1>Café</hl1>".encode("latin-1"), "Café"),
    ],
)
def test_known_damage_is_mended(payload, title):
    xml = b"<nitf><body><body.head><hedline>" + payload + b"</hedline></body.head></body></nitf>"
    (found,) = nitf.parse(xml, ORIGIN)
    assert found.title == title


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b'<!DOCTYPE nitf [<!ENTITY a "b">]><nitf>&a;</nitf>', "entity-bomb"),
        (b'<!DOCTYPE nitf [<!ENTITY a SYSTEM "file:///etc/passwd">]><nitf><hl1>&a;</hl1></nitf>', "entity-bomb"),
        (b'<!DOCTYPE nitf [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x">%a;]><nitf/>', "entity-bomb"),
        ('<!DOCTYPE nitf [<!ENTITY a "b">]><nitf>&a;</nitf>'.encode("utf-16"), "entity-bomb"),
        (b"<nitf>" + b"<block>" * 230 + b"</block>" * 230 + b"</nitf>", "too-complex"),
        (b"<nitf>" + b"<block>" * 100_000, "malformed"),
        (b"<nitf><body>", "malformed"),
        (b"<nitf></body>", "malformed"),
        (b"", "malformed"),
        (b"<rss/>", "unknown-format"),
        (b"<nitf/>", "no-text"),
    ],
)
def test_hostile_and_broken_documents_say_why(payload, reason):
    try:
        (error,) = nitf.parse(payload, ORIGIN)
    except ParseError as raised:
        error = raised
    assert error.reason == reason


def test_large_payloads_are_refused_unread(monkeypatch):
    monkeypatch.setattr(xmlwire, "MAX_BYTES", 10)
    with pytest.raises(ParseError, match="too-large"):
        xmlwire.read(b"<nitf></nitf>")


def test_html_that_no_parser_reads_to_its_end_is_not_cut_off_in_silence():
    with pytest.raises(ParseError, match="too-complex"):
        markup_of_html("<div>" * 5000 + "deep" + "</div>" * 5000 + "<p>after</p>")
