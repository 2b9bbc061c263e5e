"""The page as a file: what is embedded, how it is escaped, how large it may get."""

import hashlib
import json
import re
import shutil
import subprocess
from importlib.resources import files

import pytest

from reports.html import page

DATA = files("reports.html") / "data"
HOSTILE = "</script><script>alert(1)</script><!-- & \u2028"


def data_of(content):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', content, re.DOTALL)[1])


@pytest.mark.parametrize(
    "entry", json.loads((DATA / "vendored.json").read_text())["files"], ids=lambda entry: entry["file"]
)
def test_vendored_file_is_what_its_project_published(entry):
    content = (DATA / entry["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    assert entry["version"] in content[:300].decode()
    assert (DATA / entry["license_file"]).read_text()


def test_every_vendored_script_is_listed():
    listed = {entry["file"] for entry in json.loads((DATA / "vendored.json").read_text())["files"]}
    assert listed == {name for name in page.SCRIPTS if ".min." in name}


def test_charts_bring_the_style_the_policy_allows():
    source = (DATA / "plot.umd.min.js").read_text()
    template = page.PLOT_STYLE.replace(".plot", ".${c}").replace("\n", "\\n")
    assert f"`{template}`" in source


@pytest.mark.parametrize("name", [name for name in page.SCRIPTS if ".min." not in name])
def test_own_scripts_parse_and_make_no_markup(name):
    source = (DATA / name).read_text()
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setTimeout\(\"", source
    )
    assert source.startswith('"use strict";')
    if shutil.which("node"):
        subprocess.run(["node", "--check", str(DATA / name)], check=True)


def test_data_can_not_leave_its_element():
    made = page.render({"text": HOSTILE}, [{"title": HOSTILE}], 10, 10**7)
    content = made.content.decode()
    assert "<script>alert" not in content
    assert data_of(content) == {"text": HOSTILE, "articles": [{"title": HOSTILE}]}


def test_policy_allows_the_scripts_and_styles_that_are_in_the_page_and_nothing_else():
    content = page.render({"a": 1}, [], 0, 10**7).content.decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', content)[1].replace("&#39;", "'")
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    for tag, directive in (("script", "script-src"), ("style", "style-src")):
        for text in re.findall(rf"<{tag}>(.*?)</{tag}>", content, re.DOTALL):
            assert page.digest(text) in directives[directive]
        assert "unsafe" not in directives[directive]
    assert directives["default-src"] == "'none'"
    assert not re.search(
        r"""(?:src|href)=["'](?!#|data:,)""", re.sub(r"<script>.*?</script>", "", content, flags=re.DOTALL)
    )


def test_page_keeps_to_its_size_and_its_number():
    articles = [{"id": str(number), "body": "x" * 5_000} for number in range(100)]
    base = len(page.render({"a": 1}, [], 0, 10**7).content)
    small = page.render({"a": 1}, articles, 100, base + 60_000)
    assert len(small.content) <= base + 60_000
    assert small.articles == 11
    assert page.render({"a": 1}, articles, 7, 10**7).articles == 7
    assert page.render({"a": 1}, articles, 0, 10**7).articles == 0


def test_one_long_article_does_not_take_the_place_of_all():
    base = len(page.render({"a": 1}, [], 0, 10**7).content)
    articles = [{"body": "x" * 40_000}, *({"body": "y" * 1_000} for _ in range(20))]
    made = page.render({"a": 1}, articles, 50, base + 50_000)
    assert made.articles == 20
    assert b"xxxx" not in made.content


def test_too_small_a_page_is_refused_with_what_it_needs():
    with pytest.raises(page.PageTooLargeError, match=r"needs 5\d\d,\d{3} bytes"):
        page.render({"a": 1}, [], 0, 1_000)
