"""The tables. Times are integer epoch seconds in UTC; steps and count batches are only appended."""

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""SQLite gives numbers of its own only to INTEGER keys."""

site = sa.Table(
    "site",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    comment="What the counts were made with (zone, boundaries); a difference means: counts rebuild.",
)

areas = sa.Table(
    "areas",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("parent_id", sa.Integer, sa.ForeignKey("areas.id")),
    sa.Column("depth", sa.Integer, nullable=False),
    sa.Column(
        "position", sa.Integer, nullable=False, comment="pre-order number: an area and its descendants are one range"
    ),
    sa.Column("last", sa.Integer, nullable=False, comment="greatest position of its descendants, itself included"),
    sa.Column("geometry", sa.LargeBinary, comment="WKB, WGS-84; NULL for an area that left the boundary files"),
)

area_closure = sa.Table(
    "area_closure",
    metadata,
    sa.Column("ancestor_id", sa.Integer, sa.ForeignKey("areas.id"), primary_key=True),
    sa.Column("descendant_id", sa.Integer, sa.ForeignKey("areas.id"), primary_key=True),
    sa.Index("ix_area_closure_descendant_id", "descendant_id"),
)

categories = sa.Table(
    "categories",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
)

sources = sa.Table(
    "sources",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("connector", sa.Text, nullable=False),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("every_seconds", sa.Integer, nullable=False),
    sa.Column("cursor", sa.Text, comment="JSON; where the next fetch goes on"),
    sa.Column("state", sa.Text, nullable=False, comment="new | running | ok | down | refused | bad"),
    sa.Column("last_attempt_at", sa.BigInteger),
    sa.Column("last_success_at", sa.BigInteger),
    sa.Column("last_record_at", sa.BigInteger, comment="newest time of a record taken"),
    sa.Column("error", sa.Text, comment="the last error in plain words"),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("done", sa.BigInteger, comment="progress of the running fetch, in the unit of total"),
    sa.Column("total", sa.BigInteger),
    sa.Column("rate", sa.Float, comment="rows a second of the running fetch"),
    sa.Column("removed", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("paused_at", sa.BigInteger, comment="since when somebody keeps it from being read"),
    sa.Column("next_at", sa.BigInteger, comment="after a failure: when it is tried again"),
)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("source_id", sa.Integer, sa.ForeignKey("sources.id"), nullable=False),
    sa.Column("started_at", sa.BigInteger, nullable=False),
    sa.Column("finished_at", sa.BigInteger),
    sa.Column("read", sa.BigInteger, nullable=False),
    sa.Column("kept", sa.BigInteger, nullable=False),
    sa.Column("unchanged", sa.BigInteger, nullable=False),
    sa.Column("quarantined", sa.BigInteger, nullable=False),
    sa.Column("empty", sa.BigInteger, nullable=False),
    sa.Column("error", sa.Text),
    sa.Index("ix_runs_source_id_id", "source_id", "id"),
    comment="One row a fetch; read = kept + unchanged + quarantined + empty.",
)

quarantine = sa.Table(
    "quarantine",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("source_id", sa.Integer, sa.ForeignKey("sources.id"), nullable=False),
    sa.Column("row_key", sa.BigInteger, nullable=False, comment="hash of the raw row: the same bad row is kept once"),
    sa.Column("external_id", sa.Text),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("raw", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("row_number", sa.BigInteger, nullable=False),
    sa.Column("first_seen_at", sa.BigInteger, nullable=False),
    sa.Column("resolved_at", sa.BigInteger, comment="when a later row or a replay of this one was taken"),
    sa.UniqueConstraint("source_id", "row_key"),
    sa.Index("ix_quarantine_source_id_external_id", "source_id", "external_id"),
)

cases = sa.Table(
    "cases",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("source_id", sa.Integer, sa.ForeignKey("sources.id"), nullable=False),
    sa.Column("external_id", sa.Text, nullable=False),
    sa.Column("kind", sa.SmallInteger, nullable=False, comment="index in domain.cases.KINDS"),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("category_id", sa.Integer, sa.ForeignKey("categories.id"), nullable=False),
    sa.Column("title", sa.Text),
    sa.Column("text", sa.Text),
    sa.Column("channel", sa.Text),
    sa.Column("department", sa.Text),
    sa.Column("order_no", sa.Text),
    sa.Column("reported_at", sa.BigInteger, nullable=False),
    sa.Column("first_response_at", sa.BigInteger),
    sa.Column("due_at", sa.BigInteger),
    sa.Column("closed_at", sa.BigInteger),
    sa.Column("ended_at", sa.BigInteger, comment="closed_at while the state is an end; NULL while open"),
    sa.Column("updated_at", sa.BigInteger),
    sa.Column("online", sa.Boolean),
    sa.Column("area_id", sa.Integer, sa.ForeignKey("areas.id"), nullable=False),
    sa.Column("placing", sa.SmallInteger, nullable=False, comment="index in domain.cases.PLACINGS"),
    sa.Column("longitude", sa.Float),
    sa.Column("latitude", sa.Float),
    sa.Column("area_code", sa.Text, comment="as the source said; used where there are no coordinates"),
    sa.Column("content_hash", sa.BigInteger, nullable=False, comment="of the record as mapped: equal means unchanged"),
    sa.Column("overdue", sa.Boolean, nullable=False, comment="marked as past its deadline"),
    sa.Column("level", sa.SmallInteger, comment="index in domain.cases.LEVELS of the last valid rating"),
    sa.Column("rated_at", sa.BigInteger),
    sa.UniqueConstraint("source_id", "external_id"),
    sa.Index("ix_cases_reported_at", "reported_at"),
    sa.Index("ix_cases_area_id_reported_at", "area_id", "reported_at"),
    sa.Index("ix_cases_closed_at", "closed_at"),
    sa.Index(
        "ix_cases_open", "reported_at",
        sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL"),
    ),
    sa.Index(
        "ix_cases_due", "due_at",
        sqlite_where=sa.text("due_at IS NOT NULL"), postgresql_where=sa.text("due_at IS NOT NULL"),
    ),
)  # fmt: skip

case_steps = sa.Table(
    "case_steps",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("case_id", BigId, sa.ForeignKey("cases.id"), nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False, comment="when it happened"),
    sa.Column("known_at", sa.BigInteger, nullable=False, comment="when this store learned of it"),
    sa.Column("move", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False, comment="the state after it"),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("note", sa.Text),
    sa.Index("ix_case_steps_case_id", "case_id"),
)

ratings = sa.Table(
    "ratings",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("source_id", sa.Integer, sa.ForeignKey("sources.id"), nullable=False),
    sa.Column("external_id", sa.Text, nullable=False),
    sa.Column("case_id", BigId, sa.ForeignKey("cases.id")),
    sa.Column("case_external_id", sa.Text, comment="as the source said; the case may come later"),
    sa.Column("level", sa.SmallInteger, nullable=False),
    sa.Column("rated_at", sa.BigInteger, nullable=False),
    sa.Column("area_id", sa.Integer, sa.ForeignKey("areas.id"), nullable=False),
    sa.Column("placing", sa.SmallInteger, nullable=False),
    sa.Column("content_hash", sa.BigInteger, nullable=False),
    sa.Column("contacted", sa.Boolean, comment="of surveys that ask: whether somebody made contact"),
    sa.Column("resolved", sa.Boolean, comment="whether it is solved"),
    sa.UniqueConstraint("source_id", "external_id"),
    sa.Index("ix_ratings_case_id", "case_id"),
    sa.Index(
        "ix_ratings_waiting", "case_external_id",
        sqlite_where=sa.text("case_id IS NULL"), postgresql_where=sa.text("case_id IS NULL"),
    ),
)  # fmt: skip

features = sa.Table(
    "features",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("source_id", sa.Integer, sa.ForeignKey("sources.id"), nullable=False),
    sa.Column("external_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("rank", sa.Text),
    sa.Column("name", sa.Text),
    sa.Column("geometry", sa.LargeBinary, nullable=False, comment="WKB, WGS-84"),
    sa.Column("content_hash", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("source_id", "external_id"),
    comment="The base map: roads, water, buildings, green.",
)

count_batch = sa.Table(
    "count_batch",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("known_at", sa.BigInteger, nullable=False),
    sa.Column("backfill", sa.Boolean, nullable=False, comment="history read in later: known at its own days"),
    sa.Column("payload", sa.LargeBinary, nullable=False, comment="store.counts.packing"),
    sa.Column("sealed_in", sa.BigInteger, comment="the checkpoint that holds it"),
    sa.Index(
        "ix_count_batch_open", "id",
        sqlite_where=sa.text("sealed_in IS NULL"), postgresql_where=sa.text("sealed_in IS NULL"),
    ),
)  # fmt: skip

checkpoints = sa.Table(
    "checkpoints",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("folder", sa.Text, nullable=False, comment="name of its folder below var/counts: unique, never reused"),
)

responses = sa.Table(
    "responses",
    metadata,
    sa.Column("month", sa.Text, primary_key=True, comment="YYYY-MM of the report, in the site's zone"),
    sa.Column("area_id", sa.Integer, sa.ForeignKey("areas.id"), primary_key=True),
    sa.Column("n", sa.BigInteger, nullable=False),
    sa.Column("seconds", sa.BigInteger, nullable=False, comment="sum of the response times"),
    sa.Column("squares", sa.Float, nullable=False, comment="sum of their squares, for the interval of the mean"),
    sa.Column("median", sa.Float, comment="exact, seconds"),
    comment="Response times a month and area (descendants included), folded by the worker.",
)
