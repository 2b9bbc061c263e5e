"""A field of an article, prepared once and shared by all detectors."""

import bisect
import collections
import functools
import re
from collections.abc import Sequence

from articles import TextField
from transforms.artifacts.quotes import Quotes, pair_quotes

WORD = re.compile(r"\w+(?:[’'](?=\w)\w+)?")
OWN_NAME = re.compile(r"(?<=[a-z0-9,;’')] )[A-Z][A-Za-zÀ-ÿ]+(?:-[A-Z][A-Za-zÀ-ÿ]+)?")
BARE_NAME = re.compile(
    r"(?<=[a-z0-9,;’')] )(?<!\b[Tt]he )(?<!\b[Aa]n )(?<!\b[Aa] )[A-Z][A-Za-zÀ-ÿ]+(?=['’]s\b|(?![\w’'-])(?! [A-Z]))"
)
SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s|\Z)|\n{2,}|[。！？]+[”’」』）]*")
BLOCK = re.compile(r"[^\s](?:[^\n]|\n(?!\s*\n))*")
LINE = re.compile(r"[^\s][^\n]*")
WORD_AFTER = re.compile(r" ([\w’'-]+)")
WORD_BEFORE = re.compile(r"([\w’'-]+) {1,2}\Z")
CONTEXT = 40


class Text:
    """One field's string with what the detectors ask of it, each computed when first asked for.

    `language` is BCP 47 or None. `other` is the title where this is the body, and the body where
    this is the title. `protected` are ranges that hold credits or the dateline, in order.
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
        self.other = other
        self.protected = tuple(sorted(protected))

    @property
    def english(self) -> bool:
        """Whether detectors for English apply."""
        return self.primary == "en"

    @functools.cached_property
    def words(self) -> list[str]:
        """Every word as it is written."""
        return WORD.findall(self.string)

    @functools.cached_property
    def vocabulary(self) -> collections.Counter[str]:
        """How often each form of a word stands in this field."""
        return collections.Counter(self.words)

    @functools.cached_property
    def lowered(self) -> str:
        """The string in lower case; for guards only, as lengths may differ."""
        return self.string.lower()

    @functools.cached_property
    def own_names(self) -> collections.Counter[str]:
        """Words capitalized inside a sentence, how often in title and body: the text's own evidence for a name.

        A field written in capitals, or with Every Word Capitalized, gives no evidence.
        """
        return self.collect(OWN_NAME)

    @functools.cached_property
    def bare_names(self) -> collections.Counter[str]:
        """Those of `own_names` that stand alone, without an article and outside a longer name."""
        return self.collect(BARE_NAME)

    def collect(self, pattern: re.Pattern[str]) -> collections.Counter[str]:
        """What a pattern finds in title and body, where capitals mean something."""
        found = collections.Counter[str]()
        for text in (self, self.other):
            if text is not None and not text.is_headline_case:
                found.update(pattern.findall(text.string))
        return found

    @functools.cached_property
    def is_headline_case(self) -> bool:
        """Whether capitals say nothing here: all capitals, or a short text in Title Case."""
        letters = [word for word in self.words if word[0].isalpha()]
        if not letters:
            return True
        capitals = sum(word[0].isupper() for word in letters)
        if len(letters) > 30:
            shouted = sum(word.isupper() for word in letters)
            return shouted > 0.7 * len(letters)
        small = sum(word.islower() and len(word) > 3 for word in letters)
        return capitals > 0.6 * len(letters) and small <= 0.15 * len(letters)

    @functools.cached_property
    def paragraphs(self) -> list[tuple[int, int]]:
        """Ranges between blank lines; between line ends where there is no blank line."""
        pattern = BLOCK if "\n\n" in self.string else LINE
        return [(match.start(), match.start() + len(match[0].rstrip())) for match in pattern.finditer(self.string)]

    @functools.cached_property
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

    @functools.cached_property
    def quotes(self) -> Quotes:
        """The paired and the lone quotation marks."""
        return pair_quotes(self.string, self.primary)

    def is_quoted(self, position: int) -> bool:
        """Whether a position lies between the marks of a pair."""
        pairs = self.quotes.pairs
        index = bisect.bisect_right(pairs, (position, len(self.string) + 1)) - 1
        return index >= 0 and position < pairs[index][1]

    def word_after(self, position: int) -> str:
        """The word one blank after a position; "" where anything else follows."""
        match = WORD_AFTER.match(self.string, position)
        return match.group(1) if match else ""

    def word_before(self, position: int) -> str:
        """The word one blank before a position; "" where anything else precedes."""
        match = WORD_BEFORE.search(self.string[max(0, position - CONTEXT) : position])
        return match.group(1) if match else ""

    def is_protected(self, position: int) -> bool:
        """Whether a position lies in a credit or the dateline."""
        index = bisect.bisect_right(self.protected, (position, len(self.string) + 1)) - 1
        return index >= 0 and position < self.protected[index][1]
