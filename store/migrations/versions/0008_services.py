"""sensors, readings, services."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tables of sensors and their readings; of how services feel and what they push; of cameras and layers."""
    op.create_table(
        "reading_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("observed_at", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("quality", sa.Text(), nullable=True),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("replaced_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_changes")),
        comment="Readings that a later delivery corrected, as they stood before: nothing is lost.",
    )
    with op.batch_alter_table("reading_changes", schema=None) as batch_op:
        batch_op.create_index("ix_reading_changes_series_id", ["series_id", "observed_at"], unique=False)

    op.create_table(
        "readings",
        sa.Column("series_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("observed_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("quality", sa.Text(), nullable=True),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("series_id", "observed_at", name=op.f("pk_readings")),
        comment="What each series showed, as known now; what stood there before is in reading_changes.",
        postgresql_partition_by="RANGE (observed_at)",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rollup_days",
        sa.Column("series_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "bucket",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="day of the site's zone, counted from 1970-01-01",
        ),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("total", sa.Float(), nullable=False, comment="sum of the values"),
        sa.Column("least", sa.Float(), nullable=False),
        sa.Column("greatest", sa.Float(), nullable=False),
        sa.Column("last", sa.Float(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("series_id", "bucket", name=op.f("pk_rollup_days")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rollup_dirty",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False, comment="start of a minute, epoch seconds"),
        sa.Column("until", sa.BigInteger(), nullable=False, comment="end of a minute, epoch seconds"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollup_dirty")),
        comment="Times whose rollups are to be made again, only appended: a mark is seen when its rows are.",
    )
    op.create_table(
        "rollup_hours",
        sa.Column("series_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "bucket", sa.BigInteger(), autoincrement=False, nullable=False, comment="start of the hour, epoch seconds"
        ),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("total", sa.Float(), nullable=False, comment="sum of the values"),
        sa.Column("least", sa.Float(), nullable=False),
        sa.Column("greatest", sa.Float(), nullable=False),
        sa.Column("last", sa.Float(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("series_id", "bucket", name=op.f("pk_rollup_hours")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rollup_minutes",
        sa.Column("series_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "bucket", sa.BigInteger(), autoincrement=False, nullable=False, comment="start of the minute, epoch seconds"
        ),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("total", sa.Float(), nullable=False, comment="sum of the values"),
        sa.Column("least", sa.Float(), nullable=False),
        sa.Column("greatest", sa.Float(), nullable=False),
        sa.Column("last", sa.Float(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("series_id", "bucket", name=op.f("pk_rollup_minutes")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cameras",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("placing", sa.SmallInteger(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("area_code", sa.Text(), nullable=True),
        sa.Column("direction", sa.Float(), nullable=True, comment="degrees clockwise from north"),
        sa.Column("ptz_type", sa.Text(), nullable=True, comment="domain.cameras.PTZ_TYPES"),
        sa.Column("online", sa.Boolean(), nullable=True, comment="NULL: the source does not say"),
        sa.Column("stream", sa.Text(), nullable=True, comment="as the source says; never leaves the server"),
        sa.Column("snapshot", sa.Text(), nullable=True, comment="as the source says; never leaves the server"),
        sa.Column("content_hash", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_cameras_area_id")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_cameras_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cameras")),
        sa.UniqueConstraint("source_id", "external_id", name=op.f("uq_cameras_source_id_external_id")),
    )
    with op.batch_alter_table("cameras", schema=None) as batch_op:
        batch_op.create_index("ix_cameras_area_id", ["area_id"], unique=False)

    op.create_table(
        "deliveries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False, comment="SHA-256 of time and body: a replay is known by it"),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=True, comment="when the worker had made records of it"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_deliveries_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("source_id", "digest", name=op.f("uq_deliveries_source_id_digest")),
        comment="What was pushed to /hooks, stored before it is confirmed.",
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(
            "ix_deliveries_waiting",
            ["source_id", "id"],
            unique=False,
            sqlite_where=sa.text("taken_at IS NULL"),
            postgresql_where=sa.text("taken_at IS NULL"),
        )

    op.create_table(
        "overlays",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="raster | vector"),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("attribution", sa.Text(), nullable=True),
        sa.Column("west", sa.Float(), nullable=True, comment="degrees, WGS-84"),
        sa.Column("south", sa.Float(), nullable=True, comment="degrees, WGS-84"),
        sa.Column("east", sa.Float(), nullable=True, comment="degrees, WGS-84"),
        sa.Column("north", sa.Float(), nullable=True, comment="degrees, WGS-84"),
        sa.Column("min_zoom", sa.Integer(), nullable=True),
        sa.Column("max_zoom", sa.Integer(), nullable=True),
        sa.Column(
            "offset_m",
            sa.Float(),
            nullable=True,
            comment="how far a vector layer seems to lie off the areas; NULL: cannot be said",
        ),
        sa.Column("content_hash", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_overlays_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overlays")),
        sa.UniqueConstraint("source_id", "external_id", name=op.f("uq_overlays_source_id_external_id")),
        comment="Layers that visualization services offer; drawn on demand, never stored.",
    )
    op.create_table(
        "sensors",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column(
            "type", sa.Text(), nullable=True, comment="NULL until a source describes it: its readings came first"
        ),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("placing", sa.SmallInteger(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("area_code", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_sensors_area_id")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_sensors_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sensors")),
        sa.UniqueConstraint("source_id", "external_id", name=op.f("uq_sensors_source_id_external_id")),
    )
    with op.batch_alter_table("sensors", schema=None) as batch_op:
        batch_op.create_index("ix_sensors_area_id", ["area_id"], unique=False)
        batch_op.create_index("ix_sensors_external_id", ["external_id"], unique=False)

    op.create_table(
        "source_gaps",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_source_gaps_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_gaps")),
        sa.UniqueConstraint("source_id", "start", "end", name=op.f("uq_source_gaps_source_id_start_end")),
        comment="Times for which a source lost what it held for us.",
    )
    op.create_table(
        "source_hours",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("hour", sa.BigInteger(), autoincrement=False, nullable=False, comment="start, epoch seconds"),
        sa.Column("read", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("kept", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("unchanged", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("quarantined", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("empty", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("failures", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_source_hours_source_id")),
        sa.PrimaryKeyConstraint("source_id", "hour", name=op.f("pk_source_hours")),
        comment="What came in each hour; read = kept + unchanged + quarantined + empty.",
    )
    op.create_table(
        "source_states",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, comment="ok | down | refused | bad | paused | resumed"),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column(
            "last_success_at",
            sa.BigInteger(),
            nullable=True,
            comment="of the source before this change: from then on its data grew old",
        ),
        sa.Column("note", sa.Text(), nullable=True, comment="why somebody paused it or let it go on"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_source_states_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_states")),
        comment="One row a change, and one at the end of a silence; only appended. The history of 30 days is drawn from it.",
    )
    with op.batch_alter_table("source_states", schema=None) as batch_op:
        batch_op.create_index("ix_source_states_source_id", ["source_id", "at"], unique=False)

    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sensor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("last_at", sa.BigInteger(), nullable=True, comment="newest observation"),
        sa.Column("last_value", sa.Float(), nullable=True),
        sa.Column("last_quality", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["sensor_id"], ["sensors.id"], name=op.f("fk_series_sensor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("sensor_id", "measure", name=op.f("uq_series_sensor_id_measure")),
        comment="One measure of one sensor.",
    )
    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "paused_at", sa.BigInteger(), nullable=True, comment="since when somebody keeps it from being read"
            )
        )
        batch_op.add_column(
            sa.Column("next_at", sa.BigInteger(), nullable=True, comment="after a failure: when it is tried again")
        )
