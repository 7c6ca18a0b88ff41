"""Sensors, their series, readings and rollups. Times are integer epoch seconds in UTC.

Readings are partitioned by month on PostgreSQL (store.partitions makes a month's table when its first reading comes).
"""

import sqlalchemy as sa

from store.schema import BigId, metadata

sensors = sa.Table(
    "sensors",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("source_id", sa.Integer, sa.ForeignKey("sources.id"), nullable=False),
    sa.Column("external_id", sa.Text, nullable=False),
    sa.Column("type", sa.Text, comment="NULL until a source describes it: its readings came first"),
    sa.Column("name", sa.Text),
    sa.Column("area_id", sa.Integer, sa.ForeignKey("areas.id"), nullable=False),
    sa.Column("placing", sa.SmallInteger, nullable=False),
    sa.Column("longitude", sa.Float),
    sa.Column("latitude", sa.Float),
    sa.Column("area_code", sa.Text),
    sa.Column("content_hash", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("source_id", "external_id"),
    sa.Index("ix_sensors_external_id", "external_id"),
    sa.Index("ix_sensors_area_id", "area_id"),
)

series = sa.Table(
    "series",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sensor_id", BigId, sa.ForeignKey("sensors.id"), nullable=False),
    sa.Column("measure", sa.Text, nullable=False),
    sa.Column("unit", sa.Text),
    sa.Column("last_at", sa.BigInteger, comment="newest observation"),
    sa.Column("last_value", sa.Float),
    sa.Column("last_quality", sa.Text),
    sa.UniqueConstraint("sensor_id", "measure"),
    comment="One measure of one sensor.",
)

readings = sa.Table(
    "readings",
    metadata,
    sa.Column("series_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("observed_at", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("value", sa.Float, nullable=False),
    sa.Column("quality", sa.Text),
    sa.Column("known_at", sa.BigInteger, nullable=False),
    comment="What each series showed, as known now; what stood there before is in reading_changes.",
    sqlite_with_rowid=False,
    postgresql_partition_by="RANGE (observed_at)",
)

reading_changes = sa.Table(
    "reading_changes",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("series_id", sa.Integer, nullable=False),
    sa.Column("observed_at", sa.BigInteger, nullable=False),
    sa.Column("value", sa.Float, nullable=False),
    sa.Column("quality", sa.Text),
    sa.Column("known_at", sa.BigInteger, nullable=False),
    sa.Column("replaced_at", sa.BigInteger, nullable=False),
    sa.Index("ix_reading_changes_series_id", "series_id", "observed_at"),
    comment="Readings that a later delivery corrected, as they stood before: nothing is lost.",
)


def _rollup(name: str, bucket: str) -> sa.Table:
    return sa.Table(
        name,
        metadata,
        sa.Column("series_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("bucket", sa.BigInteger, primary_key=True, autoincrement=False, comment=bucket),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("total", sa.Float, nullable=False, comment="sum of the values"),
        sa.Column("least", sa.Float, nullable=False),
        sa.Column("greatest", sa.Float, nullable=False),
        sa.Column("last", sa.Float, nullable=False),
        sa.Column("last_at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


rollup_minutes = _rollup("rollup_minutes", "start of the minute, epoch seconds")
rollup_hours = _rollup("rollup_hours", "start of the hour, epoch seconds")
rollup_days = _rollup("rollup_days", "day of the site's zone, counted from 1970-01-01")

rollup_dirty = sa.Table(
    "rollup_dirty",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("series_id", sa.Integer, nullable=False),
    sa.Column("since", sa.BigInteger, nullable=False, comment="start of a minute, epoch seconds"),
    sa.Column("until", sa.BigInteger, nullable=False, comment="end of a minute, epoch seconds"),
    comment="Times whose rollups are to be made again, only appended: a mark is seen when its rows are.",
)
