"""docs/polling.md names every kind of error, and no other."""

import datetime as dt
import re
from pathlib import Path

from sources.polling import client, outcomes

NOW = dt.datetime(2025, 3, 3, tzinfo=dt.UTC)
ROOT = Path(__file__).parents[2]


def test_every_kind_of_error_is_documented() -> None:
    table = (ROOT / "docs/polling.md").read_text("utf-8").partition("| kind |")[2].partition("\n\n")[0]
    documented = set(re.findall(r"^\| `([a-z0-9-]+)` \|", table, re.MULTILINE))
    modules = [path.read_text("utf-8") for path in (ROOT / "sources/polling").glob("*.py")]
    raised = {kind for text in modules for kind in re.findall(r'FetchError\(\s*"([a-z0-9-]+)"', text)}
    by_status = {
        outcomes.status_error(client.Response(status=status, url="http://a.example/", headers={}), NOW).kind
        for status in range(100, 600)
    }
    by_exception = {kind for _, kind, _ in client.KINDS}
    assert documented == raised | by_status | by_exception
