import httpx
import pytest

from datasources.errors import BadDataError, TemporaryError
from datasources.outgoing import NotNamedError
from datasources.video.contract import Camera, Picture
from tests.datasources.sources import NOW
from tests.datasources.video.answers import asked, by_path
from tests.datasources.video.connectors import cameras, connector, last_cursor
from tests.datasources.video.go2rtc.situations import JPEG, OPTIONS, STREAMS, URL

NAME = "video.go2rtc"
SHOWN = by_path({"/api/streams": STREAMS})


def test_streams_are_cameras_by_name_and_no_address_is_among_them():
    found = cameras(NAME, OPTIONS, SHOWN)
    assert found["external_id"].tolist() == found["stream"].tolist() == ["gate", "square", "路口"]
    assert found["status"].tolist() == [None, None, None]
    assert "pw" not in found.to_json()


def test_a_stream_that_is_gone_is_off_once():
    cursor = last_cursor(NAME, OPTIONS, SHOWN)
    left = by_path({"/api/streams": {"gate": {}, "路口": {}}})
    found = cameras(NAME, OPTIONS, left, cursor)
    assert dict(zip(found["external_id"], found["status"], strict=True)) == {
        "gate": None,
        "路口": None,
        "square": "OFF",
    }
    with asked(left):
        pages = list(connector(NAME, OPTIONS).pages(cursor))
        assert list(connector(NAME, OPTIONS).pages(pages[-1].cursor)) == []


def test_a_still_is_a_fresh_frame():
    with asked(by_path({"/api/frame.jpeg": JPEG})) as seen:
        assert connector(NAME, OPTIONS).picture(Camera("路口")) == Picture(JPEG, "image/jpeg", NOW)
    assert dict(seen[0].url.params) == {"src": "路口"}


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(500, text="dial tcp 10.0.0.9:554: i/o timeout"), TemporaryError),
        (httpx.Response(200, html="<html>"), BadDataError),
        (httpx.Response(302, headers={"location": "http://10.0.0.9/frame.jpeg"}), NotNamedError),
    ],
)
def test_a_camera_without_a_picture_says_so(answer, error):
    with asked(by_path({"/api/frame.jpeg": answer})), pytest.raises(error) as raised:
        connector(NAME, OPTIONS).picture(Camera("gate"))
    assert "go2rtc.test" in str(raised.value) or error is NotNamedError


def test_it_plays_over_hls_where_the_settings_say():
    assert connector(NAME, OPTIONS).play(Camera("路 口")).url == f"{URL}/api/stream.m3u8?src=%E8%B7%AF+%E5%8F%A3&mp4="
    elsewhere = connector(NAME, OPTIONS | {"media": "https://hls.test/rtc"}).play(Camera("gate"))
    assert elsewhere.url == "https://hls.test/rtc/api/stream.m3u8?src=gate&mp4="
    assert set(elsewhere.hosts) == {URL, "https://hls.test/rtc"}
