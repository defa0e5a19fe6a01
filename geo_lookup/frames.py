"""Bulk look-ups over frames: GeoDataFrame, GeoSeries or DataFrame in, the same rows with answers out."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo_lookup.coordinates import Column, Located, read_points
from geo_lookup.crs import LONLAT, epsg_code
from geo_lookup.edition import Edition
from geo_lookup.errors import FrameError
from geo_lookup.lookup import decide, places, rounded
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


class Columns(NamedTuple):
    """Which columns of a DataFrame hold the coordinates, and in which CRS they are."""

    lon: Hashable | None = None
    lat: Hashable | None = None
    x: Hashable | None = None
    y: Hashable | None = None
    crs: int | None = None


def assign(
    edition: Edition, frame: GeoDataFrame | GeoSeries | pd.DataFrame, columns: Columns, on: date
) -> pd.DataFrame:
    """Add `COLUMNS` to a copy of a frame; `Finder.assign` tells how."""
    import geopandas
    import pandas as pd

    if isinstance(frame, geopandas.GeoSeries):
        frame = geopandas.GeoDataFrame(geometry=frame)
    if not isinstance(frame, pd.DataFrame):
        raise FrameError("assign takes a GeoDataFrame, a GeoSeries or a DataFrame.")
    taken = [name for name in COLUMNS if name in frame.columns]
    if taken:
        raise FrameError(f"the frame has these columns already: {', '.join(taken)}; drop or rename them first.")
    points = read_points(*_coordinates(frame, columns), edition.territory)
    return frame.assign(**_answers(edition, points, on))


def areas_frame(edition: Edition, kind: AreaKind) -> GeoDataFrame:
    """The areas of a kind, ordered by id, in the metric CRS."""
    import geopandas

    areas = edition.areas_of(kind)
    return geopandas.GeoDataFrame(
        {name: [getattr(area, name) for area in areas] for name in ("id", "name", "parent_id")},
        geometry=[area.geometry for area in areas],
        crs=edition.manifest.metric_crs,
    )


def _coordinates(frame: GeoDataFrame | pd.DataFrame, columns: Columns) -> tuple[Column, Column, int]:
    """The coordinates of a frame and the EPSG code of their CRS; NaN where a row has no point."""
    import geopandas

    has_geometry = isinstance(frame, geopandas.GeoDataFrame) and frame.active_geometry_name is not None
    if has_geometry and columns._replace(crs=None) == Columns():
        return _of_geometries(frame, columns.crs)
    given = {name for name, value in columns._asdict().items() if value is not None}
    names: tuple[Hashable, Hashable]
    if given in (set(), {"lon", "lat"}):
        names, crs = (_first(columns.lon, "lon"), _first(columns.lat, "lat")), LONLAT
    elif columns.crs is not None and given in ({"crs"}, {"x", "y", "crs"}):
        names, crs = (_first(columns.x, "x"), _first(columns.y, "y")), columns.crs
    else:
        raise FrameError("name the columns lon and lat, or x and y with crs, an EPSG code such as 31370.")
    for name in names:
        count = int((frame.columns == name).sum())
        if count != 1:
            has = "no column" if count == 0 else "more than one column"
            raise FrameError(
                f"the frame has {has} {name}; name the columns of the coordinates: assign(frame, lon=…, lat=…) or "
                "assign(frame, x=…, y=…, crs=…)."
            )
    xs, ys = (_numbers(frame[name]) for name in names)
    return xs, ys, crs


def _first(name: Hashable | None, default: str) -> Hashable:
    return default if name is None else name


def _numbers(column: Any) -> Column:
    from pandas.api.types import is_bool_dtype, is_complex_dtype, is_numeric_dtype

    numeric = is_numeric_dtype(column) and not is_bool_dtype(column) and not is_complex_dtype(column)
    if not numeric and not column.isna().all():
        raise FrameError(f"the column {column.name} holds no numbers; turn it into numbers first.")
    if not numeric:
        return np.full(len(column), np.nan)
    numbers: Column = column.to_numpy(dtype=np.float64, na_value=np.nan)
    return numbers


def _of_geometries(frame: GeoDataFrame, stated: int | None) -> tuple[Column, Column, int]:
    if frame.crs is None and stated is None:
        raise FrameError("the frame states no CRS; set it first: frame.set_crs(31370), or whichever it is in.")
    crs = stated if frame.crs is None else epsg_code(frame.crs)
    if crs is None:
        raise FrameError("the frame's CRS has no EPSG code; transform it first: frame.to_crs(4326).")
    if stated not in (None, crs):
        raise FrameError(f"the frame is in EPSG:{crs} already; leave crs out.")
    shapes = frame.geometry.to_numpy()
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    if (shapely.get_type_id(shapes[~missing]) != shapely.GeometryType.POINT).any():
        raise FrameError("the frame holds geometries that are no points; take their representative_point() first.")
    points = shapes.copy()
    points[missing] = None
    return shapely.get_x(points), shapely.get_y(points), crs


def _answers(edition: Edition, points: Located[Column], on: date) -> dict[str, Any]:
    """The columns of `COLUMNS`. What depends on the place alone is decided once for each place that occurs."""
    occurring, of_row = places(edition, points.x, points.y)
    decisions = [decide(edition, one, on) for one in occurring]
    of_row[np.isnan(points.lon)] = -1
    of_office, office_distances = edition.offices.nearest(points.lon, points.lat)
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
        "border_distance_m": rounded(edition.neighbourhoods.border_distances(points.x, points.y)),
        "outcome": of_place("outcome", "value"),
    }
    return {name: columns[name] for name in COLUMNS}


def _texts(values: Iterable[str | None], positions: NDArray[np.int64]) -> Any:
    """A column of text: for each row the value at its position, missing where that is -1."""
    import pandas as pd

    return pd.array(np.array([*values, None], dtype=object)[positions], dtype="str")
