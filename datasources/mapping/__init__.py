"""The mapping language: raw pages in, records out, nothing dropped in silence (docs/connectors.md)."""

from datasources.mapping.mapper import Mapping
from datasources.mapping.rejects import replay_page

__all__ = ["Mapping", "replay_page"]
