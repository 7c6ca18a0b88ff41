"""Pictures taken from streams, by the real ffmpeg."""

import io
import subprocess

import pytest
from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image

from datasources.errors import BadDataError, TemporaryError
from datasources.outgoing import NotNamedError
from datasources.video.contract import Playlist
from datasources.video.frames import decoded, frame_of
from tests.servers.http import Asked, HttpServer, Reply
from tests.servers.video import make_stream

NOW = 1_800_000_000


@pytest.fixture(scope="module")
def pieces(tmp_path_factory):
    """The same stream in MPEG-TS and in fragmented MP4."""
    folder = make_stream(tmp_path_factory.mktemp("pieces"))
    copied = ["-c", "copy", "-f", "hls", "-hls_time", "1", "-hls_list_size", "0", "-hls_segment_type", "fmp4"]
    command = [get_ffmpeg_exe(), "-loglevel", "error", "-i", str(folder / "index.m3u8"), *copied]
    subprocess.run([*command, "fragments.m3u8"], cwd=folder, check=True)
    (folder / "main.m3u8").write_text("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nfragments.m3u8\n")
    return folder


def serving(server: HttpServer, pieces) -> None:
    def answer(asked: Asked) -> Reply:
        found = pieces / asked.path.rpartition("/")[2]
        return Reply(found.read_bytes()) if found.is_file() else Reply(status=404)

    server.answer = answer


@pytest.mark.parametrize("playlist", ["index.m3u8", "fragments.m3u8", "main.m3u8"])
def test_a_frame_of_the_newest_piece_is_a_picture(http_server, pieces, playlist):
    serving(http_server, pieces)
    found = frame_of(Playlist(f"{http_server.url}/a/{playlist}", (http_server.url,)), lambda: NOW)
    assert Image.open(io.BytesIO(found.body)).size == (320, 180)
    assert (found.media_type, found.taken_at) == ("image/jpeg", NOW)
    assert "19" in http_server.asked[-1].path


@pytest.mark.parametrize(("text", "error"), [
    ("<html>", BadDataError),
    ("#EXTM3U\n#EXT-X-TARGETDURATION:1\n", TemporaryError),
    ('#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="k"\n#EXTINF:1,\na.ts\n', BadDataError),
    ("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n", BadDataError),
    ("#EXTM3U\n#EXTINF:1,\nhttp://other.test/a.ts\n", NotNamedError),
    ("#EXTM3U\n#EXTINF:1,\nb.ts\n", BadDataError),
])  # fmt: skip
def test_a_stream_that_gives_no_picture_says_why(http_server, text, error):
    http_server.answer = lambda asked: Reply(text.encode() if asked.path == "/index.m3u8" else b"no stream at all")
    with pytest.raises(error):
        frame_of(Playlist(f"{http_server.url}/index.m3u8", (http_server.url,)), lambda: NOW)
    assert {asked.path for asked in http_server.asked} <= {"/index.m3u8", "/b.ts"}


def test_ffmpeg_that_takes_too_long_is_given_up():
    def late(*_command, **_given):
        raise subprocess.TimeoutExpired("ffmpeg", 1)

    with pytest.raises(TemporaryError):
        decoded(b"", late)
