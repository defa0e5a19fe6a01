"""Tables in plain columns: dictionaries as the values they stand for, geometries as well-known binary.

What formats do differently is so settled once, when a file is read, and not by each that is written.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_lookup.bulk.points import WKB_POINT, geometry_column, points_of_geometries
from geo_lookup.coordinates import Column
from geo_lookup.crs import LONLAT, projjson

GEOMETRY = "geometry"
"""The column of points where rows had none, or none with a name that somebody gave."""

GDAL_NAME = "wkb_geometry"
"""What GDAL calls the geometries of a GeoJSON file."""


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """The plain columns of a table with this schema."""
    geometry = geometry_column(schema)
    place = -1 if geometry is None else _place(schema, geometry.name)
    fields = []
    for number, field in enumerate(schema):
        if number == place:
            fields.append(_geometry_field(field, schema))
        else:
            kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
            fields.append(pa.field(field.name, kind))
    return pa.schema(fields, _described_anew(schema, encoding="WKB"))


def as_plain(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """A table in the plain columns of its schema."""
    geometry = geometry_column(table.schema)
    place = -1 if geometry is None else _place(table.schema, geometry.name)
    columns = []
    for number, (column, field) in enumerate(zip(table.columns, schema, strict=True)):
        if number == place and not pa.types.is_binary(column.type) and not pa.types.is_large_binary(column.type):
            xs, ys, _ = points_of_geometries(column)
            columns.append(point_column(xs, ys))
        else:
            columns.append(column.cast(field.type))
    return pa.Table.from_arrays(columns, schema=schema)


def point_column(xs: Column, ys: Column) -> pa.Array:
    """Points as well-known binary; null where there is none."""
    points = np.empty(len(xs), dtype=WKB_POINT)
    points["order"], points["kind"], points["x"], points["y"] = 1, 1, xs, ys
    column = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(WKB_POINT.itemsize), len(points), [None, pa.py_buffer(points.tobytes())]
    ).cast(pa.binary())
    missing = pa.array(~(np.isfinite(xs) & np.isfinite(ys)))
    return pc.if_else(missing, pa.scalar(None, pa.binary()), column)


def geometry_field(name: str, crs: int | None) -> pa.Field:
    """The field of a column of geometries in well-known binary, as GeoArrow describes it."""
    stated = {} if crs is None else {"crs": projjson(crs)}
    described = {b"ARROW:extension:name": b"geoarrow.wkb", b"ARROW:extension:metadata": json.dumps(stated).encode()}
    return pa.field(name, pa.binary(), metadata=described)


def with_crs(schema: pa.Schema, crs: int) -> pa.Schema:
    """The schema of a table whose geometries are in a CRS that they did not state."""
    geometry = geometry_column(schema)
    if geometry is None:
        return schema
    place = _place(schema, geometry.name)
    metadata = _described_anew(schema, crs=projjson(crs))
    kind = schema.field(place).type
    return schema.set(place, geometry_field(geometry.name, crs).with_type(kind)).with_metadata(metadata)


def _described_anew(schema: pa.Schema, **facts: Any) -> dict[bytes, bytes]:
    """The metadata of a table, in which GeoParquet's of its geometries says something else.

    It is left out where it is of a column that was renamed since.
    """
    metadata = dict(schema.metadata or {})
    geometry = geometry_column(schema)
    if geometry is not None and b"geo" in metadata:
        described = json.loads(metadata.pop(b"geo"))
        if geometry.name in described["columns"]:
            described["columns"][geometry.name] |= facts
            metadata[b"geo"] = json.dumps(described).encode()
    return metadata


def _geometry_field(field: pa.Field, schema: pa.Schema) -> pa.Field:
    geometry = geometry_column(schema)
    kind = field.type if pa.types.is_large_binary(field.type) else pa.binary()
    rename = field.name == GDAL_NAME and GEOMETRY not in schema.names and b"geo" not in (schema.metadata or {})
    name = GEOMETRY if rename else field.name
    if geometry is not None and geometry.crs is None and b"ARROW:extension:metadata" in (field.metadata or {}):
        return field.with_type(kind).with_name(name)  # it states a CRS that has no EPSG code
    return geometry_field(name, None if geometry is None else geometry.crs).with_type(kind)


def _place(schema: pa.Schema, name: str) -> int:
    """The place of the column of geometries; GDAL may call a property alike, and puts that before it."""
    return [number for number, field in enumerate(schema) if field.name == name][-1]


LONLAT_POINTS = geometry_field(GEOMETRY, LONLAT)
"""The field of points in degrees that are added."""
