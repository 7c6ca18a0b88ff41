"""One line of JSON a request, that tells who and how it went and no secret."""

import json
import logging.config

import pytest
import structlog
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

import logs
from api.access_log import Logged
from domain.actor import Actor


@pytest.fixture
def said(capsys):
    """What has been logged since, line by line, read as JSON."""
    logs.configure()
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    structlog.reset_defaults()


def ask(path, status=200, actor=None):
    async def answers(scope, receive, send):
        scope.setdefault("state", {})["actor"] = actor
        await PlainTextResponse("x", status)(scope, receive, send)

    return TestClient(Logged(answers)).get(path)


def test_a_request_is_one_line_with_actor_status_and_time(said):
    ask("/cases?area=A", 200, Actor("li", "Li Lei", "viewer", frozenset({"A"})))
    (line,) = said()
    assert {k: line[k] for k in ("event", "method", "path", "query", "status", "actor", "level")} == {
        "event": "request", "method": "GET", "path": "/cases", "query": "area=A", "status": 200, "actor": "li", "level": "info",
    }  # fmt: skip
    assert line["ms"] >= 0
    assert "Li Lei" not in json.dumps(line)


def test_secrets_of_an_address_are_not_told(said):
    ask("/open311/v2/requests.json?api_key=gh_SECRET&status=open")
    ask("/track/K7M4-9PQX-2TRW")
    lines = json.dumps(said(), ensure_ascii=False)
    assert "SECRET" not in lines
    assert "K7M4" not in lines
    assert "nobody" in lines


def test_files_and_signs_of_life_are_told_only_when_they_fail(said):
    ask("/assets/a.css")
    ask("/healthz")
    assert said() == []
    ask("/assets/b.css", 404)
    assert said()[0]["status"] == 404


def test_an_answer_that_breaks_is_told_as_500(said):
    async def breaks(scope, receive, send):
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError):
        TestClient(Logged(breaks)).get("/x")
    assert said()[0]["status"] == 500


def test_no_value_breaks_a_line(said):
    structlog.get_logger().warning("a\nb", who="x\r\n{}\u2028\x85y\ud800")
    lines = said()
    assert len(lines) == 1
    assert lines[0]["event"] == "a\nb"


def test_libraries_log_in_the_same_form(capsys):
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        logging.config.dictConfig(logs.STANDARD)
        logging.getLogger("uvicorn.error").error("broke\n%s", "here")
        (line,) = [json.loads(each) for each in capsys.readouterr().err.splitlines()]
        assert (line["event"], line["level"]) == ("broke\nhere", "error")
    finally:
        root.handlers[:], root.level = before, level
