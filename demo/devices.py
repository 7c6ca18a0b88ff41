"""Three hundred sensors of the fictitious 云浦街道: what they are, where they hang, and what each of them measures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from demo.map import SEED
from demo.places import places


@dataclass(frozen=True)
class Measure:
    """A value as it usually is: base, how far devices and single readings differ, the day's swing and its highest hour.

    jump: what an incident adds; falls: what is lost a day (a battery, changed once it is low). Rounded to `digits`.
    """

    name: str
    unit: str
    base: float
    devices: float
    noise: float
    swing: float = 0.0
    peak_hour: float = 15.0
    jump: float = 0.0
    falls: float = 0.0
    least: float = 0.0
    most: float = 1e9
    digits: int = 1


@dataclass(frozen=True)
class Kind:
    """count devices that report every so many minutes; place: sort of address (demo.places); incidents: a device and day."""

    word: str
    count: int
    minutes: int
    place: int
    incidents: float
    measures: tuple[Measure, ...]


BATTERY = Measure("电量", "%", 100, 0, 0, falls=0.08, digits=0)
KINDS = (
    Kind("烟感", 150, 60, 1, 0.004, (Measure("烟雾值", "%/m", 0.2, 0.06, 0.04, jump=9.0, digits=2), BATTERY)),
    Kind("燃气", 54, 30, 1, 0.003, (Measure("可燃气体", "%LEL", 0.6, 0.3, 0.2, 0.5, 18, jump=18.0),)),
    Kind(
        "井盖", 40, 30, 0, 0.004,
        (
            Measure("倾角", "°", 1.5, 0.8, 0.2, jump=32.0),
            Measure("液位", "m", 0.35, 0.12, 0.03, 0.05, 8, jump=0.9, digits=2),
        ),
    ),
    Kind("消防水压", 32, 15, 2, 0.006, (Measure("水压", "MPa", 0.36, 0.04, 0.006, -0.03, 20, jump=-0.28, digits=3),)),
    Kind("空气监测", 12, 5, 2, 0.0, (Measure("PM2.5", "µg/m³", 46, 6, 4, 14, 8, digits=0),)),
    Kind("噪声监测", 12, 5, 0, 0.02, (Measure("等效声级", "dB(A)", 54, 4, 1.6, 8, 14, jump=17.0),)),
)  # fmt: skip
"""What is usual is the town's own, not a standard. Base values of fire water lie well above GB 50974 (0.10 to 0.15 MPa)."""


@lru_cache(maxsize=1)
def devices() -> pd.DataFrame:
    """Columns 设备号 类型 名称 区域 经度 纬度, in the order of KINDS; the same in every process."""
    town, rows = places(), []
    rng = np.random.default_rng([SEED, 11])
    for number, kind in enumerate(KINDS, 1):
        grids = np.linspace(0, len(town.codes) - 1, kind.count).astype(np.int64)
        points, draws = town.points(grids, rng), rng.random((kind.count, 3))
        rows += [
            {
                "设备号": f"YP{number:02}{at + 1:04}", "类型": kind.word,
                "名称": f"{town.address(int(grid), kind.place, draw)}{kind.word}", "区域": town.codes[grid],
                "经度": float(point[0]), "纬度": float(point[1]),
            }
            for at, (grid, point, draw) in enumerate(zip(grids, points, draws, strict=True))
        ]  # fmt: skip
    return pd.DataFrame(rows)
