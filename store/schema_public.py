"""Places with a code, reporters, photos. Times are integer epoch seconds in UTC."""

import sqlalchemy as sa

from store.schema import BigId, metadata

places = sa.Table(
    "places",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("area_id", sa.Integer, sa.ForeignKey("areas.id"), nullable=False),
    sa.Column("longitude", sa.Float),
    sa.Column("latitude", sa.Float),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("revoked_at", sa.BigInteger),
)
"""id: what the QR code carries: random, revocable, and says nothing."""

reporters = sa.Table(
    "reporters",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("case_id", BigId, sa.ForeignKey("cases.id"), nullable=False),
    sa.Column("name", sa.Text),
    sa.Column("phone", sa.Text),
    sa.Column("code_mac", sa.Text, unique=True),
    sa.Column("once", sa.Text, unique=True),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("expires_at", sa.BigInteger),
    sa.Column("erased_at", sa.BigInteger),
    sa.Index("ix_reporters_case_id", "case_id"),
)
"""Who reported a case: the only place of personal data, erased after a set time.

code_mac: keyed hash of the tracking code. once: keyed hash of the form that made it.
"""

photos = sa.Table(
    "photos",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("case_id", BigId, sa.ForeignKey("cases.id")),
    sa.Column("step_id", BigId, sa.ForeignKey("case_steps.id")),
    sa.Column("kind", sa.Text),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Index("ix_photos_case_id", "case_id"),
    sa.Index("ix_photos_loose", "made_at", sqlite_where=sa.text("case_id IS NULL"), postgresql_where=sa.text("case_id IS NULL")),
)  # fmt: skip
"""kind: before | after | evidence; NULL with the case until a step takes it. digest: SHA-256 of the file in uploads.
made_by: the login, or for the public a keyed hash of the form.
"""

public_reports = sa.Table(
    "public_reports",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("client", sa.Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Index("ix_public_reports_client_at", "client", "at"),
)
"""When whom reported, for the limit a client has. client: keyed hash of the address; rows go after a day."""
