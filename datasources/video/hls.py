"""Playlists (RFC 8216) given on: every address in them is named anew, and what is not known is left out.

A player behind us asks for the new names only, so that neither the addresses of the inner network nor keys in them reach it.
Low-latency parts are left out: without them the same playlist is an ordinary one.
"""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from datasources.errors import BadDataError
from datasources.outgoing import NotNamedError

PLAYER = Path(__file__).parents[2] / "node_modules" / "hls.js" / "dist" / "hls.light.min.js"
"""Plays HLS in browsers that cannot; `make setup` fetches it where there is npm."""

FIRST_LINE = "#EXTM3U"
MOST_LINES = 20_000
KEPT = frozenset({
    "EXTM3U", "EXTINF", "EXT-X-VERSION", "EXT-X-TARGETDURATION", "EXT-X-MEDIA-SEQUENCE", "EXT-X-DISCONTINUITY",
    "EXT-X-DISCONTINUITY-SEQUENCE", "EXT-X-ENDLIST", "EXT-X-PLAYLIST-TYPE", "EXT-X-I-FRAMES-ONLY", "EXT-X-BYTERANGE",
    "EXT-X-KEY", "EXT-X-MAP", "EXT-X-PROGRAM-DATE-TIME", "EXT-X-GAP", "EXT-X-BITRATE", "EXT-X-MEDIA", "EXT-X-STREAM-INF",
    "EXT-X-I-FRAME-STREAM-INF", "EXT-X-INDEPENDENT-SEGMENTS", "EXT-X-START",
})  # fmt: skip
"""Tags that are given on; a title behind the duration of a segment is not."""

DEFINED = "EXT-X-DEFINE"
URI = re.compile(r'(?<=[:,])URI="([^"]*)"')


def is_playlist(body: bytes) -> bool:
    """Whether an answer is a playlist, whatever its media type says."""
    return body.lstrip(b"\xef\xbb\xbf \r\n").startswith(FIRST_LINE.encode())


def renamed(body: bytes, base: str, name: Callable[[str], str]) -> str:
    """A playlist that was fetched from `base` (URL), each address in it replaced by name(absolute http(s) URL).

    Raises BadDataError for what is no playlist, NotNamedError for addresses of another kind; `name` may raise it too.
    """
    lines = body.decode("utf-8-sig", "replace").splitlines()
    if not is_playlist(body) or len(lines) > MOST_LINES:
        raise BadDataError("the camera's stream is no playlist; does options.url lead to HLS?")
    return "\n".join(kept for line in lines if (kept := _line(line.strip(), base, name)) is not None) + "\n"


def _line(line: str, base: str, name: Callable[[str], str]) -> str | None:
    if not line.startswith("#"):
        return name(_absolute(base, line)) if line else None
    tag, _colon, value = line[1:].partition(":")
    if tag == DEFINED:
        raise BadDataError(
            "the camera's playlist defines variables, which are not followed; let its server write addresses out"
        )
    if tag not in KEPT:
        return None
    if tag == "EXTINF":
        return f"#EXTINF:{value.partition(',')[0]},"
    return URI.sub(lambda found: f'URI="{name(_absolute(base, found[1]))}"', line)


def _absolute(base: str, address: str) -> str:
    try:
        url = urljoin(base, address)
        scheme = urlsplit(url).scheme
    except ValueError:
        scheme = ""
    if scheme not in ("http", "https"):
        raise NotNamedError(f"the camera's playlist leads to an address of kind '{scheme[:20]}', which is not followed")
    return url
