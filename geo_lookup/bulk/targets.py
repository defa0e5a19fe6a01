"""Files of rows, written part by part under another name, and in place only when everything is written."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyarrow import ipc

from geo_lookup.bulk import csv_text
from geo_lookup.bulk.points import WKB_POINT, geometry_column, points_of_geometries
from geo_lookup.coordinates import Column
from geo_lookup.crs import LONLAT, projjson, transform
from geo_lookup.errors import SourceError

GEOMETRY = "geometry"
"""The column of points where the rows had none."""

WKB = {b"ARROW:extension:name": b"geoarrow.wkb"}


class Style(NamedTuple):
    """How CSV is written."""

    delimiter: str = ","
    decimal_comma: bool = False
    begins: bytes = b""


EXCEL = Style(";", decimal_comma=True, begins=b"\xef\xbb\xbf")
"""What Excel opens at a double click where commas are decimal, as in Belgium."""

Tables = Iterator[pa.Table]
Writer = Callable[[Path, pa.Schema, Tables, Style], None]


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A name to write under; what is written there takes the target's place at the end, or vanishes with an error."""
    draft = target.with_name(f".{target.stem}.{os.getpid()}.part{target.suffix}")
    try:
        yield draft
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def writer_for(path: Path) -> Writer:
    """How a file is written, by the end of its name; raises `SourceError` where that is not known."""
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise SourceError(f"its format is not known; its name must end in {', '.join(WRITERS)}.")
    return writer


def holds_geometries(path: Path) -> bool:
    """Whether a file of this name holds a geometry in each row."""
    return WRITERS.get(path.suffix.lower()) in (_write_geojson, _write_gpkg)


def point_column(lons: Column, lats: Column) -> pa.Array:
    """Points in degrees as well-known binary; null where there is none."""
    points = np.empty(len(lons), dtype=WKB_POINT)
    points["order"], points["kind"], points["x"], points["y"] = 1, 1, lons, lats
    column = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(WKB_POINT.itemsize), len(points), [None, pa.py_buffer(points.tobytes())]
    ).cast(pa.binary())
    missing = pa.array(~(np.isfinite(lons) & np.isfinite(lats)))
    return pa.compute.if_else(missing, pa.scalar(None, pa.binary()), column)


def point_field() -> pa.Field:
    """The field of a column of points in degrees, as GeoArrow describes it."""
    stated = {b"ARROW:extension:metadata": json.dumps({"crs": f"EPSG:{LONLAT}"}).encode()}
    return pa.field(GEOMETRY, pa.binary(), metadata=WKB | stated)


def _write_csv(path: Path, schema: pa.Schema, tables: Tables, style: Style) -> None:
    geometry = geometry_column(schema)
    with path.open("wb") as file:
        file.write(style.begins + csv_text.header_text(schema.names, style.delimiter))
        for table in tables:
            if geometry is not None:
                place = schema.names.index(geometry.name)
                shapes = shapely.from_wkb(table[geometry.name].to_numpy(zero_copy_only=False))
                words = pa.array(shapely.to_wkt(shapes, rounding_precision=9), type=pa.string(), from_pandas=True)
                table = table.set_column(place, geometry.name, words)
            file.write(csv_text.rows_text(table, style.delimiter, decimal_comma=style.decimal_comma))


def _write_parquet(path: Path, schema: pa.Schema, tables: Tables, _: Style) -> None:
    geometry = geometry_column(schema)
    if geometry is not None and b"geo" not in (schema.metadata or {}):
        described = {"encoding": "WKB", "geometry_types": ["Point"], "crs": projjson(geometry.crs or LONLAT)}
        geo = {"version": "1.1.0", "primary_column": geometry.name, "columns": {geometry.name: described}}
        schema = schema.with_metadata({**(schema.metadata or {}), b"geo": json.dumps(geo).encode()})
    texts = [field.name for field in schema if not pa.types.is_floating(field.type)]
    own = [field.name for field in schema if not pa.types.is_dictionary(field.type)]  # for answers they cost a quarter
    with pq.ParquetWriter(path, schema, use_dictionary=texts, write_statistics=own) as writer:
        for table in tables:
            writer.write_table(table.cast(schema) if table.schema != schema else table)


def _write_arrow(path: Path, schema: pa.Schema, tables: Tables, _: Style) -> None:
    with ipc.new_file(str(path), schema) as writer:
        for table in tables:
            writer.write_table(table)


def _write_geojson(path: Path, schema: pa.Schema, tables: Tables, _: Style) -> None:
    """GeoJSON as RFC 7946 has it, so always in longitude and latitude."""
    _write_layer(path, schema, tables, "GeoJSON", {"RFC7946": "YES", "COORDINATE_PRECISION": "9"})


def _write_gpkg(path: Path, schema: pa.Schema, tables: Tables, _: Style) -> None:
    _write_layer(path, schema, tables, "GPKG", {})


def _write_layer(path: Path, schema: pa.Schema, tables: Tables, driver: str, options: dict[str, str]) -> None:
    import pyogrio

    geometry = geometry_column(schema)
    if geometry is None:
        raise SourceError(f"{driver} holds a geometry in each row, and these rows have none.")
    crs = LONLAT if driver == "GeoJSON" else geometry.crs or LONLAT
    plain = pa.schema([_plain(field) for field in schema])

    failed: list[Exception] = []

    def batches() -> Iterator[pa.RecordBatch]:
        try:
            for table in tables:
                if crs != geometry.crs:
                    xs, ys, _ = points_of_geometries(table[geometry.name])
                    points = point_column(*transform(xs, ys, geometry.crs or LONLAT, crs))
                    table = table.set_column(schema.names.index(geometry.name), geometry.name, points)
                yield from table.cast(plain).combine_chunks().to_batches()
        except Exception as error:
            failed.append(error)  # which GDAL would hide
            raise

    try:
        pyogrio.raw.write_arrow(
            pa.RecordBatchReader.from_batches(plain, batches()), path, driver=driver, layer="answers",
            geometry_name=geometry.name, geometry_type="Point", crs=f"EPSG:{crs}", layer_options=options,
        )  # fmt: skip
    except RuntimeError as error:
        raise (failed[0] if failed else OSError(errno.EIO, str(error), str(path))) from None


def _plain(field: pa.Field) -> pa.Field:
    """A field without dictionaries, which GDAL does not write, and without metadata."""
    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    return pa.field(field.name, kind)


WRITERS: dict[str, Writer] = {
    ".csv": _write_csv,
    ".parquet": _write_parquet,
    ".arrow": _write_arrow,
    ".geojson": _write_geojson,
    ".gpkg": _write_gpkg,
}
"""How the files of each ending are written."""
