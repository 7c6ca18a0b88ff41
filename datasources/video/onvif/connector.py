"""video.onvif: cameras that speak ONVIF themselves, played by a relay of their RTSP streams."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit
from xml.sax.saxutils import quoteattr
from zoneinfo import ZoneInfo

import orjson
import pandas as pd

from config_errors import read_model
from datasources.contract import Clock, Cursor, Page
from datasources.errors import AuthenticationError, BadDataError, SourceError, TemporaryError
from datasources.outgoing import Caps, NotNamedError, Outgoing, authority, named
from datasources.video.contract import Camera, Picture, Relay
from datasources.video.device import PROTOCOLS, TOLD, bare, signed_in
from datasources.video.onvif.challenge import ChallengeAuth
from datasources.video.onvif.options import OnvifDevice, OnvifOptions
from datasources.video.onvif.profiles import Profile, profiles
from datasources.video.onvif.soap import DEVICE, MEDIA, SCHEMA, Conversation, UnsupportedError, text
from datasources.video.platform import still

KINDS = (TemporaryError, AuthenticationError, BadDataError)
SETUP = (
    f'<StreamSetup><Stream xmlns="{SCHEMA}">RTP-Unicast</Stream>'
    f'<Transport xmlns="{SCHEMA}"><Protocol>RTSP</Protocol></Transport></StreamSetup>'
)


class OnvifConnector:
    """Columns: COLUMNS. id: the device's, "id/source" where it has several video sources. Options: OnvifOptions.

    Cursor: {"rows": {device id: its rows as they were}}. A device that cannot be read is OFF and harms no other; what a person
    must mend is raised after all of them.
    """

    COLUMNS = (
        "id", "name", "status", "profile", "maker", "model", "longitude", "latitude", "area_code", "direction", "ptz_type",
    )  # fmt: skip
    FIELDS: ClassVar[dict[str, Any]] = {
        "external_id": "id",
        "stream": "profile",
        **{name: name for name in ("name", "status", "longitude", "latitude", "area_code", "direction", "ptz_type")},
    }

    def __init__(self, options: Mapping[str, Any], *, folder: Path, zone: ZoneInfo, clock: Clock) -> None:
        """Raises config.ConfigError."""
        del folder, zone  # nothing is read from disk, and a list of cameras holds no times
        self.options = read_model(OnvifOptions, options, "options")
        self.clock = clock

    def pages(self, cursor: Cursor | None) -> Iterator[Page]:
        """A page a device that has changed since cursor. Raises the three errors, once every device was asked."""
        known = dict((cursor or {}).get("rows", {}))
        errors: list[SourceError] = []
        first = 1
        for device in self.options.devices:
            try:
                rows = self._rows(device)
            except SourceError as error:
                kind = next(each for each in KINDS if isinstance(error, each))
                errors.append(kind(f"{device.id}: {error}"))
                rows = [self._row(device, device.id, "OFF")]
            if known.get(device.id) != orjson.loads(orjson.dumps(rows)):
                known[device.id] = rows
                frame = pd.DataFrame(rows, columns=list(self.COLUMNS), dtype=object)
                yield Page(frame, device.id, first, {"rows": orjson.loads(orjson.dumps(known))})
            first += len(rows)
        mend = [error for error in errors if not isinstance(error, TemporaryError)]
        if mend or len(errors) == len(self.options.devices):
            raise (mend or errors)[0]

    def play(self, camera: Camera) -> Relay:
        """The camera's RTSP stream, for a relay. The address that the device answers must lie where the settings say."""
        device = self._device(camera)
        with self._client(device) as client:
            found, media = self._profile(device, client, camera)
            inner = f"{SETUP}<ProfileToken>{_escaped(found.token)}</ProfileToken>"
            url = text(Conversation(device, client, self.clock).ask(media, MEDIA, "GetStreamUri", inner), "Uri")
        scheme = urlsplit(url).scheme
        if scheme not in PROTOCOLS:
            raise BadDataError(f"{device.id}: gives no RTSP address; check its media profiles")
        self._require_named(device, url)
        return Relay(("-rtsp_transport", "tcp", "-i", signed_in(url, device)), PROTOCOLS[scheme])

    def picture(self, camera: Camera) -> Picture | None:
        """A still of the device; None where it offers none, so that the relay takes it."""
        device = self._device(camera)
        try:
            with self._client(device) as client:
                found, media = self._profile(device, client, camera)
                inner = f"<ProfileToken>{_escaped(found.token)}</ProfileToken>"
                url = text(Conversation(device, client, self.clock).ask(media, MEDIA, "GetSnapshotUri", inner), "Uri")
        except UnsupportedError:
            return None
        self._require_named(device, url)
        with self._client(device, url) as client:
            return still(client.get(bare(url)), self.clock())

    def _rows(self, device: OnvifDevice) -> list[dict[str, Any]]:
        with self._client(device) as client:
            talk = Conversation(device, client, self.clock)
            about = talk.ask(device.url, DEVICE, "GetDeviceInformation")
            found = profiles(talk, self._media(device, talk))
        sources = {each.source: each for each in reversed(found)}
        words = {"maker": text(about, "Manufacturer"), "model": text(about, "Model")}
        return [
            self._row(device, device.id if len(sources) == 1 else f"{device.id}/{source}", "ON", profile=sources[source].token, **words)
            for source in sorted(sources)
        ]  # fmt: skip

    def _row(self, device: OnvifDevice, name: str, status: str, **said: Any) -> dict[str, Any]:
        told = {key: getattr(device, key) for key in TOLD}
        return {
            key: ({"id": name, "name": device.name or name, "status": status} | told | said).get(key)
            for key in self.COLUMNS
        }

    def _client(self, device: OnvifDevice, of: str | None = None) -> Outgoing:
        """A way to a device; of: to its still, where the device's password is told to that host alone, when it asks."""
        caps = Caps(silence_seconds=self.options.seconds, total_seconds=4 * self.options.seconds, most_bytes=16 << 20)
        auth = ChallengeAuth(device.user, device.secret) if of is not None and device.user else None
        hosts = self.options.named(device)
        return Outgoing((of, *hosts) if of else hosts, caps=caps, auth=auth, clock=self.clock)

    def _device(self, camera: Camera) -> OnvifDevice:
        name = camera.external_id.partition("/")[0]
        found = next((each for each in self.options.devices if each.id == name), None)
        if found is None:
            raise BadDataError(f"there is no device '{name}' any more; put it back into options.devices")
        return found

    def _media(self, device: OnvifDevice, talk: Conversation) -> str:
        """Where the media service of a device is."""
        told = talk.ask(device.url, DEVICE, "GetCapabilities", "<Category>Media</Category>").find(".//{*}Media")
        url = "" if told is None else text(told, "XAddr")
        self._require_named(device, url or device.url)
        return url or device.url

    def _profile(self, device: OnvifDevice, client: Outgoing, camera: Camera) -> tuple[Profile, str]:
        """The profile of a camera as the device has it now (tokens change with its settings), and the media service."""
        talk = Conversation(device, client, self.clock)
        media = self._media(device, talk)
        found = profiles(talk, media)
        source = camera.external_id.partition("/")[2]
        mine = [each for each in found if not source or each.source == source]
        chosen = next((each for each in mine if each.token == camera.stream), mine[0] if mine else None)
        if chosen is None:
            raise BadDataError(f"{device.id}: has no video source '{source}' any more; read the source again")
        return chosen, media

    def _require_named(self, device: OnvifDevice, url: str) -> None:
        """Raises NotNamedError for an address of a device's answer that the settings do not name."""
        if authority(url) not in named(self.options.named(device)):
            host, port = authority(url)
            raise NotNamedError(
                f"{device.id}: leads to {host}:{port}, which the settings do not name; add it to options.hosts if it is meant"
            )


def _escaped(value: str) -> str:
    return quoteattr(value)[1:-1]
