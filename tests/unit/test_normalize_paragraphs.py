import pytest

from transforms.paragraphs import one_line, tidy

WIRE = """\
OSLO, Jan 2 - The harbour authority said on Friday that
ferries to the outer islands would stay in port until the
gale warnings along the coast had been lifted.
    A spokesman for the authority said about two thousand
travellers were affected, most of them on the way home.
    Freight traffic was not expected to start again before
Sunday evening at the earliest, he added.
 Ends
"""


def test_hard_wrapped_lines_are_joined_and_indents_open_paragraphs():
    paragraphs = tidy(WIRE).split("\n\n")
    assert paragraphs[0].endswith("until the gale warnings along the coast had been lifted.")
    assert paragraphs[1].startswith("A spokesman")
    assert paragraphs[1].endswith("on the way home.")
    assert [paragraph.count("\n") for paragraph in paragraphs[:2]] == [0, 0]


def test_the_end_mark_keeps_its_line():
    assert tidy(WIRE).split("\n")[-1] == "Ends"


def test_a_line_whose_head_went_into_a_field_is_joined():
    headless = WIRE.replace("OSLO, Jan 2 - The", "The")
    assert tidy(headless).startswith("The harbour authority said on Friday that ferries")


def test_short_rows_stay_lines():
    table = "Shr 24 cts\n    Net 412,737\n    Revs 605,321\n    Year"
    assert tidy(table) == "Shr 24 cts\nNet 412,737\nRevs 605,321\nYear"


def test_columns_of_adjacent_rows_keep_their_gaps():
    table = "Wheat   2.55   2.40\nCorn    1.35   1.92"
    assert tidy(table) == table


def test_lists_stay_lists():
    listed = "Results:\n- Oslo beat Bergen by two goals in the second half of it\n- Molde drew\n- Viking lost"
    assert tidy(listed) == listed


def test_lines_longer_than_any_wrap_are_paragraphs():
    long = "This sentence is part of a text whose every line is a paragraph, as many content systems export them. " * 2
    assert tidy(f"{long.strip()}\n{long.strip()}") == f"{long.strip()}\n\n{long.strip()}"


def test_chinese_paragraphs_on_lines_of_their_own_are_not_joined():
    line = "气象部门表示受冷空气影响本周末全市气温将明显下降并伴有小雨请市民出行时注意添衣保暖" * 2 + "。"
    assert tidy(f"{line}\n{line}") == f"{line}\n\n{line}"


@pytest.mark.parametrize("text", [WIRE, "a\n\n\n\nb", " x \n y ", "Wheat   2.55   2.40\nCorn    1.35   1.92\n\n\nz"])
def test_tidying_twice_changes_nothing(text):
    assert tidy(tidy(text)) == tidy(text)


def test_titles_are_one_line():
    assert one_line("Rain\nin\u00a0 Oslo\t") == "Rain in Oslo"
