"""What is known of a case that is worked here. Times are integer epoch seconds in UTC."""

import sqlalchemy as sa

from store.schema import BigId, metadata


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False)


casework = sa.Table(
    "casework",
    metadata,
    sa.Column("case_id", BigId, sa.ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("case_no", sa.Text, unique=True),
    sa.Column("condition", sa.Text),
    sa.Column("amount", sa.Float),
    sa.Column("unit", sa.Text),
    sa.Column("timed_from", sa.BigInteger),
    sa.Column("department", sa.Text),
    sa.Column("handler", sa.Text),
    sa.Column("since", sa.BigInteger, nullable=False),
    sa.Column("stage_due_at", sa.BigInteger),
    sa.Column("warn_at", sa.BigInteger),
    sa.Column("escalate_at", sa.BigInteger),
    sa.Column("asked", sa.Text),
    sa.Column("asked_until", sa.BigInteger),
    sa.Column("held_from", sa.BigInteger),
    sa.Column("held_to", sa.BigInteger),
    sa.Column("returned_by", sa.Text),
    sa.Column("passed", sa.Boolean),
    sa.Column("main_id", BigId, sa.ForeignKey("cases.id")),
    *(_count(name) for name in ("returns", "reworks", "reopens", "extensions", "escalation")),
    *(_flag(name) for name in ("bound", "urgent", "supervised", "whistled", "appealed", "not_timed", "low_reopened")),
    sa.Index("ix_casework_state_department", "state", "department"),
    sa.Index("ix_casework_warn_at", "warn_at"),
    sa.Index("ix_casework_escalate_at", "escalate_at"),
    sa.Index("ix_casework_main_id", "main_id"),
)
"""One row a case that is worked here.

version: moves made here. state: of domain.lifecycle, finer than cases.status. amount, unit, timed_from: the limit of
handling and when it began. since: when the state was reached. stage_due_at: of the stage before or after handling.
warn_at, escalate_at: when the schedule has something to say next. asked: hold | extension | supported | appeal.
held_from, held_to: the one hold (挂账); held_to is the day it ends at the latest while it lasts. escalation: steps up the
ladder 社区→街道→区 so far. main_id: the case that this one was merged into.
"""

step_details = sa.Table(
    "step_details",
    metadata,
    sa.Column("step_id", BigId, sa.ForeignKey("case_steps.id"), primary_key=True, autoincrement=False),
    sa.Column("once", sa.Text, unique=True),
    sa.Column("detail", sa.Text, nullable=False),
)
"""once: the key of the form that made the step, so that a repeated form makes none. detail: JSON of the fields that are
no free text, and old and new deadlines.
"""

tasks = sa.Table(
    "tasks",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("case_id", BigId, sa.ForeignKey("cases.id"), nullable=False),
    sa.Column("department", sa.Text, nullable=False),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("due_at", sa.BigInteger, nullable=False),
    sa.Column("arrived_at", sa.BigInteger),
    sa.Column("done_at", sa.BigInteger),
    sa.Column("score", sa.SmallInteger),
    sa.Index("ix_tasks_case_id", "case_id"),
    sa.Index("ix_tasks_department", "department"),
)
"""One row a department that was summoned (吹哨报到). due_at: to be on site by."""

return_visits = sa.Table(
    "return_visits",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("case_id", BigId, sa.ForeignKey("cases.id"), nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("by_login", sa.Text, nullable=False),
    sa.Column("reached", sa.Boolean, nullable=False),
    sa.Column("contacted", sa.Boolean),
    sa.Column("resolved", sa.Boolean),
    sa.Column("level", sa.SmallInteger),
    sa.Index("ix_return_visits_case_id", "case_id"),
)
"""One row a return visit (回访); the last one that reached the reporter counts. level: index in domain.cases.LEVELS."""

rating_comments = sa.Table(
    "rating_comments",
    metadata,
    sa.Column("rating_id", BigId, sa.ForeignKey("ratings.id"), primary_key=True, autoincrement=False),
    sa.Column("comment", sa.Text, nullable=False),
)
"""What was said with a rating: free text, shown in scope only."""

case_numbers = sa.Table(
    "case_numbers",
    metadata,
    sa.Column("day", sa.Text, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)
"""The last serial number of a day (YYYYMMDD, site's zone)."""
