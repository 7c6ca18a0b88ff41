"""The calendar that people edit. Times are integer epoch seconds in UTC."""

import sqlalchemy as sa

from store.schema import metadata

workday_override = sa.Table(
    "workday_override",
    metadata,
    sa.Column("day", sa.Integer, primary_key=True, autoincrement=False, comment="days since 1970-01-01, site's zone"),
    sa.Column("is_workday", sa.Boolean, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False, comment="login"),
    sa.Column("at", sa.BigInteger, nullable=False),
    comment="Days that people changed; they go before what chinesecalendar says.",
)

workday_years = sa.Table(
    "workday_years",
    metadata,
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("by", sa.Text, nullable=False, comment="login"),
    sa.Column("at", sa.BigInteger, nullable=False),
    comment="Years that chinesecalendar does not know, whose holidays people have entered in full.",
)

workday_changes = sa.Table(
    "workday_changes",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("by", sa.Text, nullable=False, comment="login"),
    sa.Column("day", sa.Integer, comment="NULL: a whole year was confirmed"),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("was", sa.Boolean, comment="is_workday before; NULL for a year"),
    sa.Column("now", sa.Boolean, comment="is_workday after; NULL for a year"),
    sa.Column("note", sa.Text, nullable=False),
    comment="Every change of the calendar; only appended.",
)

recalendar = sa.Table(
    "recalendar",
    metadata,
    sa.Column(
        "key", sa.Integer, primary_key=True, autoincrement=False, comment="always 1: one recomputation at a time"
    ),
    sa.Column("change_id", sa.BigInteger, nullable=False, comment="the calendar as of this change is being applied"),
    sa.Column("started_at", sa.BigInteger, nullable=False),
    sa.Column("last_case_id", sa.BigInteger, nullable=False, comment="open cases up to this one are done"),
    sa.Column("seen", sa.BigInteger, nullable=False),
    sa.Column("moved", sa.BigInteger, nullable=False, comment="deadlines that became another"),
    sa.Column("total", sa.BigInteger, nullable=False, comment="open cases when it began"),
    sa.Column("finished_at", sa.BigInteger),
    comment="How far the deadlines of open cases follow the calendar.",
)
