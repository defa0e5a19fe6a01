"""Points, in degrees and in the metric CRS, and where those of a city are expected."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from numbers import Real
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from geo_lookup.crs import LONLAT, reference_system
from geo_lookup.errors import CoordinateError

MARGIN_DEGREES = 1.0
"""How far outside a CRS's area of use its coordinates are still taken: a neighbouring country's are."""

DEGREE_M = 111_200.0
"""About how long a degree of latitude is, good to the percent."""

COMPACT = 0.02
"""The share of the area where the metric CRS is used that a city may fill and still be told from its mirror image."""

FAMILIAR = {LONLAT: "longitude and latitude", 31370: "Lambert 72", 3812: "Lambert 2008", 3857: "Web Mercator"}
"""The CRSs that coordinates in Belgium are likely to be in, by the names their users give them."""

Column = NDArray[np.float64]
Value = TypeVar("Value", float, Column)
Box = tuple[float, float, float, float]
"""West, south, east and north."""

NOWHERE: Box = (math.inf, math.inf, -math.inf, -math.inf)
"""A box that no point lies in."""


@dataclass(frozen=True, slots=True)
class Territory:
    """Where an edition's coordinates are expected: the box around its city in degrees, and its metric CRS."""

    city: str
    box: Box
    metric_crs: int

    @property
    def compact(self) -> bool:
        """Whether the city is so small that a point of the region does not come home by chance when read otherwise."""
        return _size(self.box) < COMPACT * _size(reference_system(self.metric_crs).bounds)

    def box_in(self, epsg: int) -> Box:
        """The box around the city in coordinates of a CRS; one without points where that CRS is not used there."""
        return self.box if epsg == LONLAT else _box_where_used(self.box, epsg)


def _size(box: Box) -> float:
    west, south, east, north = box
    return (east - west) * (north - south)


@lru_cache(maxsize=256)
def _box_where_used(box: Box, epsg: int) -> Box:
    """The box around a box of degrees, unless the CRS is of no use there and its coordinates mean nothing."""
    west, south, east, north = box
    used = in_area_of_use(west, south, epsg) and in_area_of_use(east, north, epsg)
    return box_around(box, epsg) if used else NOWHERE


def box_around(box: Box, epsg: int) -> Box:
    """The box around a box of degrees in coordinates of a CRS; sides that bend are followed."""
    west, south, east, north = box
    lons, lats = np.meshgrid(np.linspace(west, east, 25), np.linspace(south, north, 25))
    xs, ys = reference_system(epsg).from_lonlat(lons.ravel(), lats.ravel())
    return float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max())


def in_area_of_use(lon: Value, lat: Value, epsg: int, margin: float = MARGIN_DEGREES) -> Any:
    """Tell which points lie in a CRS's area of use, give or take `margin` degrees."""
    west, south, east, north = reference_system(epsg).bounds
    return in_box(lon, lat, (west - margin, south - margin, east + margin, north + margin))


def outside_area_of_use(epsg: int) -> str:
    """Say what is wrong with something that lies outside a CRS's area of use, as the end of a sentence."""
    west, south, east, north = reference_system(epsg).bounds
    return (
        f"lies outside the area where EPSG:{epsg} is used (longitude {west:g} to {east:g}, latitude {south:g} to "
        f"{north:g}); its CRS is another one than stated, or its axes are swapped."
    )


def in_box(x: Value, y: Value, box: Box) -> Any:
    """Tell which points lie in a box; none that is not a number."""
    west, south, east, north = box
    return (west <= x) & (x <= east) & (south <= y) & (y <= north)


def all_in_box(xs: Column, ys: Column, box: Box) -> bool:
    """Tell whether all points lie in a box; not where one is not a number."""
    west, south, east, north = box
    if not len(xs):
        return True
    return bool(west <= xs.min() and xs.max() <= east and south <= ys.min() and ys.max() <= north)


class Located(NamedTuple, Generic[Value]):
    """A point, or columns of points: in degrees, and in the metric CRS.

    `x` and `y` are the numbers that were sent where they were sent in the metric CRS, so that nothing is lost
    on the way; NaN where that CRS is of no use.
    """

    lon: Value
    lat: Value
    x: Value
    y: Value


def locate(xs: Column, ys: Column, crs: int, territory: Territory) -> Located[Column]:
    """Locate coordinates of a CRS, whatever they are: degrees are infinite where they cannot be some."""
    lon, lat = read_as(crs, xs, ys)
    metric = (xs, ys) if crs == territory.metric_crs else reference_system(territory.metric_crs).from_lonlat(lon, lat)
    useful = in_area_of_use(lon, lat, territory.metric_crs)
    return Located(lon, lat, *(np.where(useful, column, np.nan) for column in metric))


def locate_one(x: float, y: float, crs: int, territory: Territory) -> Located[float]:
    """The same for one point in or around the city."""
    lon, lat = (x, y) if crs == LONLAT else reference_system(crs).to_lonlat(x, y)
    metric = (x, y) if crs == territory.metric_crs else reference_system(territory.metric_crs).from_lonlat(lon, lat)
    return Located(lon, lat, *metric)


def read_as(epsg: int, xs: Column, ys: Column) -> tuple[Column, Column]:
    """Degrees out of the coordinates of a CRS; infinite where they cannot be some, NaN where there are none."""
    system = reference_system(epsg)
    absurd = ~np.isnan(xs) & ~in_box(xs, ys, system.extent)
    lon, lat = system.to_lonlat(np.where(absurd, np.nan, xs), np.where(absurd, np.nan, ys))
    return np.where(absurd, np.inf, lon), np.where(absurd, np.inf, lat)


def read_finite(value: object, crs: int) -> float:
    """One coordinate, which must be a finite number; raises `CoordinateError`."""
    if type(value) is float and math.isfinite(value):
        return value
    try:
        number = float(value) if isinstance(value, Real) and not isinstance(value, bool | np.bool_) else math.nan
    except OverflowError:  # an integer of more than 300 digits
        number = math.inf
    if not math.isfinite(number):
        raise CoordinateError(must_be_finite(crs))
    return number


def must_be_finite(crs: int) -> str:
    """Say that coordinates of a CRS must be finite numbers."""
    return f"{'lon and lat' if crs == LONLAT else 'x and y'} must be finite numbers."
