"""workdays."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """The tables of store.schema_workdays."""
    op.create_table(
        "workday_override",
        sa.Column(
            "day", sa.Integer(), autoincrement=False, nullable=False, comment="days since 1970-01-01, site's zone"
        ),
        sa.Column("is_workday", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False, comment="login"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_workday_override"),
        comment="Days that people changed; they go before what chinesecalendar says.",
    )
    op.create_table(
        "workday_years",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("by", sa.Text(), nullable=False, comment="login"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_workday_years"),
        comment="Years that chinesecalendar does not know, whose holidays people have entered in full.",
    )
    op.create_table(
        "workday_changes",
        sa.Column("id", BigId, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False, comment="login"),
        sa.Column("day", sa.Integer(), nullable=True, comment="NULL: a whole year was confirmed"),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("was", sa.Boolean(), nullable=True, comment="is_workday before; NULL for a year"),
        sa.Column("now", sa.Boolean(), nullable=True, comment="is_workday after; NULL for a year"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workday_changes"),
        comment="Every change of the calendar; only appended.",
    )
    op.create_table(
        "recalendar",
        sa.Column(
            "key", sa.Integer(), autoincrement=False, nullable=False,
            comment="always 1: one recomputation at a time",
        ),
        sa.Column(
            "change_id", sa.BigInteger(), nullable=False,
            comment="the calendar as of this change is being applied",
        ),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("last_case_id", sa.BigInteger(), nullable=False, comment="open cases up to this one are done"),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("moved", sa.BigInteger(), nullable=False, comment="deadlines that became another"),
        sa.Column("total", sa.BigInteger(), nullable=False, comment="open cases when it began"),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_recalendar"),
        comment="How far the deadlines of open cases follow the calendar.",
    )  # fmt: skip
