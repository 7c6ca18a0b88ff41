"""Names of areas as people say them."""

from store.areas import AreaIndex


def full_name(areas: AreaIndex, code: str) -> str:
    """The name of an area; one that is a bare number is said with the area above it. Unknown codes stay as they are."""
    if code not in areas.position:
        return code
    position = areas.position[code]
    name, parent = areas.name[position], int(areas.parent[position])
    return f"{areas.name[parent]} {name}" if name.isdigit() and parent >= 0 else name


def path(areas: AreaIndex, code: str) -> list[str]:
    """The area above an area, and the area itself; alone where its name already says where it is."""
    if code not in areas.position:
        return []
    position, own = areas.position[code], full_name(areas, code)
    parent = int(areas.parent[position])
    above = areas.name[parent] if parent > 0 else ""
    return [own] if not above or own[:2] == above[:2] else [above, own]


def tree(areas: AreaIndex, low: int, high: int) -> list[tuple[str, str, int]]:
    """Code, name and depth below the first of every area in a range of positions, in order of the tree."""
    top = int(areas.depth[low]) if low < high else 0
    return [(areas.code[p], areas.name[p], int(areas.depth[p]) - top) for p in range(low, high)]
