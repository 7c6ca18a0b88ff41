from zoneinfo import ZoneInfo

import httpx
import pytest

from config import ConfigError
from datasources.errors import BadDataError
from datasources.mapping import Mapping
from datasources.outgoing import NotNamedError
from datasources.registry import completed
from datasources.video.contract import Camera
from datasources.video.mediamtx.connector import MediaMtxConnector
from tests.datasources.sources import NOW, case_source
from tests.datasources.video.answers import asked, by_path
from tests.datasources.video.mediamtx.situations import LIST, OPTIONS, PATHS, URL, paged

SECRET = {"user": "gridhall", "password": "s3cret"}


def connector(**options) -> MediaMtxConnector:
    given = {**OPTIONS, **options}
    return MediaMtxConnector(given, folder=None, zone=ZoneInfo("Asia/Shanghai"), clock=lambda: NOW)


def test_the_usual_mapping_makes_cameras_of_both_versions():
    source = completed(case_source(connector="video.mediamtx", record="camera", options=OPTIONS))
    with asked(by_path({LIST: paged(PATHS)})):
        batches = [Mapping(source).apply(page, NOW) for page in connector().pages(None)]
    cameras = [tuple(row) for batch in batches for row in batch.frame[["external_id", "stream", "status"]].to_numpy()]
    assert cameras == [
        ("street/gate", "street/gate", "ON"), ("square", "square", "OFF"), ("cam1", "cam1", "ON"),
        ("cam2", "cam2", "OFF"), ("路口/东", "路口/东", "ON"),
    ]  # fmt: skip


def test_only_the_part_that_changed_comes_again():
    with asked(by_path({LIST: paged(PATHS)})):
        cursor = list(connector().pages(None))[-1].cursor
    later = [*PATHS[:2], PATHS[2] | {"ready": False}, *PATHS[3:]]
    with asked(by_path({LIST: paged(later)})):
        pages = list(connector().pages(cursor))
    assert [list(page.frame["name"]) for page in pages] == [["cam1", "cam2"]]
    assert [page.first_row for page in pages] == [3]
    with asked(by_path({LIST: paged(later)})):
        assert list(connector().pages(pages[-1].cursor)) == []


def test_readers_and_bytes_do_not_make_a_path_new():
    with asked(by_path({LIST: paged(PATHS)})):
        cursor = list(connector().pages(None))[-1].cursor
    with asked(
        by_path({LIST: paged([each | {"readers": [{"type": "hlsMuxer"}], "inboundBytes": 9} for each in PATHS])})
    ):
        assert list(connector().pages(cursor)) == []


@pytest.mark.parametrize(
    ("options", "stream", "url"),
    [
        ({}, "street/gate", "http://mtx.test:8888/street/gate/index.m3u8"),
        (
            {"media": "https://hls.test/live/"},
            "路口/东",
            "https://hls.test/live/%E8%B7%AF%E5%8F%A3/%E4%B8%9C/index.m3u8",
        ),
        ({}, "a b?c#d", "http://mtx.test:8888/a%20b%3Fc%23d/index.m3u8"),
    ],
)
def test_a_path_is_played_from_the_hls_server(options, stream, url):
    found = connector(**options).play(Camera("1", stream=stream))
    assert found.url == url
    assert found.headers is None
    assert set(found.hosts) >= {URL}
    assert connector(**options).picture(Camera("1", stream=stream)) is None


def test_what_lets_us_in_goes_as_a_header_and_nowhere_else():
    made = connector(**SECRET)
    with asked(by_path({LIST: paged(PATHS)})) as seen:
        list(made.pages(None))
    assert {request.headers["authorization"] for request in seen} == {"Basic Z3JpZGhhbGw6czNjcmV0"}
    assert all("s3cret" not in str(request.url) for request in seen)
    found = made.play(Camera("1", stream="cam1"))
    assert "s3cret" not in found.url
    assert found.headers == {"Authorization": "Basic Z3JpZGhhbGw6czNjcmV0"}
    assert "s3cret" not in repr(made.options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"url": "mtx:9997"}, r"^options.url: is no address"),
        ({"url": "http://a:b@mtx.test"}, r"^options.url: holds a user or a password"),
        ({"user": "gridhall"}, r"^options.user: user and password go together"),
        ({"hsots": []}, r"unknown key; did you mean 'hosts'\?"),
    ],
)
def test_wrong_options_are_said_in_a_line_without_the_secret(options, message):
    with pytest.raises(ConfigError, match=message) as error:
        connector(**options)
    assert "a:b@" not in str(error.value)


def test_another_system_is_told_apart():
    with asked(by_path({LIST: []})), pytest.raises(BadDataError, match="does not answer as the control API v3"):
        list(connector().pages(None))


def test_a_redirect_to_a_host_that_nobody_named_is_refused():
    away = httpx.Response(302, headers={"location": "http://elsewhere.test/v3/paths/list"})
    with asked(by_path({LIST: away})) as seen, pytest.raises(NotNamedError, match=r"elsewhere\.test:80"):
        list(connector().pages(None))
    assert len(seen) == 1
