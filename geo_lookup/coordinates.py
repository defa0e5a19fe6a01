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
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from geo_lookup.crs import LONLAT, reference_system
from geo_lookup.errors import CoordinateError

MARGIN_DEGREES = 1.0
"""How far outside a CRS's area of use its coordinates are still taken: a neighbouring country's are."""

FAMILIAR = {LONLAT: "longitude and latitude", 31370: "Lambert 72", 3812: "Lambert 2008", 3857: "Web Mercator"}
"""The CRSs that coordinates in Belgium are likely to be in, by the names their users give them."""

Degrees = TypeVar("Degrees", float, NDArray[np.float64])
Box = tuple[float, float, float, float]
"""West, south, east and north in degrees."""


@dataclass(frozen=True, slots=True)
class Territory:
    """Where an edition's coordinates are expected: the box around its city, and its metric CRS."""

    city: str
    box: Box
    metric_crs: int


def in_area_of_use(lon: Degrees, lat: Degrees, epsg: int, margin: float = MARGIN_DEGREES) -> Any:
    """Tell which points lie in a CRS's area of use, give or take `margin` degrees."""
    west, south, east, north = reference_system(epsg).bounds
    return _in_box(lon, lat, (west - margin, south - margin, east + margin, north + margin))


def outside_area_of_use(epsg: int) -> str:
    """Say what is wrong with something that lies outside a CRS's area of use, as the end of a sentence."""
    west, south, east, north = reference_system(epsg).bounds
    return (
        f"lies outside the area where EPSG:{epsg} is used (longitude {west:g} to {east:g}, latitude {south:g} to "
        f"{north:g}); its CRS is another one than stated, or its axes are swapped."
    )


def _in_box(lon: Degrees, lat: Degrees, box: Box) -> Any:
    west, south, east, north = box
    return (west <= lon) & (lon <= east) & (south <= lat) & (lat <= north)


def read_point(x: object, y: object, crs: int, territory: Territory) -> tuple[float, float]:
    """Turn one pair of coordinates into longitude and latitude, or raise `CoordinateError`.

    The error names the likely reading: swapped axes, or another CRS. A point that simply lies elsewhere in
    the world is no error.
    """
    first, second = _finite(x, crs), _finite(y, crs)
    system = reference_system(crs)
    if system.geographic and not (abs(first) <= 180 and abs(second) <= 90):
        lon = lat = math.inf
    else:
        lon, lat = system.to_lonlat(first, second)
    if not _in_box(lon, lat, territory.box):
        _check(np.array([first]), np.array([second]), np.array([lon]), np.array([lat]), crs, territory)
    return lon, lat


def read_points(
    xs: NDArray[np.float64], ys: NDArray[np.float64], crs: int, territory: Territory
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Turn columns of coordinates into longitudes and latitudes, or raise `CoordinateError`.

    A row with a NaN is missing and stays NaN. The rows are judged together: they are in another CRS than
    said, or swapped, where none lies in the city as said and at least half of them would otherwise.
    """
    missing = np.isnan(xs) | np.isnan(ys)
    if not np.isfinite(xs[~missing]).all() or not np.isfinite(ys[~missing]).all():
        raise CoordinateError(f"{_names(crs)} must be finite numbers.")
    xs, ys = np.where(missing, np.nan, xs), np.where(missing, np.nan, ys)
    lon, lat = _read_as(crs, xs, ys)
    present = np.flatnonzero(~missing)
    _check(xs[present], ys[present], lon[present], lat[present], crs, territory, present)
    return np.where(missing, np.nan, lon), np.where(missing, np.nan, lat)


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


def _check(
    xs: NDArray[np.float64],
    ys: NDArray[np.float64],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    crs: int,
    territory: Territory,
    positions: NDArray[np.int64] | None = None,
) -> None:
    """Raise `CoordinateError` where the rows are likely meant otherwise, or lie out of their CRS's range.

    `positions` are those of the rows in their column, which the error counts from 0.
    """
    if not len(xs):
        return
    home = bool(_in_box(lon, lat, territory.box).any())
    reading = None if home else _likely_reading(xs, ys, lon, lat, crs, territory)
    strange = ~in_area_of_use(lon, lat, crs)
    if reading is None and not strange.any():
        return
    some = ""
    if positions is not None and reading is None:
        some = f"{strange.sum()} of {len(xs)} points, the first in row {positions[strange][0]} counted from 0: "
    if crs == LONLAT and strange.any():
        problem = "longitude must lie between -180 and 180 and latitude between -90 and 90"
    elif strange.any():
        problem = f"these coordinates lie outside the area where EPSG:{crs} is used"
    else:
        problem = f"as sent, this lies far from {territory.city}"
    raise CoordinateError(f"{some}{problem}; {reading}." if reading else f"{some}{problem}.")


def _likely_reading(
    xs: NDArray[np.float64],
    ys: NDArray[np.float64],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    crs: int,
    territory: Territory,
) -> str | None:
    """The reading that brings at least half of the rows home, none of which lies in the city as sent.

    Home is the city; where no reading leads there, and no row lies where the metric CRS is used, it is that area.
    """
    homes = [territory.box]
    if not in_area_of_use(lon, lat, territory.metric_crs, margin=0.0).any():
        homes.append(reference_system(territory.metric_crs).bounds)
    for home in homes:
        for epsg, swapped in _readings(crs, territory):
            there = _read_as(epsg, *((ys, xs) if swapped else (xs, ys)))
            if 2 * _in_box(*there, home).sum() >= len(xs):
                return _describe(epsg, swapped, crs)
    return None


def _read_as(
    epsg: int, xs: NDArray[np.float64], ys: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Degrees out of the coordinates of a CRS; infinite where a longitude or latitude cannot be one."""
    system = reference_system(epsg)
    if not system.geographic:
        return system.to_lonlat(xs, ys)
    absurd = (np.abs(xs) > 180) | (np.abs(ys) > 90)
    lon, lat = system.to_lonlat(np.where(absurd, 0.0, xs), np.where(absurd, 0.0, ys))
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
