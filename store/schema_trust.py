"""The audit record: one row a write and a look at personal data. Times are integer epoch seconds in UTC.

actor: login, or public, system · via: web | key | command | schedule | public · action: a word such as case.move,
account.add, contact.reveal · subject: an id such as case:12, never a name · result: done | refused · detail: JSON of
ids and words; no personal data, no free text.
"""

import sqlalchemy as sa

from store.schema import BigId, metadata

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("via", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("result", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Index("ix_audit_at", "at"),
    sa.Index("ix_audit_actor", "actor"),
    sa.Index("ix_audit_subject", "subject"),
)
"""Only appended: triggers refuse to change or remove rows of it and of case_steps."""

audit_seals = sa.Table(
    "audit_seals",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("first_id", sa.BigInteger, nullable=False),
    sa.Column("last_id", sa.BigInteger, nullable=False),
    sa.Column("n", sa.BigInteger, nullable=False),
    sa.Column("prev", sa.Text, nullable=False),
    sa.Column("head", sa.Text, nullable=False),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("marks", sa.LargeBinary, nullable=False),
)
"""The hash chain over the audit record, one row a batch (domain.chain.Seal); only appended too."""

contact_looks = sa.Table(
    "contact_looks",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("case_id", BigId, sa.ForeignKey("cases.id"), nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("by_login", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Index("ix_contact_looks_case_id", "case_id"),
)
"""Why somebody looked at personal data, in their own words; the audit record has the keyed hash of it."""
