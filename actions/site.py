"""What an action needs to know of the place it works in."""

from dataclasses import dataclass, field
from threading import Lock

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from domain.cases import HERE, NO_PLACE, OUTSIDE, PINNED
from domain.periods import SiteZone
from geo.locate import Locator
from store.areas import AreaIndex
from store.counts.verify import Places


@dataclass(frozen=True)
class Site:
    """The store, the zone, the tree of areas and the locator of points in it."""

    engine: sa.Engine
    zone: SiteZone
    areas: AreaIndex
    locator: Locator
    _one_at_a_time: Lock = field(default_factory=Lock, repr=False, compare=False)

    def place(
        self,
        longitude: npt.NDArray[np.float64],
        latitude: npt.NDArray[np.float64],
        area_code: npt.NDArray[np.object_],
        pinned: npt.NDArray[np.bool_],
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int8], npt.NDArray[np.bool_]]:
        """(area id, placing, known) of each row; not known = neither a point nor an area code of this site.

        A point decides; where it lies outside every boundary, or is a default pin, or is missing, the area code does,
        and without one the site itself.
        """
        known_point = np.isfinite(longitude) & np.isfinite(latitude)
        found = np.full(len(longitude), -1, dtype=np.int64)
        usable = known_point & ~pinned
        if usable.any():
            with self._one_at_a_time:
                found[usable] = self.locator.locate(longitude[usable], latitude[usable])
        stated = np.fromiter(
            (self.areas.position.get(code, -1) if code else 0 for code in area_code.tolist()), np.int64, len(area_code)
        )
        here = found > 0
        position = np.where(here, found, np.maximum(stated, 0))
        placing = np.where(here, HERE, np.where(pinned, PINNED, np.where(known_point, OUTSIDE, NO_PLACE)))
        return self.areas.ids[position], placing.astype(np.int8), here | (stated >= 0) | known_point

    def area_at(self, longitude: float, latitude: float) -> int:
        """The id of the area that a point lies in (degrees, WGS-84); that of the site where it lies in none."""
        nothing = np.array([None], dtype=np.object_)
        area, _placing, _known = self.place(np.array([longitude]), np.array([latitude]), nothing, np.array([False]))
        return int(area[0])

    def place_again(self, places: Places) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int8]]:
        """Area id and placing of stored cases under these boundaries; a default pin stays one."""
        pinned = places.placing == PINNED
        area, placing, _known = self.place(places.longitude, places.latitude, places.area_code, pinned)
        return area, placing
