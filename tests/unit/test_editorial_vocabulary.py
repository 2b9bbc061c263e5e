"""The word lists: one meaning a phrase, a note on their origin, months complete."""

from importlib import resources

import pytest

from transforms.editorial import vocabulary

FILES = sorted(path.name for path in resources.files("transforms.editorial").joinpath("data").iterdir())


@pytest.mark.parametrize("name", FILES)
def test_every_list_says_what_it_is_and_where_it_is_from(name):
    text = resources.files("transforms.editorial").joinpath("data", name).read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert "written for newsbeam" in text.casefold() or "Unicode CLDR" in text


@pytest.mark.parametrize("form", ["label", "by", "tag", "source"])
def test_a_phrase_has_one_role_in_one_form(form):
    roles: dict[str, str] = {}
    for _, role, kind, phrases in vocabulary.rows("roles.tsv"):
        for phrase in phrases.split("|") if kind == form else []:
            assert phrase == phrase.casefold()
            assert roles.setdefault(phrase, role) == role


def test_every_month_is_named_and_no_name_has_two():
    names = [(int(number), name) for number, listed in vocabulary.rows("months.tsv") for name in listed.split("|")]
    assert {number for number, _ in names} == set(range(1, 13))
    assert len({name for _, name in names}) == len(names)
