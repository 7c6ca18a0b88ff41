import time

import httpx
import pytest

from config import ConfigError
from datasources.errors import AuthenticationError, BadDataError, TemporaryError
from datasources.outgoing import NotNamedError
from datasources.video.contract import Camera, Picture, Relay
from datasources.video.onvif.soap import token
from tests.datasources.sources import NOW
from tests.datasources.video.answers import asked
from tests.datasources.video.connectors import cameras, connector
from tests.datasources.video.onvif.device import JPEG, PASSWORD, USER, Device, fault, soap, town
from tests.datasources.video.onvif.situations import NORTH, OPTIONS, RECORDER, device, devices, one

NAME = "video.onvif"


def read(answer, options=OPTIONS, cursor=None) -> tuple[list, Exception | None]:
    pages = []
    with asked(answer):
        try:
            pages.extend(connector(NAME, options).pages(cursor))
        except (TemporaryError, AuthenticationError, BadDataError) as error:
            return pages, error
    return pages, None


def status(pages) -> dict:
    return {name: said for page in pages for name, said in zip(page.frame["id"], page.frame["status"], strict=True)}


def test_the_token_is_that_of_the_specifications_example():
    """ONVIF Application Programmer's Guide, 6.1.1.3: its example of a digest."""
    import base64  # noqa: PLC0415

    nonce = base64.b64decode("LKqI6G/AikKCQrN0zqZFlg==")
    made = token("user", "userpassword", nonce, "2010-09-16T07:50:45Z")
    assert ">tuOSpGlFlIXsozq4HFNeeGeFLEI=<" in made
    assert "userpassword" not in made


def test_a_device_is_a_camera_and_one_with_several_sources_one_for_each():
    found = cameras(NAME, OPTIONS, town(*devices()))
    assert found[["external_id", "name", "status", "stream", "ptz_type"]].to_numpy().tolist() == [
        ["north", "North gate", "ON", "Main", "fixed"],
        ["recorder/V1", "recorder/V1", "ON", "A", None],
        ["recorder/V2", "recorder/V2", "ON", "B", None],
        ["south", "south", "OFF", None, None],
    ]
    assert (found["longitude"][0], found["latitude"][0], found["direction"][0]) == (114.3, 30.6, 90)
    assert PASSWORD not in found.to_json()


def test_a_dead_device_harms_no_other_and_all_dead_are_an_outage():
    pages, error = read(town(Device(NORTH)))
    assert status(pages) == {"north": "ON", "recorder": "OFF", "south": "OFF"}
    assert error is None
    pages, error = read(town())
    assert status(pages) == {"north": "OFF", "recorder": "OFF", "south": "OFF"}
    assert type(error) is TemporaryError and str(error).startswith("north: ")


def test_only_a_device_that_changed_comes_again():
    pages, _ = read(town(*devices()))
    again, error = read(town(Device(RECORDER, sources={"A": "V1"})), cursor=pages[-1].cursor)
    assert status(again) == {"north": "OFF", "recorder": "ON"}
    assert error is None


def test_a_wrong_password_is_told_once_all_were_asked():
    options = {"devices": [device("north", password="wr0ng"), device("recorder")]}
    pages, error = read(town(*devices()), options)
    assert status(pages) == {"north": "OFF", "recorder/V1": "ON", "recorder/V2": "ON"}
    assert type(error) is AuthenticationError and str(error).startswith("north: ") and "wr0ng" not in str(error)


@pytest.mark.parametrize("ahead", [-86_400 * 365, -400, 7_200])
def test_a_clock_that_runs_wrong_lets_us_in_all_the_same(ahead):
    pages, error = read(town(Device(NORTH, ahead=ahead)), one())
    assert (status(pages), error) == ({"north": "ON"}, None)


def test_a_device_that_does_not_tell_its_time_is_asked_by_ours():
    for said in (
        fault("ter:ActionNotSupported", "no"),
        fault("ter:NotAuthorized", "no"),
        soap("<r:GetSystemDateAndTimeResponse xmlns:r='a'/>"),
    ):
        pages, _ = read(town(Device(NORTH, said={"GetSystemDateAndTime": said})), one())
        assert status(pages) == {"north": "ON"}


def test_the_stream_is_relayed_with_the_devices_password_and_nothing_else_knows_it():
    with asked(town(Device(NORTH))) as seen:
        made = connector(NAME, one(password=PASSWORD)).play(Camera("north", stream="Sub"))
    assert made == Relay(
        ("-rtsp_transport", "tcp", "-i", f"rtsp://{USER}:{PASSWORD}@north.test/live?channel=1&subtype=0&profile=Sub"),
        ("rtsp", "rtp", "tcp"),
    )
    assert all(PASSWORD not in request.content.decode() + str(request.url) for request in seen)
    assert PASSWORD not in repr(connector(NAME, one()).options)


@pytest.mark.parametrize(
    ("stream", "error"),
    [
        ("rtsp://elsewhere.test/live?a=1", NotNamedError),
        ("rtsp://{host}:8554/live?a=1", NotNamedError),
        ("http://{host}/live?a=1", BadDataError),
        ("file:///etc/passwd?a=1", BadDataError),
        ("rtsp://?a=1", NotNamedError),
    ],
)
def test_a_stream_that_leads_away_is_not_played(stream, error):
    with asked(town(Device(NORTH, stream=stream))), pytest.raises(error):
        connector(NAME, one()).play(Camera("north"))


def test_a_host_that_is_named_may_be_led_to():
    with asked(town(Device(NORTH, stream="rtsp://a:b@{host}:8554/live?a=1"))):
        made = connector(NAME, one() | {"hosts": ["rtsp://north.test:8554"]}).play(Camera("north"))
    assert made.arguments[-1] == f"rtsp://{USER}:{PASSWORD}@north.test:8554/live?a=1&profile=Main"


@pytest.mark.parametrize("xaddr", ["http://10.0.0.5/onvif/media", "http://169.254.1.2/onvif/media"])
def test_a_media_service_that_leads_away_is_not_asked(xaddr):
    pages, error = read(town(Device(NORTH, xaddr=xaddr)), one())
    assert type(error) is BadDataError and "add it to options.hosts" in str(error)
    assert status(pages) == {"north": "OFF"}


def test_a_still_is_let_out_by_the_digest_that_the_device_asks_for():
    with asked(town(Device(NORTH))) as seen:
        assert connector(NAME, one()).picture(Camera("north")) == Picture(JPEG, "image/jpeg", NOW)
    assert PASSWORD not in "".join(str(request.headers) for request in seen)


def test_a_device_without_stills_leaves_them_to_the_relay():
    with asked(
        town(Device(NORTH, said={"GetSnapshotUri": fault("ter:ActionNotSupported", "Optional action not implemented")}))
    ):
        assert connector(NAME, one()).picture(Camera("north")) is None


def test_a_still_that_leads_away_is_not_fetched_and_the_password_is_told_to_nobody():
    with asked(town(Device(NORTH, still="http://elsewhere.test/snap.jpg?"))) as seen, pytest.raises(NotNamedError):
        connector(NAME, one()).picture(Camera("north"))
    assert {request.url.host for request in seen} == {"north.test"}


def test_a_channel_is_played_by_its_own_source():
    with asked(town(*devices())):
        made = connector(NAME, OPTIONS).play(Camera("recorder/V2", stream="gone"))
        assert made.arguments[-1].endswith("profile=B")
        with pytest.raises(BadDataError, match="no video source 'V9'"):
            connector(NAME, OPTIONS).play(Camera("recorder/V9"))
        with pytest.raises(BadDataError, match="no device 'west'"):
            connector(NAME, OPTIONS).play(Camera("west"))


def test_a_token_of_a_device_is_written_as_text_into_the_question():
    with asked(town(Device(NORTH, sources={"a&amp;&lt;b&gt;": "VS_1"}))) as seen:
        connector(NAME, one()).play(Camera("north"))
    assert b"<ProfileToken>a&amp;&lt;b&gt;</ProfileToken>" in seen[-1].content


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "forbidden XML"),
        (b"<html><body>", "something that is not XML"),
        (b"<a/>", "does not answer as an ONVIF device"),
        (
            b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body/></s:Envelope>',
            "does not answer GetSystemDateAndTime",
        ),
    ],
)
def test_what_is_no_device_is_told_apart(body, message):
    _, error = read(lambda _: httpx.Response(200, content=body), one())
    assert type(error) is BadDataError and message in str(error)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"devices": []}, r"^options\.devices"),
        ({"devices": [device("a"), device("a")]}, r"^options\.devices: 'a' stands twice"),
        ({"devices": [device("a/b")]}, r"holds a slash"),
        ({"devices": [device("a") | {"url": "rtsp://a"}]}, r"is no address"),
        ({"devices": [device("a", password="")]}, r"user and password go together"),
    ],
)
def test_wrong_options_are_said_in_a_line(options, message):
    with pytest.raises(ConfigError, match=message) as error:
        connector(NAME, options)
    assert PASSWORD not in str(error.value)


@pytest.fixture
def real(onvif_camera):
    """The options of a connector to ipycam."""
    given = {"id": "gate", "url": onvif_camera.url, "user": onvif_camera.user, "password": onvif_camera.password}
    return {"devices": [given], "hosts": ["rtsp://127.0.0.1:8554"]}


def now() -> int:
    """ipycam tells its time to nobody who has not signed in, so that ours must be the right one."""
    return int(time.time())


def test_a_real_device_is_listed_played_and_seen(real):
    made = connector(NAME, real, now)
    (page,) = made.pages(None)
    assert page.frame[["id", "status", "profile", "maker", "model"]].to_numpy().tolist() == [
        ["gate", "ON", "Profile_Main", "PythonCam", "VirtualCam-1"]
    ]
    assert list(made.pages(page.cursor)) == []
    sub = made.play(Camera("gate", stream="Profile_Sub"))
    assert sub.arguments[-1] == "rtsp://gridhall:s3cret%26%3Cword%3E@127.0.0.1:8554/video_sub"
    still = made.picture(Camera("gate"))
    assert (still.media_type, still.taken_at <= now()) == ("image/jpeg", True)
    assert still.body.startswith(b"\xff\xd8\xff") and still.body.rstrip().endswith(b"\xff\xd9")


def test_a_real_device_refuses_a_wrong_password(real):
    wrong = {**real, "devices": [real["devices"][0] | {"password": "other"}]}
    with pytest.raises(AuthenticationError, match=r"^gate: 127\.0\.0\.1:\d+/onvif/device_service refuses us"):
        list(connector(NAME, wrong, now).pages(None))


def test_a_real_device_whose_stream_nobody_named_is_not_played(real):
    with pytest.raises(NotNamedError, match=r"127\.0\.0\.1:8554"):
        connector(NAME, {"devices": real["devices"]}, now).play(Camera("gate"))
