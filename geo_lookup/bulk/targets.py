"""Files of rows, written part by part under another name, and in place only when everything is written.

Each part is encoded by itself, which several threads do at a time; then they are written in their order.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from pyarrow import ipc

from geo_lookup.bulk import csv_text
from geo_lookup.bulk.parquet_files import RowGroup, row_group, write_file
from geo_lookup.bulk.points import GeometryColumn, geometry_column
from geo_lookup.bulk.rows import ERROR
from geo_lookup.crs import LONLAT, projjson, transform
from geo_lookup.errors import FrameError, RequestError


class Style(NamedTuple):
    """How CSV is written."""

    delimiter: str = ","
    decimal_comma: bool = False
    begins: bytes = b""


EXCEL = Style(";", decimal_comma=True, begins=b"\xef\xbb\xbf")
"""What Excel opens at a double click where commas are decimal, as in Belgium."""


class Format(NamedTuple):
    """How the files of an ending are written: `encode` a part of the rows by itself, and `write` what became of them.

    The rows of a part have the columns of the schema that the file is written with.
    """

    encode: Callable[[pa.Table, Style], Any]
    write: Callable[[Path, pa.Schema, Iterator[Any], Style], None]


LITTLE_ROOM = 1024 * 1024
"""With so few bytes left a disk is taken for full."""


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A file to write, in a hidden folder of its own; it takes the target's place at the end, or vanishes.

    GDAL writes other files beside its own, which vanish too.
    """
    target = target.resolve()  # what a link points to, not the link
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        folder.mkdir(exist_ok=True)  # one that was killed may have had the same number
        draft = folder / target.name
        yield draft
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        if target.exists():  # whoever may read it may read it still, and nobody else
            shutil.copymode(target, draft)
        draft.replace(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def format_of(path: Path) -> Format:
    """How a file is written, by the end of its name; raises `RequestError` where that is not known."""
    found = FORMATS.get(path.suffix.lower())
    if found is None:
        raise RequestError(f"the name of the file to write must end in {', '.join(FORMATS)}.")
    if path.is_dir():
        raise RequestError("the file to write is a folder.")
    return found


def holds_geometries(path: Path) -> bool:
    """Whether a file of this name holds a geometry in each row."""
    return path.suffix.lower() in (".geojson", ".gpkg")


def _csv_rows(table: pa.Table, style: Style) -> bytes:
    geometry = geometry_column(table.schema)
    if geometry is not None:
        place = table.schema.names.index(geometry.name)
        shapes = shapely.from_wkb(table[geometry.name].to_numpy(zero_copy_only=False), on_invalid="ignore")
        words = pa.array(shapely.to_wkt(shapes, rounding_precision=9), type=pa.string(), from_pandas=True)
        table = table.set_column(place, geometry.name, words)
    return csv_text.rows_text(table, style.delimiter, decimal_comma=style.decimal_comma)


def _write_csv(path: Path, schema: pa.Schema, parts: Iterator[bytes], style: Style) -> None:
    with path.open("wb") as file:
        file.write(style.begins + csv_text.header_text(schema.names, style.delimiter))
        file.writelines(parts)


def _parquet_rows(table: pa.Table, _: Style) -> RowGroup | None:
    return row_group(table) if len(table) else None


def _write_parquet(path: Path, schema: pa.Schema, groups: Iterator[RowGroup | None], _: Style) -> None:
    geometry = geometry_column(schema)
    if geometry is not None and b"geo" not in (schema.metadata or {}):
        described = {"encoding": "WKB", "geometry_types": ["Point"], "crs": projjson(geometry.crs or LONLAT)}
        geo = {"version": "1.1.0", "primary_column": geometry.name, "columns": {geometry.name: described}}
        schema = schema.with_metadata({**(schema.metadata or {}), b"geo": json.dumps(geo).encode()})
    try:
        write_file(path, schema, filter(None, groups))
    except pa.ArrowNotImplementedError as error:
        raise FrameError(f"these rows cannot be written as Parquet ({error}); write Arrow.") from None


def _whole(table: pa.Table, _: Style) -> pa.Table:
    return table


def _write_arrow(path: Path, schema: pa.Schema, tables: Iterator[pa.Table], _: Style) -> None:
    with ipc.new_file(str(path), schema) as writer:
        for table in tables:
            writer.write_table(table)


def _geojson_rows(table: pa.Table, style: Style) -> list[pa.RecordBatch]:
    """Rows in longitude and latitude, as RFC 7946 has them always."""
    geometry = _geometry_of(table.schema, "GeoJSON")
    own = geometry.crs or LONLAT
    if own != LONLAT or table[ERROR].null_count < len(table):
        moved = _in_degrees(table[geometry.name], own)
        table = table.set_column(table.schema.names.index(geometry.name), geometry.name, moved)
    return _gdal_rows(table, style)


def _gdal_rows(table: pa.Table, _: Style) -> list[pa.RecordBatch]:
    try:
        plain = table.cast(_gdal_schema(table.schema))
    except pa.ArrowInvalid:
        raise FrameError("a whole number is larger than GDAL writes; write CSV, Parquet or Arrow.") from None
    batches: list[pa.RecordBatch] = plain.combine_chunks().to_batches()
    return batches


def _write_geojson(path: Path, schema: pa.Schema, parts: Iterator[list[pa.RecordBatch]], _: Style) -> None:
    _write_layer(path, schema, parts, "GeoJSON", LONLAT, {"RFC7946": "YES", "COORDINATE_PRECISION": "9"})


def _write_gpkg(path: Path, schema: pa.Schema, parts: Iterator[list[pa.RecordBatch]], _: Style) -> None:
    _write_layer(path, schema, parts, "GPKG", _geometry_of(schema, "GPKG").crs or LONLAT, {})
    _check_index(path)


def _write_layer(
    path: Path,
    schema: pa.Schema,
    parts: Iterator[list[pa.RecordBatch]],
    driver: str,
    crs: int,
    options: dict[str, str],
) -> None:
    import pyogrio

    geometry = _geometry_of(schema, driver)
    _check_names(schema, driver)
    failed: list[BaseException] = []

    def batches() -> Iterator[pa.RecordBatch]:
        try:
            yield from chain.from_iterable(parts)
        except BaseException as error:
            failed.append(error)  # which GDAL would hide
            raise

    try:
        pyogrio.raw.write_arrow(
            pa.RecordBatchReader.from_batches(_gdal_schema(schema), batches()), path, driver=driver, layer="answers",
            geometry_name=geometry.name, geometry_type="Unknown", crs=f"EPSG:{crs}", layer_options=options,
        )  # fmt: skip
    except (RuntimeError, pyogrio.errors.DataSourceError, pyogrio.errors.FieldError) as error:
        if failed:
            raise failed[0] from None
        _check_room(path)
        message = str(error).replace(str(path), path.name)
        raise FrameError(f"GDAL cannot write these rows as {driver}: {message.rstrip('.')}.") from None


def _check_room(path: Path) -> None:
    """Raise `OSError` where the disk is full: GDAL says anything but that."""
    if shutil.disk_usage(path.parent).free < LITTLE_ROOM:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _check_index(path: Path) -> None:
    """Raise `OSError` where a GeoPackage is without its spatial index, which GDAL leaves out where it has no room."""
    with closing(sqlite3.connect(path)) as database:
        found = database.execute("SELECT count(*) FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'")
        if found.fetchone() == (0,):
            raise OSError(errno.ENOSPC, "there is no room for the spatial index")


def _geometry_of(schema: pa.Schema, driver: str) -> GeometryColumn:
    geometry = geometry_column(schema)
    if geometry is None:
        raise FrameError(f"{driver} holds a geometry in each row, and these rows have none.")
    return geometry


def _check_names(schema: pa.Schema, driver: str) -> None:
    """Raise `FrameError` where GDAL would take two columns for one, or one for the numbers that it gives to rows."""
    counts = Counter(name.lower() for name in schema.names)
    twice = [name for name in schema.names if counts[name.lower()] > 1]
    if driver == "GPKG":
        twice += [one.name for one in schema if one.name.lower() == "fid" and not pa.types.is_integer(one.type)]
    if twice:
        which = ", ".join(dict.fromkeys(twice))
        raise FrameError(f"{driver} cannot hold these columns beside its own and each other: {which}; rename them.")


def _in_degrees(geometries: pa.ChunkedArray, crs: int) -> pa.Array:
    """Geometries in longitude and latitude; those that lie nowhere on Earth are left out, as GeoJSON has to."""
    shapes = shapely.from_wkb(geometries.to_numpy(zero_copy_only=False), on_invalid="ignore")

    def move(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([*transform(places[:, 0], places[:, 1], crs, LONLAT), *places[:, 2:].T])

    heights = shapely.has_z(shapes)
    moved = np.empty(len(shapes), dtype=object)
    for some, with_z in ((heights, True), (~heights, False)):
        moved[some] = shapely.transform(shapes[some], move, include_z=with_z)
    west, south, east, north = shapely.bounds(moved).T
    moved[~((west >= -180) & (east <= 180) & (south >= -90) & (north <= 90))] = None
    return pa.array(shapely.to_wkb(moved), type=pa.binary(), from_pandas=True)


def _gdal_schema(schema: pa.Schema) -> pa.Schema:
    """The columns in types that GDAL writes as they are, and without metadata."""
    return pa.schema([(field.name, _gdal_type(field.type)) for field in schema])


def _gdal_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        return _gdal_type(kind.value_type)
    if pa.types.is_string_view(kind):
        return pa.large_string()
    if pa.types.is_binary_view(kind):
        return pa.large_binary()
    if pa.types.is_null(kind):
        return pa.string()
    return pa.int64() if pa.types.is_uint64(kind) else kind  # of which GDAL makes a number that is only nearly the same


FORMATS: dict[str, Format] = {
    ".csv": Format(_csv_rows, _write_csv),
    ".parquet": Format(_parquet_rows, _write_parquet),
    ".arrow": Format(_whole, _write_arrow),
    ".geojson": Format(_geojson_rows, _write_geojson),
    ".gpkg": Format(_gdal_rows, _write_gpkg),
}
"""How the files of each ending are written."""
