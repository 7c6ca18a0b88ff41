"""Cameras whose rows say by URL how they are played and where their pictures are."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from datasources.contract import Clock
from datasources.errors import BadDataError
from datasources.outgoing import Caps, Outgoing, named, require_named
from datasources.outgoing.hosts import addresses, authority
from datasources.video.contract import Camera, Picture, Playlist, Relay
from datasources.video.device import PROTOCOLS
from datasources.video.platform import still

CAPS = Caps(connect_seconds=3.0, silence_seconds=4.0, total_seconds=8.0, most_bytes=16 << 20)


class Linked:
    """Plays what the rows name, within the hosts that the settings name (URLs, or "host:port")."""

    def __init__(self, hosts: Iterable[str], clock: Clock) -> None:
        """Raises NotNamedError for a host that is none."""
        self._hosts, self._clock = tuple(hosts), clock
        self._known = named(self._hosts)

    def play(self, camera: Camera) -> Playlist | Relay | None:
        """HLS for http(s), a relay for rtsp(s); None without a URL. Raises NotNamedError, BadDataError, TemporaryError."""
        if not camera.stream:
            return None
        scheme = self._scheme(camera.stream)
        if scheme in PROTOCOLS:
            addresses(*authority(camera.stream))
            return Relay(("-rtsp_transport", "tcp", "-i", camera.stream), PROTOCOLS[scheme])
        if scheme in ("http", "https"):
            return Playlist(camera.stream, self._hosts)
        raise BadDataError(f"{camera.external_id}: its stream is of kind '{scheme[:20]}'; give it as HLS or RTSP")

    def picture(self, camera: Camera) -> Picture | None:
        """What lies at the URL of its pictures; None without one. Raises the three errors."""
        if not camera.snapshot:
            return None
        self._scheme(camera.snapshot)
        with Outgoing(self._hosts, caps=CAPS, clock=self._clock) as out:
            return still(out.get(camera.snapshot), self._clock())

    def _scheme(self, url: str) -> str:
        require_named(url, self._known)
        return urlsplit(url).scheme
