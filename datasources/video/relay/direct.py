"""Whether a camera answers where it is named: ffmpeg would follow an RTSP redirection to any host, and cannot be told not to.

So it is asked before (RFC 2326, 10.1 and 10.2: OPTIONS, DESCRIBE) and no relay is started for one that redirects. A camera
that redirects ffmpeg alone is found by what ffmpeg says, and ended within a tenth of a second.
"""

import socket
import ssl
from contextlib import closing
from urllib.parse import urlsplit

from datasources.outgoing import authority
from datasources.video.contract import Relay
from datasources.video.device import bare
from datasources.video.relay.command import is_made
from datasources.video.relay.process import ASTRAY, BAD, DOWN

SECONDS = 4.0
MOST_BYTES = 16_384
MUTE = (DOWN, "does not answer; it is tried again")


def trouble_at(relay: Relay) -> tuple[str, str] | None:
    """(kind, plain words) for a camera that is down or redirects; None for one that a relay may be started for."""
    if is_made(relay):
        return None
    url = relay.arguments[-1]
    try:
        with closing(_connected(url)) as camera:
            for number, method in enumerate(("OPTIONS", "DESCRIBE"), 1):
                camera.sendall(f"{method} {bare(url)} RTSP/1.0\r\nCSeq: {number}\r\n\r\n".encode())
                if _head(camera).partition(b" ")[2][:1] == b"3":
                    return BAD, ASTRAY
    except ConnectionRefusedError:
        return DOWN, "takes no connection at its address; it is tried again"
    except OSError:
        return MUTE
    return None


def _connected(url: str) -> socket.socket:
    host, port = authority(url)
    plain = socket.create_connection((host, port), SECONDS)
    if urlsplit(url).scheme != "rtsps":
        return plain
    anyone = ssl.create_default_context()
    anyone.check_hostname, anyone.verify_mode = False, ssl.CERT_NONE  # as ffmpeg does: cameras sign for themselves
    return anyone.wrap_socket(plain, server_hostname=host)


def _head(camera: socket.socket) -> bytes:
    """An answer's head, and what came with it; a camera that closes instead has none."""
    said = b""
    while b"\r\n\r\n" not in said and len(said) < MOST_BYTES:
        more = camera.recv(4_096)
        if not more:
            break
        said += more
    return said
