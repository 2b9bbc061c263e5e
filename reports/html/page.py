"""The page: template, styles, scripts and data in one file, which loads nothing else.

Data stands in a script element of the type application/json, which no browser runs; scripts put it
into the page as text. The content security policy allows the page's own scripts and styles by their
digests, and nothing besides: no network, no inline handler, no markup made of strings (Trusted Types).
"""

import base64
import dataclasses
import functools
import hashlib
from collections.abc import Iterable
from importlib.resources import files
from typing import Any, Final

import jinja2
import orjson
from markupsafe import Markup

SCRIPTS: Final = (
    "d3.min.js",
    "d3-sankey.min.js",
    "plot.umd.min.js",
    "elements.js",
    "highlight.js",
    "tables.js",
    "charts.js",
    "articles.js",
    "sections.js",
    "report.js",
)
"""In the order they run."""
STYLES: Final = ("report.css",)
DEFAULT_ARTICLES: Final = 300
DEFAULT_BYTES: Final = 2_000_000
_LONGEST: Final = 0.1
"""Share of the room for articles that one article may take."""

PLOT_STYLE: Final = """\
:where(.plot) {
  --plot-background: white;
  display: block;
  height: auto;
  height: intrinsic;
  max-width: 100%;
}
:where(.plot text),
:where(.plot tspan) {
  white-space: pre;
}"""
"""What Observable Plot puts into a style element of every chart whose class is `plot`."""


class PageTooLargeError(Exception):
    """What must be on the page is more than it may have."""


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """A page, and how many articles are in it."""

    content: bytes
    articles: int


def asset(name: str) -> str:
    """The text of a file that belongs to the page."""
    return (files("reports.html") / "data" / name).read_text("utf-8")


def digest(text: str) -> str:
    """A source expression of a content security policy that allows exactly this script or style."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def embed(value: object) -> bytes:
    """JSON that can stand in a script element: nothing in it begins or ends an element or a comment."""
    text = orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)
    return text.replace(b"<", b"\\u003c").replace(b">", b"\\u003e").replace(b"&", b"\\u0026")


@functools.cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("reports.html", "data"), autoescape=True, undefined=jinja2.StrictUndefined
    )


def shell(*, live: bool) -> tuple[str, str]:
    """The page without its data: what stands before it and after it.

    A live page names its scripts and styles by their addresses; a page in a file holds them.
    """
    styles, scripts = [asset(name) for name in STYLES], [asset(name) for name in SCRIPTS]
    policy = "; ".join(
        [
            "default-src 'none'",
            "img-src data:",
            f"script-src {' '.join(map(digest, scripts))}",
            f"style-src {' '.join(map(digest, [*styles, PLOT_STYLE]))}",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
        ]
    )
    text = (
        _environment()
        .get_template("page.html")
        .render(
            live=live,
            policy=policy,
            # Files of this package, and so no input.
            styles=[Markup(text) for text in styles],  # noqa: S704
            scripts=[Markup(text) for text in scripts],  # noqa: S704
            style_names=STYLES,
            script_names=SCRIPTS,
            data="\0",
        )
    )
    before, _, after = text.partition("\0")
    return before, after


def render(data: dict[str, Any], articles: Iterable[dict[str, Any]], most: int, max_bytes: int) -> Page:
    """The page with as many of the articles, in their order, as it has room for.

    Raises `PageTooLargeError` where there is no room for the rest of it.
    """
    before, after = (part.encode() for part in shell(live=False))
    head = embed(data)
    room = max_bytes - len(before) - len(after) - len(head) - len(b',"articles":[]')
    if room < 0:
        msg = f"the page needs {max_bytes - room:,} bytes before the first article is in it; {max_bytes:,} are allowed"
        raise PageTooLargeError(msg)
    longest = room * _LONGEST
    parts: list[bytes] = []
    for article in articles:
        if len(parts) >= most:
            break
        part = embed(article)
        if len(part) < min(longest, room):
            parts.append(part)
            room -= len(part) + 1
    content = b"".join((before, head[:-1], b',"articles":[', b",".join(parts), b"]}", after))
    return Page(content, len(parts))
