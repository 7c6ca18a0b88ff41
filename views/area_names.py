"""Names of areas where there is no room for the way to them."""

from domain.scope import Scope
from store.areas import AreaIndex
from views.places import places, trail
from views.reader import Moment


def full_name(areas: AreaIndex, code: str) -> str:
    """The name of an area; one that is a bare number is said with the area above it. Unknown codes stay as they are."""
    if code not in areas.position:
        return code
    position = areas.position[code]
    name, parent = areas.name[position], int(areas.parent[position])
    return f"{areas.name[parent]} {name}" if name.isdigit() and parent >= 0 else name


def names_above(areas: AreaIndex, position: int) -> tuple[str, ...]:
    """The names of an area and of all above it, the site's included."""
    found = []
    while position >= 0:
        found.append(areas.name[position])
        position = int(areas.parent[position])
    return tuple(found)


def way(moment: Moment, code: str) -> list[str]:
    """The names from below the site down to an area; one that its successor already says is left out."""
    names = [place.name for place in trail(moment, code)] or [full_name(moment.areas, code)]
    return [name for name, following in zip(names, [*names[1:], ""], strict=True) if name[:2] != following[:2]]


def tree(moment: Moment, scope: Scope) -> list[tuple[str, str, int]]:
    """Code, name and depth (from 1) of every area that the scope may see, in order."""
    depth: dict[str, int] = {}
    for place, above in places(moment, scope):
        depth[place.code] = depth.get(above.code if above else "", 0) + 1
    return [(place.code, place.name, depth[place.code]) for place, _above in places(moment, scope)]


def around(areas: AreaIndex, every: list[tuple[str, str, int]], chosen: str) -> list[tuple[str, str, int]]:
    """Of a long tree: the top level, what lies on the way to the chosen area, beside it and directly below it."""
    position, way_up = areas.position.get(chosen, 0), set()
    while position > 0:
        way_up.add(position)
        position = int(areas.parent[position])
    top = min((depth for _code, _name, depth in every), default=1)
    return [
        (code, name, depth)
        for code, name, depth in every
        if depth == top or int(areas.parent[areas.position[code]]) in way_up
    ]
