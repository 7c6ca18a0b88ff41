"""What ffmpeg is told: a fixed list of arguments, never a line for a shell.

An address with user and password is told on standard input, as a list of one (ffconcat): the list of processes shows no secret.
"""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit, urlunsplit

from datasources.errors import BadDataError
from datasources.outgoing import authority
from datasources.outgoing.hosts import addresses
from datasources.video.contract import Relay
from datasources.video.relay.place import PLAYLIST, STILL

SEGMENT_SECONDS, SEGMENTS = 1, 6
STILL_SECONDS = 1.5
"""Stills are not made more often."""
STILL_PX = 1_280
ADDRESSES = ("rtsp", "rtsps")
ABOUT_INPUT = (("timeout", "5000000"), ("allowed_media_types", "video"), ("fpsprobesize", "0"))
"""Five seconds (in µs) without a word end it; no sound; the rate of pictures is not waited for."""
QUIET = ("-nostdin", "-hide_banner", "-nostats", "-loglevel", "info", "-threads", "1", "-filter_threads", "1")
HLS = (
    "-f", "hls", "-hls_time", str(SEGMENT_SECONDS), "-hls_list_size", str(SEGMENTS), "-hls_delete_threshold", "3",
    "-hls_start_number_source", "epoch", "-hls_segment_filename", "%d.ts",
    "-hls_flags", "append_list+omit_endlist+discont_start+delete_segments+temp_file", PLAYLIST,
)  # fmt: skip
"""Numbers by the clock: a segment's name never comes again, so a browser that slept plays nothing old."""
ENCODED = (
    "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-threads", "1",
    "-force_key_frames", f"expr:gte(t,n_forced*{SEGMENT_SECONDS})",
)  # fmt: skip
SPARSE = f"select='isnan(prev_selected_t)+gte(t-prev_selected_t,{STILL_SECONDS})',scale='min({STILL_PX},iw)':-2"


def arguments(relay: Relay) -> list[str]:
    """After the program: the input, HLS, and the still beside it. Files go where it is started."""
    output = ["-map", "0:v:0", *(("-c:v", "copy") if relay.copy else ENCODED), *HLS]
    output += ["-map", "0:v:0", "-vf", SPARSE, "-fps_mode", "vfr", "-threads", "1", "-q:v", "4"]
    output += ["-f", "image2", "-update", "1", "-atomic_writing", "1", "-y", STILL]
    return [*QUIET, *_input(relay), *output]


def trying(relay: Relay) -> list[str]:
    """After the program: the input, until a first picture came, and nothing is written."""
    return [*QUIET, *_input(relay), "-map", "0:v:0", "-c:v", "copy", "-frames:v", "1", "-f", "null", "-"]


def _input(relay: Relay) -> list[str]:
    if is_made(relay):
        return ["-protocol_whitelist", ",".join(relay.protocols) or "none", *relay.arguments]
    allowed = ",".join(dict.fromkeys(("pipe", *relay.protocols)))
    # stills are made of key frames alone: to read every frame would cost ten times what the rest does
    only = ["-skip_frame", "nokey"] if relay.copy else []
    return ["-protocol_whitelist", allowed, *only, "-f", "concat", "-safe", "0", "-i", "pipe:0"]


def listing(relay: Relay) -> bytes:
    """What ffmpeg reads on standard input. Raises BadDataError for an address or an option that could be read as another."""
    if is_made(relay):
        return b""
    *options, mark, url = relay.arguments
    pairs = list(zip(options[::2], options[1::2], strict=True))
    plain = all(re.fullmatch(r"-[a-z_]+", name) and re.fullmatch(r"[\w.+:/-]+", value) for name, value in pairs)
    if mark != "-i" or not plain or not url.isprintable():
        raise BadDataError("the camera's address cannot be told to a relay; correct it")
    lines = ["ffconcat version 1.0", "file '" + url.replace("'", r"'\''") + "'"]
    told = {**{name[1:]: value for name, value in pairs}, **dict(ABOUT_INPUT)}
    if urlsplit(url).scheme == "rtsps" and "ca_file" not in told:
        told["tls_verify"] = "0"  # cameras sign for themselves; ffmpeg would refuse every one of them
    lines += [f"option {name} {value}" for name, value in told.items()]
    return ("\n".join(lines) + "\n").encode()


def vetted(relay: Relay) -> Relay:
    """The relay with the address that was looked at in place of the host, so that a name cannot lead elsewhere afterwards.

    Raises NotNamedError for a link-local one, TemporaryError for a name that nobody knows, BadDataError for another scheme.
    """
    if is_made(relay):
        return relay
    url = relay.arguments[-1]
    listing(relay)  # it can be told
    host, port = authority(url)
    parts = urlsplit(url)
    if parts.scheme not in ADDRESSES:
        raise BadDataError(f"a relay plays rtsp:// and rtsps://, not {parts.scheme}://; correct the camera's address")
    found = min(addresses(host, port), key=_version)  # cameras are at home in IPv4; of two addresses ffmpeg is told one
    at = f"[{found}]" if _version(found) == 6 else found
    who = parts.netloc.rpartition("@")[0]
    netloc = f"{who}@{at}:{port}" if who else f"{at}:{port}"
    return Relay((*relay.arguments[:-1], urlunsplit(parts._replace(netloc=netloc))), relay.protocols, relay.copy)


def _version(address: str) -> int:
    return ip_address(address.partition("%")[0]).version


def is_made(relay: Relay) -> bool:
    """Whether ffmpeg makes the pictures itself: there is no address, and nothing to hide."""
    return "lavfi" in relay.arguments
