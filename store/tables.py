"""Every table of the store, so that migrations and tests see them all."""

from store import (
    schema_people,
    schema_public,
    schema_sensors,
    schema_services,
    schema_trust,
    schema_work,
    schema_workdays,
)
from store.schema import metadata

__all__ = [
    "metadata",
    "schema_people",
    "schema_public",
    "schema_sensors",
    "schema_services",
    "schema_trust",
    "schema_work",
    "schema_workdays",
]
