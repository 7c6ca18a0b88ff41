"""Where a report is from: the names of areas in few words, and what the form offers."""

from collections.abc import Sequence

from components.code_sheet import Card
from domain.measures import N_
from domain.refusal import Refused
from store.areas import AreaIndex
from store.public_places import Place
from views.area_names import full_name


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


def sheet_cards(areas: AreaIndex, places: Sequence[Place], public_url: str) -> list[Card]:
    """A card for each place whose code is valid. Raises Refused: without an address to print, without a place."""
    if not public_url:
        raise Refused(
            "illegal", N_("The address to print is not set. Set [site] public_url, as in https://hall.example.")
        )
    valid = [place for place in places if place.revoked_at is None]
    if not valid:
        raise Refused("absent", N_("There is no valid code to print here."))
    return [
        Card(place.name, area_words(areas, place.position), f"{public_url.rstrip('/')}/p/{place.id}") for place in valid
    ]


def each_below(areas: AreaIndex, area: str, level: str) -> list[tuple[str, str]]:
    """Code and name of every area of a level below an area, or itself where it is of that level; [] for unknown ones."""
    if area not in areas.position:
        return []
    low, high = areas.range(area)
    found = [p for p in range(low, high) if areas.level[p] == level]
    return [(areas.code[p], full_name(areas, areas.code[p])) for p in found]
