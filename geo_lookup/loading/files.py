"""Vector layers of five formats, read with their driver forced.

GDAL would open whatever a file turns out to be: a VRT under another name reads other files and makes
requests. So a file must begin as its format does before GDAL sees it, it is opened through the driver's
own prefix where there is one, and the driver that opened it is checked.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from geo_lookup.crs import LONLAT, epsg_code, reference_system
from geo_lookup.errors import CoordinateError, SourceError
from geo_lookup.loading.database import read_layer_of_database
from geo_lookup.manifest import LayerFormat, Source, SourceFormat, TableSource
from geo_lookup.model import Finding

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


class Signature(NamedTuple):
    """How a format's files begin and end in name, and the prefix that makes GDAL use its driver alone."""

    start: bytes
    suffixes: tuple[str, ...]
    prefix: str = ""


SIGNATURES: dict[LayerFormat, Signature] = {
    "GPKG": Signature(b"SQLite format 3\0", (".gpkg",)),
    "GeoJSON": Signature(b"{", (".geojson", ".json"), "GeoJSON:"),
    "ESRI Shapefile": Signature(b"\0\0\x27\x0a", (".shp",)),
    "Parquet": Signature(b"PAR1", (".parquet",)),
    "FlatGeobuf": Signature(b"fgb\x03fgb", (".fgb",)),
}


def read_layer(source: Source, folder: Path, findings: list[Finding]) -> GeoDataFrame | None:
    """Read a layer as `open_layer` does; where that cannot be done, note why in `findings` and return None."""
    try:
        return open_layer(source, folder, findings)
    except SourceError as fault:
        findings.append(Finding("error", "layer", source.path, fault.message))
        return None


def open_layer(source: Source, folder: Path, findings: list[Finding]) -> GeoDataFrame:
    """Read a layer as it stands in its file, with its CRS set to an EPSG code.

    What GDAL remarks on is noted in `findings`. Raises `SourceError` where the file is missing, is not what
    its format says, holds several layers without one being named, or states no CRS that has an EPSG code.
    """
    if source.driver == "PostGIS":
        frame = read_layer_of_database(source.path)
        return frame.set_crs(epsg=_epsg(frame, source.driver, source), allow_override=True)
    path, driver = _locate(source, folder)
    with warnings.catch_warnings(record=True) as notes:
        warnings.simplefilter("always")
        frame = _read(path, driver, source)
    findings.extend(Finding("warning", "layer", source.path, str(note.message)) for note in notes)
    return frame.set_crs(epsg=_epsg(frame, driver, source), allow_override=True)


def _locate(source: Source, folder: Path) -> tuple[Path, LayerFormat]:
    path = folder / source.path
    driver = source.driver
    if driver is None or driver == "CSV" or driver == "PostGIS":
        known = ", ".join([*SIGNATURES, "CSV"] if isinstance(source, TableSource) else SIGNATURES)
        raise SourceError(
            f"the format is not known; state `format`, one of {known}, or save a workbook as one of them."
        )
    if not path.is_file():
        raise SourceError("there is no such file.")
    check_signature(path, driver)
    return path.resolve(), driver


def check_signature(path: Path, driver: LayerFormat) -> None:
    """Raise `SourceError` where a file does not begin, or is not named, as its format is."""
    signature = SIGNATURES[driver]
    with path.open("rb") as file:
        start = file.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n" if driver == "GeoJSON" else b"")
    if not start.startswith(signature.start):
        raise SourceError(f"this is no {driver} file: it does not begin as one.")
    if path.suffix.lower() not in signature.suffixes:
        raise SourceError(f"a {driver} file must be named *{' or *'.join(signature.suffixes)}.")


def _read(path: Path, driver: LayerFormat, source: Source) -> GeoDataFrame:
    import geopandas  # takes half a second; whoever only imports geo_lookup does not wait for it
    import pyogrio

    if driver == "Parquet":
        try:
            # What pandas notes about itself is left aside: its index is a column, and what is not stated is None.
            return geopandas.read_parquet(path, to_pandas_kwargs={"ignore_metadata": True})
        except Exception as error:  # noqa: BLE001 - pyarrow and geopandas share no base of errors
            raise SourceError(f"it cannot be read as GeoParquet: {error}") from None
    name = f"{SIGNATURES[driver].prefix}{path}"
    try:
        layer = chosen_layer(name, source.layer)
        information = pyogrio.read_info(name, layer=layer)
        if information["driver"] != driver:
            raise SourceError(f"this is no {driver} file: GDAL reads it as {information['driver']}.")
        if information["geometry_type"] is None:
            raise SourceError("the layer has no geometry.")
        options = {"DATE_AS_STRING": "YES"} if driver == "GeoJSON" else {}  # an id may look like a date
        return geopandas.read_file(name, layer=layer, encoding=source.encoding, on_invalid="warn", **options)
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        UnicodeDecodeError,
        LookupError,
    ) as error:
        raise SourceError(f"it cannot be read as {driver}: {str(error).replace(name, path.name)}") from None


def chosen_layer(path: str, stated: str | None) -> str:
    """The layer of a file that is stated, or the only one it has, by GDAL's name of the file.

    Raises `SourceError` where there is no such layer, or none is stated of several, and what pyogrio does where the
    file cannot be read.
    """
    import pyogrio

    names = [str(layer) for layer, _ in pyogrio.list_layers(path)]
    layer = stated or (names[0] if len(names) == 1 else None)
    if layer not in names:
        which = f"there is no layer '{stated}'" if stated else "state which layer to read"
        raise SourceError(f"{which}; it holds {', '.join(map(repr, names))}.")
    return layer


def _epsg(frame: GeoDataFrame, driver: SourceFormat, source: Source) -> int:
    """Find the EPSG code of a layer: its own, or the manifest's where the file states none.

    A GeoJSON file without a `crs` member means EPSG:4326 (RFC 7946) but cannot be told from one that was
    written in another CRS, so there the manifest's word counts.
    """
    own = None
    if frame.crs is not None:
        own = epsg_code(frame.crs)
        if own is None and source.crs is None:
            raise SourceError(f"its CRS ({frame.crs.name}) has no EPSG code; state `crs` in the manifest.")
    if source.crs is None:
        if own is None:
            raise SourceError("it states no CRS; state `crs` (an EPSG code) in the manifest.")
        try:
            return reference_system(own).epsg
        except CoordinateError as error:
            raise SourceError(str(error)) from None
    if own not in (None, source.crs) and not (driver == "GeoJSON" and own == LONLAT):
        raise SourceError(f"it is in EPSG:{own}, but the manifest states {source.crs}; leave `crs` out.")
    return source.crs
