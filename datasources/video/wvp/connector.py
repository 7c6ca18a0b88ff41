"""video.wvp: the channels of a WVP platform (GB/T 28181) as cameras, played over its media server."""

import hashlib
from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import quote

from datasources.errors import AuthenticationError, BadDataError
from datasources.outgoing import Answer, Outgoing
from datasources.video.contract import Camera, Picture, Playlist
from datasources.video.platform import MOST_PAGES, Platform, Rows, granted, items, playlist
from datasources.video.wvp.options import WvpOptions
from domain.gb28181 import PTZ_TYPES, is_watched

REFUSED = (401, 403)
ON = frozenset({"ON", "TRUE", "1"})
"""What a channel that is there says: ON of GB/T 28181, true or 1 in older versions."""


class WvpConnector(Platform):
    """Columns: id ("device/channel"), device, channel, name, status ON | OFF, longitude, latitude, ptz_type, civil_code, address.

    ptz_type: a word of domain.cameras.PTZ_TYPES, None where the channel says none that we know. Options: WvpOptions.
    """

    OPTIONS = WvpOptions
    COLUMNS = (
        "id", "device", "channel", "name", "status", "longitude", "latitude", "ptz_type", "civil_code", "address",
    )  # fmt: skip
    FIELDS: ClassVar[dict[str, Any]] = {
        "external_id": "id", "name": "name", "stream": "id", "status": "status", "ptz_type": "ptz_type",
        "longitude": {"column": "longitude", "missing": [0]}, "latitude": {"column": "latitude", "missing": [0]},
    }  # fmt: skip

    def listing(self, client: Outgoing) -> Iterator[Rows]:
        """The channels of every device that can be watched, page by page."""
        way_in = self._way_in(client)
        for devices in self._paged(client, way_in, "devices"):
            for device in devices:
                code = str(device.get("deviceId") or "")
                reached = _is_on(device.get("onLine", device.get("online", True)))
                for channels in self._paged(client, way_in, f"devices/{quote(code)}/channels"):
                    rows = [_row(code, channel, reached=reached) for channel in channels if _is_camera(channel)]
                    if rows:
                        yield rows

    def play(self, camera: Camera) -> Playlist:
        """Ask the platform to have the channel sent, and give where its media server then plays it.

        The platform ends it by itself once nobody watches.
        """
        device, _, channel = (camera.stream or camera.external_id).partition("/")
        with self.client() as client:
            asked = f"{self.options.url}/api/play/start/{quote(device)}/{quote(channel or device)}"
            answer = client.get(asked, headers=self._way_in(client))
        found = granted(answer, REFUSED)
        url = (found.get("hls") or found.get("https_hls")) if isinstance(found, dict) else None
        if not isinstance(url, str):
            raise BadDataError(f"{answer.place} gives no HLS address; switch HLS on at the platform's media server")
        return playlist(url, self.options)

    def picture(self, camera: Camera) -> Picture | None:
        """None: what the platform keeps is a still of the last time somebody watched."""
        del camera
        return None

    def _way_in(self, client: Outgoing) -> dict[str, str]:
        """The header that lets us in: the key as it is, or a token for user and password."""
        if self.options.api_key is not None:
            return {"api-key": self.options.api_key.get_secret_value()}
        password = hashlib.md5(self.options.password.get_secret_value().encode(), usedforsecurity=False).hexdigest()
        answer = client.get(
            f"{self.options.url}/api/user/login", params={"username": self.options.user, "password": password}
        )
        found = granted(answer, (*REFUSED, 100))
        token = found.get("accessToken") if isinstance(found, dict) else None
        token = token or answer.headers.get("access-token")
        if not token:
            raise AuthenticationError(f"{answer.place} gives no token; check options.user and options.password")
        return {"access-token": str(token)}

    def _paged(self, client: Outgoing, way_in: dict[str, str], what: str) -> Iterator[Rows]:
        """A list page by page. It ends after as many rows as it says there are, or at an empty page."""
        had = 0
        for number in range(1, MOST_PAGES + 1):
            asked = {"page": number, "count": self.options.page_rows}
            answer = client.get(f"{self.options.url}/api/device/query/{what}", params=asked, headers=way_in)
            found, total = _listed(answer)
            if not found:
                return
            yield found
            had += len(found)
            if had >= total:
                return


def _listed(answer: Answer) -> tuple[Rows, int]:
    found = granted(answer, REFUSED)
    if not isinstance(found, dict) or not isinstance(found.get("total"), int):
        raise BadDataError(f"{answer.place} does not answer with a page of a list; is options.url the right system?")
    return items(found.get("list") or [], answer.place), found["total"]


def _is_on(value: Any) -> bool:
    return str(value).strip().upper() in ON


def _channel(found: dict[str, Any]) -> str:
    """The channel's code: deviceId since 2.7.3, channelId before."""
    return str(found.get("channelId") or found.get("deviceId") or "")


def _is_camera(found: dict[str, Any]) -> bool:
    return is_watched(_channel(found))


def _row(device: str, found: dict[str, Any], *, reached: bool) -> dict[str, Any]:
    code = _channel(found)
    return {
        "id": f"{device}/{code}",
        "device": device,
        "channel": code,
        "name": found.get("name"),
        "status": "ON" if reached and _is_on(found.get("status")) else "OFF",
        "longitude": found.get("longitude"),
        "latitude": found.get("latitude"),
        "ptz_type": PTZ_TYPES.get(str(found.get("ptzType"))),
        "civil_code": found.get("civilCode"),
        "address": found.get("address"),
    }
