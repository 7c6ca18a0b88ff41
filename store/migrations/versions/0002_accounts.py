"""accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _id(name: str, *more: object, **words: object) -> sa.Column:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), *more, nullable=False, **words)


def upgrade() -> None:
    op.create_table(
        "accounts",
        _id("id"),
        *(sa.Column(n, sa.Text(), nullable=False) for n in ("login", "name", "role", "department", "password_hash")),
        sa.Column("totp_secret", sa.Text(), nullable=False, comment="sealed; empty: no second factor"),
        sa.Column(
            "totp_used", sa.BigInteger(), nullable=False, comment="number of the last 30 s step whose code was used"
        ),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.BigInteger(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("login", name=op.f("uq_accounts_login")),
    )
    op.create_table(
        "account_areas",
        _id("account_id", autoincrement=False),
        sa.Column("area_code", sa.Text(), nullable=False, comment="an area and all below it; empty: the whole site"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_account_areas_account_id")),
        sa.PrimaryKeyConstraint("account_id", "area_code", name=op.f("pk_account_areas")),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Text(), nullable=False, comment="hash of the cookie"),
        _id("account_id"),
        sa.Column("stage", sa.Text(), nullable=False, comment="code: the second factor is awaited; in: signed in"),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sessions_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index("ix_sessions_account_id", "sessions", ["account_id"])
    op.create_table(
        "api_keys",
        _id("id"),
        sa.Column("hash", sa.Text(), nullable=False),
        _id("account_id"),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_api_keys_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("hash", name=op.f("uq_api_keys_hash")),
    )
    op.create_index("ix_api_keys_account_id", "api_keys", ["account_id"])
