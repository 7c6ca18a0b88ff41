"""The audit record, its seals, and the triggers that keep records append-only."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEPT = ("audit", "audit_seals", "case_steps")
"""Rows of these tables are neither changed nor removed."""

SAID = "rows of {table} are only appended"

FUNCTION = """
CREATE FUNCTION gridhall_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only appended', TG_TABLE_NAME;
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("actor", "role", "via", "action", "subject", "result", "detail")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    for column in ("at", "actor", "subject"):
        op.create_index(f"ix_audit_{column}", "audit", [column])
    op.create_table(
        "audit_seals",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("first_id", "last_id", "n")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("prev", "head")),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("marks", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seals")),
    )
    op.create_table(
        "contact_looks",
        sa.Column("id", BigId, nullable=False),
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("by_login", "reason")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_contact_looks_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_looks")),
    )
    op.create_index("ix_contact_looks_case_id", "contact_looks", ["case_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(FUNCTION)
    for table in KEPT:
        _keep(table, op.get_bind().dialect.name)


def _keep(table: str, dialect: str) -> None:
    if dialect == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION gridhall_append_only()"
        )
        return
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{SAID.format(table=table)}'); END"
        )
