"""[video]: what cameras may cost."""

from pydantic import Field

from config_sources import Frozen


class Video(Frozen):
    """[video]: most_relays: cameras that ffmpeg relays at a time on this machine, over all its processes."""

    most_relays: int = Field(default=32, ge=1, le=1000)
