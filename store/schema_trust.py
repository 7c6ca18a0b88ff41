"""The audit record: one row a write and a look at personal data. Times are integer epoch seconds in UTC."""

import sqlalchemy as sa

from store.schema import BigId, metadata

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("actor", sa.Text, nullable=False, comment="login, or public, system"),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("via", sa.Text, nullable=False, comment="web | key | command | schedule | public"),
    sa.Column("action", sa.Text, nullable=False, comment="a word such as case.move, account.add, contact.reveal"),
    sa.Column("subject", sa.Text, nullable=False, comment="what it was done to: an id such as case:12, never a name"),
    sa.Column("result", sa.Text, nullable=False, comment="done | refused"),
    sa.Column("detail", sa.Text, nullable=False, comment="JSON of ids and words; no personal data, no free text"),
)
