"""The names of agencies and other outlets: the known ones, and others by the shape of their names."""

import re

from transforms.editorial import vocabulary

_LISTED = vocabulary.words("agencies.tsv")
_ACRONYMS = [name for name in _LISTED if name.isupper() and len(name) <= 4]
_NAMES = [name for name in _LISTED if name not in _ACRONYMS]
_NOUNS = vocabulary.alternation(vocabulary.words("outlet_words.txt"))
_CLIENT = r"(?:\s(?i:client|app|website))?"
_SECTION = rf"(?:\s(?:{vocabulary.alternation(vocabulary.words('outlet_sections.txt'))})(?!\w))?"

# Short acronyms are words of other languages too ("ATA", "Beta" apart): they need their capitals.
KNOWN = re.compile(
    rf"(?<!\w)(?:(?i:{vocabulary.alternation(_NAMES)})|(?:{vocabulary.alternation(_ACRONYMS)}))(?:[/-](?:[A-Za-z]{{2,5}}))?(?![\w'’]){_SECTION}{_CLIENT}"
)
"""An agency of the list, with its section or a desk's letters after a slash ("CNN Business", "dpa/lno")."""

_WORD = re.compile(r"[^\W_]+")
_FIRST_WORDS = frozenset(word[0].casefold() for name in _LISTED if (word := _WORD.match(name)))

_SHAPED = re.compile(
    rf"(?:[A-ZÀ-ÞА-Я][\w.'’&-]{{0,30}}\s(?:of\s)?){{1,4}}(?i:{_NOUNS})(?!\w){_CLIENT}"
    rf"|(?:www\.)?[A-Za-z][\w-]{{1,30}}\.(?:com|cn|net|org|ru|de|fr|es|it|in|jp|kr|info|news|tv|co\.uk|com\.cn)(?!\w){_CLIENT}"
)


def known_at(text: str, start: int = 0) -> re.Match[str] | None:
    """Match an agency of the list at `start`: as `KNOWN` does, but words that begin no agency's name cost nothing."""
    word = _WORD.match(text, start)
    return KNOWN.match(text, start) if word is not None and word[0].casefold() in _FIRST_WORDS else None


def search(text: str) -> re.Match[str] | None:
    """Find the first agency of the list anywhere in a text."""
    words = (word.start() for word in _WORD.finditer(text) if word[0].casefold() in _FIRST_WORDS)
    return next((found for start in words if (found := KNOWN.match(text, start))), None)


def match(text: str, start: int = 0) -> re.Match[str] | None:
    """Match the name of an outlet at `start`.

    >>> match("Xinhua News Agency, Chengdu")[0], match("Overseas network, Nov. 15")[0], match("Paris, May 1")
    ('Xinhua News Agency', 'Overseas network', None)
    """
    known, shaped = known_at(text, start), _SHAPED.match(text, start)
    # A name all in capitals is a place's ("NEWPORT NEWS") unless the list says otherwise.
    shaped = None if shaped is not None and shaped[0].isupper() else shaped
    if known is None or shaped is None:
        return known or shaped
    return known if known.end() >= shaped.end() else shaped


def is_outlet(text: str) -> bool:
    """Whether the whole text is the name of an outlet."""
    found = match(text)
    return found is not None and found.end() == len(text)
