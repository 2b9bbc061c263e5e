"""HTML to paragraphs of text: what a reader of the page would read, and nothing a browser hides."""

import html
import re
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Final

from lxml import etree

PARAGRAPH: Final = "\n\n"
LINE: Final = "\n"
ROW: Final = "\0"
"""Ends an item or row. Two in a row are one line end, while two `<br>` are a paragraph's end."""

_ELEMENTS: dict[str, list[str]] = tomllib.loads(
    resources.files("transforms").joinpath("data/html_elements.toml").read_text(encoding="utf-8")
)
_PARAGRAPHS = frozenset(_ELEMENTS["paragraphs"])
_LINES = frozenset(_ELEMENTS["lines"])
_CELLS = frozenset(_ELEMENTS["cells"])
_SKIPPED = frozenset(_ELEMENTS["skipped"])
_VOID = frozenset(_ELEMENTS["void"])
_ALONE = frozenset(_ELEMENTS["telling_alone"])

_BLANKS = re.compile(r"[ \t\n\r\f]+")
_BLANK_RUN = re.compile("  +")
_ROWS = re.compile(r"\n? ?\0[ \0]*")
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)", re.IGNORECASE)

_TAG = re.compile(
    rf"<(/?)({'|'.join(_ELEMENTS['telling'] + _ELEMENTS['telling_alone'])})(?:[\s/][^<>]*)?>", re.IGNORECASE
)

_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ESCAPED_AMPERSAND = re.compile(r"&(?:(?:amp|AMP|#0{0,5}38|#[xX]0{0,4}26);)+")


class _Reader:
    """Target of lxml's parser, which then builds no tree: depth costs a counter, not a stack."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.skipping = 0
        self.verbatim = 0
        self.columns = False

    def start(self, tag: str | bytes, attrib: Mapping[str | bytes, str | bytes]) -> None:
        tag = str(tag)
        if self.skipping:
            self.skipping += tag not in _VOID
        elif tag in _SKIPPED or _is_hidden(attrib):
            self.skipping = int(tag not in _VOID)
        elif tag == "br":
            self.parts.append(LINE)
        else:
            if tag == "pre":
                self.verbatim += 1
                self.columns = True
            self._break_at(tag)

    def end(self, tag: str | bytes) -> None:
        tag = str(tag)
        if self.skipping:
            self.skipping -= tag not in _VOID
        elif tag != "br":
            self.verbatim -= tag == "pre" and self.verbatim > 0
            self._break_at(tag)

    def data(self, data: str | bytes) -> None:
        if not self.skipping:
            text = str(data)
            self.parts.append(text if self.verbatim else _BLANKS.sub(" ", text))

    def comment(self, text: str | bytes) -> None:
        """Nothing: comments are not read."""

    def close(self) -> str:
        text = _ROWS.sub(LINE, "".join(self.parts))
        return text if self.columns else _BLANK_RUN.sub(" ", text)

    def _break_at(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self.parts.append(PARAGRAPH)
        elif tag in _LINES:
            self.parts.append(ROW)
        elif tag in _CELLS:
            self.parts.append(" ")


def extract(markup: str) -> str:
    r"""Give the text of an HTML fragment or page: blocks end in a blank line, rows and items in a line end.

    Takes linear time and constant stack, whatever the nesting. Blanks are left for `tidy`.

    >>> extract("<p>Rain in <b>Oslo</b>.</p><script>x()</script><p>Sun&nbsp;later.").split()
    ['Rain', 'in', 'Oslo.', 'Sun', 'later.']
    """
    parser = etree.HTMLParser(target=_Reader(), encoding="utf-8", huge_tree=True, remove_pis=True)
    source = markup.replace("<![CDATA[", "").replace("]]>", "").replace("\0", "")
    if not source.strip():
        return ""
    try:
        parser.feed(source.encode("utf-8", "replace"))
        return str(parser.close())
    except etree.LxmlError:
        return html.unescape(_TAG.sub(" ", source))


def holds_markup(text: str) -> bool:
    """Tell whether plain text is HTML after all: known elements, closed where they must be.

    >>> holds_markup("<p>Rain"), holds_markup("<b>Rain</b>")
    (True, True)
    >>> holds_markup("a < b and <b> is a tag"), holds_markup("AT&T <T.N>")
    (False, False)
    """
    opened = set()
    for match in _TAG.finditer(text):
        name = match[2].lower()
        if name in _ALONE or (match[1] and name in opened):
            return True
        opened.add(name)
    return False


def decode_references(text: str) -> str:
    """Decode character references that plain text was left with, also those escaped twice and more.

    Only references that end in a semicolon and name a character: `AT&T` and `R&D;` stay.

    >>> decode_references("Q&amp;amp;A at AT&T &#8211; R&D;")
    'Q&A at AT&T – R&D;'
    """
    while "&" in text:
        decoded = _REFERENCE.sub(_decode, _ESCAPED_AMPERSAND.sub("&", text))
        if decoded == text:
            break
        text = decoded
    return text


def _decode(match: re.Match[str]) -> str:
    character = html.unescape(match[0])
    # html.unescape also takes the longest known prefix ("&notit;" as "¬it;"): that is guessing.
    return match[0] if character.endswith(";") and character != ";" else character


def _is_hidden(attributes: Mapping[str | bytes, str | bytes]) -> bool:
    return "hidden" in attributes or bool(_HIDDEN_STYLE.search(str(attributes.get("style", ""))))
