"""What the server answers, and to whom."""

import json
import re
from wsgiref.util import setup_testing_defaults

import pytest

from reports.serve import Application, BadRequestError, Tables, is_own


def no_search(parameters):
    raise BadRequestError("no such search")


def broken():
    raise OSError("disk \x1b[31m gone")


def call(path="/", method="GET", host="127.0.0.1:8765", query="", data=lambda: b"{}", **more):
    complaints = []
    tables = Tables(
        sequence=lambda: 7,
        data=data,
        search=lambda parameters: {"asked": dict(parameters)} if "bad" not in parameters else no_search(parameters),
        article=lambda article_id: {"id": article_id} if article_id == "a" else None,
    )
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": host} | more
    setup_testing_defaults(environ)
    if host is None:
        del environ["HTTP_HOST"]
    answer = {}

    def start_response(status, headers):
        answer.update(status=int(status.split()[0]), headers=dict(headers))

    answer["body"] = b"".join(Application(tables, "wires.example", complaints.append)(environ, start_response))
    answer["complaints"] = complaints
    return answer


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:80", "[::1]:8765", "LOCALHOST:1", "wires.example:8765", "10.1.2.3"]
)
def test_own_names_are_answered(host):
    assert call(host=host)["status"] == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "evil.example:8765",
        "",
        None,
        "localhost.evil",
        "127.0.0.1@evil",
        "x:y:1",
    ],
)
def test_other_names_are_refused(host):
    answer = call("/data.json", host=host)
    assert answer["status"] == 421
    assert b"{}" not in answer["body"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_server_only_shows(method):
    answer = call(method=method)
    assert (answer["status"], answer["headers"]["Allow"]) == (405, "GET, HEAD")


def test_head_has_the_headers_and_no_body():
    head, get = call(method="HEAD"), call()
    assert head["headers"] == get["headers"]
    assert head["body"] == b""
    assert int(get["headers"]["Content-Length"]) == len(get["body"])


@pytest.mark.parametrize("path", ["/", "/data.json", "/nothing", "/static/report.js", "/article/b", "/search"])
def test_every_answer_has_the_strict_headers(path):
    headers = call(path)["headers"]
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_page_names_only_files_the_server_has():
    page = call()["body"].decode()
    names = re.findall(r'(?:src|href)="(/[^"]*)"', page)
    assert len(names) > 8
    for name in names:
        assert call(name)["status"] == 200


@pytest.mark.parametrize(
    "path", ["/static/page.html", "/static/../page.py", "/static/%2e%2e/page.py", "/static/", "//", "/a/b/c"]
)
def test_nothing_else_is_served(path):
    assert call(path)["status"] == 404


def test_parameters_reach_the_search_and_bad_ones_are_told():
    assert json.loads(call("/search", query="q=a%20b&kind=x&kind=y")["body"]) == {"asked": {"q": "a b", "kind": "y"}}
    assert call("/search", query="bad=1")["status"] == 400
    assert call("/search", query="q=" + "x" * 3_000)["status"] == 414
    assert call("/search", query="&".join(f"p{n}=1" for n in range(50)))["status"] in {400, 503}
    assert json.loads(call("/sequence")["body"]) == 7
    assert call("/article/a")["status"] == 200
    assert call("/article/b")["status"] == 404


def test_what_goes_wrong_is_told_to_the_operator_alone():
    answer = call("/data.json", data=broken)
    assert answer["status"] == 503
    assert b"disk" not in answer["body"]
    assert answer["complaints"] == ["disk \ufffd[31m gone"]


def test_names_with_odd_ports():
    assert is_own("localhost:", "127.0.0.1") is False
    assert is_own("localhost:99999999", "127.0.0.1") is True


def test_pages_of_other_sites_can_not_make_it_work():
    assert call("/search", HTTP_SEC_FETCH_SITE="cross-site")["status"] == 403
    assert call("/data.json", HTTP_SEC_FETCH_SITE="same-site")["status"] == 403
    assert call("/search", HTTP_SEC_FETCH_SITE="same-origin")["status"] == 200
    assert call("/", HTTP_SEC_FETCH_SITE="cross-site")["status"] == 200, "a link that leads here"
