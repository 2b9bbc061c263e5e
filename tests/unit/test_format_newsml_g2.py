"""NewsML-G2: which items are text, where the text stands, and that no embargo is lost."""

# ruff: noqa: E501 - a payload reads best in one line

import pytest

from articles import Article, Origin, ParseError
from sources.formats import newsml_g2

SPACE = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'


def read(xml):
    return list(newsml_g2.parse(xml.encode(), Origin(uri="a.xml")))


def item(meta="", content="", contents="", kind="text", guid="urn:x:1"):
    return (
        f'<newsItem {SPACE} guid="{guid}" version="1"><itemMeta><itemClass qcode="ninat:{kind}"/>{meta}</itemMeta>'
        f"<contentMeta>{content}</contentMeta><contentSet>{contents}</contentSet></newsItem>"
    )


def one(*args, **kwargs):
    (found,) = read(item(*args, **kwargs))
    return found


def test_inlined_nitf_fills_what_the_item_leaves_open():
    nitf = (
        '<inlineXML><nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><body><body.head><hedline><hl1>Inner</hl1></hedline>'
        "<byline>By Ann Bell, <byttl>Staff</byttl></byline></body.head><body.content><p>Text.</p></body.content></body></nitf></inlineXML>"
    )
    found = one(contents=nitf)
    assert (found.title, found.byline, found.body) == ("Inner", ("By Ann Bell",), "<p>Text.</p>")
    assert one(content="<headline>Outer</headline>", contents=nitf).title == "Outer"


def test_the_stricter_status_counts():
    inner = '<inlineXML><nitf><head><docdata management-status="withheld"/></head><body><body.content><p>T</p></body.content></body></nitf></inlineXML>'
    assert one('<pubStatus qcode="stat:usable"/>', contents=inner).status == "withheld"


@pytest.mark.parametrize(
    ("meta", "status", "embargo"),
    [
        ('<pubStatus qcode="stat:usable"/>', "usable", None),
        ('<pubStatus qcode="stat:withheld"/>', "withheld", None),
        ('<pubStatus qcode="stat:canceled"/>', "canceled", None),
        ('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/canceled"/>', "canceled", None),
        ('<pubStatus qcode="own:limbo"/>', "withheld", None),
        ("<pubStatus/>", "withheld", None),
        ("<embargoed>2026-01-03T06:00:00Z</embargoed>", "usable", "2026-01-03T06:00:00Z"),
        ("<embargoed/>", "withheld", None),
        ("<edNote>Strictly embargoed</edNote>", "withheld", "Strictly embargoed"),
        ("<edNote>Adds what the arms embargo covers, and for release of whom</edNote>", "usable", None),
        ("<edNote>Sin embargo, sube</edNote>", "usable", None),
    ],
)
def test_no_embargo_and_no_status_is_lost(meta, status, embargo):
    found = one(meta, "<headline>A</headline>")
    assert (found.status, found.embargo_raw) == (status, embargo)


@pytest.mark.parametrize(
    ("signal", "doc_type"),
    [("sig:update", "update"), ("sig:correction", "correction"), ("sig:atomic", "story")],
)
def test_signals_tell_the_kind_of_despatch(signal, doc_type):
    assert one(f'<signal qcode="{signal}"/>', "<headline>A</headline>").doc_type == doc_type


@pytest.mark.parametrize(
    ("contents", "body"),
    [
        ("<inlineXML><p>Loose.</p></inlineXML>", "<p>Loose.</p>"),
        ('<inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><body><header><h1>No</h1></header><p>Yes.</p></body></html></inlineXML>', "<p>Yes.</p>"),
        ("<inlineData>Plain words.</inlineData>", "Plain words."),
        ('<inlineData contenttype="text/html">&lt;p&gt;Marked.&lt;/p&gt;</inlineData>', "<p>Marked.</p>"),
        ('<inlineData contenttype="text/plain" encoding="base64">UGxhaW4u</inlineData>', "Plain."),
        ('<inlineData contenttype="image/png">iVBORw0K</inlineData><inlineXML><p>After.</p></inlineXML>', "<p>After.</p>"),
        ("<inlineXML><sports-content><team>No</team></sports-content></inlineXML>", ""),
    ],
)  # fmt: skip
def test_the_first_rendition_with_text_is_the_body(contents, body):
    assert one(content="<headline>A</headline>", contents=contents).body == body


@pytest.mark.parametrize("root", ["packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem"])
def test_items_that_hold_no_story_are_counted(root):
    (error,) = read(f'<{root} {SPACE} guid="urn:x:1"/>')
    assert (type(error), error.reason) == (ParseError, "not-text")


def test_a_text_that_lies_elsewhere_says_where():
    (error,) = read(item(contents='<remoteContent href="https://x.example/1"/>'))
    assert error.reason == "no-text"
    assert "https://x.example/1" in error.message


def test_a_message_yields_each_item_with_its_own_part():
    message = f"<newsMessage {SPACE}><header><sender>x.example</sender></header><itemSet>{item(content='<headline>A</headline>', guid='7')}{item(kind='video')}</itemSet></newsMessage>"
    first, second = read(message)
    assert (type(first), first.provider, first.source_item_id) == (Article, "x.example", "7")
    assert b"ninat:video" in second.payload


def test_other_xml_is_refused():
    with pytest.raises(ParseError, match="unknown-format"):
        read("<rss/>")
