"""The report as a server shows it: live, searched through the server, in step with the tables."""

import json
import shutil
import subprocess
import sys
import urllib.request

import pytest

from pipelines.cli import main
from pipelines.serve import LiveTables


@pytest.fixture(scope="module")
def served(tables):
    """A copy of the tables and the address where the command serves them."""
    copy = shutil.copytree(tables, tables.parent / "served")
    command = [sys.executable, "-m", "pipelines.cli", "serve", str(copy), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        address = line.split(" at ")[1].split()[0]
        yield copy, address
        process.terminate()
        assert "Traceback" not in process.stderr.read()


def rows(page):
    page.wait_for_function("() => !document.querySelector('#articles .count').textContent.startsWith('Searching')")
    return page.locator("#articles tbody tr td a").all_text_contents()


def test_live_page_shows_searches_and_opens_articles(tab, served, articles):
    _, address = served
    opened = tab()
    page = opened.open(address)
    page.wait_for_selector("#runs svg")
    page.get_by_label("Search in titles and texts").fill("dredging lease")
    page.wait_for_function("() => location.hash.includes('q=dredging')")
    wanted = [row for row in articles.values() if "dredging" in row["body"] and "lease" in row["body"]]
    page.wait_for_function(
        "count => document.querySelectorAll('#articles tbody tr td a').length === count", arg=len(wanted)
    )
    assert rows(page) == [row["title"] for row in wanted]
    page.locator("#articles tbody tr td a").first.click()
    page.wait_for_selector("dialog[open] #article-text")
    assert page.locator("dialog .ref").count() == len(wanted[0]["artifacts"])
    assert {url.split("/")[2] for url in opened.requests} == {address.split("/")[2]}


def test_attacks_stay_text_here_too(tab, served, articles):
    page = tab().open(served[1])
    for article_id, row in articles.items():
        if row["title"].startswith("Attack"):
            page.evaluate("id => { location.hash = `article=${id}`; }", article_id)
            page.wait_for_function(
                "id => document.querySelector('dialog[open] dl')?.textContent.includes(id)", arg=article_id
            )
            assert row["publisher"] in page.locator("dialog dl").text_content()
    assert page.evaluate("window.pwned") is None


def test_server_gives_no_text_that_may_not_be_shown(served, tables):
    _, address = served
    for path in ("data.json", "search", "search?q=SECRETKILL", "search?q=SECRETHELD"):
        with urllib.request.urlopen(address + path) as answer:
            content = answer.read().decode()
        assert "SECRETKILL" not in content
        assert "SECRETHELD" not in content
        assert "SECRETPASS" not in content
    assert json.loads(LiveTables(tables).data())["totals"]["killed"] == 1


def test_page_offers_what_another_run_committed(tab, served, tmp_path):
    copy, address = served
    opened = tab()
    opened.page.clock.install()
    page = opened.open(address)
    (tmp_path / "late.txt").write_text(
        "Late ferry arrives\n\nThe late ferry came in with lamps of unusual brightness.\n"
    )
    assert main(["ingest", "--quiet", "--output", str(copy), str(tmp_path)]) == 0
    page.clock.fast_forward(30_000)
    page.get_by_role("button", name="Show it").click()
    page.get_by_role("link", name="Late ferry arrives").wait_for()
