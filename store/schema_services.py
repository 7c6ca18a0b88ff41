"""How services feel, what they pushed, cameras and layers. Times are integer epoch seconds in UTC."""

import sqlalchemy as sa

from store.schema import BigId, metadata

source_states = sa.Table(
    "source_states",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("source_id", sa.Integer, sa.ForeignKey("sources.id"), nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("state", sa.Text, nullable=False, comment="ok | down | refused | bad | paused | resumed"),
    sa.Column("error", sa.Text),
    sa.Column(
        "last_success_at", sa.BigInteger, comment="of the source before this change: from then on its data grew old"
    ),
    sa.Column("note", sa.Text, comment="why somebody paused it or let it go on"),
    sa.Index("ix_source_states_source_id", "source_id", "at"),
    comment="One row a change, and one at the end of a silence; only appended. The history of 30 days is drawn from it.",
)

source_hours = sa.Table(
    "source_hours",
    metadata,
    sa.Column("source_id", sa.Integer, sa.ForeignKey("sources.id"), primary_key=True),
    sa.Column("hour", sa.BigInteger, primary_key=True, autoincrement=False, comment="start, epoch seconds"),
    *(
        sa.Column(name, sa.BigInteger, nullable=False, server_default="0")
        for name in ("read", "kept", "unchanged", "quarantined", "empty", "failures")
    ),
    comment="What came in each hour; read = kept + unchanged + quarantined + empty.",
)

source_gaps = sa.Table(
    "source_gaps",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("source_id", sa.Integer, sa.ForeignKey("sources.id"), nullable=False),
    sa.Column("start", sa.BigInteger, nullable=False),
    sa.Column("end", sa.BigInteger, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.UniqueConstraint("source_id", "start", "end"),
    comment="Times for which a source lost what it held for us.",
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("source_id", sa.Integer, sa.ForeignKey("sources.id"), nullable=False),
    sa.Column("digest", sa.Text, nullable=False, comment="SHA-256 of time and body: a replay is known by it"),
    sa.Column("received_at", sa.BigInteger, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("taken_at", sa.BigInteger, comment="when the worker had made records of it"),
    sa.UniqueConstraint("source_id", "digest"),
    sa.Index(
        "ix_deliveries_waiting", "source_id", "id",
        sqlite_where=sa.text("taken_at IS NULL"), postgresql_where=sa.text("taken_at IS NULL"),
    ),
    comment="What was pushed to /hooks, stored before it is confirmed.",
)  # fmt: skip

cameras = sa.Table(
    "cameras",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("source_id", sa.Integer, sa.ForeignKey("sources.id"), nullable=False),
    sa.Column("external_id", sa.Text, nullable=False),
    sa.Column("name", sa.Text),
    sa.Column("area_id", sa.Integer, sa.ForeignKey("areas.id"), nullable=False),
    sa.Column("placing", sa.SmallInteger, nullable=False),
    sa.Column("longitude", sa.Float),
    sa.Column("latitude", sa.Float),
    sa.Column("area_code", sa.Text),
    sa.Column("direction", sa.Float, comment="degrees clockwise from north"),
    sa.Column("ptz_type", sa.Text, comment="domain.cameras.PTZ_TYPES"),
    sa.Column("online", sa.Boolean, comment="NULL: the source does not say"),
    sa.Column("stream", sa.Text, comment="as the source says; never leaves the server"),
    sa.Column("snapshot", sa.Text, comment="as the source says; never leaves the server"),
    sa.Column("content_hash", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("source_id", "external_id"),
    sa.Index("ix_cameras_area_id", "area_id"),
)

overlays = sa.Table(
    "overlays",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("source_id", sa.Integer, sa.ForeignKey("sources.id"), nullable=False),
    sa.Column("external_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False, comment="raster | vector"),
    sa.Column("title", sa.Text),
    sa.Column("attribution", sa.Text),
    *(sa.Column(name, sa.Float, comment="degrees, WGS-84") for name in ("west", "south", "east", "north")),
    sa.Column("min_zoom", sa.Integer),
    sa.Column("max_zoom", sa.Integer),
    sa.Column("offset_m", sa.Float, comment="how far a vector layer seems to lie off the areas; NULL: cannot be said"),
    sa.Column("content_hash", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("source_id", "external_id"),
    comment="Layers that visualization services offer; drawn on demand, never stored.",
)
