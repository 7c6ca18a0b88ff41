"""Forty cameras of the fictitious 云浦街道 and what each of them sees: a road, traffic, the sky of the hour."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image, ImageDraw, ImageFont

from demo.map import SEED, town_map

COUNT = 40
SIZE = (640, 360)
HORIZON = SIZE[1] * 2 // 5
ROAD = (64, 68, 72)
SIDES = (("东", 90), ("南", 180), ("西", 270), ("北", 0))
KINDS = (("球", "1"), ("枪", "3"), ("半球", "2"), ("球", "1"))
SPOTS = ("路口", "小区门口", "广场", "菜场", "学校", "河边", "停车场", "消防通道")
OFFLINE_EVERY = 11
"""Every so many cameras one is off."""

SKIES = (
    (0, (18, 24, 34)),
    (6, (96, 104, 122)),
    (9, (176, 196, 212)),
    (17, (168, 178, 188)),
    (19, (84, 78, 92)),
    (24, (18, 24, 34)),
)
"""Hour of the day → colour of the sky; between two of them it changes evenly."""
CARS = ((196, 70, 60), (222, 222, 216), (58, 92, 140), (70, 76, 80), (214, 178, 72))


@lru_cache(maxsize=1)
def cameras() -> pd.DataFrame:
    """Columns 编码, 名称, 类型 (GB/T 28181 PTZType), 状态 (ON | OFF), 朝向 (degrees from north), 区域, 经度, 纬度.

    Codes are made as GB/T 28181 makes them, with the unassigned street code of the town.
    """
    grids = town_map().areas["grid"]
    names = dict(zip(town_map().areas["community"].code, town_map().areas["community"].name, strict=True))
    rng = np.random.default_rng(SEED)
    rows = []
    for number, at in enumerate(np.linspace(0, len(grids) - 1, COUNT).astype(int)):
        grid = grids.iloc[at]
        point = grid.geometry.representative_point()
        (side, degrees), (kind, ptz) = SIDES[rng.integers(4)], KINDS[rng.integers(4)]
        spot = SPOTS[rng.integers(len(SPOTS))]
        rows.append(
            {
                "编码": f"42909901011320{number + 1:06}", "名称": f"云浦-{names[grid.parent]}-{spot}-{side}-{kind}", "类型": ptz,
                "状态": "OFF" if number % OFFLINE_EVERY == OFFLINE_EVERY - 1 else "ON", "朝向": degrees,
                "区域": grid.code, "经度": round(point.x, 6), "纬度": round(point.y, 6),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class Scene:
    """What is drawn: the camera's code and name, and the moment with its zone."""

    code: str
    name: str
    moment: datetime
    font: str


def picture(scene: Scene) -> Image.Image:
    """What a camera sees at a moment, 640 × 360, RGB: the same for the same scene."""
    width, height = SIZE
    sky = sky_of(scene.moment)
    drawn = Image.new("RGB", SIZE, sky)
    pen = ImageDraw.Draw(drawn)
    for box, colour in houses(scene.code, dark=sum(sky) < 240):
        pen.rectangle(box, fill=colour)
    pen.rectangle((0, HORIZON, width, height), fill=tuple(int(part * 0.42) + 26 for part in sky))
    pen.polygon(
        [(width * 0.44, HORIZON), (width * 0.56, HORIZON), (width * 1.1, height), (-width * 0.1, height)], fill=ROAD
    )
    _traffic(pen, scene)
    _words(pen, scene)
    return drawn


def sky_of(moment: datetime) -> tuple[int, ...]:
    """The colour of the sky, by the hour."""
    hour = moment.hour + moment.minute / 60
    return tuple(int(np.interp(hour, [h for h, _ in SKIES], [c[part] for _, c in SKIES])) for part in range(3))


def houses(code: str, *, dark: bool) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Boxes (left, top, right, bottom) with their colours: houses and their windows, lit where it is dark."""
    fixed = np.random.default_rng(int(code[-6:]))
    left = 0
    while left < SIZE[0]:
        wide, high, grey = int(fixed.integers(40, 90)), int(fixed.integers(30, 110)), int(fixed.integers(70, 130))
        yield (left, HORIZON - high, left + wide, HORIZON), (grey // 2,) * 3 if dark else (grey, grey, grey - 8)
        for x in range(left + 6, left + wide - 8, 14):
            for y in range(HORIZON - high + 8, HORIZON - 10, 16):
                lit = fixed.random() < 0.4
                yield (x, y, x + 6, y + 7), (232, 206, 132) if dark and lit else (grey // 3 + 20,) * 3
        left += wide + 2


def traffic(code: str) -> list[tuple[float, float, int]]:
    """(start, ways a second, side) of each car: each comes and goes at its own pace."""
    fixed = np.random.default_rng(int(code[-6:]) + COUNT)
    return list(zip(fixed.random(5).tolist(), fixed.uniform(0.02, 0.06, 5).tolist(), (-1, 1, -1, 1, 1), strict=True))


def _traffic(pen: ImageDraw.ImageDraw, scene: Scene) -> None:
    """Cars; nearer ones are larger."""
    width, height = SIZE
    for (start, pace, side), colour in zip(traffic(scene.code), CARS, strict=True):
        way = (start + pace * scene.moment.timestamp()) % 1.0
        near = way if side > 0 else 1.0 - way
        y, half = HORIZON + near**2 * (height - HORIZON), 4 + near**2 * 46
        x = width / 2 + side * (0.03 + near**2 * 0.28) * width
        pen.rounded_rectangle((x - half, y - half, x + half, y), radius=half / 3, fill=colour)
        pen.rectangle((x - half * 0.7, y - half * 0.85, x + half * 0.7, y - half * 0.5), fill=(38, 48, 56))


def _words(pen: ImageDraw.ImageDraw, scene: Scene) -> None:
    font = _font(scene.font)
    for at, text, anchor in (
        ((14, 10), f"{scene.moment:%Y-%m-%d %H:%M:%S}", "la"),
        ((SIZE[0] - 14, 10), scene.name, "ra"),
    ):
        pen.text(at, text, font=font, fill=(255, 255, 255), stroke_width=2, stroke_fill=(0, 0, 0), anchor=anchor)


@lru_cache(maxsize=2)
def _font(path: str) -> Any:
    return ImageFont.truetype(path, 20)
