"""Tables full of hostile and of ordinary items, the page made of them, and a Chromium to open it in.

Needs a Chromium (`apt-get install chromium`) and playwright (dependency group `browser`); skipped where one is not
there. `NEWSBEAM_CHROMIUM` names another browser than the one in the path.
"""

import json
import os
import shutil
from pathlib import Path

import pyarrow.dataset as ds
import pytest
from feed_server import FeedServer, answer, rss

from pipelines.cli import main
from sinks.manifest import live_files, manifests

ROOT = Path(__file__).parents[2]
WIRES = ROOT / "examples/wires"
BROWSER = os.environ.get("NEWSBEAM_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")

ATTACKS = (
    "<script>window.pwned = 1</script>",
    "</script><script>window.pwned = 2</script>",
    "<img src=x onerror='window.pwned = 3'>",
    "<svg/onload=window.pwned=4>",
    '"><iframe srcdoc="<script>parent.pwned = 5</script>"></iframe>',
    "<!--<script>",
    "javascript:window.pwned=6",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "' onmouseover='window.pwned=8",
    "<style>*{display:none}</style>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<a href=javascript:window.pwned=9>click</a>",
    "__proto__",
    "\u202eoverride\u202c and \u2066isolate\u2069",
    "\u2028line\u2029separators",
)


def attack(number: int, text: str) -> dict:
    """An item that attacks through every field it has."""
    return {
        "id": f"attack:{number}",
        "title": f"Attack {number} {text}",
        # Plain text in JSONL: what looks like markup is text.
        "body": f"PORT VERRIN, March 5 (Island News) - The harbour report number {number} said {text} and no more.\n\n"
        f"Ferries 🛳️𝔸 waited in the the harbour while {text} was read aloud to every passenger on deck {number}.",
        "summary": text,
        "url": f"javascript:window.pwned=10;//{number}" if number % 2 else f"https://a.example/?q={text}",
        "publisher": text,
        "authors": [text],
        "published": f"2026-03-05T{number:02d}:00:00Z",
        "language": "en",
    }


def ninjs(uri: str, headline: str, body: str, **more: object) -> str:
    """An item of a wire that can be killed and put under embargo."""
    return json.dumps(
        {
            "uri": uri,
            "type": "text",
            "language": "en",
            "versioncreated": "2026-03-05T10:00:00Z",
            "headline": headline,
            "body_text": body,
        }
        | more
    )


def ingest(output: Path, *inputs: Path | str) -> None:
    arguments = ["ingest", "--quiet", "--max-reject-rate", "1", "--allow-private-hosts", "--host-delay", "0"]
    assert main([*arguments, "--contact", "mailto:a@b.example", "--output", str(output), *map(str, inputs)]) == 0


def make_tables(folder: Path, server: FeedServer) -> Path:
    """Tables of three runs: items of every standing, hostile ones among them."""
    output, first, second = folder / "tables", folder / "first", folder / "second"
    first.mkdir()
    second.mkdir()
    lines = [json.dumps(attack(number, text)) for number, text in enumerate(ATTACKS)]
    untitled = {
        "id": "untitled",
        "body": "A text that came without any title of its own, as tickers send them at night.",
    }
    lines.append(json.dumps(untitled))
    (first / "attacks.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    (first / "rejected.jsonl").write_text('{"id": <script>window.pwned = 11</script>\n{"title": "", "body": ""}\n')
    (first / "rejected.xml").write_text("<rss><channel><item></script><img src=x onerror=window.pwned=12>")
    killed = "The quick ferry sank the rumour on Thursday, said a harbour pilot who asked to be unnamed."
    (first / "killed.json").write_text(ninjs("urn:island:kill", "Unkilled headline SECRETKILL", killed + " SECRETKILL"))
    held = "The budget of the islands grows by a tenth next year, says a paper that nobody may print yet. SECRETHELD"
    (first / "held.json").write_text(
        ninjs("urn:island:held", "Budget SECRETHELD", held, embargoed="2099-01-01T00:00:00Z")
    )
    opml = '<opml version="2.0"><body><outline type="rss" text="{}" title="{}" xmlUrl="{}"/></body></opml>'
    name = "&lt;img src=x onerror=&quot;window.pwned=13&quot;&gt;"
    url = server.serve("/rss", lambda request: [answer(body=rss(3), Content_Type="application/rss+xml")])
    broken = server.serve("/gone", lambda request: [answer(500)])
    (folder / "feeds.opml").write_text(opml.format(name, name, url.replace("http://", "http://me:SECRETPASS@")))
    (folder / "more.opml").write_text(opml.format(name, name, broken))
    ingest(output, first, WIRES, folder / "feeds.opml", folder / "more.opml")
    (second / "killed.json").write_text(
        ninjs(
            "urn:island:kill",
            "KILL SECRETKILL",
            "Withdrawn. SECRETKILL",
            pubstatus="canceled",
            versioncreated="2026-03-05T11:00:00Z",
        )
    )
    ingest(output, second)
    ingest(output, WIRES)
    return output


@pytest.fixture(scope="session")
def tables(tmp_path_factory):
    with FeedServer() as server:
        yield make_tables(tmp_path_factory.mktemp("browser"), server)


@pytest.fixture(scope="session")
def page_file(tables):
    path = tables.parent / "report.html"
    assert main(["report", str(tables), "--output", str(path)]) == 0
    return path


@pytest.fixture(scope="session")
def articles(tables):
    """What the files of `articles` that a reader may see say, by id."""
    files = [str(tables / file.path) for file in live_files(manifests(tables)).values() if file.table == "articles"]
    rows = ds.dataset(files).to_table().to_pylist()
    newest = {}
    for row in sorted(rows, key=lambda row: row["version"]):
        newest[row["article_id"]] = row
    return {article_id: row for article_id, row in newest.items() if row["status"] == "usable"}


@pytest.fixture(scope="session")
def chromium():
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: uv sync --group browser")
    if BROWSER is None:
        pytest.skip("no Chromium here: apt-get install chromium, or name one in NEWSBEAM_CHROMIUM")
    with sync_api.sync_playwright() as play:
        # In a container there is no room for Chromium's own sandbox; the pages are ours.
        browser = play.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield browser
        browser.close()


class Tab:
    """A tab that notes what a quiet page does not do: complain, fail, or reach out."""

    def __init__(self, chromium, **context) -> None:
        self.context = chromium.new_context(**{"viewport": {"width": 1200, "height": 900}, **context})
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def open(self, address: str):
        self.page.goto(address)
        self.page.wait_for_selector("#articles tbody tr")
        return self.page


@pytest.fixture
def tab(chromium):
    """Opens tabs; at the end none of them may have complained."""
    tabs: list[Tab] = []

    def open_tab(**context) -> Tab:
        tabs.append(Tab(chromium, **context))
        return tabs[-1]

    yield open_tab
    complaints = [complaint for tab in tabs for complaint in tab.complaints]
    for tab in tabs:
        tab.context.close()
    assert complaints == []
