"""Areas as a page names and frames them: the way to one, a place for its name, the extent of the whole."""

from dataclasses import dataclass

import shapely

from domain.scope import SITE, Scope
from store.areas import read_tree
from store.engine import read
from views.reader import Moment, Reader

MOST_NAMES = 30
"""More names than this on one map are a wall of text (visual design, Map)."""


@dataclass(frozen=True)
class Place:
    """An area by code, name and level; code '' is the whole site."""

    code: str
    name: str
    level: str


@dataclass(frozen=True)
class Named:
    """Where a name is written: inside its area, WGS-84 degrees. size: area in square degrees, for who gives way."""

    name: str
    longitude: float
    latitude: float
    size: float


@dataclass(frozen=True)
class Ground:
    """What a map starts with: its extent (west, south, east, north in degrees; None without shapes) and its names."""

    extent: tuple[float, float, float, float] | None
    names: tuple[Named, ...]


def trail(moment: Moment, code: str) -> tuple[Place, ...]:
    """The way from below the site down to an area; () for the site itself and for a code that is not there.

    A level of a single area, as the street is to its own site, is left out: it says nothing twice.
    """
    areas, found = moment.areas, []
    position = areas.position.get(code, 0)
    while position > 0:
        found.append(position)
        position = int(areas.parent[position])
    places = [Place(areas.code[p], areas.name[p], areas.level[p]) for p in reversed(found)]
    return tuple(p for p in places if areas.level.count(p.level) > 1)


def places(moment: Moment, scope: Scope) -> tuple[tuple[Place, Place | None], ...]:
    """Every area that the scope may see with the one above it, in order; levels of a single area are left out."""
    areas = moment.areas
    seen = [p for low, high in areas.ranges(scope) for p in range(low, high)]
    many = {level for level in set(areas.level) if areas.level.count(level) > 1}
    found = []
    for p in seen:
        if areas.level[p] in many:
            above = int(areas.parent[p])
            up = Place(areas.code[above], areas.name[above], areas.level[above]) if areas.level[above] in many else None
            found.append((Place(areas.code[p], areas.name[p], areas.level[p]), up))
    return tuple(found)


def whole(moment: Moment) -> Place:
    """The site: named after its one area of the top level where it has just one."""
    tops = [p for p in range(1, len(moment.areas)) if moment.areas.depth[p] == 1]
    level = moment.areas.level[tops[0]] if len(tops) == 1 else ""
    return Place(SITE, moment.areas.name[0], level)


def map_levels(moment: Moment) -> tuple[str, ...]:
    """The levels that a map can be coloured by, coarse to fine: those of more than one area."""
    levels = sorted(range(1, len(moment.areas)), key=lambda p: moment.areas.depth[p])
    return tuple(
        level for level in dict.fromkeys(moment.areas.level[p] for p in levels) if moment.areas.level.count(level) > 1
    )


def ground(reader: Reader, scope: Scope, level: str) -> Ground:
    """Extent of what the scope may see, and the names of a level where they fit. Shapes change only with a restart."""
    return reader.cached(("ground", scope, level), "", lambda: _ground(reader, scope, level))


def _ground(reader: Reader, scope: Scope, level: str) -> Ground:
    with read(reader.engine) as connection:
        shapes = read_tree(connection).areas
    seen = {p for low, high in reader.areas.ranges(scope) for p in range(low, high)}
    shaped = shapes[shapes.geometry.notna() & ~shapes.geometry.is_empty & shapes["order"].isin(seen)]
    if not len(shaped):
        return Ground(None, ())
    west, south, east, north = (float(edge) for edge in shaped.total_bounds)
    named = shaped[shaped["level"] == level]
    named = named if len(named) <= MOST_NAMES else named.iloc[:0]
    outlines = named.geometry.to_numpy()
    rows = zip(named["name"], shapely.point_on_surface(outlines), shapely.area(outlines), strict=True)
    names = tuple(Named(str(name), float(point.x), float(point.y), float(size)) for name, point, size in rows)
    return Ground((west, south, east, north), names)
