"""Numbers, titles and texts of cases, as people and systems would write them."""

from __future__ import annotations

import numpy as np

from demo.areas import NAMES, STREET
from demo.arrays import Plan
from demo.calendar import date_of
from demo.catalogue import CATEGORIES, CATEGORY_NOTES, PLACE_SHARES
from demo.lives import TEXTS
from demo.places import places

_LEAD = {
    "居民扫码": "居民扫码反映",
    "网格员": "网格员巡查发现",
    "12345热线": "来电人反映",
    "传感器": "感知设备报警",
    "视频巡查": "视频巡查发现",
}


def write(plan: Plan, rng: np.random.Generator, day: int, first: int = 1) -> Plan:
    """Add what a case says of itself; needs sort, grid, channel, area_code. Helper columns are taken away.

    id: 6 digits of the division, 8 of the date, 5 of the day's sequence, from `first` on.
    """
    n, date = len(plan["sort"]), f"{date_of(day):%Y%m%d}"
    kinds = [CATEGORIES[sort] for sort in plan["sort"]]
    numbers = range(first, first + n)
    place = _addresses(plan, rng.random((n, 4)))
    words: dict[str, list[str | None]] = {
        "id": [f"{STREET[0][:6]}{date}{number:05d}" for number in numbers],
        "order_no": [f"GD{date}{number + 10000}" if channel == "12345热线" else None
                     for number, channel in zip(numbers, plan["channel"], strict=True)],
        "kind": [category.kind for category in kinds],
        "category": [category.name for category in kinds],
        "department": [category.department for category in kinds],
        "title": [f"{where} {category.name}" for where, category in zip(place, kinds, strict=True)],
        "text": [f"{_LEAD[channel]}：{where}{CATEGORY_NOTES.get(category.name, '有' + category.name)}，请核实处理。"
                 for channel, where, category in zip(plan["channel"], place, kinds, strict=True)],
    }  # fmt: skip
    plan = plan | {name: np.array(column, dtype=object) for name, column in words.items()}
    for name in TEXTS:
        plan[name] = plan[name].astype(object)
    return {name: column for name, column in plan.items() if name not in ("sort", "grid")}


def _addresses(plan: Plan, draws: np.ndarray) -> list[str]:
    town = places()
    upto = {key: np.cumsum(shares) for key, shares in PLACE_SHARES.items()}
    found = []
    for sort, grid, area, draw in zip(plan["sort"], plan["grid"], plan["area_code"], draws, strict=True):
        if grid < 0:
            found.append("辖区外")
        elif area is not None and len(area) == 12:
            found.append(f"{NAMES[town.communities[grid]]}社区（位置不详）")
        else:
            where = int(np.searchsorted(upto[CATEGORIES[sort].places][:3], draw[3], side="right"))
            found.append(town.address(int(grid), where, draw))
    return found
