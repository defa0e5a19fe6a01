"""Whole collections as files, written whole before anything is sent.

GeoPackage and FlatGeobuf are in the metric CRS, GeoJSON (RFC 7946) and CSV in longitude and latitude.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import orjson
import pyarrow as pa
import shapely

from geo_lookup.bulk.csv_text import header_text, rows_text
from geo_lookup.edition import Edition
from geo_lookup.geojson import in_crs
from geo_lookup.geopackage import made_long_ago
from service.ogc.collections import Collection
from service.ogc.crs_references import CRS84, drawn
from service.ogc.geojson_features import whole_geojson
from service.ogc.layers import Layer

Writer = Callable[[Layer, Collection, int], bytes]
"""Turns a layer into the bytes of a file; the number is the edition's metric CRS."""


class FileFormat(NamedTuple):
    """A format by its media type and its name, and how it is written."""

    media_type: str
    title: str
    write: Writer


def file_name(edition: Edition, collection: Collection, ending: str) -> str:
    """The name under which a browser keeps a file: the city, the collection, the edition, in plain letters."""
    name = "-".join((edition.manifest.city, collection.id, edition.manifest.id))
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return f"{re.sub(r'[^A-Za-z0-9.]+', '-', plain).strip('-.')}.{ending}"


def write_file(layer: Layer, collection: Collection, ending: str, metric_crs: int) -> bytes:
    """Every feature of a layer as the bytes of a file."""
    return FORMATS[ending].write(layer, collection, metric_crs)


def _write_gpkg(layer: Layer, collection: Collection, metric_crs: int) -> bytes:
    return _write_by_gdal(layer, collection, metric_crs, "GPKG", "gpkg", VERSION="1.2")  # what older programs read


def _write_fgb(layer: Layer, collection: Collection, metric_crs: int) -> bytes:
    return _write_by_gdal(layer, collection, metric_crs, "FlatGeobuf", "fgb")


def _write_by_gdal(
    layer: Layer, collection: Collection, metric_crs: int, driver: str, ending: str, **options: str
) -> bytes:
    """A layer in the metric CRS, with its name and the type of its shapes."""
    import pyogrio

    shapes = in_crs(layer.shapes, layer.crs, metric_crs)
    kind = "Point" if collection.kind is None else "MultiPolygon"
    table = _table(layer, collection).append_column("geometry", pa.array(shapely.to_wkb(shapes), type=pa.binary()))
    with TemporaryDirectory() as folder, made_long_ago():
        path = Path(folder) / f"{collection.id}.{ending}"
        pyogrio.raw.write_arrow(
            table, path, driver=driver, layer=collection.id, geometry_name="geometry", geometry_type=kind,
            crs=f"EPSG:{metric_crs}", dataset_options=options,
        )  # fmt: skip
        return path.read_bytes()


def _write_geojson(layer: Layer, _: Collection, __: int) -> bytes:
    return orjson.dumps(whole_geojson(layer))


def _write_csv(layer: Layer, collection: Collection, _: int) -> bytes:
    """A row for each feature, with its point or its shape in degrees; a formula gets an apostrophe."""
    table = _table(layer, collection)
    shapes = drawn(layer.shapes, layer.crs, CRS84)
    if collection.kind is None:
        table = table.append_column("lon", pa.array(shapely.get_x(shapes), type=pa.float64()))
        table = table.append_column("lat", pa.array(shapely.get_y(shapes), type=pa.float64()))
    else:
        words = shapely.to_wkt(shapes, rounding_precision=CRS84.decimals)
        table = table.append_column("geometry", pa.array(words, type=pa.string()))
    return header_text(table.column_names, ",") + rows_text(table, ",")


def _table(layer: Layer, collection: Collection) -> pa.Table:
    """The properties as columns, which keep their types where every value is missing."""
    types = {one.name: pa.bool_() if one.type == "boolean" else pa.string() for one in collection.properties}
    return pa.table(
        {name: pa.array([told[name] for told in layer.attributes], type=kind) for name, kind in types.items()}
    )


FORMATS = {
    "gpkg": FileFormat("application/geopackage+sqlite3", "Everything as a GeoPackage", _write_gpkg),
    "fgb": FileFormat("application/vnd.flatgeobuf", "Everything as a FlatGeobuf", _write_fgb),
    "geojson": FileFormat("application/geo+json", "Everything as GeoJSON", _write_geojson),
    "csv": FileFormat("text/csv; charset=utf-8", "Everything as CSV", _write_csv),
}
"""The formats by the ends of the files' names."""
