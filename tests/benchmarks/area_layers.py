"""The layers of the area bench, and chance points in them; always the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray

from geo_lookup.area_index import AreaIndex
from geo_lookup.cell_points import OUTSIDE
from geo_lookup.crs import reference_system
from geo_lookup.model import Area, AreaKind
from tests.benchmarks.invented_areas import winding_areas
from tests.real_editions import REAL_DATA

SEED = 20261125
LAMBERT_72 = 31370
FLANDERS = REAL_DATA / "flanders" / "wijken_2025.shp"
MOSTLY_FILLED = 0.9

Coordinates = NDArray[np.float64]


class Points(NamedTuple):
    """The same points in metres and in degrees."""

    xs: Coordinates
    ys: Coordinates
    lons: Coordinates
    lats: Coordinates


def city() -> list[Area]:
    """Thirty invented neighbourhoods, 14 km across."""
    return winding_areas(30, 14_000, 7)


def region() -> list[Area]:
    """Twenty thousand invented neighbourhoods, 120 km across."""
    return winding_areas(20_000, 120_000, 3)


def flanders() -> list[Area]:
    """The real neighbourhoods of Flanders; none where their file is not on this machine."""
    if not FLANDERS.exists():
        return []
    shapes = geopandas.read_file(FLANDERS, columns=[]).geometry
    return [Area(f"{number:05}", "", AreaKind.NEIGHBOURHOOD, None, shape) for number, shape in enumerate(shapes)]


def described(areas: Sequence[Area]) -> str:
    """How many polygons a layer has, and how large they are."""
    corners = shapely.get_num_coordinates([area.geometry for area in areas]).mean()
    return f"{len(areas):,} polygons of {corners:,.0f} corners"


def points_in(index: AreaIndex, count: int) -> Points:
    """So many points in the box of a layer; without those in no area, where these are more than a few."""
    west, south, east, north = shapely.total_bounds([area.geometry for area in index.areas])
    random = np.random.default_rng(SEED)
    xs, ys = random.uniform(west, east, count), random.uniform(south, north, count)
    inside = index.locate(xs, ys) != OUTSIDE
    if inside.mean() < MOSTLY_FILLED:
        xs, ys = xs[inside], ys[inside]
    system = reference_system(LAMBERT_72)
    degrees = system.to_lonlat(xs, ys)
    return Points(*system.from_lonlat(*degrees), *degrees)  # up to half a millimetre from where they were drawn
