"""Files are read when they have come to rest, once, and again when they change."""

from hypothesis import given
from hypothesis import strategies as st

from sources.watching import Sighting, look

SECOND = 1_000_000_000


def test_a_file_that_grows_waits_until_it_rests():
    state, names = look({}, {"a": Sighting(10, 0)}, now=9 * SECOND, settle=2 * SECOND, limit=100)
    assert names == []
    state, names = look(state, {"a": Sighting(20, 10 * SECOND)}, now=13 * SECOND, settle=2 * SECOND, limit=100)
    assert names == []
    state, names = look(state, {"a": Sighting(20, 10 * SECOND)}, now=14 * SECOND, settle=2 * SECOND, limit=100)
    assert names == ["a"]
    state, names = look(state, {"a": Sighting(20, 10 * SECOND)}, now=15 * SECOND, settle=2 * SECOND, limit=100)
    assert names == []


def test_a_file_just_changed_waits_though_its_size_stays():
    file = {"a": Sighting(10, 10 * SECOND)}
    state, names = look({}, file, now=10 * SECOND, settle=2 * SECOND, limit=100)
    state, names = look(state, file, now=11 * SECOND, settle=2 * SECOND, limit=100)
    assert names == []
    _, names = look(state, file, now=12 * SECOND, settle=2 * SECOND, limit=100)
    assert names == ["a"]


def test_a_changed_file_is_read_again_and_a_gone_one_forgotten():
    state = {"a": Sighting(10, 1, taken=True), "b": Sighting(5, 1, taken=True)}
    state, names = look(state, {"a": Sighting(12, 2)}, now=9 * SECOND, settle=0, limit=100)
    assert (names, set(state)) == (["a"], {"a"})


def test_what_is_too_much_for_one_look_comes_with_the_next():
    found = {name: Sighting(60, place) for place, name in enumerate("abc")}
    state, names = look({}, found, now=SECOND, settle=0, limit=100)
    assert names == ["a"]
    state, names = look(state, found, now=SECOND, settle=0, limit=150)
    assert names == ["b", "c"]
    assert look({}, found, now=SECOND, settle=0, limit=1)[1] == ["a"]


@given(st.lists(st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3)), max_size=8))
def test_every_state_of_a_file_that_rests_is_read_once(looks):
    """Between two looks a file's content is a number; each number that two looks in a row see is read at the second."""
    state, taken = {}, {}
    before = {}
    for number, listing in enumerate(looks):
        found = {name: Sighting(content, 0) for name, content in listing.items()}
        state, names = look(state, found, now=number * SECOND, settle=1, limit=1000)
        for name, content in listing.items():
            rests = before.get(name) == content and number > 0
            assert (name in names) == (rests and taken.get(name) != content)
        taken = {name: taken.get(name) if name not in names else listing[name] for name in listing}
        taken = {name: content for name, content in taken.items() if listing[name] == content}
        before = listing
