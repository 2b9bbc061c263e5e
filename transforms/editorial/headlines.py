"""What the flag at the start of a headline says: `UPDATE 2-`, `CORRECTED-`, `KILL`, `HOLD HOLD HOLD`."""

import dataclasses
import re
from typing import get_args

from articles import DocType, Status
from transforms.editorial import vocabulary


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """What a headline's flags say; None where they say nothing of it."""

    doc_type: DocType | None = None
    status: Status | None = None


_FLAGS: dict[str, Reading] = {
    flag: Reading(
        next((kind for kind in get_args(DocType) if kind == doc_type), None),
        next((kind for kind in get_args(Status) if kind == status), None),
    )
    for doc_type, status, flags in vocabulary.rows("flags.tsv")
    for flag in flags.split("|")
}
_FLAG = re.compile(
    rf"[\s*#/\[(【（<–—-]*(?P<flag>{vocabulary.alternation(_FLAGS)})(?!\w)(?:\s?(?P<number>\d{{1,2}})(?!\w))?"
    r"(?P<close>\s?[-–—:：/!|\])】）>.,]+\s*|\s*$|\s+(?=\S))"
)
LENGTH, MAX_FLAGS = 300, 4
_REPLACING: frozenset[DocType] = frozenset({"update", "correction", "wrapup"})


def read(title: str) -> Reading:
    """Read the flags that open a headline, several in a row too.

    A flag in small letters, or one that nothing parts from the words after it, is a word:

    >>> read("CORRECTED-UPDATE 2-Turkey to buy missiles").doc_type, read("KILL KILL KILL Turkey").status
    ('correction', 'canceled')
    >>> read("Urgent talks on missiles"), read("Update 2 is out")
    (Reading(doc_type=None, status=None), Reading(doc_type=None, status=None))
    """
    readings = [_FLAGS[flag] for flag, _, _ in _open_flags(title)]
    return Reading(
        next((reading.doc_type for reading in readings if reading.doc_type), None),
        next((reading.status for reading in readings if reading.status), None),
    )


def strip_flags(title: str) -> str:
    """Give the headline without the flags that open it.

    >>> strip_flags("(CORRECTED) - UPDATE 2-Turkey to buy missiles")
    'Turkey to buy missiles'
    """
    ends = [end for _, _, end in _open_flags(title)]
    return title[ends[-1] :] if ends else title


def edition(title: str, doc_type: DocType) -> str | None:
    """Name the edition of a story that replaces another one: what kind it is, and the number its flags give.

    None for a first telling and its repeats. Two texts of different editions are never copies of each other.

    >>> edition("UPDATE 2-Turkey to buy missiles", "update"), edition("RPT-Turkey to buy missiles", "story")
    ('update 2', None)
    """
    if doc_type not in _REPLACING:
        return None
    return " ".join([doc_type, *(number for _, number, _ in _open_flags(title) if number)])


def _open_flags(title: str) -> list[tuple[str, str, int]]:
    """The flags that open a headline: each as it is spelled in the list, its number, and where it ends."""
    found: list[tuple[str, str, int]] = []
    position, title_start = 0, title[:LENGTH]
    while len(found) < MAX_FLAGS and (match := _FLAG.match(title_start, position)) and _parted(match):
        position = match.end()
        found.append((_spelled(match["flag"]), match["number"] or "", position))
    return found


def _parted(found: re.Match[str]) -> bool:
    """Whether a mark parts the flag from the headline; three words in capitals need none."""
    flag = found["flag"]
    return (
        bool(found["close"].strip())
        or found["close"] == ""
        or found.end() == len(found.string)
        or (len(flag.split()) >= 3 and flag.split()[0].isupper() and flag.split()[-1].isupper())
    )


def _spelled(flag: str) -> str:
    return " ".join(flag.split())
