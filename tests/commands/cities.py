"""What the figures of the real cities should be, by pandas over the files as they were published."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

AMPM, ISO = "%m/%d/%Y %I:%M:%S %p", "%Y-%m-%d %H:%M:%S"
LA = {"2017-12": AMPM, "2018-01": AMPM, "2018-12": AMPM, "2020-01": ISO}
BOSTON_PIN = ("42.3594", "-71.0587")
COUNTED_NOTHING = {"hazards": 0, "response_days_mean": None, "response_days_median": None, "satisfaction": None,
                   "rated": 0, "online_rate": None}  # fmt: skip
"""What no column of these exports says: figures without a denominator, and no hazards."""


def raw(path: Path) -> pd.DataFrame:
    """A file as text."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def moments(texts: pd.Series, form: str, zone: str) -> pd.Series:
    """Instants of local times; of the doubled hour in autumn the first."""
    naive = pd.to_datetime(texts.str.slice(0, 22).where(texts != ""), format=form)
    return naive.dt.tz_localize(zone, ambiguous=np.ones(len(naive), bool), nonexistent="shift_forward")


def kept_boston(folder: Path) -> pd.DataFrame:
    """The requests that are no contradiction: opened, closed (NaT while open), pin, longitude, latitude."""
    table = raw(folder / "events_boston_311_2015.csv.gz")
    opened, closed = (moments(table[name], AMPM, "America/New_York") for name in ("OPEN_DT", "CLOSED_DT"))
    is_closed = table["CASE_STATUS"] == "Closed"
    found = pd.DataFrame({
        "opened": opened, "closed": closed.where(is_closed),
        "pin": (table["LATITUDE"] == BOSTON_PIN[0]) & (table["LONGITUDE"] == BOSTON_PIN[1]),
        "longitude": pd.to_numeric(table["LONGITUDE"]), "latitude": pd.to_numeric(table["LATITUDE"]),
    })  # fmt: skip
    return found[~(closed < opened) & ~(is_closed & closed.isna())]


def kept_los_angeles(folder: Path, month: str) -> pd.DataFrame:
    """One export, cancelled requests left out, because they count in nothing; referred ones count as reported."""
    table = raw(folder / f"events_la_311_{month}.csv.gz").rename(columns=str.lower)
    created, closed, updated = (
        moments(table[f"{name}date"], LA[month], "America/Los_Angeles") for name in ("created", "closed", "updated")
    )
    ended = table["status"].isin(["Closed", "Referred Out"])
    if month == "2020-01":
        closed = closed.where(~ended | closed.notna(), updated)
    found = pd.DataFrame({"opened": created, "closed": closed.where(table["status"] == "Closed")})
    return found[~(closed < created) & ~(ended & closed.isna()) & (table["status"] != "Cancelled")]


def by_month(kept: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Month → reported and closed, for every month from the first report to the last closing."""
    reported, closed = (kept[name].dropna().dt.strftime("%Y-%m").value_counts() for name in ("opened", "closed"))
    names = pd.period_range(min(reported.index), max([*reported.index, *closed.index]), freq="M").strftime("%Y-%m")
    return {name: {"reported": int(reported.get(name, 0)), "closed": int(closed.get(name, 0))} for name in names}


def summed(parts: list[dict[str, dict[str, int]]]) -> dict[str, dict[str, int]]:
    """The months of several exports together."""
    table = pd.concat([pd.DataFrame(part).T for part in parts]).groupby(level=0).sum()
    names = pd.period_range(table.index.min(), table.index.max(), freq="M").strftime("%Y-%m")
    return {
        name: {str(k): int(n) for k, n in row.items()} for name, row in table.reindex(names, fill_value=0).T.items()
    }


def neighbourhoods(folder: Path, kept: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Code of a neighbourhood → its requests, by shapely; pins lie in none."""
    shapes = gpd.read_file(folder / "boundaries_boston_neighborhoods.geojson")
    placed = kept[~kept["pin"]]
    points = shapely.points(placed["longitude"], placed["latitude"])
    return {
        str(code): placed[shapely.intersects(shapely.make_valid(shape), points)]
        for code, shape in zip(shapes["OBJECTID"], shapes.geometry, strict=True)
    }
