"""Files of the pages: packed once, sent as they are kept."""

import gzip

import brotli
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from api.static import FOR_A_DAY, FOR_EVER, Static

SCRIPT = b"function f() { return 'the same again'; }\n" * 200
PICTURE = bytes(range(256)) * 20
ASSETS = "/assets/map.js?m=1795491515.5"
SUITE = "/_dash-component-suites/dash/dcc/dash_core_components.v4_4_1m1795491516.js"
CHUNK = "/_dash-component-suites/dash/dcc/async-graph.js"


@pytest.fixture
def asked():
    return []


@pytest.fixture
def client(tmp_path, asked):
    def answer(request):
        asked.append(request.url.path)
        if request.url.path.endswith("missing.js"):
            return PlainTextResponse("no", 404)
        if request.url.path.endswith(".png"):
            return Response(PICTURE, media_type="image/png")
        return Response(SCRIPT, media_type="text/javascript")

    app = Static(Starlette(routes=[Route("/{path:path}", answer)]), tmp_path / "static")
    return TestClient(app)


def raw(client, path, **headers):
    with client.stream("GET", path, headers=headers) as answer:
        return answer, b"".join(answer.iter_raw())


@pytest.mark.parametrize(
    ("accepted", "encoding", "unpack"),
    [("br, gzip", "br", brotli.decompress), ("gzip;q=1", "gzip", gzip.decompress), ("identity", None, bytes)],
)
def test_a_script_is_sent_in_the_best_encoding_that_is_accepted(client, accepted, encoding, unpack):
    answer, body = raw(client, ASSETS, **{"accept-encoding": accepted})
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"] == "Accept-Encoding"
    assert unpack(body) == SCRIPT
    assert int(answer.headers["content-length"]) == len(body)


def test_the_application_below_is_asked_once_for_each(client, asked):
    for _again in range(3):
        raw(client, ASSETS, **{"accept-encoding": "br"})
        raw(client, SUITE, **{"accept-encoding": "gzip"})
    assert sorted(asked) == sorted([ASSETS.partition("?")[0], SUITE])


def test_what_carries_its_version_is_kept_for_ever_the_rest_for_a_day(client):
    kept = [raw(client, path)[0].headers["cache-control"] for path in (ASSETS, SUITE, CHUNK)]
    assert kept == [FOR_EVER, FOR_EVER, FOR_A_DAY]


def test_who_has_it_is_told_so(client):
    tag = raw(client, CHUNK)[0].headers["etag"]
    answer, body = raw(client, CHUNK, **{"if-none-match": tag})
    assert (answer.status_code, body) == (304, b"")
    assert raw(client, CHUNK, **{"if-none-match": '"other"'})[0].status_code == 200


def test_pictures_are_not_packed(client):
    answer, body = raw(client, "/assets/a.png", **{"accept-encoding": "br"})
    assert "content-encoding" not in answer.headers
    assert body == PICTURE


def test_what_is_missing_is_asked_for_again(client, asked):
    assert [raw(client, "/assets/missing.js")[0].status_code for _ in range(2)] == [404, 404]
    assert len(asked) == 2


def test_packed_files_outlive_the_process_and_a_folder_that_cannot_be_written_costs_nothing(tmp_path, client):
    raw(client, ASSETS)
    assert sorted(path.suffix for path in (tmp_path / "static").iterdir()) == [".br", ".gz"]
    (tmp_path / "file").write_text("")
    stuck = Static(
        Starlette(routes=[Route("/{path:path}", lambda _r: Response(SCRIPT, media_type="text/css"))]), tmp_path / "file"
    )
    assert brotli.decompress(raw(TestClient(stuck), "/assets/a.css", **{"accept-encoding": "br"})[1]) == SCRIPT


def test_other_addresses_pass_through(client, asked):
    raw(client, "/values?measure=open")
    raw(client, "/values?measure=open")
    assert asked == ["/values", "/values"]
