"""Pair the quotation marks of a text."""

import dataclasses
import re

MARK = re.compile(r"[\"“”„«»「」『』]")
STRAIGHT_MARK = re.compile('"')
NEWLINES = re.compile(r"\n+")
ATTRIBUTION = re.compile(r"[a-z],? (?:he|she|it|they|the [a-z]+|[A-Z]\w+) (?:said|added|told|says|noted)\b")
BLANKS = " \t\n\u00a0\u202f\u2009"
OPENERS = BLANKS + "([{—–-/‘'“「『【《:"
PAIRS = {"“": "”", "«": "»", "「": "」", "『": "』"}
CLOSERS = {close: opening for opening, close in PAIRS.items()}
STRAIGHT = '"'
SWAPPED = frozenset(
    ["de", "cs", "sk", "sl", "hr", "sr", "bs", "da", "is", "bg", "lt", "et", "sv", "fi", "nb", "no", "nn"]
)
"""Languages whose conventions use the curly marks and guillemets the other way round too: not paired."""


@dataclasses.dataclass(frozen=True, slots=True)
class Quotes:
    """Ranges between the marks of a pair, and the offsets of marks that have no partner."""

    pairs: tuple[tuple[int, int], ...]
    unclosed: tuple[int, ...]
    unopened: tuple[int, ...]


def pair_quotes(string: str, primary: str = "en") -> Quotes:
    """Pair marks from left to right, in one pass.

    A paragraph that opens with a mark while a quotation is open continues it, as newspapers do;
    but one that its paragraph leaves open after an attribution has lost its end.
    A quotation may go on over paragraphs. A straight mark's side is told by the blanks around it.
    """
    found = Pairing(string)
    seen = 0
    for match in (STRAIGHT_MARK if string.isascii() else MARK).finditer(string):
        mark, at = match[0], match.start()
        if mark == "„" or (mark != STRAIGHT and primary in SWAPPED):
            continue
        if found.opened:
            found.end_paragraphs(seen, at)
        found.add(at, *classify(string, at, mark))
        seen = at
    if found.opened:
        found.end_paragraphs(seen, len(string))
    unclosed = sorted([*found.unclosed, *found.opened.values()])
    return Quotes(tuple(found.pairs), tuple(unclosed), tuple(found.unopened))


@dataclasses.dataclass(slots=True)
class Pairing:
    """The state of pairing: what is open, and what was found so far."""

    string: str
    paragraph: int = 0
    opened: dict[str, int] = dataclasses.field(default_factory=dict)
    pairs: list[tuple[int, int]] = dataclasses.field(default_factory=list)
    unclosed: list[int] = dataclasses.field(default_factory=list)
    unopened: list[int] = dataclasses.field(default_factory=list)

    def add(self, at: int, kind: str, side: str) -> None:
        """Take the next mark."""
        if side == "open" or (side == "either" and kind not in self.opened):
            if kind in self.opened:
                if at == self.paragraph:
                    return
                self.unclosed.append(self.opened[kind])
            self.opened[kind] = at
        elif kind in self.opened:
            self.pairs.append((self.opened.pop(kind), at + 1))
        elif side == "close":
            self.unopened.append(at)

    def end_paragraphs(self, start: int, end: int) -> None:
        """End every paragraph that ends between two offsets."""
        if self.string.find("\n", start, end) >= 0:
            for match in NEWLINES.finditer(self.string, start, end):
                self.end_paragraph(match.start(), match.end())

    def end_paragraph(self, at: int, after: int) -> None:
        """Give up what the paragraph leaves open after an attribution."""
        for kind, since in list(self.opened.items()):
            if ATTRIBUTION.search(self.string, max(since, self.paragraph), at):
                self.unclosed.append(self.opened.pop(kind))
        self.paragraph = after


def classify(string: str, at: int, mark: str) -> tuple[str, str]:
    """The pair a mark belongs to, and its side: "open", "close", "either", "none" for inches and seconds."""
    if mark in PAIRS:
        return mark, "open"
    if mark in CLOSERS:
        return CLOSERS[mark], "close"
    before = string[at - 1] if at else "\n"
    after = string[at + 1] if at + 1 < len(string) else "\n"
    if before.isdigit() and not after.isalnum():
        return mark, "maybe"
    if before in OPENERS and after not in BLANKS:
        return mark, "open"
    if before not in BLANKS and not after.isalnum():
        return mark, "close"
    return mark, "either"
