"""An article in the terminal, with what was tagged in it coloured, named and explained.

Colours are of the Okabe-Ito palette, which colour-blind readers can tell apart
(https://jfly.uni-koeln.de/color/), two of them darkened until white on them can be read, and greys. Every span
also carries its number, which the legend names.
"""

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from articles import Article, Artifact
from reports.plain import printable

ARTIFACT_STYLES: Final = (
    "underline #000000 on #E69F00",
    "underline #000000 on #56B4E9",
    "underline #FFFFFF on #007A59",
    "underline #000000 on #F0E442",
    "underline #FFFFFF on #0072B2",
    "underline #FFFFFF on #B34F00",
    "underline #000000 on #CC79A7",
    "underline #000000 on #BBBBBB",
    "underline #FFFFFF on #595959",
    "underline #000000 on #FFFFFF",
)
"""Taken in turn by the kinds of an article; underlined, so that they show without colours (NO_COLOR) too."""

CREDIT_STYLE: Final = "italic underline"

_TABLE_FROM: Final = 72
"""Columns of a terminal that has room for the legend as a table."""


def render(article: Article, facts: Sequence[tuple[str, str]] = ()) -> RenderableType:
    """The title, what is known of the article, its text with the spans marked, and their legend.

    `facts` are shown beside the article's own, such as the table it is in.
    """
    styles = _styles(article)
    numbers = {id(artifact): number for number, artifact in enumerate(article.artifacts, 1)}
    title = _mark(article.title, [a for a in article.artifacts if a.field == "title"], styles, numbers)
    title.stylize("bold")
    body = _mark(article.body, [a for a in article.artifacts if a.field == "body"], styles, numbers, _credits(article))
    parts: list[RenderableType] = [title, Text(), _facts(article, facts), Text(), body]
    if article.artifacts:
        parts += [Text(), _Legend(article.artifacts, styles)]
    if _credits(article):
        parts += [Text(), Text.assemble(("in italics", CREDIT_STYLE), ": dateline and credits")]
    return Group(*parts)


def _styles(article: Article) -> dict[str, str]:
    kinds = list(dict.fromkeys(artifact.kind for artifact in article.artifacts))
    return {kind: ARTIFACT_STYLES[index % len(ARTIFACT_STYLES)] for index, kind in enumerate(kinds)}


def _credits(article: Article) -> list[tuple[int, int]]:
    places = [(credit.start, credit.end) for credit in article.credits]
    if article.dateline:
        places.append((article.dateline.start, article.dateline.end))
    return [(start, end) for start, end in places if start is not None and end is not None]


def _mark(
    text: str,
    artifacts: Sequence[Artifact],
    styles: dict[str, str],
    numbers: dict[int, int],
    credits_: Sequence[tuple[int, int]] = (),
) -> Text:
    """The text with its spans styled, and each artifact's number after it."""
    marked = Text(printable(text))  # as long as before
    for start, end in credits_:
        marked.stylize(CREDIT_STYLE, start, end)
    for artifact in sorted(artifacts, key=lambda found: found.start - found.end):  # the longest first, so all are seen
        marked.stylize(styles[artifact.kind], artifact.start, artifact.end)
    cuts = sorted({artifact.end for artifact in artifacts})
    pieces = marked.divide(cuts)
    result = Text()
    for piece, end in zip(pieces, [*cuts, len(text) + 1], strict=True):
        result.append_text(piece)
        for artifact in artifacts:
            if artifact.end == end:
                result.append(f"[{numbers[id(artifact)]}]", "bold")
    return result


def _facts(article: Article, facts: Sequence[tuple[str, str]]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in (*facts, *_own_facts(article)):
        table.add_row(name, Text(printable(value)))
    return table


def _own_facts(article: Article) -> Iterator[tuple[str, str]]:
    yield "id", f"{article.article_id}, version {article.version}, {article.status} {article.doc_type}"
    if article.language:
        sure = "" if article.language_confidence is None else f" ({article.language_confidence:.2f})"
        yield "language", article.language + sure
    if article.published_at:
        yield "published", article.published_at.isoformat(sep=" ")
    elif article.published_raw:
        yield "published", f"{article.published_raw} (as the source says)"
    if article.dateline:
        line = article.dateline
        named = {"place": line.place, "agency": line.agency, "date": line.date_text}
        yield "dateline", ", ".join(f"{name} {value}" for name, value in named.items() if value)
    if article.byline:
        yield "byline", ", ".join(article.byline)
    for credit in article.credits:
        yield credit.role, " ".join(filter(None, [credit.name, credit.code and f"({credit.code})"]))
    if article.original_source:
        yield "original source", article.original_source
    if article.canonical_url:
        yield "url", article.canonical_url
    yield "read from", f"{article.source_uri} ({article.source_format})"
    if article.translation_probability is not None:
        yield "translated", f"{article.translation_probability:.2f} probable"


@dataclasses.dataclass(frozen=True, slots=True)
class _Legend:
    """What each number stands for: a table, or where there is no room for one, some lines each."""

    artifacts: Sequence[Artifact]
    styles: dict[str, str]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield self._table() if options.max_width >= _TABLE_FROM else self._lines()

    def _table(self) -> Table:
        table = Table(box=None, padding=(0, 1), show_edge=False)
        for name in ("#", "artifact", "stands there", "suggestion", "sure"):
            table.add_column(name, no_wrap=name in {"#", "artifact", "sure"})
        for number, artifact in enumerate(self.artifacts, 1):
            table.add_row(
                str(number),
                Text.assemble((artifact.kind, self.styles[artifact.kind])),
                Text(_short(artifact.text)),
                Text(_suggestion(artifact)),
                f"{artifact.confidence:.2f}",
            )
        return table

    def _lines(self) -> Text:
        lines = Text()
        for number, artifact in enumerate(self.artifacts, 1):
            lines.append(f"[{number}] ", "bold").append(artifact.kind, self.styles[artifact.kind])
            lines.append(f", sure {artifact.confidence:.2f}: {_short(artifact.text)}")
            if artifact.suggestion is not None:
                lines.append(f" -> {_suggestion(artifact)}")
            lines.append("\n")
        lines.rstrip()
        return lines


def _suggestion(artifact: Artifact) -> str:
    return "(nothing)" if artifact.suggestion == "" else _short(artifact.suggestion or "")


def _short(text: str, width: int = 60) -> str:
    line = printable(" ".join(text.split()))
    return line if len(line) <= width else line[: width - 1] + "…"
