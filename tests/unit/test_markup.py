import time

import pytest

from transforms.markup import decode_references, extract, holds_markup
from transforms.paragraphs import tidy


def read(markup):
    return tidy(extract(markup))


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One<br><br>two<br/>three</p>", "One\n\ntwo\nthree"),
        ("<div>One</div><div>two</div>", "One\n\ntwo"),
        ("<ul><li>a</li><li>b<li>c</ul>d", "a\nb\nc\n\nd"),
        ("<table><tr><th>Oslo</th><td>3</td></tr><tr><td>Bergen<td>7</table>", "Oslo 3\nBergen 7"),
        ("<h1>Head</h1>text <b>bo<i>ld</i></b>er", "Head\n\ntext bolder"),
        ("<pre>a  b\n  c</pre>", "a b\nc"),
        ("line\none <em>two</em>\n three", "line one two three"),
        ("a<!-- hidden --><script>x()</script><style>p{}</style><template>t</template>b", "ab"),
        ("a<img src='https://t.example/p.gif' width=1 height=1 alt=''>b", "ab"),
        ("<noscript>off</noscript><iframe>x</iframe>seen", "seen"),
        ("<p style='display:none'>preheader</p><p hidden>x</p><p>seen</p>", "seen"),
        ("<!--[if gte mso 9]><xml><w:x>1</w:x></xml><![endif]--><p class=MsoNormal>Word<o:p></o:p></p>", "Word"),
        ("<![CDATA[<p>wrapped</p>]]>", "wrapped"),
        ("&ldquo;Caf&eacute;&rdquo; &#8211; &#x20AC;5 &amp; more", "“Café” – €5 & more"),
        ("<svg><title>icon</title><text>x</text></svg>after", "after"),
        ("tail < 5 & rest", "tail < 5 & rest"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_structure_becomes_paragraphs(markup, text):
    assert read(markup) == text


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 100_000 + "deep",
        "<b>" * 100_000 + "deep" + "</b>" * 100_000,
        "<table><tr><td>" * 50_000 + "deep",
        "<ul><li>" * 50_000 + "deep",
        "<p>" * 300_000 + "deep",
        "<script>" * 100_000,
        "<!--" * 100_000,
        "<a href='" + "x" * 1_000_000,
        "<![CDATA[" * 100_000,
        "<p style='" + "display " * 100_000 + "'>deep",
    ],
    ids=lambda markup: markup[:12],
)
def test_nesting_and_size_cost_linear_time_and_no_stack(markup):
    started = time.process_time()
    assert read(markup) in {"", "deep"}
    assert time.process_time() - started < 10


@pytest.mark.parametrize("text", ["<p>x", "<br/>", "a <b>c</b>", '<a href="u">x</a>', "<IMG SRC=x>"])
def test_known_elements_tell_markup(text):
    assert holds_markup(text)


@pytest.mark.parametrize(
    "text", ["a < b", "<b> alone", "</b> <b>", "<T.N>", "x <pilot> y </pilot>", "i <3 u", "<p.m.>"]
)
def test_lone_or_unknown_tags_do_not(text):
    assert not holds_markup(text)


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("AT&T", "AT&T"),
        ("R&D;", "R&D;"),
        ("&notit;", "&notit;"),
        ("&amp;amp;#39;", "'"),
        ("&copy 2026", "&copy 2026"),
        ("caf&eacute;", "café"),
    ],
)
def test_only_whole_references_are_decoded(text, decoded):
    assert decode_references(text) == decoded
