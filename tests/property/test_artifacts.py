"""Whatever the text, tags point into it and the same text gives the same tags."""

from hypothesis import given, settings
from hypothesis import strategies as st

from articles import Article
from transforms.artifacts import DETECTORS, tag

PIECES = st.sampled_from([
    "The", "the", "Larsen", "Larsens", "trump", "Turkey", "turkey", "said", "we", "He", "told", "“",
    "”", '"', "'", "’",
    ".", ",", " ", "\n\n", "\n", "(", ")", "3", "13th", "local time", "&amp;", "mdash",
    "疫情", "，", "é", "Ã©", "\ufffd",
    "it", "is", "reported that", "President Tu", "my country", "que", "las", "Russian made", "12", "-", " - ", "?", "!",
    "«", "»", "U.S.",
])  # fmt: skip
TEXTS = st.lists(PIECES, max_size=60).map(" ".join) | st.text(max_size=200)
LANGUAGES = st.sampled_from(["en", "en-GB", "de", "fr", "zh", "ja", "ko", "ru", "ar", None])


@settings(deadline=None)
@given(TEXTS, TEXTS, LANGUAGES)
def test_spans_lie_inside_their_field_and_quote_it(title, body, language):
    article = tag(Article(title=title, body=body, language=language))
    for artifact in article.artifacts:
        field = title if artifact.field == "title" else body
        assert 0 <= artifact.start < artifact.end <= len(field)
        assert field[artifact.start : artifact.end] == artifact.text
        assert artifact.kind in DETECTORS
        assert 0 < artifact.confidence <= 1
        assert artifact.suggestion != artifact.text


@settings(deadline=None)
@given(TEXTS, TEXTS, LANGUAGES)
def test_tagging_again_changes_nothing(title, body, language):
    once = tag(Article(title=title, body=body, language=language))
    assert tag(once) == once


@settings(deadline=None)
@given(TEXTS, LANGUAGES)
def test_a_kind_never_tags_a_character_twice(body, language):
    last: dict[str, int] = {}
    for artifact in tag(Article(title="x", body=body, language=language)).artifacts:
        assert artifact.start >= last.get(artifact.kind, 0)
        last[artifact.kind] = artifact.end


@settings(deadline=None)
@given(TEXTS, TEXTS, LANGUAGES)
def test_probability_is_one_or_unknown(title, body, language):
    probability = tag(Article(title=title, body=body, language=language)).translation_probability
    assert probability is None or 0 <= probability <= 1
