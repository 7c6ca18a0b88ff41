from zoneinfo import ZoneInfo

import pytest
import trustme
from httpx import Response

from config import ConfigError
from datasources.contract import Page
from datasources.errors import AuthenticationError, BadDataError, SourceError, TemporaryError
from datasources.registry import connector_class
from datasources.video.contract import Camera
from tests.datasources.video.connectors import cameras, connector
from tests.datasources.video.rtsp.situations import DOWN, H265, OPTIONS, REFUSED, camera, options, saying
from tests.servers.processes import free_port
from tests.servers.rtsp import running_rtsp

NAME = "video.rtsp"


def read(given, cursor=None) -> tuple[list[Page], SourceError | None]:
    pages = []
    try:
        pages.extend(connector(NAME, given).pages(cursor))
    except SourceError as error:
        return pages, error
    return pages, None


def status(pages) -> dict[str, str]:
    return {name: said for page in pages for name, said in zip(page.frame["id"], page.frame["status"], strict=True)}


def test_cameras_are_listed_as_the_settings_say(monkeypatch):
    saying(south=DOWN)(monkeypatch)
    found = cameras(NAME, OPTIONS, lambda _request: Response(404))
    assert found[["external_id", "name", "status", "ptz_type"]].to_numpy().tolist() == [
        ["north", "North gate", "ON", "fixed"],
        ["south", "south", "OFF", None],
    ]
    assert (found["longitude"][0], found["latitude"][0], found["direction"][0]) == (114.3, 30.6, 90)
    assert "s3cret" not in found.to_json() and "192.0.2" not in found.to_json()


def test_a_dead_camera_harms_no_other_and_all_dead_are_an_outage(monkeypatch):
    saying(a=DOWN)(monkeypatch)
    pages, error = read(options("a", "b"))
    assert (status(pages), error) == ({"a": "OFF", "b": "ON"}, None)
    saying(a=DOWN, b=DOWN)(monkeypatch)
    pages, error = read(options("a", "b"), pages[-1].cursor)
    assert status(pages) == {"a": "OFF", "b": "OFF"}
    assert isinstance(error, TemporaryError) and str(error).startswith("a takes no connection")


def test_what_a_person_must_mend_is_told_after_the_rows(monkeypatch):
    saying(b=REFUSED)(monkeypatch)
    pages, error = read(options("a", "b"))
    assert status(pages) == {"a": "ON", "b": "OFF"}
    assert isinstance(error, AuthenticationError)
    assert str(error) == "b refuses user or password; correct them in the source's options"


def test_one_that_no_browser_plays_is_on_and_wants_mending(monkeypatch):
    saying(a=H265)(monkeypatch)
    pages, error = read(options("a", "b"))
    assert status(pages) == {"a": "ON", "b": "ON"}
    assert isinstance(error, BadDataError) and "a sends hevc, which browsers do not play" in str(error)
    assert read({"cameras": [camera("a", encode=True)]})[1] is None


def test_the_relay_has_the_password_and_may_speak_rtsp_alone():
    given = {"cameras": [camera("a", password="a/b@c", encode=True), camera("b", user="", password="")]}
    made = connector(NAME, given)
    relay = made.play(Camera("a"))
    assert relay.arguments == ("-rtsp_transport", "tcp", "-i", "rtsp://gridhall:a%2Fb%40c@192.0.2.17:554/a")
    assert (relay.protocols, relay.copy) == (("rtsp", "rtp", "tcp"), False)
    assert made.play(Camera("b")).arguments[-1] == "rtsp://192.0.2.17:554/b"
    assert made.picture(Camera("b")) is None
    with pytest.raises(BadDataError, match="put it back"):
        made.play(Camera("gone"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"url": "http://192.0.2.17/a"}, "no address of RTSP"),
        ({"url": "rtsp://u:p@192.0.2.17/a"}, "user and password as keys"),
        ({"url": "rtsp:///a"}, "no address"),
        ({"password": ""}, "go together"),
    ],
)
def test_what_is_wrong_in_the_settings_is_said(wrong, said):
    with pytest.raises(ConfigError, match=said):
        connector(NAME, {"cameras": [camera("a", **wrong)]})


def test_a_name_twice_is_refused():
    with pytest.raises(ConfigError, match="'a' stands twice"):
        connector(NAME, options("a", "a"))


def test_real_cameras_are_on_or_off(rtsp_server):
    who = {"user": rtsp_server.user, "password": rtsp_server.password}
    dead = f"rtsp://127.0.0.1:{free_port()}/gate"
    given = {"cameras": [{"id": "a", "url": rtsp_server.bare(3), **who}, {"id": "b", "url": dead}]}
    pages, error = read(given)
    assert (status(pages), error) == ({"a": "ON", "b": "OFF"}, None)
    _, error = read({"cameras": [{"id": "a", "url": rtsp_server.bare(3), **who, "password": "wr0ng"}]})
    assert isinstance(error, AuthenticationError) and "wr0ng" not in str(error)


@pytest.mark.rtsp
def test_certificates_are_looked_at_where_an_authority_is_named(tmp_path):
    authority, other = trustme.CA(), trustme.CA()
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(tmp_path / "server.pem")
    authority.cert_pem.write_to_path(tmp_path / "right.pem")
    other.cert_pem.write_to_path(tmp_path / "wrong.pem")
    with running_rtsp(tmp_path / "server.pem") as server:
        url = f"rtsps://localhost:{server.port}/cam0"
        for number, (said, on) in enumerate({"": True, "right.pem": True, "wrong.pem": False}.items()):
            one = {"id": str(number), "url": url, "user": server.user, "password": server.password, "authority": said}
            made = connector_class(NAME)({"cameras": [one]}, folder=tmp_path, zone=ZoneInfo("UTC"), clock=lambda: 0)
            if on:
                assert status(made.pages(None)) == {str(number): "ON"}
            else:
                with pytest.raises(BadDataError, match="does not vouch for"):
                    list(made.pages(None))
