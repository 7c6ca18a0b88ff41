"""video.rtsp: cameras that speak RTSP and nothing else, named one by one; played and seen by a relay."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pandas as pd

from config_errors import read_model
from datasources.contract import Clock, Cursor, Page
from datasources.errors import BadDataError, SourceError, TemporaryError
from datasources.video.contract import Camera, Relay
from datasources.video.device import PROTOCOLS, TOLD, signed_in
from datasources.video.relay.trial import codec_of
from datasources.video.rtsp.options import RtspCamera, RtspOptions

AT_ONCE = 4
"""Cameras tried at a time; each costs some hundredth of a second of a core."""
PLAYED = ("h264", "")
"""What browsers play as it is; "" where ffmpeg did not say."""
COLUMNS = ("id", "name", "status", *TOLD)


class RtspConnector:
    """Columns: COLUMNS; a camera is ON when a picture came. Options: RtspOptions. Cursor: {"rows": the rows as they were}.

    A camera that gives none is OFF and harms no other; what a person must mend is raised after the rows.
    """

    FIELDS: ClassVar[dict[str, Any]] = {
        "external_id": "id",
        **{name: name for name in COLUMNS if name != "id"},
    }

    def __init__(self, options: Mapping[str, Any], *, folder: Path, zone: ZoneInfo, clock: Clock) -> None:
        """Raises config.ConfigError."""
        del zone, clock  # a list of cameras holds no times
        self.options = read_model(RtspOptions, options, "options")
        self.folder = folder

    def pages(self, cursor: Cursor | None) -> Iterator[Page]:
        """All cameras, where one has changed since cursor. Raises the three errors, once every camera was tried."""
        cameras = self.options.cameras
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="rtsp") as pool:
            found = list(pool.map(self._tried, cameras))
        rows = [_row(camera, status) for camera, (status, _error) in zip(cameras, found, strict=True)]
        if rows != (cursor or {}).get("rows"):
            frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
            yield Page(frame, "cameras", 1, {"rows": rows}, len(rows), len(rows))
        wrong = [error for _status, error in found if error is not None]
        mend = [error for error in wrong if not isinstance(error, TemporaryError)]
        if mend or len(wrong) == len(cameras):
            raise (mend or wrong)[0]

    def play(self, camera: Camera) -> Relay:
        """The camera's stream, for a relay. Raises BadDataError for one that is named no more."""
        found = next((each for each in self.options.cameras if each.id == camera.external_id), None)
        if found is None:
            raise BadDataError(f"there is no camera '{camera.external_id}' any more; put it back into options.cameras")
        return self._relay(found)

    def picture(self, camera: Camera) -> None:
        """None: the relay takes it."""
        del camera

    def _relay(self, camera: RtspCamera) -> Relay:
        """What ffmpeg is told of a camera."""
        words = ["-rtsp_transport", "tcp"]
        if camera.authority:
            host = urlsplit(camera.url).hostname or ""
            words += ["-ca_file", str((self.folder / camera.authority).absolute()), "-verifyhost", host]
        words += ["-i", signed_in(camera.url, camera)]
        return Relay(tuple(words), PROTOCOLS[urlsplit(camera.url).scheme], copy=not camera.encode)

    def _tried(self, camera: RtspCamera) -> tuple[str, SourceError | None]:
        """(status, what is wrong): one whose pictures a browser cannot play is on, and wants mending."""
        try:
            codec = codec_of(camera.id, self._relay(camera))
        except SourceError as error:
            return "OFF", error
        if codec in PLAYED or camera.encode:
            return "ON", None
        text = (
            f"{camera.id} sends {codec}, which browsers do not play; choose H.264 in the camera, or say encode = true"
        )
        return "ON", BadDataError(text)


def _row(camera: RtspCamera, status: str) -> dict[str, Any]:
    told = {key: getattr(camera, key) for key in TOLD}
    return {"id": camera.id, "name": camera.name or camera.id, "status": status, **told}
