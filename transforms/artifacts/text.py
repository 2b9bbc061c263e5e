"""A field of an article, prepared once and shared by all detectors."""

import bisect
import collections
import re
from collections.abc import Iterator, Sequence

import numpy as np

from articles import TextField
from transforms.artifacts.once import once
from transforms.artifacts.quotes import Quotes, pair_quotes
from transforms.artifacts.tokens import draw_shape, find_exotic, find_marks, split_words
from transforms.artifacts.wordforms import CAPITAL, POSSESSIVE, SHOUTED, UNLETTERED, Numbers, Wordforms, load_wordforms

INNER_NAME = re.compile(
    r" (?=[A-Z])(?<=[a-z0-9,;’')] )(?:"
    r"(?<!\b[Tt]he )(?<!\b[Aa]n )(?<!\b[Aa] )([A-Z][A-Za-zÀ-ÿ]+)(?=['’]s\b|(?![\w’'-])(?! [A-Z]))"
    r"|([A-Z][A-Za-zÀ-ÿ]+(?:-[A-Z][A-Za-zÀ-ÿ]+)?))"
)
"""A capitalized word inside a sentence: the first group where it stands alone, else the second."""
SENTENCE_END = re.compile(
    r"[.!?…\n。！？](?:(?<=[.!?…])(?<![.!?…]{2})[.!?…]*+[\"'”’)\]]*+(?=\s|\Z)|(?<=\n)\n+|(?<=[。！？])[。！？]*[”’」』）]*)"
)
STOPS = {'"': ('."', '?"', '!"'), "”": (".”", "?”", "!”"), "?": ("? ",), "!": ("! ",), "\n": ("\n",)}
"""Marks, and the ends of sentences that hold them."""
WORD_AFTER = re.compile(r" ([\w’'-]+)")
LAST_LETTERS = re.compile(r"[\w’'-]+\Z")
CONTEXT = 40
ENOUGH_WORDS = 120
"""Words that tell whether a text is written in capitals."""


class Text:
    """One field's string with what the detectors ask of it, each computed when first asked for.

    `language` is BCP 47 or None. `other` is the title where this is the body, and the body where
    this is the title. `protected` are ranges that hold credits or the dateline, in order. `english` says
    whether detectors for English apply.
    """

    def __init__(
        self,
        string: str,
        field: TextField = "body",
        language: str | None = "en",
        *,
        other: "Text | None" = None,
        protected: Sequence[tuple[int, int]] = (),
    ) -> None:
        self.string = string
        self.field = field
        self.language = language
        self.primary = (language or "").partition("-")[0].lower()
        self.english = self.primary == "en"
        self.other = other
        self.protected = tuple(sorted(protected))
        self.wordforms: Wordforms = load_wordforms() if other is None else other.wordforms

    @property
    def fields(self) -> tuple["Text", ...]:
        """The field itself and the other one."""
        return (self,) if self.other is None else (self, self.other)

    @once
    def words(self) -> list[str]:
        """Every word as it is written."""
        return split_words(self.string, self.exotic)

    @once
    def vocabulary(self) -> frozenset[str]:
        """Each form of a word once."""
        return frozenset(self.words)

    @once
    def counts(self) -> collections.Counter[str]:
        """How often each form of a word stands in this field."""
        return collections.Counter(self.words)

    @once
    def numbers(self) -> Numbers:
        """The words in their order, by their numbers in the table of forms."""
        return np.fromiter(map(self.wordforms.__getitem__, self.words), np.int64, len(self.words))

    @once
    def word_traits(self) -> Numbers:
        """The traits of the words in their order."""
        numbers = self.numbers  # first: the table's columns are replaced where they grow
        return self.wordforms.traits[numbers]

    @once
    def traits(self) -> int:
        """What traits the words have between them."""
        return int(np.bitwise_or.reduce(self.word_traits))

    def having(self, trait: int) -> list[str]:
        """The distinct words that have a trait, or one of several, in the order they are met."""
        if not self.traits & trait:
            return []
        places = (self.word_traits & trait).nonzero()[0].tolist()
        return [*dict.fromkeys([self.words[place] for place in places])]

    @once
    def capitalized(self) -> list[str]:
        """The distinct words that begin with a capital."""
        return self.having(CAPITAL)

    @once
    def possessors(self) -> set[str]:
        """The words that stand in the possessive: "Ankara" of "Ankara's"."""
        return {word[:-2] for word in self.having(POSSESSIVE)}

    @once
    def shape(self) -> bytes:
        """Small letters, capitals and digits each as one: a byte a character, for guards."""
        return draw_shape(self.string)

    @once
    def exotic(self) -> str:
        """The distinct characters that are not ASCII; "" for most English texts."""
        return find_exotic(self.string)

    @once
    def pieces(self) -> list[str]:
        """Stretches between full stops and line ends; quicker than `sentences` and less exact."""
        string = self.string
        for mark, endings in STOPS.items():
            for ending in endings if mark in string else ():
                string = string.replace(ending, ". ")
        return [piece for piece in string.split(". ") if len(piece) > 3]

    @once
    def marks(self) -> frozenset[str]:
        """The distinct characters that are neither letters, digits nor blanks of ASCII; for guards."""
        return frozenset(find_marks(self.string) + self.exotic)

    @once
    def lowered(self) -> str:
        """The string in lower case; for guards only, as lengths may differ."""
        return self.string.lower()

    @once
    def own_names(self) -> collections.Counter[str]:
        """Words capitalized inside a sentence, how often in title and body: the text's own evidence for a name.

        A field written in capitals, or with Every Word Capitalized, gives no evidence.
        """
        if self.field == "title" and self.other is not None:
            return self.other.own_names
        return collections.Counter([bare or name for text in self.cased_fields for bare, name in text.inner_names])

    @once
    def bare_names(self) -> collections.Counter[str]:
        """Those of `own_names` that stand alone, without an article and outside a longer name."""
        if self.field == "title" and self.other is not None:
            return self.other.bare_names
        return collections.Counter([bare for text in self.cased_fields for bare, _ in text.inner_names if bare])

    @once
    def lowered_names(self) -> dict[str, str]:
        """Those of `own_names` in lower case."""
        if self.field == "title" and self.other is not None:
            return self.other.lowered_names
        return {name: name.lower() for name in self.own_names}

    @once
    def inner_names(self) -> list[tuple[str, str]]:
        """The names of this field alone, as often as they stand: first those that stand alone, else second."""
        return INNER_NAME.findall(self.string)

    @property
    def cased_fields(self) -> list["Text"]:
        """Title and body as far as capitals mean something in them."""
        return [text for text in self.fields if not text.is_headline_case]

    @once
    def is_headline_case(self) -> bool:
        """Whether capitals say nothing here: all capitals, or a short text in Title Case."""
        traits = self.word_traits[:ENOUGH_WORDS]
        lettered = len(traits) - np.count_nonzero(traits & UNLETTERED)
        if lettered > 30:
            return bool(np.count_nonzero(traits & SHOUTED) > 0.7 * lettered)
        letters = [word for word in self.words[:ENOUGH_WORDS] if word[0].isalpha()]
        if not letters:
            return True
        capitals = sum(word[0].isupper() for word in letters)
        small = sum(word.islower() and len(word) > 3 for word in letters)
        return capitals > 0.6 * len(letters) and small <= 0.15 * len(letters)

    @once
    def paragraphs(self) -> list[tuple[int, int]]:
        """Ranges between blank lines; between line ends where there is no blank line."""
        found = []
        start = 0
        gap = "\n\n" if "\n\n" in self.string else "\n"
        for part in self.string.split(gap):
            stripped = part.strip()
            if stripped:
                begin = start + len(part) - len(part.lstrip())
                found.append((begin, begin + len(stripped)))
            start += len(part) + len(gap)
        return found

    @once
    def sentences(self) -> list[tuple[int, int]]:
        """Ranges between sentence ends; an abbreviation's full stop counts as an end."""
        found = []
        start = 0
        for match in SENTENCE_END.finditer(self.string):
            if self.string[start : match.end()].strip():
                found.append((start, match.end()))
            start = match.end()
        if self.string[start:].strip():
            found.append((start, len(self.string)))
        return found

    @once
    def quotes(self) -> Quotes:
        """The paired and the lone quotation marks."""
        return pair_quotes(self.string, self.primary)

    def is_quoted(self, position: int) -> bool:
        """Whether a position lies between the marks of a pair."""
        pairs = self.quotes.pairs
        index = bisect.bisect_right(pairs, (position, len(self.string) + 1)) - 1
        return index >= 0 and position < pairs[index][1]

    def find_word(self, word: str) -> Iterator[int]:
        """Where a word stands whole, by the offsets of its first letter."""
        string, size = self.string, len(word)
        at = string.find(word)
        while at >= 0:
            end = at + size
            before, after = string[at - 1 : at], string[end : end + 1]
            if not (before.isalnum() or after.isalnum() or before == "_" or after == "_"):
                yield at
            at = string.find(word, end)

    def find_shape(self, shape: bytes) -> Iterator[int]:
        """Where a stretch of a shape stands."""
        at = self.shape.find(shape)
        while at >= 0:
            yield at
            at = self.shape.find(shape, at + 1)

    def word_after(self, position: int) -> str:
        """The word one blank after a position; "" where anything else follows."""
        match = WORD_AFTER.match(self.string, position)
        return match.group(1) if match else ""

    def word_before(self, position: int) -> str:
        """The word one blank before a position; "" where anything else precedes."""
        string, first = self.string, max(0, position - CONTEXT)
        end = position - string.endswith(" ", first, position)
        if end == position:
            return ""
        end -= string.endswith(" ", first, end)
        token = string[max(first, string.rfind(" ", first, end) + 1) : end]
        if token.isalnum():
            return token
        match = LAST_LETTERS.search(token)
        return match[0] if match else ""

    def is_protected(self, position: int) -> bool:
        """Whether a position lies in a credit or the dateline."""
        index = bisect.bisect_right(self.protected, (position, len(self.string) + 1)) - 1
        return index >= 0 and position < self.protected[index][1]
