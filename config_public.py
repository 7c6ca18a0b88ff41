"""[public]: the channel for residents."""

from config_sources import Frozen


class Public(Frozen):
    """[public]: the channel for residents."""
