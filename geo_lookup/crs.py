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
from pyproj import CRS, Geod, Proj, Transformer
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

    `bounds` is its area of use as (west, south, east, north) in degrees, and `extent` a box of its own
    coordinates around that, with a degree to spare: beyond it projections wrap round. `north_first` tells that EPSG
    itself writes north or latitude before east or longitude, as some exchanges want it; here x is always east.
    `accuracy_m` is the accuracy of the operation in metres as EPSG states it, -1 where it is not known.
    """

    epsg: int
    name: str
    bounds: tuple[float, float, float, float]
    extent: tuple[float, float, float, float]
    geographic: bool
    metric: bool
    north_first: bool
    operation: str
    accuracy_m: float
    _transformer: Transformer | None

    def from_lonlat(self, lon: Coordinate, lat: Coordinate) -> tuple[Coordinate, Coordinate]:
        """Turn degrees into this CRS; infinite where the projection is not defined."""
        return self._transform(lon, lat, TransformDirection.FORWARD)

    def to_lonlat(self, x: Coordinate, y: Coordinate) -> tuple[Coordinate, Coordinate]:
        """Turn coordinates of this CRS into degrees; infinite where the projection is not defined."""
        return self._transform(x, y, TransformDirection.INVERSE)

    def scale(self, lon: float, lat: float) -> float:
        """How many metres of this CRS one metre on the ground is at a place: the worse of its two directions."""
        factors = Proj(CRS.from_epsg(self.epsg)).get_factors(lon, lat)
        return float(max(factors.meridional_scale, factors.parallel_scale, key=lambda scale: abs(scale - 1)))

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
    operation = None if epsg == LONLAT else _pinned_operation(epsg)
    transformer = Transformer.from_pipeline(operation.definition) if operation else None
    return ReferenceSystem(
        epsg=epsg,
        name=crs.name,
        bounds=crs.area_of_use.bounds,
        extent=_extent(transformer, crs.area_of_use.bounds)
        if transformer and crs.is_projected
        else (-180, -90, 180, 90),
        geographic=crs.is_geographic,
        metric=crs.is_projected and all(axis.unit_name == "metre" for axis in crs.axis_info),
        north_first=crs.axis_info[0].direction.lower() == "north",
        operation=operation.description if operation else "none",
        accuracy_m=operation.accuracy if operation else 0.0,
        _transformer=transformer,
    )


def _extent(transformer: Transformer, bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    west, south, east, north = bounds
    lons = np.linspace(max(west - 1, -180), min(east + 1, 180), 41)
    lats = np.linspace(max(south - 1, -89), min(north + 1, 89), 41)
    grid_lons, grid_lats = np.meshgrid(lons, lats)
    xs, ys = transformer.transform(grid_lons.ravel(), grid_lats.ravel())
    return float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max())


def _pinned_operation(epsg: int) -> Transformer:
    """The best operation without a grid. Those of a group are not safe to share between threads, so it is remade."""
    for operation in _operations(epsg):
        if "grids=" not in operation.definition and operation.accuracy >= 0:  # else a guess without a datum shift
            return operation
    raise CoordinateError(f"EPSG:{epsg} is tied to longitude and latitude by grid files or guesses only.")


def _operations(epsg: int) -> list[Transformer]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # pyproj warns of better operations that need a grid
        return list(TransformerGroup(LONLAT, epsg, always_xy=True).transformers)


def epsg_code(crs: CRS) -> int | None:
    """The EPSG code of the horizontal part of a CRS; None where there is none.

    OGC:CRS84, the default of GeoJSON and GeoParquet, is EPSG:4326 with the axes in the order used here.
    """
    horizontal = crs.to_2d()
    if horizontal.to_authority() == ("OGC", "CRS84"):
        return LONLAT
    code: int | None = horizontal.to_epsg()
    return code


def read_crs(definition: object) -> int | None:
    """The EPSG code of a CRS in whatever form a format states it: 'EPSG:31370', WKT or PROJJSON; None where none."""
    try:
        return epsg_code(CRS.from_user_input(definition))
    except CRSError:
        return None


def projjson(epsg: int) -> dict[str, object]:
    """A CRS as PROJJSON, as GeoParquet states it."""
    definition: dict[str, object] = CRS.from_epsg(epsg).to_json_dict()
    return definition


def geodesic_distances(
    lons: NDArray[np.float64], lats: NDArray[np.float64], lon: float, lat: float
) -> NDArray[np.float64]:
    """Metres along the WGS 84 ellipsoid from many points to one, all in degrees."""
    _, _, metres = Geod(ellps="WGS84").inv(lons, lats, np.full(len(lons), lon), np.full(len(lons), lat))
    return np.asarray(metres)


def transform(x: Coordinate, y: Coordinate, source: int, target: int) -> tuple[Coordinate, Coordinate]:
    """Turn coordinates of one EPSG code into another's, by way of longitude and latitude."""
    if source == target:
        return x, y
    lon, lat = reference_system(source).to_lonlat(x, y)
    return reference_system(target).from_lonlat(lon, lat)
