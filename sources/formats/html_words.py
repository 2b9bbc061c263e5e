"""Words by which pages mark their parts (data/html_words.toml), as patterns."""

import functools
import re
import tomllib
from collections.abc import Iterable
from importlib import resources

from lxml.html import HtmlElement

_WORDS: dict[str, list[str]] = tomllib.loads(
    resources.files("sources.formats").joinpath("data/html_words.toml").read_text(encoding="utf-8")
)


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


BY = re.compile(
    rf"\s*(?:(?:{_any_of(_WORDS['by'])})(?:\s*:\s*|\s+)|(?:{_any_of(_WORDS['author'])})\s*[:：/]\s*)(?=\S)",
    re.IGNORECASE,
)
"""A word of authorship and what divides it from the name."""

LABELLED = re.compile(rf"(?<=[\s|｜])(?:{_any_of(_WORDS['author'])})\s?[:：]\s?(?=\S)", re.IGNORECASE)
"""A label of authorship inside a line, behind date or source: "3 May 2024 Source: Harbour Post Author: A. Name"."""

NEXT_LABEL = re.compile(r"[\s|｜]+[^\W\d_]{2,14}\s?[:：]")
"""The label of whatever stands behind the author in a line."""

EDITED_BY = re.compile(rf"\s*(?:{_any_of(_WORDS['editor'])})\s*[:：]\s*(?=\S)", re.IGNORECASE)

AND = re.compile(rf"\s+(?:{_any_of(_WORDS['and'])})\s+|\s*[&、，]\s*", re.IGNORECASE)

ROLES = frozenset(_WORDS["role"])
ACCOUNTS = frozenset(_WORDS["account"])
EMBEDS = frozenset(_WORDS["embed_class"])
BYLINE_CLASSES = frozenset(_WORDS["byline_class"])
NOT_BYLINE_CLASSES = frozenset(_WORDS["not_byline_class"])
STANDFIRST_CLASSES = frozenset(_WORDS["standfirst_class"])
CAPTION_CLASSES = frozenset(_WORDS["caption_class"])
BESIDE_CLASSES = CAPTION_CLASSES | frozenset(_WORDS["offer_class"])

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PART = re.compile(r"[A-Za-z]+")


def marks(element: HtmlElement) -> frozenset[str]:
    """The words in the names that a page's maker gave an element.

    `class="article__authorName js-2"` is marked "article", "author", "name" and "js".
    """
    return _parts(" ".join(filter(None, map(element.get, ("class", "id", "data-testid", "data-qa"))))[:500])


@functools.lru_cache(maxsize=4096)
def _parts(given: str) -> frozenset[str]:
    return frozenset(part.lower() for part in _PART.findall(_HUMP.sub(" ", given)))
