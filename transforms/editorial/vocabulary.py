"""The word lists of this package, read once from `data/`."""

import functools
import re
from collections.abc import Collection, Iterator
from importlib import resources


def rows(name: str) -> Iterator[list[str]]:
    """Yield the cells of every row of a tab-separated list; `#` starts a comment line."""
    text = resources.files(__package__).joinpath("data", name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


@functools.cache
def roles(form: str) -> dict[str, str]:
    """Return phrase → role for one form of credit: `label`, `by`, `tag` or `source`."""
    return {
        phrase: role for _, role, kind, phrases in rows("roles.tsv") if kind == form for phrase in phrases.split("|")
    }


@functools.cache
def months() -> dict[str, int]:
    """Return month name → 1…12."""
    return {name: int(number) for number, names in rows("months.tsv") for name in names.split("|")}


@functools.cache
def words(name: str) -> frozenset[str]:
    """Return the entries of a list that has one column, several to a row where `|` parts them."""
    return frozenset(entry for cells in rows(name) for entry in cells[-1].split("|"))


def alternation(phrases: Collection[str]) -> str:
    """Return a pattern for any of the phrases, longest first; a blank in one matches any run of blanks."""
    ordered = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return "|".join(r"\s+".join(map(re.escape, phrase.split())) for phrase in ordered)
