"""What connectors that ask again and again have in common: answers, runs of answers, and where the next one begins."""

from datasources.pulling.pull import EnoughError, Portion, Pull
from datasources.pulling.since import Since

__all__ = ["EnoughError", "Portion", "Pull", "Since"]
