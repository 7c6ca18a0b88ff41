"""Who works in the town: one account a role, one a department. They are known to everyone, and so is their password."""

from __future__ import annotations

from dataclasses import dataclass

from demo.catalogue import CATEGORIES

PASSWORD = "yunpu-demo"  # noqa: S105  everyone may know it; the server refuses to show it beyond this machine
WHOLE_TOWN, FIRST_COMMUNITY = "", "429099001001"


@dataclass(frozen=True)
class Resident:
    """areas: codes, empty for the whole town."""

    login: str
    role: str
    name: str
    areas: tuple[str, ...] = (WHOLE_TOWN,)
    department: str = ""


DEPARTMENTS = tuple(dict.fromkeys(category.department for category in CATEGORIES))
PEOPLE = (
    Resident("viewer", "viewer", "大厅查看"),
    Resident("officer", "officer", "网格员小周"),
    Resident("intake", "intake", "受理员小吴"),
    Resident("shift_leader", "shift_leader", "值班长老郑"),
    Resident("dispatcher", "dispatcher", "派遣员小王"),
    *(
        Resident(f"handler{n}", "handler", f"{name}经办", department=name)
        for n, name in enumerate(DEPARTMENTS, start=1)
    ),
    Resident("verifier", "verifier", "监督员小冯"),
    Resident("return_visitor", "return_visitor", "回访员小陈"),
    Resident("leader", "leader", "街道主任"),
    Resident("leader1", "leader", "柳荫社区书记", (FIRST_COMMUNITY,)),
    Resident("system_admin", "system_admin", "系统管理员", ()),
    Resident("security_admin", "security_admin", "安全管理员", ()),
    Resident("auditor", "auditor", "审计管理员", ()),
)
