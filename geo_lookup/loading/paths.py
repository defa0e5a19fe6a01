"""The paths of an edition: a layer of lines, brought into the metric CRS, with every one that cannot be used noted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo_lookup.coordinates import in_area_of_use, outside_area_of_use
from geo_lookup.crs import LONLAT
from geo_lookup.loading.files import read_layer
from geo_lookup.loading.polygons import moved
from geo_lookup.manifest import Source
from geo_lookup.model import Finding

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

LINEAR = (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING)


def read_paths(source: Source | None, folder: Path, metric_crs: int, findings: list[Finding]) -> GeoDataFrame | None:
    """Read the lines of a layer, one a row in the metric CRS, with the fields they have.

    A line of several parts becomes as many rows. A geometry must be there, be a line, and lie where the metric CRS is
    used; one that does not is an error in `findings`. None where there is no layer, or one with an error.
    """
    frame = None if source is None else read_layer(source, folder, findings)
    if source is None or frame is None:
        return None
    faults = list(_faults(source.path, frame, metric_crs))
    findings.extend(faults)
    if faults:
        return None
    import geopandas

    shapes = moved(shapely.force_2d(frame.geometry.to_numpy()), frame.crs.to_epsg(), metric_crs)
    lines, row = shapely.get_parts(shapes, return_index=True)
    fields = frame.drop(columns=frame.geometry.name).take(row).reset_index(drop=True)
    return geopandas.GeoDataFrame(fields, geometry=lines, crs=metric_crs)


def _faults(file: str, frame: GeoDataFrame, metric_crs: int) -> list[Finding]:
    if frame.empty:
        return [Finding("error", "layer", file, "the layer holds no feature.")]
    shapes = frame.geometry.to_numpy()
    absent = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    corners, row_of = shapely.get_coordinates(shapes, return_index=True)
    finite = np.bincount(row_of[~np.isfinite(corners).all(axis=1)], minlength=len(shapes)) == 0
    linear = np.isin(shapely.get_type_id(shapes), LINEAR)
    west, south, east, north = shapely.bounds(moved(shapely.force_2d(shapes), frame.crs.to_epsg(), LONLAT)).T
    used = finite & in_area_of_use(west, south, metric_crs) & in_area_of_use(east, north, metric_crs)
    if not (used | absent).any():
        return [Finding("error", "geometry", file, f"every feature {outside_area_of_use(metric_crs)}")]
    faults = []
    for row in np.flatnonzero(absent | ~linear | ~used).tolist():
        if absent[row]:
            message = "the geometry is missing or empty."
        elif not linear[row]:
            message = f"the geometry is a {shapes[row].geom_type}; it must be a line."
        else:
            message = f"the feature {outside_area_of_use(metric_crs)}"
        faults.append(Finding("error", "geometry", file, message, row + 1))
    return faults
