"""[cases] and [[categories]]: what may be reported, in which time it is handled."""

from config_sources import Frozen


class Cases(Frozen):
    """[cases] and [[categories]]: what may be reported, in which time it is handled."""
