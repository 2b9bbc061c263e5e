"""Read who wrote, edited and filed a text from the text itself."""

import dataclasses

from articles import Article, Credit
from transforms.editorial import datelines, labels, passages


def annotate(article: Article) -> Article:
    """Fill in byline, credits, dateline and original source from the first and the last lines.

    What a wire format already gave wins over the text. Title and body stay as they are.
    """
    head, tail = passages.head(article.body), passages.tail(article.body)
    dateline, reporters = datelines.find(head, article.published_at)
    found: list[Credit] = list(reporters)
    sources: list[str] = []
    for line in {line.start: line for line in [*head, *tail]}.values():
        if ":" in line.text or "：" in line.text:
            more, outlets = labels.find(line)
            found += more
            sources += outlets
    byline = tuple(dict.fromkeys(it.name for it in found if it.role in {"author", "writer"} and it.name))
    return dataclasses.replace(
        article,
        byline=article.byline or byline,
        credits=article.credits or tuple(found),
        dateline=article.dateline or dateline,
        original_source=article.original_source or (sources[0] if sources else None),
    )
