"""The probability of machine translation: where it answers, and what its weights may look at."""

from articles import Article
from transforms.artifacts import DETECTORS, tag
from transforms.artifacts.lexicon import function_words, speech
from transforms.artifacts.style import MARKERS
from transforms.artifacts.translation import load_model

SENTENCE = "The council met on Monday and agreed that the harbour should be dredged before the winter. "


def test_short_texts_get_no_answer():
    assert tag(Article(title="Council meets", body=SENTENCE, language="en")).translation_probability is None


def test_unknown_languages_get_no_answer():
    body = "Der Rat trat am Montag zusammen und beschloss die Vertiefung des Hafens. " * 20
    assert tag(Article(title="Rat", body=body, language="de")).translation_probability is None
    assert tag(Article(title="Rat", body=body, language=None)).translation_probability is None


def test_long_english_gets_a_probability():
    probability = tag(Article(title="Council meets", body=SENTENCE * 20, language="en")).translation_probability
    assert probability is not None
    assert 0 < probability < 1


def test_features_carry_no_topic():
    closed = ("determiner", "preposition", "conjunction", "pronoun", "auxiliary", "adverb", "number")
    adverbs = ["present", "order", "well", "toward", "towards", "including", "regarding", "out", "off", "down", "my"]
    others = ["does", "did", "why", "same", "much", "nor", "i"]
    allowed = frozenset().union(*map(function_words, closed)) | {*adverbs, *others}
    words = {word for marker in MARKERS for word in marker.split()}
    assert {word for word in words if word not in allowed} == set()


def test_every_term_is_a_known_feature():
    prefixes = ("word:", "pair:", "class:", "mark:", "ending:", "speech:", "opening:", "sentence:", "artifact:")
    for term in load_model().terms:
        assert term.name.startswith(prefixes) or term.name in {"variety", "once", "digits", "contraction", "possessive"}
        if term.name.startswith("artifact:"):
            assert term.name.removeprefix("artifact:") in DETECTORS


def test_speech_is_unknown_for_names():
    assert speech("Larsen") == ""
