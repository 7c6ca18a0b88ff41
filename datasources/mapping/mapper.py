"""A source's mapping: page → batch."""

from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd

from config_sources import SourceSettings
from datasources.contract import Batch, Page
from datasources.mapping import rules
from datasources.mapping.fields import read_fields
from datasources.mapping.rejects import Rejects, rejected_frame
from datasources.mapping.rows import rows_of
from geo.crs import WGS84, frame_to_wgs84, to_wgs84


class Mapping:
    """Maps the pages of one source.

    zone: of times that carry none; without it the source's own timezone.
    """

    def __init__(self, spec: SourceSettings, zone: ZoneInfo | None = None) -> None:
        self.spec = spec
        self.zone = zone or ZoneInfo(spec.timezone)

    def apply(self, page: Page, now: int) -> Batch:
        """Map a page; now: epoch seconds, for rows that lie ahead.

        Raises BadDataError when a column that the mapping names is not there (before any row is kept).
        """
        rows = rows_of(page, self.spec)
        rejects = Rejects(len(rows))
        fields = read_fields(rows, self.zone, rejects)
        if self.spec.taken_as == "reading":
            _name_readings(fields)
        rules.apply(self.spec, fields, rejects, now)
        _to_wgs84(fields, self.spec.crs)
        numbers, accepted = rows.row_numbers(), np.flatnonzero(rejects.accepted)
        rejected = rejected_frame(rejects, rows.raw, fields["external_id"], page, numbers)
        return Batch(
            record=self.spec.taken_as,
            frame=_accepted(fields, rejects.accepted),
            rejected=rejected,
            raw=lambda positions: rows.raw(accepted[positions]),
            rows=numbers[accepted],
            read=len(rows) + len(page.unreadable) + rows.empty,
            empty=rows.empty,
            cursor=page.cursor,
            origin=page.origin,
            done=page.done,
            total=page.total,
            gap=page.gap,
            receipt=page.receipt,
        )


def _accepted(fields: dict[str, np.ndarray], accepted: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(values[accepted], dtype=values.dtype) for name, values in fields.items()})


def _to_wgs84(fields: dict[str, np.ndarray], crs: str) -> None:
    """Points and geometries, declared in `crs`, as WGS-84: converted once, on entry."""
    if crs == WGS84:
        return
    if "longitude" in fields:
        fields["longitude"], fields["latitude"] = to_wgs84(fields["longitude"], fields["latitude"], crs)
    if "geometry" in fields:
        shapes = gpd.GeoSeries(fields["geometry"]).set_crs(WGS84)
        fields["geometry"] = frame_to_wgs84(gpd.GeoDataFrame(geometry=shapes), crs).geometry.to_numpy(object)


def _name_readings(fields: dict[str, np.ndarray]) -> None:
    """A reading without an id of its own is known by sensor, measure and time."""
    ids, moments = fields["external_id"], fields["observed_at"]
    for row in np.flatnonzero(pd.isna(ids) & ~np.isnan(moments)):
        ids[row] = f"{fields['sensor'][row]}/{fields['measure'][row]}/{int(moments[row])}"
