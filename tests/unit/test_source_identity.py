"""Ids that identify, and ids that only pretend to."""

import pytest

from sources.identity import Identity, is_global, name_space, tell_apart


@pytest.mark.parametrize(
    ("item_id", "answer"),
    [
        ("https://a.example/1", True),
        ("urn:newsml:a:1", True),
        ("tag:a.example,2024:1", True),
        ("0D4C3A52-1111-4222-8333-0123456789ab", True),
        ("https://a.example", True),
        ("17", False),
        ("http://", False),
        ("tag:oops", False),
        ("", False),
    ],
)
def test_is_global(item_id: str, answer: bool) -> None:
    assert is_global(item_id) is answer


def test_a_name_space_is_for_ids_that_need_one() -> None:
    assert name_space("17", None, "feed") == "feed"
    assert name_space("urn:a:b", "feed") is None
    assert name_space(None, "feed") is None


def kept(*claims: tuple[str | None, str | None, str], site: str | None = "home") -> list[tuple[str | None, str | None]]:
    return [(one.item_id, one.url) for one in tell_apart([Identity(*claim) for claim in claims], site)]


def test_one_guid_on_items_with_other_links_is_none() -> None:
    assert kept(("0", "a", "A"), ("0", "b", "B"), ("1", "c", "C")) == [(None, "a"), (None, "b"), ("1", "c")]


def test_one_guid_on_items_with_no_link_of_their_own_is_none() -> None:
    assert kept(("0", "home", "A"), ("0", "home", "B")) == [(None, None), (None, None)]


def test_versions_of_a_story_share_their_identity() -> None:
    assert kept(("5", "a", "A"), ("5", "a", "A, updated")) == [("5", "a"), ("5", "a")]


def test_one_link_on_items_without_id_is_none_but_for_repeats() -> None:
    assert kept((None, "x", "A"), (None, "x", "B")) == [(None, None), (None, None)]
    assert kept((None, "x", "A"), (None, "x", "A")) == [(None, "x"), (None, "x")]
