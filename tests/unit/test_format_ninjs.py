"""ninjs: spellings of all versions, what is read and what is refused, and the standard's own judgement."""

import json

import pytest

from articles import Article, Origin, ParseError
from sources.formats import ninjs, ninjs_schema

ORIGIN = Origin(uri="feed.json")


def read(document, parse=ninjs.parse):
    return list(parse(json.dumps(document).encode(), ORIGIN))


def one(**properties):
    (item,) = read({"uri": "urn:x:1", "headline": "A line", **properties})
    return item


@pytest.mark.parametrize("key", ["versioncreated", "versionCreated", "version_created"])
def test_names_are_read_in_every_spelling(key):
    assert one(**{key: "2026-01-02T03:04:05Z"}).updated_raw == "2026-01-02T03:04:05Z"


@pytest.mark.parametrize(
    ("properties", "headline"),
    [
        ({"headline": "One", "headline_sub": "Two"}, "One"),
        ({"headline_sub": "Two", "headline_main": "One"}, "One"),
        ({"headlines": [{"role": "sub", "value": "Two"}, {"role": "main", "value": "One"}]}, "One"),
        ({"headlines": [{"value": "One"}]}, "One"),
        ({"title": "One"}, "One"),
    ],
)
def test_the_main_headline_is_the_title(properties, headline):
    (item,) = read({"uri": "urn:x:1", **properties})
    assert item.title == headline


def test_the_form_with_paragraphs_is_preferred():
    item = one(body_text="One. Two.", body_xhtml="<p>One.</p><p>Two.</p>")
    assert (item.body, item.markup) == ("<p>One.</p>\n<p>Two.</p>", {"body"})


def test_an_embargo_of_any_name_is_kept_beside_the_status():
    for key in ("embargoed", "embargoedUntil", "embargoeduntil"):
        item = one(**{key: "2026-01-03T06:00:00Z"})
        assert (item.status, item.embargo_raw) == ("usable", "2026-01-03T06:00:00Z")


def test_an_embargo_that_only_a_note_speaks_of_withholds():
    item = one(ednote="EMBARGOED until midnight. Adds photo.")
    assert (item.status, item.embargo_raw) == ("withheld", "EMBARGOED until midnight. Adds photo")
    assert one(ednote="The embargo is lifted.").status == "usable"


@pytest.mark.parametrize("until", ["tomorrow", "2026-13-45T00:00:00Z", "soon, 2026-01-03"])
def test_an_embargo_whose_end_nobody_can_read_withholds(until):
    item = one(embargoed=until)
    assert (item.status, item.embargo_raw) == ("withheld", until)


def test_an_unknown_status_is_refused_and_a_misspelt_kill_still_kills():
    error = one(pubstatus="commissioned")
    assert isinstance(error, ParseError)
    assert error.reason == "invalid"
    assert one(pubstatus="cancelled").status == "canceled"


def test_a_kill_needs_no_text():
    (item,) = read({"uri": "urn:x:1", "pubstatus": "canceled"})
    assert item.status == "canceled"


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"headline": "No uri"}, "invalid"),
        ({"uri": 7}, "wrong-type"),
        ({"uri": "urn:x:1", "headline": ["A"]}, "wrong-type"),
        ({"uri": "urn:x:1", "bodies": "text"}, "wrong-type"),
        ({"uri": "urn:x:1", "bodies": [7]}, "wrong-type"),
        ({"uri": "urn:x:1"}, "no-text"),
        ({"uri": "urn:x:1", "type": "picture", "headline": "A quay"}, "not-text"),
        ({"uri": "urn:x:1", "type": "event", "title": "A fair"}, "not-text"),
    ],
)
def test_what_cannot_be_an_article_says_why(document, reason):
    (error,) = read(document)
    assert isinstance(error, ParseError)
    assert error.reason == reason


def test_one_bad_item_leaves_the_others():
    items = read([{"uri": "urn:x:1", "headline": "A"}, 7, {"uri": "urn:x:3", "headline": "C"}])
    assert [type(item) for item in items] == [Article, ParseError, Article]
    assert [item.item_index for item in items] == [0, 1, 2]
    assert items[1].payload == b"7"


def test_a_text_among_the_associations_is_an_item_under_the_same_embargo():
    part = {"uri": "urn:x:2", "type": "text", "headline": "B", "body_text": "Text."}
    document = {"uri": "urn:x:1", "headline": "A", "pubstatus": "withheld", "embargoed": "2026-01-03T06:00:00Z",
                "associations": {"side": part, "pic": {"uri": "urn:x:3", "type": "picture"}}}  # fmt: skip
    whole, inner = read(document)
    assert (inner.source_item_id, inner.status, inner.embargo_raw) == ("urn:x:2", "withheld", whole.embargo_raw)


def test_an_item_has_the_same_identity_whenever_it_is_read():
    first, second = one(version="1"), one(version="2", headline="B")
    assert (first.provider, first.source_item_id) == (second.provider, second.source_item_id)


def test_broken_json_is_one_reject():
    with pytest.raises(ParseError, match="bad-json"):
        list(ninjs.parse(b'{"uri": ', ORIGIN))


@pytest.mark.parametrize("number", ["1e30", "99999999999999999999999", "1.5", "true", "[]"])
def test_odd_numbers_are_read_or_refused(number):
    (found,) = ninjs.parse(b'{"uri": "urn:x:1", "headline": "A", "urgency": ' + number.encode() + b"}", ORIGIN)
    assert getattr(found, "urgency", None) is None


def test_a_reject_of_an_item_too_deep_to_be_written_keeps_the_whole_payload():
    deep = b'{"a": ' * 400 + b"1" + b"}" * 400
    (error, _) = ninjs.parse(b"[" + deep + b', {"uri": "urn:x:1", "headline": "A"}]', ORIGIN)
    assert (error.reason, error.payload) == ("invalid", None)


def test_deep_nesting_is_refused_without_recursion():
    with pytest.raises(ParseError, match="bad-json"):
        list(ninjs.parse(b"[" * 100_000, ORIGIN))


@pytest.mark.parametrize(
    ("item", "version", "valid"),
    [
        ({"uri": "urn:x:1"}, "1.0", True),
        ({"uri": "urn:x:1", "usageterms": "None"}, "1.0", False),
        ({"uri": "urn:x:1", "usageterms": "None"}, "1.1", True),
        ({"uri": "urn:x:1", "own": 1}, None, False),
        ({"uri": "urn:x:1", "bodies": [{"value": "A"}]}, None, True),
        ({"uri": "urn:x:1", "standard": {"name": "ninjs", "version": "3.1"}, "headline": "A"}, None, False),
        ({"uri": "urn:x:1", "standard": {"name": "ninjs", "version": "9.9"}}, None, False),
        ([], None, False),
    ],
)
def test_the_schema_of_the_version_judges(item, version, valid):
    assert (ninjs_schema.judge(item, version) == []) is valid


def test_strict_parsing_refuses_what_lenient_parsing_passes_over():
    document = {"uri": "urn:x:1", "headline": "A", "own_property": 1}
    assert isinstance(read(document)[0], Article)
    (error,) = read(document, ninjs.parse_strictly)
    assert error.reason == "invalid"
    assert "own_property" in error.message


def test_an_item_nested_beyond_judgement_is_no_crash():
    item = {"uri": "urn:x:1", "type": "text"}
    for _ in range(400):
        item = {"uri": "urn:x:1", "type": "text", "associations": {"a": item}}
    assert ninjs_schema.judge(item, "1.6") in ([], ["item: nested too deeply to be judged"])


def test_parts_of_an_item_of_unknown_status_are_withheld():
    part = {"uri": "urn:x:2", "type": "text", "headline": "B", "body_text": "Text."}
    document = {"uri": "urn:x:1", "headline": "A", "pubstatus": "limbo", "associations": {"side": part}}
    error, inner = read([document])
    assert (error.reason, inner.status) == ("invalid", "withheld")


def test_parts_of_a_package_without_text_stand_as_it_does():
    part = {"uri": "urn:x:2", "type": "text", "headline": "B", "body_text": "Text."}
    error, inner = read([{"uri": "urn:x:1", "type": "composite", "associations": {"side": part}}])
    assert (error.reason, inner.status) == ("no-text", "usable")
