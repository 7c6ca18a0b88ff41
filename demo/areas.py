"""Street, communities and grids, as the blocks form them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from demo.arrays import Ints, Objects
from demo.ground import to_degrees

STREET = ("429099001", "云浦街道")  # 429099 is an unassigned division code
NAMES = ("柳荫", "桂花园", "石桥", "文昌", "望江", "兴和", "东港", "南塘")
LEVELS = ("street", "community", "grid")

# Rough outlines (WKT corners) in ground metres; a block belongs to the community that covers most of it, so that real
# outlines step along the streets.
_OUTLINES = {
    "柳荫": "-1040 1090, -725 1150, -525 1150, -540 1390, -300 1415, -265 1165, 10 1215, 100 740, 10 730, 40 540, "
    "-390 480, -615 465, -560 190, -910 150, -950 440, -1025 790",
    "桂花园": "110 1215, 1165 1165, 1275 540, 760 530, 810 265, 675 250, 420 480, 250 690, 150 890",
    "石桥": "-1300 980, -1040 1010, -940 430, -900 150, -875 -70, -1125 40, -1350 -150, -1765 -210, -1810 115, -1710 "
    "440, -1590 615, -1290 665",
    "文昌": "-615 465, 40 540, 10 740, 110 740, 200 490, 500 240, 650 -60, 700 -310, -200 -335, -160 -500, -460 -510, "
    "-500 -60, -690 -60, -700 165, -565 190",
    "望江": "760 530, 1275 540, 1310 415, 1575 415, 1650 40, 1765 -35, 1800 -360, 1225 -310, 850 -285, 800 -60, 650 "
    "240, 810 265",
    "兴和": "-1350 -160, -1125 40, -875 -70, -500 -60, -425 -510, -475 -810, -675 -835, -700 -935, -1240 -910, -1275 "
    "-635, -1600 -625, -1650 -210",
    "东港": "-475 -510, -160 -500, -200 -320, 640 -295, 665 -710, 575 -1210, 425 -1310, 25 -1310, 10 -1085, -340 "
    "-1085, -425 -810",
    "南塘": "850 -295, 1225 -310, 1800 -360, 1825 -560, 1625 -585, 1600 -810, 1425 -835, 1450 -1160, 1100 -1160, 1090 "
    "-1035, 875 -1060, 925 -1385, 740 -1400, 725 -1160, 775 -810, 850 -510",
}


def membership(blocks: Objects) -> Ints:
    """For each block the index of its community, or -1 outside the street."""
    outlines = shapely.from_wkt([f"POLYGON(({_OUTLINES[name]}, {_OUTLINES[name].split(',')[0]}))" for name in NAMES])
    covered = shapely.area(shapely.intersection(blocks[:, None], shapely.make_valid(outlines)[None, :]))
    inside = covered.sum(axis=1) > 0.5 * shapely.area(blocks)
    return np.where(inside, covered.argmax(axis=1), -1)


def frames(blocks: Objects, member: Ints) -> dict[str, gpd.GeoDataFrame]:
    """Areas by level; columns code, name, parent (None for the street), geometry in WGS-84.

    Coarser levels are unions of the finer one's rounded shapes, so that each tiles its parent exactly.
    """
    grids = [_grids(blocks[member == index], index) for index in range(len(NAMES))]
    communities = [
        [_community(i), f"{NAMES[i]}社区", STREET[0], shapely.union_all([row[3] for row in rows])]
        for i, rows in enumerate(grids)
    ]
    street = [[*STREET, None, shapely.union_all([row[3] for row in communities])]]
    rows = {"street": street, "community": communities, "grid": [row for part in grids for row in part]}
    return {level: _frame(rows[level]) for level in LEVELS}


def _community(index: int) -> str:
    return f"{STREET[0]}{index + 1:03d}"


def _grids(blocks: Objects, index: int) -> list[list[object]]:
    shapes = to_degrees(blocks[_reading_order(blocks)])
    parent = _community(index)
    return [[f"{parent}{n:03d}", f"{NAMES[index]} {n:02d} 网格", parent, shape] for n, shape in enumerate(shapes, 1)]


def _reading_order(blocks: Objects) -> Ints:
    """Rows from north to south, each from west to east (DB6101/T 3185-2024 numbers grids that way)."""
    x, y = shapely.get_x(shapely.centroid(blocks)), shapely.get_y(shapely.centroid(blocks))
    level = y - 0.13 * x  # along the tilted streets
    by_level = np.argsort(-level)
    gaps = np.diff(-level[by_level]) > 55
    row = np.empty(len(blocks), dtype=np.int64)
    row[by_level] = np.concatenate([[0], np.cumsum(gaps)])
    return np.lexsort([x, row])


def _frame(rows: list[list[object]]) -> gpd.GeoDataFrame:
    code, name, parent, shape = zip(*rows, strict=True)
    columns = {"code": list(code), "name": list(name), "parent": list(parent)}
    return gpd.GeoDataFrame(columns, geometry=list(shape), crs="EPSG:4326")
