"""Cameras played by ffmpeg: started when somebody looks, one a camera over all processes of a machine, capped, ended when nobody looks."""

from datasources.video.relay.process import FullError
from datasources.video.relay.relays import Relays

__all__ = ["FullError", "Relays"]
