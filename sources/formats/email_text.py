"""The text of a message: its lines made paragraphs again, signature and forwarding marks taken off."""

import dataclasses
import itertools
import re
import statistics
import tomllib
from importlib import resources

from sources.formats.wiretext import paragraphs

WORDS: dict[str, list[str]] = tomllib.loads(
    resources.files("sources.formats").joinpath("data/email_words.toml").read_text(encoding="utf-8")
)
_WIDEST = 90
"""Columns to which mail programs wrap at most; RFC 5322 2.1.1 asks for 78."""
_WRAPPED = 50
"""Columns from which lines that another follows are taken to be wrapped rather than short, by their median."""
_SEARCHED = 200
"""Lines at the top of a text among which the line above a forwarded message is looked for."""


def _any_of(key: str) -> str:
    return "|".join(map(re.escape, WORDS[key]))


_SENT_ON = re.compile(rf"[\s>]*[-—_*]*\s*(?:{_any_of('forwarded_line')})\s*:?\s*[-—_*]*\s*", re.IGNORECASE)
_HEADER = re.compile(
    rf"[\s>*]*(?:(?P<sender>{_any_of('from')})|(?P<date>{_any_of('date')})|(?P<subject>{_any_of('subject')})|[\w-]{{2,20}})"
    r"\s*:\*?\s*(?P<value>\S.*)",
    re.IGNORECASE,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Forwarded:
    """A message inside a message, as mail programs quote it."""

    sender: str | None
    date: str | None
    subject: str | None
    lines: list[str]


def unflow(lines: list[str], *, delete_space: bool) -> list[str]:
    """Join the lines of `format=flowed` text (RFC 3676), quoted ones left as they are.

    >>> unflow(["One line ", "runs on.", "Next."], delete_space=False)
    ['One line runs on.', 'Next.']
    """
    joined: list[str] = []
    flowing = False
    for line in lines:
        bare = line.removeprefix(" ")
        if flowing and not bare.startswith(">"):
            joined[-1] += bare
        else:
            joined.append(bare)
        flowing = bare.endswith(" ") and bare != "-- " and not bare.startswith(">")
        if flowing and delete_space:
            joined[-1] = joined[-1][:-1]
    return joined


def without_signature(lines: list[str]) -> list[str]:
    """Lines up to the signature separator (RFC 3676 4.3), which also separates list footers."""
    for at, line in enumerate(lines):
        if line.rstrip("\r") in {"-- ", "--"} and at:
            return lines[:at]
    return lines


def find_forwarded(lines: list[str]) -> Forwarded | None:
    """The message that a text passes on, with the header lines that stand above it; None where it passes on none."""
    marks = (at for at, line in enumerate(lines[:_SEARCHED]) if len(line) <= _WIDEST and _SENT_ON.fullmatch(line))
    at = next(marks, None)
    if at is None:
        return None
    found: dict[str, str] = {}
    begin = at + 1
    while begin < len(lines) and not lines[begin].strip() and begin <= at + 2:
        begin += 1
    while begin < len(lines) and (match := _HEADER.match(lines[begin][:1000])):
        found |= {
            key: match["value"].strip() for key in ("sender", "date", "subject") if match[key] and key not in found
        }
        begin += 1
    if "sender" not in found and "subject" not in found:
        return None
    return Forwarded(found.get("sender"), found.get("date"), found.get("subject"), lines[begin:])


def to_paragraphs(lines: list[str], *, flowed: bool) -> str:
    """Paragraphs divided by blank lines; lines run on only where a program wrapped them."""
    running = [len(line) for line, after in itertools.pairwise(lines) if line.strip() and after.strip()]
    if not flowed and running and max(map(len, lines)) <= _WIDEST and statistics.median(running) >= _WRAPPED:
        return "\n\n".join(paragraphs(lines))
    return "\n\n".join(line.strip() for line in lines if line.strip())
