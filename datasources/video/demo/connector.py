"""video.demo: forty cameras of the fictitious 云浦街道 (demo/cameras.py); their pictures and films are drawn, nothing is fetched."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from pylopdf_fonts_zh_cn import sans_path

from config_errors import read_model
from config_sources import Frozen
from datasources.contract import Clock, Cursor, Page
from datasources.errors import BadDataError, TemporaryError
from datasources.video.contract import Camera, Picture, Relay
from demo.cameras import Scene, cameras, picture
from demo.film import film
from demo.map import SEED

QUALITY = 80
PACE = ("-readrate", "1", "-readrate_initial_burst", "1.5")
"""As fast as one watches; the first second at once, so that a player has something to begin with."""
AFTER = {"map": SEED}


class DemoOptions(Frozen):
    """Nothing can be chosen."""


class DemoCamerasConnector:
    """The same cameras at every time. Columns: demo.cameras.cameras. Cursor: {"map": seed}."""

    FIELDS: ClassVar[dict[str, Any]] = {
        "external_id": "编码", "name": "名称", "ptz_type": "类型", "status": "状态", "direction": "朝向", "area_code": "区域",
        "longitude": "经度", "latitude": "纬度",
    }  # fmt: skip

    def __init__(self, options: Mapping[str, Any], *, folder: Path, zone: ZoneInfo, clock: Clock) -> None:
        """Options: none. Raises config.ConfigError."""
        del folder
        read_model(DemoOptions, options, "options")
        self.zone, self.clock = zone, clock

    def pages(self, cursor: Cursor | None) -> Iterator[Page]:
        """All cameras, once. Raises BadDataError for a cursor of another source."""
        if cursor is not None and "map" not in cursor:
            raise BadDataError(f"video.demo: the cursor {cursor!r} is not its own; read it afresh (sync --once)")
        if cursor != AFTER:
            yield Page(cameras().astype(object), "demo/camera", 1, AFTER, len(cameras()), len(cameras()))

    def play(self, camera: Camera) -> Relay:
        """The moving scene, made by ffmpeg as it is watched. Raises TemporaryError for a camera that is off."""
        return Relay((*PACE, "-f", "lavfi", "-i", film(self._scene(camera))), (), copy=False)

    def picture(self, camera: Camera) -> Picture:
        """What the camera sees now, as JPEG of 640 × 360. Raises TemporaryError for one that is off."""
        kept = BytesIO()
        scene = self._scene(camera)
        picture(scene).save(kept, "JPEG", quality=QUALITY)
        return Picture(kept.getvalue(), "image/jpeg", int(scene.moment.timestamp()))

    def _scene(self, camera: Camera) -> Scene:
        row = cameras().set_index("编码").loc[camera.external_id]
        if row["状态"] == "OFF":
            raise TemporaryError(f"camera {camera.external_id} is off; it will be tried again")
        moment = datetime.fromtimestamp(self.clock(), self.zone)
        return Scene(camera.external_id, str(row["名称"]), moment, str(sans_path()))
