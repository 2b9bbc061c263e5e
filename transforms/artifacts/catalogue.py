"""Every kind of artifact newsbeam tags: its detector and its category."""

from collections.abc import Callable, Iterator, Mapping

from articles import Span
from transforms.artifacts.calqued_credit import calqued_credit
from transforms.artifacts.dropped_apostrophe import dropped_apostrophe
from transforms.artifacts.lowercase_name import lowercase_name
from transforms.artifacts.missing_sentence_break import missing_sentence_break
from transforms.artifacts.repeated_title import repeated_title
from transforms.artifacts.text import Text

Detector = Callable[[Text], Iterator[Span]]

DETECTORS: Mapping[str, Detector] = {
    "calqued-credit": calqued_credit,
    "dropped-apostrophe": dropped_apostrophe,
    "lowercase-name": lowercase_name,
    "missing-sentence-break": missing_sentence_break,
    "repeated-title": repeated_title,
}

MQM: Mapping[str, str] = {
    "calqued-credit": "accuracy/mistranslation",
    "dropped-apostrophe": "linguistic-conventions/punctuation",
    "lowercase-name": "linguistic-conventions/spelling",
    "missing-sentence-break": "linguistic-conventions/punctuation",
    "repeated-title": "accuracy/addition",
}
"""Kind to category of the MQM typology (https://themqm.org), dimension/type."""
