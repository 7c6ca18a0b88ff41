"""Where a report is from: the names of areas in few words, and what the form offers."""

from store.areas import AreaIndex


def area_words(areas: AreaIndex, position: int) -> str:
    """The name by which residents know an area: that of its community; of a site without communities, its own."""
    above = position
    while areas.level[above] == "grid" and areas.parent[above] > 0:
        above = int(areas.parent[above])
    return areas.name[above]


def area_choices(areas: AreaIndex) -> list[tuple[str, str]]:
    """Code and name of the areas that a form offers by name: those just above the grids, or all where there are none."""
    wanted = [i for i in range(1, len(areas)) if areas.level[i] != "grid"] or range(1, len(areas))
    lowest = [i for i in wanted if not any(areas.level[int(child)] != "grid" for child in areas.children(i))]
    return [(areas.code[i], areas.name[i]) for i in lowest]
