"""The polygons of a layer, brought into the metric CRS, with every one that cannot be used noted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo_lookup.coordinates import in_area_of_use, outside_area_of_use
from geo_lookup.crs import LONLAT, transform
from geo_lookup.model import Finding

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

AREAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def read_polygons(
    file: str, frame: GeoDataFrame, metric_crs: int, findings: list[Finding]
) -> list[BaseGeometry | None]:
    """The geometry of each row of a layer in the metric CRS; None, and a finding, for each that cannot be used.

    A geometry must be there, be a valid polygon or multipolygon, and lie where the metric CRS is used.
    """

    def fault(row: int | None, message: str, place: BaseGeometry | None = None) -> None:
        findings.append(Finding("error", "geometry", file, message, row, shape=place))

    layer_crs = frame.crs.to_epsg()
    shapes = shapely.force_2d(frame.geometry.to_numpy())
    present = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    west, south, east, north = shapely.bounds(moved(shapes, layer_crs, LONLAT)).T
    away = present & ~(in_area_of_use(west, south, metric_crs) & in_area_of_use(east, north, metric_crs))
    if away.any() and away.sum() == present.sum():
        fault(None, f"every feature {outside_area_of_use(metric_crs)}")
        return [None] * len(shapes)
    polygons: list[BaseGeometry | None] = []
    for row, shape in enumerate(shapes, 1):
        polygon = None
        if not present[row - 1]:
            fault(row, "the geometry is missing or empty.")
        elif shapely.get_type_id(shape) not in AREAL:
            fault(row, f"the geometry is a {shape.geom_type}; it must be a polygon or a multipolygon.")
        elif away[row - 1]:
            fault(row, f"the feature {outside_area_of_use(metric_crs)}")
        elif not shapely.is_valid(shape):
            reason = shapely.is_valid_reason(shape)
            fault(row, f"the geometry is invalid: {reason}.", moved(_place_of(reason), layer_crs, metric_crs))
        else:
            polygon = moved(shape, layer_crs, metric_crs)
        polygons.append(polygon)
    return polygons


def _place_of(reason: str) -> BaseGeometry | None:
    """Where a geometry is invalid, as GEOS says it: 'Self-intersection[228500 183500]'."""
    place = re.search(r"\[(\S+) (\S+)\]", reason)
    return shapely.Point(float(place[1]), float(place[2])) if place else None


def moved(shape: Any, source: int, target: int) -> Any:
    """A shape, or an array of shapes, of one CRS in another."""

    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transform(xy[:, 0], xy[:, 1], source, target))

    return shapely.transform(shape, move)
