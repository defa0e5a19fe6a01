"""Where the points of a table are: in columns of coordinates or in one of geometries, of pandas or of Arrow."""

from __future__ import annotations

import json
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from geo_lookup.bulk.columns import Points
from geo_lookup.bulk.workers import workers
from geo_lookup.coordinates import Column
from geo_lookup.crs import LONLAT, read_crs
from geo_lookup.errors import FrameError

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

WKB_POINT = np.dtype([("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])
"""A point in well-known binary, little-endian (OGC 06-103r4, 8.2): 21 bytes."""


class Columns(NamedTuple):
    """Which columns hold the coordinates: `lon` and `lat`, or `x` and `y` with the EPSG code of their CRS, `crs`.

    None is what the caller says nothing of.
    """

    lon: Hashable | None = None
    lat: Hashable | None = None
    x: Hashable | None = None
    y: Hashable | None = None
    crs: int | None = None

    def chosen(self, names: Sequence[Hashable]) -> tuple[Hashable, Hashable, int]:
        """The names of the columns, each of which must be there once, and the CRS; `lon` and `lat` by default."""
        given = {name for name, value in self._asdict().items() if value is not None}
        chosen: tuple[Hashable, Hashable]
        if given in (set(), {"lon", "lat"}):
            chosen, crs = (_first(self.lon, "lon"), _first(self.lat, "lat")), LONLAT
        elif self.crs is not None and given in ({"crs"}, {"x", "y", "crs"}):
            chosen, crs = (_first(self.x, "x"), _first(self.y, "y")), self.crs
        else:
            raise FrameError("name the columns lon and lat, or x and y with crs, an EPSG code such as 31370.")
        for name in chosen:
            count = list(names).count(name)
            if count != 1:
                has = "no column" if count == 0 else "more than one column"
                raise FrameError(
                    f"the table has {has} {name}; name the columns of the coordinates: lon=… and lat=…, or x=…, y=… "
                    "and crs=…."
                )
        return *chosen, crs

    @property
    def name_none(self) -> bool:
        """Whether no column is named, so that a column of geometries is taken where there is one."""
        return all(name is None for name in self[:4])


NAMED_BY_DEFAULT = Columns()
"""No column is named."""


class Geometries(NamedTuple):
    """The coordinates of points, NaN where there is none, and which geometries are something else than a point."""

    xs: Column
    ys: Column
    others: NDArray[np.bool_]


class GeometryColumn(NamedTuple):
    """A column of geometries in an Arrow table, and the EPSG code of its CRS; None where none is stated."""

    name: str
    crs: int | None


def points_of_frame(frame: GeoDataFrame | pd.DataFrame, columns: Columns) -> Points:
    """The points of a frame: its active geometries, or columns of numbers."""
    import geopandas

    has_geometry = isinstance(frame, geopandas.GeoDataFrame) and frame.active_geometry_name is not None
    if has_geometry and columns.name_none:
        own = None if frame.crs is None else read_crs(frame.crs)
        if frame.crs is not None and own is None:
            raise FrameError("the frame's CRS has no EPSG code; transform it first: frame.to_crs(4326).")
        crs = agreed_crs(own, columns.crs)
        return _only_points(_of_shapes(frame.geometry.to_numpy()), crs)
    x, y, crs = columns.chosen(list(frame.columns))
    return Points(_of_series(frame[x]), _of_series(frame[y]), crs)


def points_of_table(table: pa.Table, columns: Columns) -> Points:
    """The points of an Arrow table: its geometries (GeoParquet or GeoArrow), or columns of numbers."""
    geometry = geometry_column(table.schema)
    if geometry is not None and columns.name_none:
        crs = agreed_crs(geometry.crs, columns.crs)
        return _only_points(points_of_geometries(table[geometry.name]), crs)
    x, y, crs = columns.chosen(table.column_names)
    return Points(_of_arrow(table[x], x), _of_arrow(table[y], y), crs)


def agreed_crs(own: int | None, stated: int | None) -> int:
    """The CRS that geometries state or the caller says; raises `FrameError` where neither does, or they differ."""
    if own is None and stated is None:
        raise FrameError("the geometries state no CRS with an EPSG code; say which it is: crs=31370, or whichever.")
    if own is not None and stated not in (None, own):
        raise FrameError(f"the geometries are in EPSG:{own} already; leave crs out.")
    return own or stated or LONLAT


def geometry_column(schema: pa.Schema) -> GeometryColumn | None:
    """The column of geometries that a table's metadata names, as GeoParquet 1.1 and GeoArrow 0.2 do."""
    try:
        if b"geo" in (schema.metadata or {}):
            described = json.loads(schema.metadata[b"geo"])
            name = described["primary_column"]
            if name in schema.names:
                return GeometryColumn(name, read_crs(described["columns"][name].get("crs", "OGC:CRS84")))
        for field in schema:
            if (field.metadata or {}).get(b"ARROW:extension:name", b"").startswith((b"geoarrow.", b"ogc.wkb")):
                stated = json.loads(field.metadata.get(b"ARROW:extension:metadata") or b"{}").get("crs")
                return GeometryColumn(field.name, None if stated is None else read_crs(stated))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise FrameError("what the table says about its geometries cannot be read.") from None
    return None


def _first(name: Hashable | None, default: str) -> Hashable:
    return default if name is None else name


def _of_series(column: Any) -> Column:
    from pandas.api.types import is_bool_dtype, is_complex_dtype, is_numeric_dtype

    numeric = is_numeric_dtype(column) and not is_bool_dtype(column) and not is_complex_dtype(column)
    if not numeric and not column.isna().all():
        raise FrameError(f"the column {column.name} holds no numbers; turn it into numbers first.")
    if not numeric:
        return np.full(len(column), np.nan)
    numbers: Column = column.to_numpy(dtype=np.float64, na_value=np.nan)
    return numbers


def _of_arrow(column: pa.ChunkedArray, name: Hashable) -> Column:
    kind = column.type
    if not (pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind)):
        if column.null_count < len(column):
            raise FrameError(f"the column {name} holds no numbers; turn it into numbers first.")
        return np.full(len(column), np.nan)
    numbers: Column = column.cast(pa.float64(), safe=False).to_numpy()
    return numbers


def _only_points(read: Geometries, crs: int) -> Points:
    if read.others.any():
        raise FrameError("the table holds geometries that are no points; take their representative_point() first.")
    return Points(read.xs, read.ys, crs)


def points_of_geometries(column: pa.ChunkedArray) -> Geometries:
    """The coordinates of points in well-known binary, or as GeoArrow's own structures."""
    kind = column.type
    chunk = column.combine_chunks() if column.num_chunks else pa.array([], type=kind)
    if pa.types.is_struct(kind) and {"x", "y"} <= {field.name for field in kind}:
        return _of_axes(*(pc.struct_field(chunk, axis) for axis in ("x", "y")))
    if pa.types.is_fixed_size_list(kind) and kind.list_size >= 2:
        return _of_axes(*(pc.list_element(chunk, axis) for axis in (0, 1)))
    if not (pa.types.is_binary(kind) or pa.types.is_large_binary(kind)):
        raise FrameError("the column of geometries is neither well-known binary nor GeoArrow's points.")
    return _of_binary(chunk.cast(pa.large_binary()))


def _of_axes(*axes: pa.Array) -> Geometries:
    try:
        xs, ys = (axis.cast(pa.float64()).to_numpy(zero_copy_only=False) for axis in axes)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise FrameError("the points of the column of geometries hold no numbers.") from None
    return Geometries(xs, ys, np.zeros(len(xs), dtype=bool))


def _of_binary(column: pa.LargeBinaryArray) -> Geometries:
    _, offsets, content = column.buffers()
    begins = np.frombuffer(offsets, dtype=np.int64)[column.offset : column.offset + len(column) + 1]
    if not column.null_count and content is not None and (np.diff(begins) == WKB_POINT.itemsize).all():
        points = np.frombuffer(content, dtype=np.uint8)[begins[0] : begins[-1]].view(WKB_POINT)
        if ((points["order"] == 1) & (points["kind"] == 1)).all():
            return Geometries(points["x"].copy(), points["y"].copy(), np.zeros(len(points), dtype=bool))
    # GEOS gets points alone: it goes as deep into a collection as that is nested, and further than its stack.
    values = column.to_numpy(zero_copy_only=False)
    are_points = np.array([value is not None and _is_point(value) for value in values], dtype=bool)
    shapes = shapely.from_wkb(np.where(are_points, values, None), on_invalid="ignore")
    read = _of_shapes(shapes)
    absent = np.array([value is None for value in values], dtype=bool)
    return read._replace(others=~absent & shapely.is_missing(shapes))


def _is_point(value: bytes) -> bool:
    """Whether well-known binary is a point, with or without Z, M or SRID (ISO and EWKB)."""
    kind = int.from_bytes(value[1:5], "little" if value[:1] == b"\1" else "big") & 0x1FFFFFFF
    return len(value) > 5 and kind in (1, 1001, 2001, 3001)


def _of_shapes(shapes: NDArray[np.object_]) -> Geometries:
    try:
        xs, ys = _coordinates(shapes)
    except shapely.errors.GEOSException:  # an empty point has none
        shapes = np.where(shapely.is_empty(shapes), None, shapes)  # type: ignore[call-overload]  # of objects
        xs, ys = _coordinates(shapes)
    unread = np.isnan(xs)
    others = np.zeros(len(xs), dtype=bool)
    if unread.any():  # there are missing geometries, or some that are no points
        others[unread] = shapely.get_type_id(shapes[unread]) > shapely.GeometryType.POINT
    return Geometries(xs, ys, others)


def _coordinates(shapes: NDArray[np.object_]) -> tuple[Column, Column]:
    """The coordinates of points, NaN where there is none; each axis in a thread of its own."""
    xs, ys = workers(2).map(lambda axis: axis(shapes), (shapely.get_x, shapely.get_y))
    return xs, ys
