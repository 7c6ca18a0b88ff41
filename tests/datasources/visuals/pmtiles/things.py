"""Two points, a road and a ring. To have them written anew by GDAL: python -m tests.datasources.visuals.pmtiles.things FILE"""

import sys

import geopandas as gpd
import shapely

THINGS = {
    "gate": shapely.Point(114.300, 30.500),
    "well": shapely.Point(114.305, 30.505),
    "road": shapely.LineString([(114.300, 30.500), (114.320, 30.520)]),
    "park": shapely.Point(114.310, 30.510).buffer(0.005).difference(shapely.Point(114.310, 30.510).buffer(0.002)),
}
BOX = (114.29, 30.49, 114.33, 30.53)


def write(path: str) -> None:
    """The archive: its one layer is called things."""
    frame = gpd.GeoDataFrame(
        {"name": list(THINGS), "metres": [-3, 4, 0, 7], "share": [0.5, 1.5, 2.5, 3.5]},
        geometry=list(THINGS.values()),
        crs=4326,
    )
    frame.to_file(path, driver="PMTiles", engine="pyogrio", layer="things", MINZOOM=8, MAXZOOM=14)


if __name__ == "__main__":
    write(sys.argv[1])
