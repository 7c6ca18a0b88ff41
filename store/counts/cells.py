"""The order of cells, and the layers in which they are kept.

A key is one int64: source · placing · kind · category | area position. Areas are in pre-order, so that within a row
(everything left of the bar) an area with its descendants is one run of cells. A layer leaves out what a question does not
ask for: the fewer cells, the less there is to read.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from domain.contributions import pack_cells, unpack_cells
from store.areas import AreaIndex

Ints = npt.NDArray[np.int64]

POSITION_BITS = 24
_FIELDS = (("category", 20), ("kind", 2), ("placing", 2), ("source", 14))
_SHIFTS = {name: sum(bits for _, bits in _FIELDS[:i]) + POSITION_BITS for i, (name, _) in enumerate(_FIELDS)}
_MASKS = {name: (1 << bits) - 1 for name, bits in _FIELDS}
_POSITION = (1 << POSITION_BITS) - 1


@dataclass(frozen=True)
class Layer:
    """Cells without the fields in `without`.

    One prefix sum (a slab) is kept each time `cells / slabs` entries have come together: more slabs cost disk, fewer
    cost time.
    """

    name: str
    without: tuple[str, ...]
    slabs: int

    def narrowed(self, keys: Ints) -> Ints:
        """The keys with the left-out fields set to zero."""
        lost = sum(_MASKS[name] << _SHIFTS[name] for name in self.without)
        return keys & ~np.int64(lost)


LAYERS = (Layer("areas", ("category", "source"), 4), Layer("categories", ("source",), 8), Layer("sources", (), 4))
"""From the fewest cells to the most; the last leaves nothing out and the others are made from it."""


def keys_of(cells: Ints, areas: AreaIndex) -> Ints:
    """The keys of packed cells (domain.contributions); -1 where the area is not in the tree."""
    columns = unpack_cells(cells)
    known = columns["area"] < len(areas.position_of_id)
    position = np.where(known, areas.position_of_id[np.where(known, columns["area"], 0)], -1)
    keys = position.copy()
    for name, shift in _SHIFTS.items():
        keys |= columns[name] << shift
    return np.where(position < 0, -1, keys)


def cells_of(keys: Ints, ids: Ints) -> Ints:
    """The packed cells of keys of the finest layer; ids: area id of each position."""
    rows = keys >> POSITION_BITS
    return pack_cells(ids[positions_of(keys)], *(field_of(rows, n) for n in ("placing", "kind", "category", "source")))


def positions_of(keys: Ints) -> Ints:
    """The area position of each key."""
    return keys & _POSITION


def field_of(rows: Ints, name: str) -> Ints:
    """One field (category, kind, placing, source) of rows (keys >> POSITION_BITS)."""
    return (rows >> (_SHIFTS[name] - POSITION_BITS)) & _MASKS[name]
