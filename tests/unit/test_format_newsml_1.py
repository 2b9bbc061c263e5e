"""NewsML 1: trees of components, captions, bulletins, revisions, embargoes that end or don't."""

# ruff: noqa: E501 - a payload reads best in one line

import time

import pytest

from articles import Article, Origin, ParseError
from sources.formats import newsml_1


def read(*items, prolog=""):
    xml = f"{prolog}<NewsML><NewsEnvelope><DateAndTime>20260102T030405Z</DateAndTime></NewsEnvelope>{''.join(items)}</NewsML>"
    return list(newsml_1.parse(xml.encode(), Origin(uri="a.xml")))


def item(management="", component="", revision="1", extra=""):
    return (
        "<NewsItem><Identification><NewsIdentifier><ProviderId>x.example</ProviderId><DateId>20260102</DateId>"
        f"<NewsItemId>A1</NewsItemId><RevisionId>{revision}</RevisionId></NewsIdentifier></Identification>"
        f"<NewsManagement>{management}</NewsManagement>{extra}<NewsComponent>{component}</NewsComponent></NewsItem>"
    )


def text(words, media="Text"):
    return f'<ContentItem><MediaType FormalName="{media}"/><DataContent>{words}</DataContent></ContentItem>'


def change(status):
    return f'<StatusWillChange><FutureStatus FormalName="{status}"/><DateAndTime>20260103T060000Z</DateAndTime></StatusWillChange>'


HEADLINE = "<NewsLines><HeadLine>A</HeadLine></NewsLines>"


@pytest.mark.parametrize(
    ("management", "status", "embargo"),
    [
        ('<Status FormalName="Usable"/>', "usable", None),
        ('<Status FormalName="Withheld"/>', "withheld", None),
        ('<Status FormalName="Canceled"/>', "canceled", None),
        ('<Status FormalName="Embargoed"/>', "withheld", None),
        ('<Status FormalName="Something"/>', "withheld", None),
        ('<Status FormalName="Embargoed"/>' + change("Usable"), "usable", "20260103T060000Z"),
        ('<Status FormalName="Embargoed"/>' + change("Canceled"), "withheld", None),
        ('<Status FormalName="Usable"/>' + change("Canceled"), "usable", None),
    ],
)  # fmt: skip
def test_an_embargoed_item_is_never_usable_without_its_embargo(management, status, embargo):
    (found,) = read(item(management, HEADLINE + text("<p>T</p>")))
    assert (found.status, found.embargo_raw) == (status, embargo)


def test_versions_of_an_item_share_its_id():
    first, second = (read(item(component=HEADLINE, revision=n))[0] for n in ("1", "2"))
    assert first.source_item_id == second.source_item_id == "urn:newsml:x.example:20260102:A1"
    assert (first.source_version, second.source_version) == ("1", "2")


def test_a_public_identifier_alone_is_read_without_its_revision():
    xml = item(component=HEADLINE).replace("<DateId>20260102</DateId>", "").replace(
        "</RevisionId>", "</RevisionId><PublicIdentifier>urn:newsml:x.example:20260102:A1:12U</PublicIdentifier>"
    )  # fmt: skip
    assert read(xml)[0].source_item_id == "urn:newsml:x.example:20260102:A1"


def test_captions_stay_out_of_the_text():
    picture = '<NewsComponent><Role FormalName="Picture"/><NewsComponent>' + text("<p>No</p>") + "</NewsComponent>" + \
        "<NewsComponent>" + text("", "Photo") + "</NewsComponent></NewsComponent>"  # fmt: skip
    (found,) = read(item(component=HEADLINE + "<NewsComponent>" + text("<p>Yes</p>") + "</NewsComponent>" + picture))
    assert found.body == "<p>Yes</p>"


def test_parts_with_headlines_of_their_own_are_articles():
    parts = "".join(f'<NewsComponent Duid="p{n}"><NewsLines><HeadLine>H{n}</HeadLine></NewsLines>{text(f"<p>{n}</p>")}</NewsComponent>' for n in (1, 2))  # fmt: skip
    found = read(item(component=HEADLINE + parts))
    assert [(part.title, part.body) for part in found] == [("H1", "<p>1</p>"), ("H2", "<p>2</p>")]
    assert found[1].source_item_id == "urn:newsml:x.example:20260102:A1#p2"
    assert [part.item_index for part in found] == [0, 1]


def test_nitf_html_and_plain_content_are_read():
    bodies = [
        read(item(component=HEADLINE + text(words)))[0].body
        for words in (
            "<nitf><body><body.content><p>N</p></body.content></body></nitf>",
            "<![CDATA[<P>H</P>]]>",
            "Plain.\n\nWords.",
            "<html><body><p>X</p></body></html>",
        )
    ]
    assert bodies == ["<p>N</p>", "<p>H</p>", "Plain.\n\nWords.", "<p>X</p>"]


def test_what_holds_no_text_says_so():
    photo, topics, good = read(
        item(component='<ContentItem Href="a.jpg"><MediaType FormalName="Photo"/></ContentItem>'),
        item('<NewsItemType FormalName="Topics"/>', extra="<TopicSet/>").replace("<NewsComponent></NewsComponent>", ""),
        item(component=HEADLINE),
    )
    assert [type(found) for found in (photo, topics, good)] == [ParseError, ParseError, Article]
    assert photo.reason == topics.reason == "not-text"


def test_a_picture_with_a_headline_is_no_text():
    (found,) = read(item(component=HEADLINE + text("", "Photo")))
    assert found.reason == "not-text"


def test_a_kill_without_components_is_an_article():
    (found,) = read(item('<Status FormalName="Canceled"/>').replace("<NewsComponent></NewsComponent>", ""))
    assert found.status == "canceled"


def test_other_xml_is_refused():
    with pytest.raises(ParseError, match="unknown-format"):
        list(newsml_1.parse(b"<nitf/>", Origin(uri="a.xml")))


def test_what_stands_nearer_to_a_story_counts_before_the_whole():
    lines = "<NewsLines><HeadLine>{0}</HeadLine><SlugLine>{0}-slug</SlugLine></NewsLines>"
    part = f"<NewsComponent>{lines.format('Part')}{text('<p>T</p>')}</NewsComponent>"
    (found,) = read(item(component=lines.format("Whole") + part))
    assert (found.title, found.slug) == ("Part", "Part-slug")


@pytest.mark.parametrize("part", [text("<p>x</p>"), f"<NewsComponent>{HEADLINE}{text('<p>x</p>')}</NewsComponent>"])
def test_thousands_of_parts_take_linear_time(part):
    began = time.perf_counter()
    assert len(read(item(component=part * 4000))) in {1, 4000}
    assert time.perf_counter() - began < 8
