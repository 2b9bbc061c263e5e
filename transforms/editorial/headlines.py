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
    rf"[\s*#\[(【（<]*(?P<flag>{vocabulary.alternation(_FLAGS)})(?!\w)(?:\s?\d{{1,2}}(?!\w))?"
    r"(?P<close>\s?[-–—:：/!|\])】）>.,]+\s*|\s*$|\s+(?=\S))"
)
LENGTH, MAX_FLAGS = 300, 4


def read(title: str) -> Reading:
    """Read the flags that open a headline, several in a row too.

    A flag in small letters, or one that nothing parts from the words after it, is a word:

    >>> read("CORRECTED-UPDATE 2-Turkey to buy missiles").doc_type, read("KILL KILL KILL Turkey").status
    ('correction', 'canceled')
    >>> read("Urgent talks on missiles"), read("Update 2 is out")
    (Reading(doc_type=None, status=None), Reading(doc_type=None, status=None))
    """
    doc_type: DocType | None = None
    status: Status | None = None
    position, title = 0, title[:LENGTH]
    for _ in range(MAX_FLAGS):
        found = _FLAG.match(title, position)
        if found is None or not _parted(found):
            break
        reading = _FLAGS[_spelled(found["flag"])]
        doc_type, status = doc_type or reading.doc_type, status or reading.status
        position = found.end()
    return Reading(doc_type, status)


def _parted(found: re.Match[str]) -> bool:
    """Whether a mark parts the flag from the headline; three words in capitals need none."""
    flag = found["flag"]
    return (
        bool(found["close"].strip())
        or found["close"] == ""
        or found.end() == len(found.string)
        or (flag.isupper() and len(flag.split()) >= 3)
    )


def _spelled(flag: str) -> str:
    return " ".join(flag.split())
