"""Pictures of cameras that give none, taken from the newest piece of their HLS stream by ffmpeg, which asks nobody itself."""

import subprocess
from collections.abc import Callable
from itertools import pairwise

from imageio_ffmpeg import get_ffmpeg_exe

from datasources.contract import Clock
from datasources.errors import BadDataError, TemporaryError
from datasources.outgoing import Caps, Outgoing
from datasources.video.contract import Picture, Playlist
from datasources.video.hls import URI, is_playlist, renamed

CAPS = Caps(connect_seconds=3.0, silence_seconds=4.0, total_seconds=8.0, most_bytes=32 << 20)
DECODE_SECONDS = 5.0
COMMAND = (
    "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "pipe", "-threads", "1", "-i", "pipe:0", "-map", "0:v:0",
    "-frames:v", "1", "-f", "image2pipe", "-c:v", "mjpeg", "-q:v", "4", "-protocol_whitelist", "pipe", "pipe:1",
)  # fmt: skip
MASTER, MAP, KEY = "#EXT-X-STREAM-INF", "#EXT-X-MAP", "#EXT-X-KEY"


def frame_of(play: Playlist, clock: Clock) -> Picture:
    """A frame of the newest piece. Raises the three errors of datasources.errors."""
    with Outgoing((play.url, *play.hosts), caps=CAPS, headers=play.headers, clock=clock) as out:
        lines = _lines(out, play.url)
        if any(line.startswith(MASTER) for line in lines):
            lines = _lines(out, _first_variant(lines))
        if any(line.startswith(KEY) and "METHOD=NONE" not in line for line in lines):
            raise BadDataError("the camera's stream is encrypted and gives no pictures; name a snapshot")
        newest = next((line for line in reversed(lines) if not line.startswith("#")), None)
        if newest is None:
            raise TemporaryError("the camera's stream holds nothing yet; it will be tried again")
        starts = [found[1] for line in lines if line.startswith(MAP) and (found := URI.search(line))]
        piece = b"".join(out.get(each).body for each in (*starts[-1:], newest))
    return Picture(decoded(piece), "image/jpeg", clock())


def decoded(piece: bytes, run: Callable[..., "subprocess.CompletedProcess[bytes]"] = subprocess.run) -> bytes:
    """The first frame of a piece of a stream (MPEG-TS or fragmented MP4) as JPEG. Raises BadDataError, TemporaryError."""
    try:
        done = run([get_ffmpeg_exe(), *COMMAND], input=piece, capture_output=True, timeout=DECODE_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise TemporaryError("no picture could be taken from the stream in time; it will be tried again") from error
    if done.returncode or not done.stdout:
        raise BadDataError("no picture can be taken from the camera's stream; name a snapshot")
    return done.stdout


def _lines(out: Outgoing, url: str) -> list[str]:
    """The lines of a playlist, with whole addresses."""
    answer = out.get(url)
    if not is_playlist(answer.body):
        raise BadDataError(f"{answer.place} answers with no playlist; does it lead to HLS?")
    return renamed(answer.body, answer.url, lambda address: address).splitlines()


def _first_variant(lines: list[str]) -> str:
    found = next((after for line, after in pairwise(lines) if line.startswith(MASTER) and after[:1] != "#"), None)
    if found is None:
        raise BadDataError("the camera's playlist names no stream; does it lead to HLS?")
    return found
