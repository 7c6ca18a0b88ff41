import httpx
import numpy as np
import pytest

from config import ConfigError
from datasources.errors import AuthenticationError, BadDataError, TemporaryError
from datasources.outgoing import NotNamedError
from datasources.video.contract import Camera
from domain.gb28181 import in_id
from tests.datasources.video.answers import asked, by_path
from tests.datasources.video.connectors import cameras, connector, last_cursor
from tests.datasources.video.wvp.situations import (
    CAMERA,
    CHANNELS,
    DEVICES,
    KEY,
    LOGIN,
    NVR,
    OPTIONS,
    URL,
    channel,
    platform,
    wrapped,
)

NAME = "video.wvp"
FIRST = "42010600081310000001"
START = f"/api/play/start/{NVR}/{FIRST}"
HLS = "http://192.168.1.20:6080/rtp/34020000001180000001_42010600081310000001/hls.m3u8?originTypeStr=rtp_push"


def test_channels_that_have_a_picture_are_cameras():
    found = cameras(NAME, OPTIONS, by_path(platform()))
    assert found[["external_id", "name", "status", "ptz_type"]].to_numpy().tolist() == [
        [f"{NVR}/{FIRST}", "路口-东-球机", "ON", "dome"],
        [f"{NVR}/42010600081310000002", "广场", "OFF", None],
        [f"{NVR}/camera-3", "后门", "ON", None],
        [f"{CAMERA}/{FIRST}", "门口", "OFF", None],
    ]
    assert found["stream"].tolist() == found["external_id"].tolist()
    assert found["longitude"].tolist()[0] == 114.3055
    assert np.isnan(found["longitude"].to_numpy()[[1, 3]]).all()
    assert "pw" not in found.to_json()
    assert [str(in_id(each)) for each in found["external_id"]][2:] == ["None", FIRST]


def test_places_are_declared_and_converted_once():
    plain, shifted = (cameras(NAME, OPTIONS, by_path(platform()), crs=crs) for crs in ("EPSG:4326", "GCJ-02"))
    assert 0.003 < plain["longitude"][0] - shifted["longitude"][0] < 0.008
    assert plain["longitude"][0] == 114.3055


def test_only_a_page_in_which_something_changed_comes_again():
    cursor = last_cursor(NAME, OPTIONS, by_path(platform()))
    assert cameras(NAME, OPTIONS, by_path(platform()), cursor).empty
    later = CHANNELS | {NVR: [*CHANNELS[NVR][:4], channel("camera-3", "后门", status="OFF")]}
    found = cameras(NAME, OPTIONS, by_path(platform(channels=later)), cursor)
    assert found[["external_id", "status"]].to_numpy().tolist() == [[f"{NVR}/camera-3", "OFF"]]


@pytest.mark.parametrize("given", ["body", "header"])
def test_a_user_logs_in_with_the_md5_of_the_password_and_goes_on_by_its_token(given):
    def login(request: httpx.Request) -> httpx.Response:
        assert dict(request.url.params) == {"username": "admin", "password": "5709613574430c024cc06ae3d3863e41"}
        data = {"id": 1, "username": "admin", "accessToken": "t0ken"}
        if given == "body":
            return wrapped(data)
        return httpx.Response(200, headers={"access-token": "t0ken"}, json={"code": 0, "data": {"id": 1}})

    table = platform(token={"access-token": "t0ken"}) | {"/api/user/login": login}
    assert len(cameras(NAME, LOGIN, by_path(table))) == 4
    assert "adm1n" not in repr(connector(NAME, LOGIN).options)


@pytest.mark.parametrize("answer", [{"code": 100, "msg": "用户名或密码错误"}, {"code": 0, "data": {"id": 1}}])
def test_a_wrong_password_is_for_a_person_to_mend(answer):
    with asked(by_path({"/api/user/login": answer})), pytest.raises(AuthenticationError) as error:
        list(connector(NAME, LOGIN).pages(None))
    assert "adm1n" not in str(error.value)


def test_it_plays_from_the_media_server_as_it_is_reached_from_here():
    table = {START: wrapped({"app": "rtp", "hls": HLS, "flv": "http://192.168.1.20:6080/rtp/x.live.flv"})}
    with asked(by_path(table)) as seen:
        found = connector(NAME, OPTIONS | {"media": "https://zlm.test/media"}).play(Camera(f"{NVR}/{FIRST}"))
    assert seen[0].headers["api-key"] == KEY
    assert found.url == f"https://zlm.test/media{HLS.removeprefix('http://192.168.1.20:6080')}"
    assert set(found.hosts) == {URL, "https://zlm.test/media"}
    assert found.headers is None
    with asked(by_path(table)):
        named = connector(NAME, OPTIONS | {"hosts": ["192.168.1.20:6080"]}).play(Camera(f"{NVR}/{FIRST}"))
    assert named.url == HLS


def test_a_media_server_that_nobody_named_is_refused():
    with asked(by_path({START: wrapped({"hls": HLS})})), pytest.raises(NotNamedError, match=r"options\.media"):
        connector(NAME, OPTIONS).play(Camera(f"{NVR}/{FIRST}"))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"code": 100, "msg": "点播超时"}, TemporaryError),
        ({"code": 401, "msg": "请登录后重新请求"}, AuthenticationError),
        ({"code": 0, "data": {"flv": "http://a/b.flv"}}, BadDataError),
        ({"code": 0, "data": None}, BadDataError),
    ],
)
def test_a_channel_that_cannot_be_played_says_why(answer, error):
    with asked(by_path({START: answer})), pytest.raises(error):
        connector(NAME, OPTIONS).play(Camera(f"{NVR}/{FIRST}"))


def test_a_list_that_repeats_its_pages_for_ever_ends():
    """Some versions say a total that is too large and answer with the last page again."""
    table = platform(DEVICES[:1], {NVR: []})
    table[f"/api/device/query/devices/{NVR}/channels"] = wrapped({"total": 10**9, "list": [channel("a", "a")] * 2})
    with asked(by_path(table)) as seen:
        pages = sum(1 for _ in connector(NAME, OPTIONS).pages(None))
    assert pages == 1000
    assert len(seen) == 1001


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"url": URL}, "give either api_key, or user and password"),
        (LOGIN | {"api_key": KEY}, "give either api_key, or user and password"),
        ({"url": URL, "user": "admin"}, "user and password go together"),
    ],
)
def test_there_is_one_way_in(options, message):
    with pytest.raises(ConfigError, match=message):
        connector(NAME, options)
