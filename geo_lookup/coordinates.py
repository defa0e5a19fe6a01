"""Are these numbers a point, and in the CRS they are said to be in?

Swapped axes and coordinates of another CRS transform without an error, and land far away. So numbers that
do not lie in the city are read the other ways they could have been meant, and where such a reading brings
them home the error names it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from numbers import Real
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from geo_lookup.crs import LONLAT, reference_system
from geo_lookup.errors import CoordinateError

MARGIN_DEGREES = 1.0
"""How far outside a CRS's area of use its coordinates are still taken: a neighbouring country's are."""

COMPACT = 0.02
"""The share of the area where the metric CRS is used that a city may fill and still be told from its mirror image."""

FAMILIAR = {LONLAT: "longitude and latitude", 31370: "Lambert 72", 3812: "Lambert 2008", 3857: "Web Mercator"}
"""The CRSs that coordinates in Belgium are likely to be in, by the names their users give them."""

Column = NDArray[np.float64]
Value = TypeVar("Value", float, Column)
Box = tuple[float, float, float, float]
"""West, south, east and north in degrees."""


@dataclass(frozen=True, slots=True)
class Territory:
    """Where an edition's coordinates are expected: the box around its city, and its metric CRS."""

    city: str
    box: Box
    metric_crs: int

    @property
    def compact(self) -> bool:
        """Whether the city is so small that a point of the region does not come home by chance when read otherwise."""
        return _size(self.box) < COMPACT * _size(reference_system(self.metric_crs).bounds)


def _size(box: Box) -> float:
    west, south, east, north = box
    return (east - west) * (north - south)


def in_area_of_use(lon: Value, lat: Value, epsg: int, margin: float = MARGIN_DEGREES) -> Any:
    """Tell which points lie in a CRS's area of use, give or take `margin` degrees."""
    west, south, east, north = reference_system(epsg).bounds
    return _in_box(lon, lat, (west - margin, south - margin, east + margin, north + margin))


def in_territory(lon: Value, lat: Value, territory: Territory) -> Any:
    """Tell which points lie in the box around the city."""
    return _in_box(lon, lat, territory.box)


def inside_territory(lons: Column, lats: Column, territory: Territory) -> bool:
    """Tell whether all points, in degrees, lie in the box around the city; not where one is missing."""
    west, south, east, north = territory.box
    if not len(lons):
        return True
    return bool(west <= lons.min() and lons.max() <= east and south <= lats.min() and lats.max() <= north)


def outside_area_of_use(epsg: int) -> str:
    """Say what is wrong with something that lies outside a CRS's area of use, as the end of a sentence."""
    west, south, east, north = reference_system(epsg).bounds
    return (
        f"lies outside the area where EPSG:{epsg} is used (longitude {west:g} to {east:g}, latitude {south:g} to "
        f"{north:g}); its CRS is another one than stated, or its axes are swapped."
    )


def _in_box(lon: Value, lat: Value, box: Box) -> Any:
    west, south, east, north = box
    return (west <= lon) & (lon <= east) & (south <= lat) & (lat <= north)


class Located(NamedTuple, Generic[Value]):
    """A point, or columns of points: in degrees, and in the metric CRS.

    `x` and `y` are the numbers that were sent where they were sent in the metric CRS, so that nothing is lost
    on the way; NaN where that CRS is of no use.
    """

    lon: Value
    lat: Value
    x: Value
    y: Value


def read_point(x: object, y: object, crs: int, territory: Territory) -> Located[float]:
    """Locate one pair of coordinates, or raise `CoordinateError`.

    The error names the likely reading: swapped axes, or another CRS. A point that simply lies elsewhere in
    the world is no error.
    """
    xs, ys = (np.array([_finite(value, crs)]) for value in (x, y))
    return Located(*(float(column[0]) for column in _locate(xs, ys, crs, territory)))


def read_points(xs: Column, ys: Column, crs: int, territory: Territory) -> Located[Column]:
    """Locate columns of coordinates, or raise `CoordinateError`. A row with a NaN is missing and stays NaN.

    A row is misread where it lies outside the area in which the metric CRS is used, and inside when read
    otherwise. All rows are misread where none lies in the city and at least half of them would otherwise.
    """
    missing = np.isnan(xs) | np.isnan(ys)
    if not (np.isfinite(xs) & np.isfinite(ys) | missing).all():
        raise CoordinateError(f"{_names(crs)} must be finite numbers.")
    return _locate(np.where(missing, np.nan, xs), np.where(missing, np.nan, ys), crs, territory)


def trusted_points(xs: Column, ys: Column, crs: int, territory: Territory) -> Located[Column]:
    """Locate coordinates that were checked when they were read, such as those of a register."""
    return _placed(xs, ys, *_read_as(crs, xs, ys), crs, territory)


def _locate(xs: Column, ys: Column, crs: int, territory: Territory) -> Located[Column]:
    lon, lat = _read_as(crs, xs, ys)
    if not _in_box(lon, lat, territory.box).all():
        _check(xs, ys, lon, lat, crs, territory)
    return _placed(xs, ys, lon, lat, crs, territory)


def _placed(xs: Column, ys: Column, lon: Column, lat: Column, crs: int, territory: Territory) -> Located[Column]:
    metric = (xs, ys) if crs == territory.metric_crs else reference_system(territory.metric_crs).from_lonlat(lon, lat)
    useful = in_area_of_use(lon, lat, territory.metric_crs)
    return Located(lon, lat, *(np.where(useful, column, np.nan) for column in metric))


def _names(crs: int) -> str:
    return "lon and lat" if crs == LONLAT else "x and y"


def _finite(value: object, crs: int) -> float:
    try:
        number = float(value) if isinstance(value, Real) and not isinstance(value, bool | np.bool_) else math.nan
    except OverflowError:  # an integer of more than 300 digits
        number = math.inf
    if not math.isfinite(number):
        raise CoordinateError(f"{_names(crs)} must be finite numbers.")
    return number


def _check(xs: Column, ys: Column, lon: Column, lat: Column, crs: int, territory: Territory) -> None:
    """Raise `CoordinateError` where rows are likely meant otherwise, or lie out of their CRS's range."""
    present = ~np.isnan(xs)
    out_of_range = present & ~in_area_of_use(lon, lat, crs)
    reading, faulty = _likely_reading(xs, ys, lon, lat, crs, territory)
    if reading is None:
        faulty = out_of_range
    if not faulty.any():
        return
    if not out_of_range[faulty].any():
        problem = f"as sent, this lies far from {territory.city}"
    elif crs == LONLAT:
        problem = "longitude must lie between -180 and 180 and latitude between -90 and 90"
    else:
        problem = f"these coordinates lie outside the area where EPSG:{crs} is used"
    if faulty.sum() < present.sum():
        first = np.flatnonzero(faulty)[0]
        problem = f"{faulty.sum()} of {present.sum()} points, the first in row {first} counted from 0: {problem}"
    raise CoordinateError(f"{problem}; {reading}." if reading else f"{problem}.")


def _likely_reading(
    xs: Column, ys: Column, lon: Column, lat: Column, crs: int, territory: Territory
) -> tuple[str | None, NDArray[np.bool_]]:
    """How rows were likely meant, if not as sent, and which rows; None where there is no such reading."""
    present = ~np.isnan(xs)
    readings = list(_readings(crs, territory))
    astray = not _in_box(lon, lat, territory.box).any()
    likely = astray and (territory.compact or not in_area_of_use(lon, lat, territory.metric_crs, margin=0.0).any())
    for epsg, swapped in readings if likely else ():
        there = _read_as(epsg, *((ys, xs) if swapped else (xs, ys)))
        if 2 * _in_box(*there, territory.box).sum() >= max(1, present.sum()):
            return _describe(epsg, swapped, crs), present
    away = np.flatnonzero(present & ~in_area_of_use(lon, lat, territory.metric_crs, margin=0.0))
    for epsg, swapped in readings if len(away) else ():
        there = _read_as(epsg, *((ys[away], xs[away]) if swapped else (xs[away], ys[away])))
        misread = np.zeros(len(xs), dtype=bool)
        misread[away] = in_area_of_use(*there, territory.metric_crs, margin=0.0)
        if misread.any():
            return _describe(epsg, swapped, crs), misread
    return None, present


def _read_as(epsg: int, xs: Column, ys: Column) -> tuple[Column, Column]:
    """Degrees out of the coordinates of a CRS; infinite where they cannot be some, NaN where there are none."""
    system = reference_system(epsg)
    absurd = ~np.isnan(xs) & ~_in_box(xs, ys, system.extent)
    lon, lat = system.to_lonlat(np.where(absurd, np.nan, xs), np.where(absurd, np.nan, ys))
    return np.where(absurd, np.inf, lon), np.where(absurd, np.inf, lat)


def _readings(crs: int, territory: Territory) -> Iterator[tuple[int, bool]]:
    others = [epsg for epsg in {**FAMILIAR, territory.metric_crs: ""} if epsg != crs]
    yield crs, True
    yield from ((epsg, swapped) for swapped in (False, True) for epsg in others)


def _describe(epsg: int, swapped: bool, crs: int) -> str:
    name = FAMILIAR.get(epsg, reference_system(epsg).name)
    if epsg == crs:
        return "latitude and longitude look swapped" if reference_system(epsg).geographic else "x and y look swapped"
    how = " with the axes swapped" if swapped else ""
    return f"these look like {name}{how} (EPSG:{epsg})"
