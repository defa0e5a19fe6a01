"""Coordinate reference systems: the only place that knows pyproj.

Every CRS is tied to longitude and latitude (EPSG:4326) by one pinned operation, the best that needs no
grid file. So a transformation between two projected CRSs always goes by way of longitude and latitude,
and the same numbers give the same point on every machine, whatever grids happen to be installed there.
Axes are always in the order x (east, longitude), y (north, latitude).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.enums import TransformDirection
from pyproj.exceptions import CRSError
from pyproj.transformer import TransformerGroup

from geo_lookup.errors import CoordinateError

LONLAT = 4326
"""The EPSG code of longitude and latitude on WGS 84."""

Coordinate = TypeVar("Coordinate", float, NDArray[np.float64])


@dataclass(frozen=True)
class ReferenceSystem:
    """A horizontal CRS with the one operation that ties it to longitude and latitude.

    `bounds` is its area of use as (west, south, east, north) in degrees; `accuracy_m` is the accuracy of
    the operation in metres as EPSG states it, -1 where it is not known.
    """

    epsg: int
    name: str
    bounds: tuple[float, float, float, float]
    geographic: bool
    metric: bool
    operation: str
    accuracy_m: float
    _transformer: Transformer | None

    def from_lonlat(self, lon: Coordinate, lat: Coordinate) -> tuple[Coordinate, Coordinate]:
        """Turn degrees into this CRS; infinite where the projection is not defined."""
        return self._transform(lon, lat, TransformDirection.FORWARD)

    def to_lonlat(self, x: Coordinate, y: Coordinate) -> tuple[Coordinate, Coordinate]:
        """Turn coordinates of this CRS into degrees; infinite where the projection is not defined."""
        return self._transform(x, y, TransformDirection.INVERSE)

    def _transform(self, x: Coordinate, y: Coordinate, direction: TransformDirection) -> tuple[Coordinate, Coordinate]:
        if self._transformer is None:
            return x, y
        moved: tuple[Coordinate, Coordinate] = self._transformer.transform(x, y, direction=direction)
        return moved


@lru_cache(maxsize=64)
def reference_system(epsg: int) -> ReferenceSystem:
    """Look up a CRS by its EPSG code.

    Raises `CoordinateError` for a code that EPSG does not know, for a CRS that is not two-dimensional and
    horizontal, and for one that no operation without a grid ties to longitude and latitude.
    """
    try:
        crs = CRS.from_epsg(epsg)
    except CRSError:
        raise CoordinateError(
            "crs must be an EPSG code, such as 4326, 31370 (Lambert 72) or 3812 (Lambert 2008)."
        ) from None
    if not (crs.is_geographic or crs.is_projected) or len(crs.axis_info) != 2 or crs.area_of_use is None:
        raise CoordinateError(f"EPSG:{epsg} ({crs.name}) is not a horizontal, two-dimensional CRS.")
    transformer = None if epsg == LONLAT else _pinned_operation(epsg)
    return ReferenceSystem(
        epsg=epsg,
        name=crs.name,
        bounds=crs.area_of_use.bounds,
        geographic=crs.is_geographic,
        metric=crs.is_projected and all(axis.unit_name == "metre" for axis in crs.axis_info),
        operation=transformer.description if transformer else "none",
        accuracy_m=transformer.accuracy if transformer else 0.0,
        _transformer=transformer,
    )


def _pinned_operation(epsg: int) -> Transformer:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # pyproj warns of better operations that need a grid
        operations = TransformerGroup(LONLAT, epsg, always_xy=True).transformers
    for operation in operations:
        if "grids=" not in operation.definition:
            return operation
    raise CoordinateError(f"EPSG:{epsg} is tied to longitude and latitude by grid files only.")


def transform(x: Coordinate, y: Coordinate, source: int, target: int) -> tuple[Coordinate, Coordinate]:
    """Turn coordinates of one EPSG code into another's, by way of longitude and latitude."""
    if source == target:
        return x, y
    lon, lat = reference_system(source).to_lonlat(x, y)
    return reference_system(target).from_lonlat(lon, lat)
