"""Every kind of artifact newsbeam tags: its detector and its category."""

from collections.abc import Callable, Iterator, Mapping

from articles import Span
from transforms.artifacts.broken_entity import broken_entity
from transforms.artifacts.calqued_attribution import calqued_attribution
from transforms.artifacts.calqued_credit import calqued_credit
from transforms.artifacts.calqued_date import calqued_date
from transforms.artifacts.calqued_name import calqued_name
from transforms.artifacts.caption_residue import caption_residue
from transforms.artifacts.doubled_gloss import doubled_gloss
from transforms.artifacts.dropped_apostrophe import dropped_apostrophe
from transforms.artifacts.first_person_country import first_person_country
from transforms.artifacts.foreign_punctuation import foreign_punctuation
from transforms.artifacts.glued_words import glued_words
from transforms.artifacts.inconsistent_name import inconsistent_name
from transforms.artifacts.lowercase_name import lowercase_name
from transforms.artifacts.lowercase_sentence import lowercase_sentence
from transforms.artifacts.missing_hyphen import missing_hyphen
from transforms.artifacts.missing_quotes import missing_quotes
from transforms.artifacts.missing_sentence_break import missing_sentence_break
from transforms.artifacts.missing_terminal_punctuation import missing_terminal_punctuation
from transforms.artifacts.mojibake import mojibake
from transforms.artifacts.number_calque import number_calque
from transforms.artifacts.punctuation_spacing import punctuation_spacing
from transforms.artifacts.repeated_sentence import repeated_sentence
from transforms.artifacts.repeated_title import repeated_title
from transforms.artifacts.repeated_words import repeated_words
from transforms.artifacts.source_script_residue import source_script_residue
from transforms.artifacts.stray_fragment import stray_fragment
from transforms.artifacts.text import Text
from transforms.artifacts.unbalanced_quotes import unbalanced_quotes
from transforms.artifacts.untranslated_fragment import untranslated_fragment

Detector = Callable[[Text], Iterator[Span]]

DETECTORS: Mapping[str, Detector] = {
    "broken-entity": broken_entity,
    "calqued-attribution": calqued_attribution,
    "calqued-credit": calqued_credit,
    "calqued-date": calqued_date,
    "calqued-name": calqued_name,
    "caption-residue": caption_residue,
    "doubled-gloss": doubled_gloss,
    "dropped-apostrophe": dropped_apostrophe,
    "first-person-country": first_person_country,
    "foreign-punctuation": foreign_punctuation,
    "glued-words": glued_words,
    "inconsistent-name": inconsistent_name,
    "lowercase-name": lowercase_name,
    "lowercase-sentence": lowercase_sentence,
    "missing-hyphen": missing_hyphen,
    "missing-quotes": missing_quotes,
    "missing-sentence-break": missing_sentence_break,
    "missing-terminal-punctuation": missing_terminal_punctuation,
    "mojibake": mojibake,
    "number-calque": number_calque,
    "punctuation-spacing": punctuation_spacing,
    "repeated-sentence": repeated_sentence,
    "repeated-title": repeated_title,
    "repeated-words": repeated_words,
    "source-script-residue": source_script_residue,
    "stray-fragment": stray_fragment,
    "unbalanced-quotes": unbalanced_quotes,
    "untranslated-fragment": untranslated_fragment,
}

MQM: Mapping[str, str] = {
    "broken-entity": "linguistic-conventions/character-encoding",
    "calqued-attribution": "style/unidiomatic-style",
    "calqued-credit": "accuracy/mistranslation",
    "calqued-date": "locale-conventions/date-format",
    "calqued-name": "accuracy/mistranslation",
    "caption-residue": "accuracy/addition",
    "doubled-gloss": "accuracy/addition",
    "dropped-apostrophe": "linguistic-conventions/punctuation",
    "first-person-country": "accuracy/mistranslation",
    "foreign-punctuation": "linguistic-conventions/punctuation",
    "glued-words": "linguistic-conventions/spelling",
    "inconsistent-name": "terminology/inconsistent-use-of-terminology",
    "lowercase-name": "linguistic-conventions/spelling",
    "lowercase-sentence": "linguistic-conventions/spelling",
    "missing-hyphen": "linguistic-conventions/punctuation",
    "missing-quotes": "linguistic-conventions/punctuation",
    "missing-sentence-break": "linguistic-conventions/punctuation",
    "missing-terminal-punctuation": "linguistic-conventions/punctuation",
    "mojibake": "linguistic-conventions/character-encoding",
    "number-calque": "locale-conventions/number-format",
    "punctuation-spacing": "linguistic-conventions/punctuation",
    "repeated-sentence": "accuracy/addition",
    "repeated-title": "accuracy/addition",
    "repeated-words": "accuracy/addition",
    "source-script-residue": "accuracy/untranslated",
    "stray-fragment": "linguistic-conventions/grammar",
    "unbalanced-quotes": "linguistic-conventions/punctuation",
    "untranslated-fragment": "accuracy/untranslated",
}
"""Kind to category of the MQM typology (https://themqm.org), dimension/type."""
