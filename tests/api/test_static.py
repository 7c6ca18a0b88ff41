"""Files of the pages: packed once, sent as they are, kept by the browser as long as their name says."""

import gzip
from pathlib import Path

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient

from api.static import Static

SCRIPT = b"window.answer = 42;\n" * 100
FILES = {
    "/assets/app.js": (SCRIPT, "text/javascript; charset=utf-8"),
    "/assets/small.css": (b"a{}", "text/css; charset=utf-8"),
    "/assets/map.png": (bytes(range(256)) * 8, "image/png"),
    "/_dash-component-suites/dash/deps/react.v1_2_3m1700000000.js": (SCRIPT, "application/javascript"),
}
WAYS = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}


class Below:
    """The application below: counts how often it was asked, and with which headers."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []

    async def __call__(self, scope, receive, send):
        request = Request(scope)
        self.asked.append(dict(request.headers))
        body, kind = FILES.get(request.url.path, (b"not here", "text/plain"))
        status = 200 if request.url.path in FILES else 404
        await Response(body, status, media_type=kind)(scope, receive, send)


def client_of(below: Below, folder: Path) -> TestClient:
    return TestClient(Static(below, folder, later=lambda work: work()))


@pytest.fixture
def below() -> Below:
    return Below()


@pytest.fixture
def client(below, tmp_path) -> TestClient:
    return client_of(below, tmp_path / "static")


def raw(client: TestClient, path: str, **headers: str):
    """An answer with its bytes as they came over the wire."""
    with client.stream("GET", path, headers={"Accept-Encoding": "", **headers}) as answer:
        return answer, b"".join(answer.iter_raw())


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize(
    ("accepted", "best"), [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0.9", "br"), ("", ""), ("zstd", "")]
)
def test_a_file_comes_in_the_best_way_the_browser_knows_and_is_the_file(client, path, accepted, best):
    answer, body = raw(client, path, **{"Accept-Encoding": accepted})
    used = answer.headers.get("content-encoding", "")
    packable = len(FILES[path][0]) >= 600 and not path.endswith(".png")
    assert used == (best if packable else "")
    assert WAYS[used](body) == FILES[path][0]
    assert answer.headers["content-type"] == FILES[path][1]
    assert answer.headers["vary"] == "Accept-Encoding"
    assert int(answer.headers["content-length"]) == len(body)


def test_the_application_below_is_asked_once_and_sees_nobodys_conditions(client, below):
    for accepted in ("br", "gzip", ""):
        raw(client, "/assets/app.js", **{"Accept-Encoding": accepted, "If-None-Match": '"x"'})
    assert len(below.asked) == 1
    assert not {"accept-encoding", "if-none-match"} & set(below.asked[0])


def test_an_unchanged_file_is_not_sent_again(client):
    first, _body = raw(client, "/assets/app.js")
    again, body = raw(client, "/assets/app.js", **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, body) == (304, b"")
    assert raw(client, "/assets/app.js", **{"If-None-Match": '"other"'})[0].status_code == 200


@pytest.mark.parametrize(("path", "kept"), [
    ("/assets/app.js?m=1700000000", "public, max-age=31536000, immutable"),
    ("/_dash-component-suites/dash/deps/react.v1_2_3m1700000000.js", "public, max-age=31536000, immutable"),
    ("/assets/app.js", "public, max-age=86400"),
    ("/assets/app.js?x=1", "public, max-age=86400"),
])  # fmt: skip
def test_only_a_name_that_changes_with_the_file_is_kept_for_ever(client, path, kept):
    assert raw(client, path)[0].headers["cache-control"] == kept


def test_a_packed_file_outlives_the_process(client, tmp_path, monkeypatch):
    _answer, packed = raw(client, "/assets/app.js", **{"Accept-Encoding": "br"})
    monkeypatch.setattr("api.static.brotli.compress", None)
    next_process = client_of(Below(), tmp_path / "static")
    assert raw(next_process, "/assets/app.js", **{"Accept-Encoding": "br"})[1] == packed


def test_the_first_reader_waits_for_no_tight_packing_and_the_next_has_it(below, tmp_path):
    waiting = []
    client = TestClient(Static(below, tmp_path, later=waiting.append))
    quick = raw(client, "/assets/app.js", **{"Accept-Encoding": "br"})[1]
    assert brotli.decompress(quick) == SCRIPT
    (work,) = waiting
    work()
    tight = raw(client, "/assets/app.js", **{"Accept-Encoding": "br"})[1]
    assert brotli.decompress(tight) == SCRIPT
    assert tight == brotli.compress(SCRIPT, quality=11)
    assert len(below.asked) == 1


def test_a_disk_that_cannot_be_written_costs_nothing_but_time(below, tmp_path):
    (tmp_path / "static").write_text("in the way")
    _answer, packed = raw(client_of(below, tmp_path / "static"), "/assets/app.js", **{"Accept-Encoding": "br"})
    assert brotli.decompress(packed) == SCRIPT


def test_a_file_that_is_not_there_is_asked_for_again(client, below):
    for _time in range(2):
        assert raw(client, "/assets/none.js")[0].status_code == 404
    assert len(below.asked) == 2


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/assets/app.js"), ("GET", "/"), ("GET", "/live"), ("GET", "/assetsx")]
)
def test_everything_else_passes_untouched(client, below, method, path):
    client.request(method, path, headers={"If-None-Match": "x"})
    assert below.asked[0]["if-none-match"] == "x"


@given(accepted=st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=30))
def test_whatever_a_browser_says_it_accepts_it_gets_the_file(tmp_path_factory, accepted):
    client = client_of(Below(), tmp_path_factory.getbasetemp() / "shared")
    answer, body = raw(client, "/assets/app.js", **{"Accept-Encoding": accepted})
    assert WAYS[answer.headers.get("content-encoding", "")](body) == SCRIPT
