"""Fields of a page for which the first source that speaks is right: publisher, language, section, keywords, rights."""

import re

from articles import Rights
from sources.formats import html_jsonld as jsonld
from sources.formats.html_metadata import Metadata
from sources.formats.html_tree import fold

MAX_KEYWORDS = 100
_DIVIDER = re.compile(r"\s*[,;，、]\s*")
_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,3}")


def publisher(metadata: Metadata) -> str | None:
    """The house that publishes the page."""
    if metadata.article is not None:
        for key in ("publisher", "sourceOrganization", "provider"):
            for name, _ in jsonld.names(metadata.article.get(key), metadata.nodes):
                if name and "://" not in name:
                    return name
    return metadata.first("og:site_name", "dc.publisher", "dcterms.publisher", "publisher", "application-name")


def descriptions(metadata: Metadata) -> tuple[str, ...]:
    """What the page gives as its own summary, without repetitions."""
    found = [metadata.said("description")]
    found += [
        metadata.first(name) for name in ("og:description", "description", "dc.description", "twitter:description")
    ]
    return tuple({fold(text): text for text in reversed(found) if text}.values())[::-1]


def language(metadata: Metadata) -> str | None:
    """The language tag of the page, as it spells it but for the hyphen."""
    tag = metadata.said("inLanguage")
    for value in (metadata.language, tag, metadata.first("og:locale", "content-language", "dc.language", "language")):
        if value and (match := _LOCALE.match(value)):
            return match.group().replace("_", "-")
    return None


def section(metadata: Metadata) -> str | None:
    """The section of the paper."""
    stated = metadata.said("articleSection") or next(iter(metadata.items.get("articlesection", ())), None)
    return stated or metadata.first("article:section", "parsely-section", "dc.subject.section", "section", "og:section")


def keywords(metadata: Metadata) -> tuple[str, ...]:
    """Keywords of the first source that has any, one each."""
    stated = jsonld.texts(metadata.article.get("keywords")) if metadata.article is not None else ()
    for values in (
        stated,
        *map(metadata.tags.get, ("article:tag", "news_keywords", "parsely-tags", "keywords", "dc.subject")),
    ):
        found = [word for value in values or () for word in _DIVIDER.split(value) if word and ": " not in word]
        if found:
            return tuple({fold(word): word for word in reversed(found)}.values())[::-1][:MAX_KEYWORDS]
    return ()


def rights(metadata: Metadata, notice: str | None) -> Rights | None:
    """Terms and holder, from metadata or else from the copyright `notice` under the text."""
    holder = terms = None
    if metadata.article is not None:
        holder = next((name for name, _ in jsonld.names(metadata.article.get("copyrightHolder"), metadata.nodes)), None)
        terms = metadata.said("usageInfo") or metadata.said("license") or metadata.said("copyrightNotice")
    holder = (
        holder or metadata.first("copyright", "dcterms.rightsholder", "dc.rights", "dcterms.rights", "rights") or notice
    )
    terms = terms or metadata.links.get("license")
    return Rights(usage_terms=terms, copyright_holder=holder) if holder or terms else None
