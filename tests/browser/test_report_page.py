"""The report as a person opens it: from a file, in a real browser."""

import hashlib
import json
import random
import urllib.parse
from pathlib import Path

import pytest

from pipelines.cli import main

AXE = Path(__file__).parent / "axe.min.js"
AXE_SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
"""Of axe-core 4.14.1 (MPL-2.0) as npm has it, package/axe.min.js."""

TEXT_OF_MARKS = """(number) => [...document.querySelectorAll(`dialog mark[data-artifact="${number}"]`)]
    .filter((mark) => !mark.parentElement.closest(`mark[data-artifact="${number}"]`))
    .map((mark) => mark.textContent).join("")"""

MARK = """([text, spans]) => {
    const whole = document.createElement("div");
    whole.append(...markText(text, spans));
    const references = [...whole.querySelectorAll(".ref")].map((reference) => reference.textContent);
    whole.querySelectorAll(".ref").forEach((reference) => reference.remove());
    const marks = {};
    for (const mark of whole.querySelectorAll("mark")) {
        marks[mark.dataset.artifact] = (marks[mark.dataset.artifact] ?? "") + mark.textContent;
    }
    return {text: whole.textContent, references, marks};
}"""


@pytest.fixture
def page(tab, page_file):
    return tab().open(page_file.as_uri())


def fill(page, label, value):
    page.get_by_label(label, exact=True).select_option(value)


def titles(page):
    page.wait_for_function("() => !document.querySelector('#articles .count').textContent.startsWith('Searching')")
    return page.locator("#articles tbody tr td a").all_text_contents()


def test_page_loads_nothing_and_is_small(tab, page_file):
    opened = tab()
    page = opened.open(page_file.as_uri())
    page.wait_for_selector("#runs svg")
    assert opened.requests == [page_file.as_uri()]
    assert page_file.stat().st_size < 2_000_000
    assert page.locator("h1").text_content().startswith("Last run")
    assert page.locator("section").count() == 9


def test_filters_show_what_the_parquet_has(page, articles):
    german = [row["title"] for row in articles.values() if row["language"] == "de"]
    fill(page, "Language", "de")
    assert titles(page) == german
    fill(page, "Language", "")
    fill(page, "Artifact", "repeated-words")
    repeated = {row["title"] for row in articles.values() if "repeated-words" in {a["kind"] for a in row["artifacts"]}}
    assert repeated
    assert set(titles(page)) == {" ".join(title.split()) for title in repeated} or set(titles(page)) == repeated
    assert "kind=repeated-words" in page.url


def test_search_finds_words_in_titles_and_texts(page, articles):
    page.get_by_label("Search in titles and texts").fill("dredging lease")
    page.wait_for_function("() => location.hash.includes('q=dredging')")
    wanted = [row["title"] for row in articles.values() if "dredging" in row["body"] and "lease" in row["body"]]
    assert wanted
    assert titles(page) == wanted
    page.get_by_role("button", name="Clear filters").click()
    page.wait_for_function("() => !location.hash.includes('q=')")
    assert f"{len(articles)} of {len(articles)} articles" in page.locator("#articles .count").text_content()


def test_columns_sort_both_ways(page):
    head = page.locator("#articles thead th", has_text="Words")
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    words = [int(text) for text in page.locator("#articles tbody tr td:nth-child(6)").all_text_contents()]
    assert words == sorted(words, reverse=True)
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"


def test_every_article_opens_with_the_artifacts_of_the_parquet_marked(tab, page_file, articles):
    page = tab().open(page_file.as_uri())
    assert sum(len(row["artifacts"]) for row in articles.values()) > 30
    for article_id, row in articles.items():
        page.evaluate("id => { location.hash = `article=${id}`; }", article_id)
        page.wait_for_function(
            "id => document.querySelector('dialog[open] dl')?.textContent.includes(id)", arg=article_id
        )
        assert page.locator("dialog .ref").count() == len(row["artifacts"])
        for number, artifact in enumerate(row["artifacts"], 1):
            assert page.evaluate(TEXT_OF_MARKS, number) == artifact["text"]
            legend = page.locator(f"#legend-{number}").text_content()
            assert artifact["kind"] in legend
            assert (artifact["suggestion"] or "") in legend


def test_text_is_what_the_parquet_has(tab, page_file, articles):
    page = tab().open(page_file.as_uri())
    for article_id, row in articles.items():
        page.evaluate("id => { location.hash = `article=${id}`; }", article_id)
        page.wait_for_function(
            "id => document.querySelector('dialog[open] dl')?.textContent.includes(id)", arg=article_id
        )
        text = page.evaluate(
            """() => { const text = document.querySelector("#article-text").cloneNode(true);
            text.querySelectorAll(".ref").forEach((reference) => reference.remove()); return text.textContent; }"""
        )
        assert text == row["body"]


def test_marks_cover_any_spans(page):
    """Overlapping, nested, touching, empty and impossible spans, over characters of two UTF-16 units."""
    draw = random.Random(7)
    for _ in range(300):
        text = "".join(draw.choices(["a", "é", "🛳", "\n\n", " ", "新", "\u202e"], k=draw.randint(0, 30)))
        points = range(-2, len(text) + 4)
        spans = [{"start": draw.choice(points), "end": draw.choice(points)} for _ in range(draw.randint(0, 8))]
        found = page.evaluate(MARK, [text, [span | {"number": n, "style": "a"} for n, span in enumerate(spans, 1)]])
        assert found["text"] == text
        assert sorted(found["references"]) == sorted(str(n) for n in range(1, len(spans) + 1))
        for number, span in enumerate(spans, 1):
            start = max(0, span["start"])
            assert found["marks"].get(str(number), "") == text[start : max(start, span["end"])]


def test_deep_link_opens_an_article_and_escape_closes_it(tab, page_file, articles):
    article_id = next(article_id for article_id, row in articles.items() if row["title"].startswith("Ferry service"))
    page = tab().open(f"{page_file.as_uri()}#article={article_id}")
    assert page.locator("dialog[open] h2").text_content().startswith("Ferry service to resume")
    assert page.evaluate("document.activeElement.id") == "article-title"
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.querySelector('dialog').open")
    assert "article=" not in page.url


def test_unknown_article_is_told_to_be_missing(tab, page_file):
    page = tab().open(f"{page_file.as_uri()}#article=nothing")
    assert page.locator("dialog[open] h2").text_content() == "This article is not here"


def test_everything_can_be_done_with_the_keyboard(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    link = page.locator("#articles tbody tr td a").first
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('dialog') !== null"), "focus stays in the dialog"
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.querySelector('dialog').open")
    page.locator("#articles thead button").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("#articles thead th").first.get_attribute("aria-sort") == "ascending"


def test_numbers_lead_to_the_legend_and_back(tab, page_file, articles):
    article_id = max(articles, key=lambda article_id: len(articles[article_id]["artifacts"]))
    page = tab().open(f"{page_file.as_uri()}#article={article_id}")
    page.locator("dialog .ref").nth(1).click()
    assert page.evaluate("document.activeElement.closest('tr').id") == "legend-2"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "mark-2"
    assert f"article={article_id}" in page.url


def test_theme_can_be_chosen(tab, page_file):
    page = tab(color_scheme="light").open(page_file.as_uri())
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(ground)
    button = page.get_by_role("button", name="Theme")
    button.click()
    assert page.evaluate(ground) == light
    button.click()
    assert button.text_content() == "Theme: dark"
    dark = page.evaluate(ground)
    assert dark != light
    page.reload()
    assert page.evaluate(ground) == dark
    assert tab(color_scheme="dark").open(page_file.as_uri()).evaluate(ground) == dark


@pytest.mark.parametrize("width", [360, 1200])
def test_page_is_no_wider_than_the_window(tab, page_file, articles, width):
    page = tab(viewport={"width": width, "height": 800}).open(page_file.as_uri())
    page.wait_for_selector("#runs svg")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    article_id = max(articles, key=lambda article_id: len(articles[article_id]["artifacts"]))
    page.evaluate("id => { location.hash = `article=${id}`; }", article_id)
    page.wait_for_selector("dialog[open]")
    assert (
        page.evaluate("document.querySelector('dialog').scrollWidth - document.querySelector('dialog').clientWidth")
        <= 0
    )


def test_attacks_stay_text(tab, page_file, articles):
    page = tab().open(page_file.as_uri())
    hostile = {article_id: row for article_id, row in articles.items() if row["title"].startswith("Attack")}
    assert len(hostile) >= 14
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    shown = page.locator("#articles tbody tr td a").all_text_contents()
    assert any("<script>" in title for title in shown) or page.locator("#articles .pages").is_visible()
    for article_id, row in hostile.items():
        page.evaluate("id => { location.hash = `article=${id}`; }", article_id)
        page.wait_for_function(
            "id => document.querySelector('dialog[open] dl')?.textContent.includes(id)", arg=article_id
        )
        heading = page.evaluate(
            """() => { const title = document.querySelector("#article-title").cloneNode(true);
            title.querySelectorAll(".ref").forEach((reference) => reference.remove()); return title.textContent; }"""
        )
        assert heading == row["title"]
        assert row["publisher"] in page.locator("dialog dl").text_content()
    assert page.evaluate("window.pwned") is None
    foreign = (
        "iframe, object, embed, base, form:not([role=search]), img, script[src], body style, meta[http-equiv=refresh]"
    )
    assert page.locator(foreign).count() == page.locator("svg style").count(), "charts bring their own styles, no more"
    for link in page.evaluate("[...document.querySelectorAll('a[href]')].map((link) => link.href)"):
        assert urllib.parse.urlsplit(link).scheme in {"file", "http", "https"}
    attributes = page.evaluate("[...document.querySelectorAll('*')].flatMap((one) => one.getAttributeNames())")
    assert not [name for name in attributes if name.startswith("on")]
    assert "<script>window.pwned = 11" in page.locator("#rejects").text_content()
    assert '<img src=x onerror="window.pwned=13">' in page.locator("#feeds").text_content()


def test_page_holds_no_text_that_may_not_be_shown(page_file):
    content = page_file.read_text("utf-8")
    assert "SECRETHELD" not in content
    assert "SECRETKILL" not in content
    assert "SECRETPASS" not in content


def serious(page):
    content = AXE.read_text("utf-8")
    assert hashlib.sha256(content.encode()).hexdigest() == AXE_SHA256
    page.evaluate(content)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then((result) => result.violations)")
    return [
        (rule["id"], rule["impact"], node["html"][:200], node["failureSummary"][:300])
        for rule in found
        if rule["impact"] in {"serious", "critical"}
        for node in rule["nodes"][:3]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [420, 1200])
def test_axe_has_no_serious_finding(tab, page_file, articles, scheme, width):
    page = tab(color_scheme=scheme, viewport={"width": width, "height": 900}).open(page_file.as_uri())
    page.wait_for_selector("#runs svg")
    assert serious(page) == []
    article_id = max(articles, key=lambda article_id: len(articles[article_id]["artifacts"]))
    page.evaluate("id => { location.hash = `article=${id}`; }", article_id)
    page.wait_for_selector("dialog[open]")
    assert serious(page) == []


def test_page_of_no_run_and_of_an_empty_run_open(tab, tmp_path):
    (tmp_path / "tables/_staging/run").mkdir(parents=True)
    (tmp_path / "nothing").mkdir()
    page = tmp_path / "report.html"
    assert main(["report", str(tmp_path / "tables"), "--output", str(page)]) == 0
    assert tab().open(page.as_uri()).locator("h1").text_content() == "No run was committed yet"
    (tmp_path / "tables/_staging/run").rmdir()
    assert main(["ingest", "--quiet", "--output", str(tmp_path / "tables"), str(tmp_path / "nothing")]) == 0
    assert main(["report", str(tmp_path / "tables"), "--output", str(page)]) == 0
    opened = tab().open(page.as_uri())
    assert opened.locator("h1").text_content() == "Last run: nothing unusual"
    assert serious(opened) == []


def test_ledger_of_the_page_is_that_of_the_manifests(page, tables):
    last = json.loads(max((tables / "_commits").glob("*.json")).read_text())["totals"]
    assert (
        f"{last['read']} items read = {last['articles']} articles" in page.locator("#ledger figcaption").text_content()
    )
    page.locator("#ledger select").select_option("all")
    assert page.locator("#ledger figcaption").text_content().startswith("All runs: ")
