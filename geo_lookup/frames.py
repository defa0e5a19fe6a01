"""Bulk look-ups over frames: GeoDataFrame, GeoSeries or DataFrame in, the same rows with answers out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo_lookup.coordinates import read_points
from geo_lookup.crs import LONLAT
from geo_lookup.edition import Edition
from geo_lookup.errors import FrameError
from geo_lookup.lookup import Place, decide, places, rounded, to_metres
from geo_lookup.model import AreaKind

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame, GeoSeries

COLUMNS = (
    "neighbourhood_id",
    "neighbourhood",
    "district_id",
    "district",
    "special_area_id",
    "manager_id",
    "manager",
    "office_id",
    "office",
    "office_distance_m",
    "border_distance_m",
    "outcome",
)
"""What `assign` adds to a frame, in this order."""

Degrees = NDArray[np.float64]


class Columns(NamedTuple):
    """Which columns of a DataFrame hold the coordinates, and in which CRS they are."""

    lon: str | None = None
    lat: str | None = None
    x: str | None = None
    y: str | None = None
    crs: int | None = None


def assign(
    edition: Edition, frame: GeoDataFrame | GeoSeries | pd.DataFrame, columns: Columns, on: date
) -> pd.DataFrame:
    """Add `COLUMNS` to a copy of a frame; `Finder.assign` tells how."""
    import geopandas

    if isinstance(frame, geopandas.GeoSeries):
        frame = geopandas.GeoDataFrame(geometry=frame)
    taken = [name for name in COLUMNS if name in frame.columns]
    if taken:
        raise FrameError(f"the frame has these columns already: {', '.join(taken)}; drop or rename them first.")
    lons, lats = read_points(*_coordinates(frame, columns), edition.territory)
    return frame.assign(**_answers(edition, lons, lats, on))


def areas_frame(edition: Edition, kind: AreaKind) -> GeoDataFrame:
    """The areas of a kind, ordered by id, in the metric CRS."""
    import geopandas

    areas = edition.areas_of(kind)
    return geopandas.GeoDataFrame(
        {name: [getattr(area, name) for area in areas] for name in ("id", "name", "parent_id")},
        geometry=[area.geometry for area in areas],
        crs=edition.manifest.metric_crs,
    )


def _coordinates(frame: GeoDataFrame | pd.DataFrame, columns: Columns) -> tuple[Degrees, Degrees, int]:
    """The coordinates of a frame and the EPSG code of their CRS; NaN where a row has no point."""
    import geopandas

    if isinstance(frame, geopandas.GeoDataFrame) and columns == Columns():
        return _of_geometries(frame)
    if columns.x or columns.y or columns.crs:
        names, crs = (columns.x or "x", columns.y or "y"), columns.crs
        if crs is None:
            raise FrameError("x and y need a CRS: give crs, an EPSG code such as 31370.")
    else:
        names, crs = (columns.lon or "lon", columns.lat or "lat"), LONLAT
    missing = [name for name in names if name not in frame.columns]
    if missing:
        raise FrameError(
            f"the frame has no column {' and no column '.join(missing)}; name the columns of the coordinates: "
            "assign(frame, lon=…, lat=…) or assign(frame, x=…, y=…, crs=…)."
        )
    xs, ys = (_numbers(frame[name]) for name in names)
    return xs, ys, crs


def _numbers(column: Any) -> Degrees:
    import pandas as pd

    numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    if not numeric and not column.isna().all():
        raise FrameError(f"the column {column.name} holds no numbers; turn it into numbers first.")
    numbers: Degrees = column.to_numpy(dtype=np.float64, na_value=np.nan)
    return numbers


def _of_geometries(frame: GeoDataFrame) -> tuple[Degrees, Degrees, int]:
    if frame.crs is None:
        raise FrameError("the frame states no CRS; set it first: frame.set_crs(31370), or whichever it is in.")
    crs = LONLAT if frame.crs.to_authority() == ("OGC", "CRS84") else frame.crs.to_epsg()
    if crs is None:
        raise FrameError("the frame's CRS has no EPSG code; transform it first: frame.to_crs(4326).")
    shapes = frame.geometry.to_numpy()
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    if (shapely.get_type_id(shapes[~missing]) != shapely.GeometryType.POINT).any():
        raise FrameError("the frame holds geometries that are no points; take their representative_point() first.")
    points = shapes.copy()
    points[missing] = None
    return shapely.get_x(points), shapely.get_y(points), crs


def _answers(edition: Edition, lons: Degrees, lats: Degrees, on: date) -> dict[str, Any]:
    """The columns of `COLUMNS`. What depends on the place alone is decided once for each place that occurs."""
    xs, ys = to_metres(edition, lons, lats)
    occurring, of_row = np.unique(np.stack(places(edition, xs, ys), axis=1), axis=0, return_inverse=True)
    decisions = [decide(edition, Place(int(one[0]), int(one[1]), bool(one[2])), on) for one in occurring]
    of_row = np.where(np.isnan(lons), -1, of_row.reshape(-1))
    of_office, office_distances = edition.offices.nearest(lons, lats)
    offices = edition.offices.offices

    def of_place(part: str, attribute: str) -> Any:
        return _texts((getattr(getattr(one, part), attribute, None) for one in decisions), of_row)

    columns = {
        "neighbourhood_id": of_place("neighbourhood", "id"),
        "neighbourhood": of_place("neighbourhood", "name"),
        "district_id": of_place("district", "id"),
        "district": of_place("district", "name"),
        "special_area_id": of_place("special_area", "id"),
        "manager_id": of_place("manager", "id"),
        "manager": of_place("manager", "name"),
        "office_id": _texts((one.id for one in offices), of_office),
        "office": _texts((one.name for one in offices), of_office),
        "office_distance_m": rounded(office_distances),
        "border_distance_m": rounded(edition.neighbourhoods.border_distances(xs, ys)),
        "outcome": of_place("outcome", "value"),
    }
    return {name: columns[name] for name in COLUMNS}


def _texts(values: Iterable[str | None], positions: NDArray[np.int64]) -> Any:
    """A column of text: for each row the value at its position, missing where that is -1."""
    import pandas as pd

    return pd.array(np.array([*values, None], dtype=object)[positions], dtype="str")
