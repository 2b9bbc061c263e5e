"""Names of people, by their shape."""

import pytest

from transforms.editorial import names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jane Roe", ["Jane Roe"]),
        ("JANE ROE AND MAX MUSTER", ["JANE ROE", "MAX MUSTER"]),
        ("J. M. de la Cruz, Ann O'Hara & Jean-Loup D'Arcy", ["J. M. de la Cruz", "Ann O'Hara", "Jean-Loup D'Arcy"]),
        ("Max von der Heide und Eva Probe", ["Max von der Heide", "Eva Probe"]),
        ("Ana Gómez y Luis Díaz", ["Ana Gómez", "Luis Díaz"]),
        ("Иван Петров и Анна Смирнова", ["Иван Петров", "Анна Смирнова"]),
        ("Wang Jin Zhou Zhe", ["Wang Jin", "Zhou Zhe"]),
        ("Wang Jin Jin, Zhou Zhe", ["Wang Jin Jin", "Zhou Zhe"]),
        ("Li Bo HARBOUR App Download", ["Li Bo"]),
        ("王某某 李某", ["王某某", "李某"]),
        ("王 某、李某某", ["王 某", "李某某"]),
        ("山田太郎", ["山田太郎"]),
        ("홍길동", ["홍길동"]),
        ("Hong Kong newsroom", ["Hong Kong newsroom"]),
        ("Jane Roe in Washington, D.C., and Li Bo in Beijing", ["Jane Roe", "Li Bo"]),
        ("Robert Roe Jr. and Max Muster", ["Robert Roe Jr.", "Max Muster"]),
        ("what happened next", []),
        ("", []),
    ],
)
def test_people(text, expected):
    found = list(names.people(text))
    assert [person.name for person in found] == expected
    assert [text[person.start : person.end] for person in found] == expected


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        ("张某_NBJS7309", "张某", "NBJS7309"),
        ("王某某 SF183", "王某某", "SF183"),
        ("Liu Bo, nbjs7825", "Liu Bo", "nbjs7825"),
        ("Liu Bo (NN7528)", "Liu Bo", "NN7528"),
        ("Liu Bo_UN846", "Liu Bo", "UN846"),
        ("DF120", None, "DF120"),
    ],
)
def test_staff_codes(text, name, code):
    (person,) = names.people(text)
    assert (person.name, person.code) == (name, code)


def test_one_lower_case_word_is_a_name_only_where_it_stands_alone():
    assert [person.name for person in names.people("huaxia", loose=True)] == ["huaxia"]
    assert list(names.people("well then", loose=True)) == []
    assert list(names.people("huaxia")) == []
