"""The heat map of a filter: the same rows as its figure, counted in memory, drawn tile by tile with one scale."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from threading import RLock
from typing import Any

import numpy as np
import numpy.typing as npt
import structlog

from components.heat import Field, field_of, heat_picture, level_of
from components.raster import clear, png
from components.theme import THEMES
from domain.cases import HERE, PLACINGS
from domain.measures import KPIS
from domain.scope import Scope
from geo.bins import Bins
from geo.panes import Pane
from geo.tiles import TILE_SIZE, metres_per_pixel, pixels_to_lonlat
from store.counts.slices import Slice
from store.heatfeed import HeatFeed
from store.heatpoints import LAST_DAY, Pick, Totals
from views.kept import Kept
from views.outlines import Outlines
from views.query import Query
from views.reader import Moment, Reader

FIGURES = ("reported", "hazards", "open", "overdue")
"""What the map can be hot with. A share has no density: with other measures the reports are shown."""

FIELD_BYTES, COUNT_BYTES, TILE_BYTES = 64 << 20, 64 << 20, 16 << 20

log = structlog.get_logger()
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Heat:
    """What is drawn: the figure, which cases, and the version of the points it was counted on."""

    figure: str
    pick: Pick
    version: str


class HeatMap:
    """The heat map of one store. Thread-safe. The first question reads every case and waits for it."""

    def __init__(self, reader: Reader, outlines: Outlines, clock: Callable[[], int]) -> None:
        self.reader, self.outlines = reader, outlines
        self._clock = clock
        self._lock = RLock()
        self._feed: HeatFeed | None = None
        self._version, self._in_vain = "", False
        self._counts: Kept[Ints] = Kept(COUNT_BYTES, lambda counts: counts.nbytes)
        self._fields: Kept[Field] = Kept(FIELD_BYTES, lambda field: field.density.nbytes)
        self._tiles: Kept[bytes] = Kept(TILE_BYTES, len)

    def info(self, moment: Moment, access: Scope, query: Query, zoom: int) -> dict[str, Any]:
        """What the legend says: figure, radius_m at a zoom, limits (cases a km²), shown, off_map by reason, version."""
        heat = self._heat(moment, access, query)
        counts = self._counted(heat)
        off = dict(zip(PLACINGS, counts[-len(PLACINGS) :].tolist(), strict=True))
        off.pop(PLACINGS[HERE])
        found: dict[str, Any] = {
            "figure": heat.figure, "version": heat.version, "zoom": zoom, "shown": int(counts[: -len(PLACINGS)].sum()),
            "off_map": off, "off_map_total": sum(off.values()), "radius_m": None, "limits_per_km2": [],
        }  # fmt: skip
        if self.outlines.of(heat.pick.part.ranges) is not None:
            field = self._field(heat, zoom)
            found |= {"radius_m": round(field.radius_m), "limits_per_km2": [_short(limit) for limit in field.limits]}
        return found

    def tile(
        self, moment: Moment, access: Scope, query: Query, theme: str, z: int, x: int, y: int, scale: int
    ) -> tuple[bytes, str]:
        """A tile as PNG with the version of the points it shows."""
        heat, pane = self._heat(moment, access, query), Pane.tile(z, x, y)
        outline = self.outlines.of(heat.pick.part.ranges)
        if outline is None or not _touch(outline.bounds, pane.box()):
            return self._tiles.get(
                ("nothing", scale), lambda: png(clear((TILE_SIZE * scale, TILE_SIZE * scale)))
            ), heat.version

        def make() -> bytes:
            return png(heat_picture(self._field(heat, z), pane, THEMES[theme], outline, scale))

        return self._tiles.get((heat, theme, z, x, y, scale), make), heat.version

    def _heat(self, moment: Moment, access: Scope, query: Query) -> Heat:
        figure = query.measure if query.measure in FIGURES else FIGURES[0]
        kpi, period = KPIS[figure], query.chosen.period
        pick = Pick(
            kpi.listing, None if kpi.stock else period.first, period.last, moment.slice(access, query.chosen, kpi)
        )
        return Heat(figure, pick, self._fresh(moment))

    def _fresh(self, moment: Moment) -> str:
        """Bring the points up to a moment, or later; their version."""
        with self._lock:
            if self._feed is None or self._version != moment.snapshot.version:
                # Read to the end or not at all: what an error leaves half read is begun anew.
                feed, self._feed = self._feed, None
                if feed is None:
                    feed = self._begun(moment)
                    feed.fill()
                else:
                    feed.follow()
                self._settle(feed, moment)
                self._feed = feed
            return self._version

    def _begun(self, moment: Moment) -> HeatFeed:
        outline = self.outlines.whole
        left, top, right, bottom = (0.0, 0.0, 0.0, 0.0) if outline is None else outline.bounds
        (west, east), (north, south) = pixels_to_lonlat([left, right], [top, bottom], 0, tile_size=1)
        bins = Bins.over((float(west), float(south), float(east), float(north)))
        return HeatFeed(self.reader.engine, moment.areas, moment.zone, bins, self._clock)

    def _settle(self, feed: HeatFeed, moment: Moment) -> None:
        """Compare with the counts, where both are of the same commit; read again what a comparison finds missing."""
        self._version = moment.snapshot.version
        if self._agree(feed):
            self._in_vain = False
            return
        feed.marked()
        if self._agree(feed) or self._in_vain:
            return
        feed.fill()
        if not self._agree(feed):
            self._in_vain = True  # the counts are wrong, and reading everything after each write would not mend them
            log.warning("heat points differ from the counts", mend="python app.py counts verify")

    def _agree(self, feed: HeatFeed) -> bool:
        now = self.reader.moment().snapshot
        if now.version != self._version:
            return True
        everything = Slice(((0, len(now.areas)),))
        names = ("reported", "ended", "overdue_in", "overdue_out")
        counted = now.totals(names, None, LAST_DAY, everything)
        return feed.points.totals == Totals(*(counted[name] for name in names))

    def _counted(self, heat: Heat) -> Ints:
        def make() -> Ints:
            with self._lock:
                assert self._feed is not None  # noqa: S101  `_heat` began it
                return self._feed.points.counts(heat.pick)

        return self._counts.get(heat, make)

    def _field(self, heat: Heat, zoom: int) -> Field:
        assert self._feed is not None  # noqa: S101  `_heat` began it
        bins = self._feed.bins
        _, lat = pixels_to_lonlat(bins.left, bins.top + bins.side * bins.rows / 2, 0, tile_size=1)
        level = level_of(bins, metres_per_pixel(float(lat), zoom))
        return self._fields.get((heat, level), lambda: field_of(self._counted(heat)[: len(bins)], bins, level))


def _short(value: float) -> float:
    """Three significant digits."""
    return float(f"{value:.3g}") if math.isfinite(value) else value


def _touch(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]
