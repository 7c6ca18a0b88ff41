"""[trust]: what is kept, and for how long."""

from config_sources import Frozen


class Trust(Frozen):
    """[trust]: what is kept, and for how long."""
