"""The city of four squares with paths: a street with two offices at it, a bridge over it, and one that lies apart.

::

    1500        |bridge                  metres from the city's corner
    1000  o1    |        o2
          +-----|--------+               the street, from 200 to 1800
     500        |
     300                       +--+      the lonely path, from 1900 to 1950
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import shapely

from geo_lookup.crs import LONLAT, transform
from tests.toy_city import CORNER, MANIFEST, TABLES, write_toy_city

X, Y = CORNER

LAYER = """
[layers.paths]
path = "paths.geojson"
crs = 31370
"""

STREET = shapely.LineString([(X + 200, Y + 1000), (X + 600, Y + 1000), (X + 1800, Y + 1000)])
BRIDGE = shapely.LineString([(X + 700, Y + 500), (X + 700, Y + 1500)])
LONELY = shapely.LineString([(X + 1900, Y + 300), (X + 1950, Y + 300)])
OFFICES = {"o1": (X + 300, Y + 1010), "o2": (X + 1500, Y + 1020)}


def features(*shapes: shapely.Geometry | None) -> str:
    """Lines as a GeoJSON file, in EPSG:31370 without saying so."""
    listed = [
        {"type": "Feature", "properties": {"name": f"path {number}"},
         "geometry": None if shape is None else json.loads(shapely.to_geojson(shape))}
        for number, shape in enumerate(shapes, 1)
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": listed})


def offices(places: dict[str, tuple[float, float]]) -> str:
    """The table of offices, with some of them in other places."""
    header, *rows = TABLES["offices.csv"].splitlines()
    moved = []
    for row in rows:
        fields = row.split(",")
        lon, lat = transform(*places[fields[0]], 31370, LONLAT)
        begin = len(fields) - 6  # the address holds a comma
        moved.append(",".join([*fields[:begin], repr(lon), repr(lat), *fields[begin + 2 :]]))
    return "\n".join([header, *moved, ""])


def write_walkable_city(folder: Path, *shapes: shapely.Geometry | None, **files: Any) -> Path:
    """Write the edition; `shapes` are other lines than these, `files` as of `write_toy_city`."""
    files = {"manifest": MANIFEST + LAYER, "offices": offices(OFFICES)} | files
    write_toy_city(folder, **files)
    (folder / "paths.geojson").write_text(features(*(shapes or (STREET, BRIDGE, LONELY))))
    return folder
