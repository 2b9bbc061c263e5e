"""Pair the quotation marks of a text."""

import dataclasses
import re

MARK = re.compile(r"[\"“”„«»「」『』]|\n+")
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
    pairs: list[tuple[int, int]] = []
    unclosed: list[int] = []
    unopened: list[int] = []
    opened: dict[str, int] = {}
    paragraph = 0
    for match in MARK.finditer(string):
        at = match.start()
        mark = match[0]
        if mark[0] == "\n":
            for kind in [
                kind for kind, since in opened.items() if ATTRIBUTION.search(string, max(since, paragraph), at)
            ]:
                unclosed.append(opened.pop(kind))
            paragraph = match.end()
            continue
        if mark != STRAIGHT and (primary in SWAPPED or mark == "„"):
            continue
        kind, side = classify(string, at, mark)
        if side == "either":
            side = "close" if kind in opened else "open"
        if side == "open":
            if kind in opened and not (at == 0 or string[at - 1] == "\n"):
                unclosed.append(opened[kind])
            elif kind in opened:
                continue
            opened[kind] = at
        elif kind in opened:
            pairs.append((opened.pop(kind), at + 1))
        elif side == "close":
            unopened.append(at)
    unclosed.extend(opened.values())
    return Quotes(tuple(pairs), tuple(sorted(unclosed)), tuple(unopened))


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
