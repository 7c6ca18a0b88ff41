"""[security]: who may sign in and for how long."""

from config_sources import Frozen


class Security(Frozen):
    """[security]: who may sign in and for how long."""
