"""Relays of a real RTSP server."""

import io
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image

from datasources.errors import AuthenticationError, BadDataError, TemporaryError
from datasources.video.contract import Camera
from datasources.video.relay import Relays
from demo.cameras import cameras
from tests.datasources.video.connectors import connector
from tests.datasources.video.relay.watching import kill, ours, playlist, rtsp, still, until
from tests.servers.processes import free_port
from tests.servers.rtsp import running_rtsp

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def relays(tmp_path):
    made = Relays(tmp_path, most=2)
    yield made
    made.close()
    assert not ours(tmp_path)


def refusal(asked, *told):
    """What is raised in the end, when it is no longer just starting."""

    def ready():
        try:
            asked(*told)
        except TemporaryError as error:
            return error if "is starting" not in str(error) else None
        except (AuthenticationError, BadDataError) as error:
            return error
        return None

    return until(ready)


def segments(text: str) -> list[str]:
    return re.findall(r"^\d+\.ts$", text, re.MULTILINE)


def test_a_camera_plays_and_is_seen_from_one_process(relays, rtsp_server, tmp_path):
    relay = rtsp(rtsp_server.url())
    assert still(relays, "town/gate", relay)
    found = relays.still("town/gate", relay)
    assert found.media_type == "image/jpeg" and abs(found.taken_at - time.time()) < 60
    process = ours(tmp_path)
    first = playlist(relays, "town/gate", relay)
    assert until(lambda: [name for name in segments(playlist(relays, "town/gate", relay)) if name not in first])
    name = segments(playlist(relays, "town/gate", relay))[-1]
    assert relays.segment("town/gate", name).read_bytes()[0] == 0x47  # the first byte of every MPEG-TS packet
    with Image.open(io.BytesIO(relays.still("town/gate", relay).body)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (320, 180))
    assert ours(tmp_path) == process and len(process) == 1
    assert "127.0.0.1" not in first
    every = subprocess.run(["ps", "axww", "-o", "args"], capture_output=True, text=True, check=True).stdout
    told = "".join(line for line in every.splitlines() if "ffmpeg" in line)
    assert "index.m3u8" in told and rtsp_server.bare() not in told and "s3cret" not in told


def test_a_demo_camera_plays_what_chromium_can(relays, tmp_path):
    code = str(cameras().iloc[3]["编码"])
    relay = connector("video.demo", {}, time.time).play(Camera(code))
    name = segments(playlist(relays, f"town/{code}", relay))[0]
    told = subprocess.run(
        [get_ffmpeg_exe(), "-hide_banner", "-i", str(relays.segment(f"town/{code}", name))],
        capture_output=True, text=True, check=False,
    ).stderr  # fmt: skip
    assert re.search(r"Video: h264 \(Constrained Baseline\).*yuv420p.*640x360", told)


@pytest.mark.parametrize("name", ["../cameras", "index.m3u8", "still.jpg", "1.ts/..", "", "1.ts\n", "/etc/passwd"])
def test_a_name_that_no_playlist_holds_is_no_segment(relays, name, tmp_path):
    assert relays.segment("town/gate", name) is None


def test_more_than_may_be_relayed_are_refused_in_plain_words(rtsp_server, tmp_path):
    relays = Relays(tmp_path, most=1)
    still(relays, "town/0", rtsp(rtsp_server.url()))
    for asked in (relays.playlist, relays.still):
        error = refusal(asked, "town/1", rtsp(rtsp_server.url(1)))
        assert "town/1 is not relayed: 1 cameras are already" in str(error)
    assert still(relays, "town/0", rtsp(rtsp_server.url()))
    relays.close()


def test_a_wrong_password_is_told_and_stands_nowhere(relays, rtsp_server, tmp_path, capsys):
    error = refusal(relays.playlist, "town/gate", rtsp(rtsp_server.url(0, "wr0ng-word")))
    assert isinstance(error, AuthenticationError)
    assert str(error) == "town/gate refuses user or password; correct them in the source's options"
    printed = "".join(capsys.readouterr())
    assert printed.count("camera does not play") == 1
    assert "wr0ng" not in printed + "".join(p.read_text() for p in tmp_path.rglob("*") if p.is_file())


def test_a_stream_that_is_not_there_is_told(relays, rtsp_server, tmp_path):
    error = refusal(relays.playlist, "town/gate", rtsp(rtsp_server.url().replace("cam0", "none")))
    assert isinstance(error, BadDataError) and "has no stream at this address" in str(error)


def test_a_dead_host_costs_the_others_nothing(relays, rtsp_server, tmp_path):
    dead = rtsp(f"rtsp://127.0.0.1:{free_port()}/gate")
    error = refusal(relays.playlist, "town/dead", dead)
    assert str(error) == "town/dead takes no connection at its address; it is tried again"
    assert still(relays, "town/gate", rtsp(rtsp_server.url()))


def test_a_relay_that_died_comes_back_by_itself(relays, rtsp_server, tmp_path):
    relay = rtsp(rtsp_server.url())
    before = segments(playlist(relays, "town/gate", relay))
    (pid,) = ours(tmp_path)
    kill(pid)
    assert until(lambda: [each for each in ours(tmp_path) if each != pid])
    after = until(lambda: [s for s in segments(playlist(relays, "town/gate", relay)) if s > before[-1]])
    assert len(after[-1]) == len(before[-1])
    assert "#EXT-X-DISCONTINUITY" in playlist(relays, "town/gate", relay)


@pytest.mark.rtsp
def test_a_camera_that_loses_power_is_told_once_and_comes_back(relays, tmp_path, capsys):
    with running_rtsp() as cameras:
        relay = rtsp(cameras.url())
        still(relays, "town/gate", relay)
        cameras.kill()
        place = relays._place("town/gate")
        assert "takes no connection" in until(
            lambda: place.trouble and "ended" not in place.trouble[1] and place.trouble[1]
        )
        cameras.start()
        assert still(relays, "town/gate", relay)
        assert until(lambda: place.trouble is None)
    printed = "".join(capsys.readouterr())
    assert (printed.count("camera does not play"), printed.count("camera plays again")) == (1, 1)


def test_nobody_looks_and_nothing_is_left(rtsp_server, tmp_path):
    moment = [time.time()]
    relays = Relays(tmp_path, most=2, clock=lambda: moment[0])
    relay = rtsp(rtsp_server.url())
    still(relays, "town/gate", relay)
    moment[0] += 31
    assert until(lambda: not ours(tmp_path) and not list(tmp_path.rglob("*.ts")))
    relays.close()


def other(folder: Path, url: str) -> subprocess.Popen[bytes]:
    """Another process that plays the camera, and says so."""
    program = (
        "import sys\nfrom pathlib import Path\nfrom datasources.video.relay import Relays\n"
        "from tests.datasources.video.relay.watching import rtsp, still\n"
        "relays = Relays(Path(sys.argv[1]), most=2)\n"
        "print(len(still(relays, 'town/gate', rtsp(sys.argv[2]))), flush=True)\nsys.stdin.read()\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program, str(folder), url], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def test_two_processes_have_one_relay_and_the_second_goes_on_after_a_kill(relays, rtsp_server, tmp_path):
    relay = rtsp(rtsp_server.url())
    with other(tmp_path, rtsp_server.url()) as first:
        assert first.stdout is not None and int(first.stdout.readline()) > 0
        still(relays, "town/gate", relay)
        (pid,) = ours(tmp_path)
        first.kill()
        first.wait()
    assert until(lambda: pid not in ours(tmp_path))
    assert until(lambda: still(relays, "town/gate", relay) and ours(tmp_path))


def test_a_server_that_ends_leaves_no_relay(relays, rtsp_server, tmp_path):
    with other(tmp_path, rtsp_server.url()) as process:
        assert process.stdin is not None and process.stdout is not None and process.stdout.readline()
        assert ours(tmp_path)
        process.stdin.close()
        assert process.wait(20) == 0
    assert until(lambda: not ours(tmp_path))
    relays.still("town/1", rtsp(rtsp_server.url(1)))
    assert len(list(tmp_path.glob("?" * 32))) == 1
