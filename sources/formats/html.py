"""Article pages of the web: body by trafilatura, the rest by weighing what the page says of itself."""

from collections.abc import Iterator

from lxml.html import HtmlElement

from articles import Article, Encoding, Origin, ParseError
from sources.charset import decode
from sources.formats import html_fields as fields
from sources.formats import html_jsonld as jsonld
from sources.formats.html_body import linked_share, read_body, tidy
from sources.formats.html_byline import read_bylines
from sources.formats.html_dates import choose_published, choose_updated
from sources.formats.html_header import find_header, find_standfirst
from sources.formats.html_metadata import canonical_link, collect
from sources.formats.html_title import choose_title
from sources.formats.html_tree import MAX_CHARACTERS, blocks, drop_scripts, extent, read_tree

MAX_BYTES = 2 * MAX_CHARACTERS

_SHORT = 250
"""Characters of text below which a page without any sign of an article is none."""
_LINKED = 0.7
"""The share of linked text from which a page without any sign of an article is a section front."""


def parse(payload: bytes, origin: Origin) -> Iterator[Article | ParseError]:
    """Read the one article of a page; `ParseError` "no-article" for a section front or an empty shell."""
    url = origin.uri if origin.uri.startswith(("http://", "https://")) else None
    yield extract(payload, url, content_type=origin.content_type, uri=origin.uri)


def extract(page: str | bytes, url: str | None, *, content_type: str | None = None, uri: str | None = None) -> Article:
    """The article of a page found at `url`.

    Raises `ParseError` ("too-large", "too-complex", "empty", "malformed", "no-article"), naming the page by `uri`.
    """
    name = uri or url or "page"
    if len(page) > MAX_BYTES:
        raise ParseError("too-large", f"{name}: {len(page):,} bytes, more than {MAX_BYTES:,}")
    text, encoding = decode(page, content_type) if isinstance(page, bytes) else (page, Encoding())
    tree = read_tree(text, name)
    return _assemble(tree, url, name, encoding)


def _assemble(tree: HtmlElement, url: str | None, uri: str, encoding: Encoding) -> Article:
    metadata = collect(tree, url)
    drop_scripts(tree)
    publisher = fields.publisher(metadata)
    title = choose_title(metadata, publisher)
    page = list(blocks(tree))
    header = find_header(tree, page, title)
    descriptions = fields.descriptions(metadata)
    standfirst = find_standfirst(header, descriptions)
    published = choose_published(metadata, header, url)
    evident = metadata.article is not None or metadata.first("og:type") == "article"
    front = 0.0 if evident else linked_share(tree)
    is_live = metadata.article is not None and "LiveBlogPosting" in jsonld.types(metadata.article)
    paragraphs = read_body(tree, uri, is_live=is_live)
    bylines = read_bylines(metadata, header, page, paragraphs, publisher)
    lines, notice = tidy(paragraphs, (title, *metadata.headings), bylines.authors, standfirst)
    if not lines and (full := metadata.said("articleBody")):
        lines = [full]
    length = sum(map(extent, lines))
    if not evident and (length < _SHORT or front > _LINKED or not title):
        raise ParseError("no-article", f"{uri}: a page without an article ({length} characters of text)")
    if not title and not lines:
        raise ParseError("no-article", f"{uri}: neither headline nor text")
    return Article(
        title=title,
        summary=standfirst or next(iter(descriptions), None),
        body="\n\n".join(lines),
        url=canonical_link(metadata, url),
        publisher=publisher,
        byline=bylines.authors,
        credits=bylines.editors,
        published_raw=published,
        updated_raw=choose_updated(metadata),
        language_declared=fields.language(metadata),
        section=fields.section(metadata),
        keywords=fields.keywords(metadata),
        rights=fields.rights(metadata, notice),
        doc_type="multi" if is_live else "story",
        encoding=encoding,
    )
