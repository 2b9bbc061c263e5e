import random

from hypothesis import given
from hypothesis import strategies as st

from articles import Article, Credit
from transforms.fingerprint import digest, fingerprint, hash_content, revision

VALUES = st.recursive(
    st.none() | st.text(max_size=5) | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3).map(tuple),
    max_leaves=6,
)


@given(st.lists(VALUES, max_size=4).map(tuple), st.lists(VALUES, max_size=4).map(tuple))
def test_equal_digests_mean_equal_fields(first, second):
    assert (digest(first) == digest(second)) == (repr(first) == repr(second))


@given(st.lists(st.text(max_size=20), min_size=1, max_size=8), st.integers())
def test_the_order_of_articles_changes_nothing(bodies, seed):
    articles = [Article(title="t", body=body, source_item_id=str(index)) for index, body in enumerate(bodies)]
    shuffled = random.Random(seed).sample(articles, len(articles))
    assert {a.source_item_id: a for a in map(fingerprint, articles)} == {
        a.source_item_id: a for a in map(fingerprint, shuffled)
    }


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=5), st.randoms())
def test_credits_may_overlap_and_come_in_any_order(body, spans, shuffler):
    given_credits = [Credit(role="editor", start=min(span), end=max(span)) for span in spans]
    shuffled = list(given_credits)
    shuffler.shuffle(shuffled)
    first = Article(body=body, credits=tuple(given_credits))
    assert hash_content(first) == hash_content(Article(body=body, credits=tuple(shuffled)))
    revision(first)
