from urllib.parse import parse_qs

import httpx
import pytest

from config import ConfigError
from datasources.errors import AuthenticationError, BadDataError, TemporaryError
from datasources.video.contract import Camera, Picture
from tests.datasources.sources import NOW
from tests.datasources.video.answers import asked, by_path
from tests.datasources.video.connectors import cameras, connector, last_cursor
from tests.datasources.video.zlmediakit.situations import (
    JPEG,
    LIST,
    OPTIONS,
    SECRET,
    SNAP,
    STREAMS,
    URL,
    listed,
    with_secret,
)

NAME = "video.zlmediakit"


def test_a_stream_is_one_camera_however_many_protocols_offer_it():
    found = cameras(NAME, OPTIONS, listed(STREAMS))
    assert found["external_id"].tolist() == ["live/square", "rtp/34020000001320000101", "town.test@live/gate"]
    assert found["name"].tolist() == ["square", "34020000001320000101", "gate"]
    assert set(found["status"]) == {"ON"}
    assert "pw" not in found.to_json()


def test_an_application_can_be_picked():
    assert cameras(NAME, OPTIONS | {"app": "rtp"}, listed(STREAMS))["stream"].tolist() == ["rtp/34020000001320000101"]


def test_a_stream_that_ends_is_off_and_comes_back():
    cursor = last_cursor(NAME, OPTIONS, listed(STREAMS))
    with asked(listed([])):
        (page,) = connector(NAME, OPTIONS).pages(cursor)
    assert page.frame[["id", "name", "status"]].to_numpy().tolist() == [
        ["live/square", "square", "OFF"], ["rtp/34020000001320000101", "34020000001320000101", "OFF"],
        ["town.test@live/gate", "gate", "OFF"],
    ]  # fmt: skip
    with asked(listed(STREAMS)):
        back = list(connector(NAME, OPTIONS).pages(page.cursor))
    assert [set(each.frame["status"]) for each in back] == [{"ON"}]


@pytest.mark.parametrize(
    ("stream", "url"),
    [
        ("live/square", f"{URL}/live/square/hls.m3u8"),
        ("live/a/b c", f"{URL}/live/a/b%20c/hls.m3u8"),
        ("town.test@live/gate", f"{URL}/live/gate/hls.m3u8?vhost=town.test"),
    ],
)
def test_it_plays_by_vhost_app_and_stream_without_the_secret(stream, url):
    found = connector(NAME, OPTIONS).play(Camera(stream))
    assert found.url == url
    assert SECRET not in repr(found) + repr(connector(NAME, OPTIONS).options)


def test_a_still_comes_from_the_servers_own_output_and_the_secret_stays_out_of_the_address():
    with asked(by_path({SNAP: with_secret(lambda _: httpx.Response(200, content=JPEG))})) as seen:
        assert connector(NAME, OPTIONS).picture(Camera("town.test@live/gate")) == Picture(JPEG, "image/jpeg", NOW)
    assert SECRET not in str(seen[0].url)
    said = parse_qs(seen[0].content.decode())
    assert said["url"] == ["rtsp://127.0.0.1/live/gate?vhost=town.test"]
    assert (said["timeout_sec"], said["expire_sec"]) == (["10"], ["1"])


def test_a_server_that_cannot_take_a_still_says_so():
    refusal = by_path({SNAP: {"code": -1, "msg": "ffmpeg failed"}})
    with asked(refusal), pytest.raises(TemporaryError, match="code -1"):
        connector(NAME, OPTIONS).picture(Camera("live/square"))
    wrong = by_path({SNAP: with_secret({"code": 0})})
    with asked(wrong), pytest.raises(AuthenticationError) as error:
        connector(NAME, OPTIONS | {"secret": "wrong-one"}).picture(Camera("live/square"))
    assert "wrong-one" not in str(error.value)


def test_another_system_is_told_apart():
    with asked(by_path({LIST: {"ok": True}})), pytest.raises(BadDataError, match="does not answer with a code"):
        list(connector(NAME, OPTIONS).pages(None))


@pytest.mark.parametrize("stream", ["square", "live/", "a@b"])
def test_what_is_no_stream_is_refused(stream):
    with pytest.raises(BadDataError, match="is no stream of ZLMediaKit"):
        connector(NAME, OPTIONS).play(Camera(stream))


def test_a_secret_is_needed():
    with pytest.raises(ConfigError, match=r"^options\.secret: is missing$"):
        connector(NAME, {"url": URL})
