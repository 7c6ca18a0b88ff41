"""Who does something: an account, a key, the public, or the schedule."""

from dataclasses import dataclass

ROLES = (
    "viewer", "officer", "intake", "shift_leader", "dispatcher", "handler", "verifier", "return_visitor", "leader",
    "system_admin", "security_admin", "auditor",
)  # fmt: skip
"""查看, 网格员, 受理员, 值班长, 派遣员, 处置部门, 采集员(监督员), 回访员, 领导, 系统/安全/审计管理员."""

ADMINISTRATORS = frozenset({"system_admin", "security_admin", "auditor"})
"""The three that are kept apart (等级保护): they run the house and see no case."""


@dataclass(frozen=True)
class Actor:
    """login: of the account, or public, system. areas: codes, their descendants included. via: web | key | command |
    schedule | public.
    """

    login: str
    name: str
    role: str
    areas: frozenset[str]
    department: str = ""
    account_id: int | None = None
    via: str = "web"


SYSTEM = Actor("system", "", "system", frozenset({""}), via="schedule")
"""The schedule: overdue marks, escalation, folding, sealing."""

TERMINAL = Actor("terminal", "", "system", frozenset({""}), via="command")
"""Whoever may read the store's files may change what is in them: the terminal stands above the roles, and on record."""

PUBLIC = Actor("public", "", "public", frozenset(), via="public")
"""Anyone who reports, asks or rates without an account."""
