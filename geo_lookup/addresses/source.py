"""A file of addresses, row by row: BeSt as it is published, or any table whose columns the manifest maps.

BeSt (openaddress-be*.csv, also zipped) is read by its column names, documented at
https://opendata.bosa.be. Coordinates come from a metric CRS where there is one (`EPSG:31370_x` before October 2026,
`EPSG:3812_x` after), for its degrees are rounded to 5 decimals; from these where a row has nothing else.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from typing import IO, Any, NamedTuple

from geo_lookup.addresses.records import Municipality, Names, PostalArea
from geo_lookup.crs import LONLAT
from geo_lookup.errors import SourceError
from geo_lookup.manifest import AddressSource
from geo_lookup.reading import read_text, text_encoding

Progress = Callable[[int, int], None]
"""Told from time to time how many bytes of how many have been read."""

BATCH = 65_536


class SourceRow(NamedTuple):
    """One address as its file states it; `row` is the line of a text file, or the row of another counted from 1.

    What the file has no column for is ''.
    """

    row: int
    address_id: str
    street_id: str
    streetname_nl: str
    streetname_fr: str
    streetname_de: str
    house_number: str
    box_number: str
    municipality_id: str
    municipality_name_nl: str
    municipality_name_fr: str
    municipality_name_de: str
    postcode: str
    postname_nl: str
    postname_fr: str
    postname_de: str
    status: str
    x: str
    y: str
    lon: str
    lat: str

    @property
    def street(self) -> Names:
        """The names of the street."""
        return Names(self.streetname_nl, self.streetname_fr, self.streetname_de)

    @property
    def municipality(self) -> Municipality:
        """The municipality; without a code and a name where the file states none."""
        names = Names(self.municipality_name_nl, self.municipality_name_fr, self.municipality_name_de)
        return Municipality(self.municipality_id, names)

    @property
    def postal_area(self) -> PostalArea:
        """The postcode and its names."""
        return PostalArea(self.postcode, Names(self.postname_nl, self.postname_fr, self.postname_de))


FIELDS = SourceRow._fields[1:]
"""What is read of an address; a manifest may map columns of other names to these."""


class Columns(NamedTuple):
    """Where each field stands in a row, and the EPSG code of x and y."""

    positions: Mapping[str, int]
    crs: int


def read_source(
    source: AddressSource, folder: Path, progress: Progress | None = None
) -> tuple[int, Iterator[SourceRow]]:
    """The EPSG code that x and y are in, and the addresses one by one.

    Raises `SourceError` where the file is missing, cannot be read or lacks a column that is needed; while it is
    read, where a row has more or fewer cells than the header.
    """
    path = folder / source.path
    if not path.is_file():
        raise SourceError("there is no such file.")
    rows = _parquet_rows(path, progress) if source.driver == "Parquet" else _csv_rows(path, source, progress)
    _, header = next(rows)
    columns = _columns(header, source)
    return columns.crs, _read_rows(rows, columns.positions)


def _read_rows(rows: Iterable[tuple[int, list[str]]], positions: Mapping[str, int]) -> Iterator[SourceRow]:
    pick = itemgetter(*(positions.get(field, -1) for field in FIELDS))
    for number, cells in rows:
        cells.append("")  # stands for every field that the file has no column for
        yield SourceRow(number, *map(str.strip, pick(cells)))


def _columns(header: list[str], source: AddressSource) -> Columns:
    """Where the fields stand: as the manifest maps them, or as BeSt names them."""
    names = {field: source.columns.get(field, field) for field in FIELDS}
    crs = source.crs or LONLAT
    if "x" not in source.columns and "lon" not in source.columns:
        epsg = [int(match[1]) for name in header if (match := re.fullmatch(r"EPSG:(\d+)_x", name))]
        if epsg:
            crs = epsg[0]
            names |= {"x": f"EPSG:{crs}_x", "y": f"EPSG:{crs}_y"}
        if "EPSG:4326_lon" in header:
            names |= {"lon": "EPSG:4326_lon", "lat": "EPSG:4326_lat"}
    positions = {field: header.index(name) for field, name in names.items() if name in header}
    _check_columns(positions, names, source, header)
    if {"x", "y"} <= positions.keys() and crs == LONLAT:
        raise SourceError("in which CRS x and y are is not said; state `crs` (an EPSG code) in the manifest.", 1)
    return Columns(positions, crs)


def _check_columns(
    positions: Mapping[str, int], names: Mapping[str, str], source: AddressSource, header: list[str]
) -> None:
    for field in source.columns:
        if field not in FIELDS:
            raise SourceError(f"'{field}' is no column that can be mapped; those are {', '.join(FIELDS)}.", 1)
    lacking = [names["house_number"]] if "house_number" not in positions else []
    if not any(f"streetname_{language}" in positions for language in ("nl", "fr", "de")):
        lacking.append(names["streetname_nl"])
    if not ({"x", "y"} <= positions.keys() or {"lon", "lat"} <= positions.keys()):
        lacking.append("of coordinates (EPSG:31370_x and _y, or lon and lat)")
    lacking.extend(source.columns[field] for field in source.columns if field not in positions)
    if lacking:
        named, shown = ", ".join(dict.fromkeys(lacking)), ", ".join(header)[:300]
        has = f"with delimiter {source.delimiter!r} it has {shown}"
        raise SourceError(f"there is no column {named}; {has}. Map columns of other names with `columns`.", 1)


def _csv_rows(path: Path, source: AddressSource, progress: Progress | None) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV, the header first; a zip holds one CSV."""
    encoding = text_encoding(source.encoding)
    reader = None
    try:
        with _opened(path, progress) as binary:
            text = io.TextIOWrapper(binary, encoding=encoding, newline="")
            reader = csv.reader(text, delimiter=source.delimiter, strict=True)
            header = [read_text(name) for name in next(reader, [])]
            yield 1, header
            for cells in reader:
                if not any(cells):  # a spreadsheet leaves empty rows behind
                    continue
                if len(cells) != len(header):
                    raise SourceError(f"the row has {len(cells)} cells and the header {len(header)}.", reader.line_num)
                yield reader.line_num, cells
    except UnicodeError:
        message = f"this is not {encoding}; state `encoding` in the manifest, such as 'cp1252'."
        raise SourceError(message, reader.line_num + 1 if reader else None) from None
    except (csv.Error, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:  # the last: it is encrypted
        message = f"it cannot be read: {str(error).rstrip('.')}."
        raise SourceError(message, reader.line_num if reader else None) from None


@contextmanager
def _opened(path: Path, progress: Progress | None) -> Iterator[IO[bytes]]:
    if path.suffix.lower() == ".zip" and not zipfile.is_zipfile(path):
        raise SourceError("it is no zip file, or a damaged one; fetch it again.")
    if not zipfile.is_zipfile(path):
        with path.open("rb") as file:
            yield io.BufferedReader(_Counted(file, path.stat().st_size, progress), BATCH)
        return
    with zipfile.ZipFile(path) as archive:
        members = [one for one in archive.infolist() if one.filename.lower().endswith(".csv")]
        if len(members) != 1:
            raise SourceError(f"the zip holds {len(members)} CSV files; it must hold one.")
        with archive.open(members[0]) as file:
            yield io.BufferedReader(_Counted(file, members[0].file_size, progress), BATCH)


class _Counted(io.RawIOBase):
    """A file that tells how far it has been read."""

    def __init__(self, file: IO[bytes], size: int, progress: Progress | None) -> None:
        self._file, self._size, self._progress, self._done = file, size, progress, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        content = self._file.read(len(buffer))
        buffer[: len(content)] = content
        self._done += len(content)
        if self._progress is not None:
            self._progress(self._done, self._size)
        return len(content)


def _parquet_rows(path: Path, progress: Progress | None) -> Iterator[tuple[int, list[str]]]:
    """The rows of a (Geo)Parquet file as text, the header first; a column `geometry` of points becomes x and y."""
    import pyarrow.parquet as parquet

    try:
        file = parquet.ParquetFile(path)
    except Exception as error:  # noqa: BLE001 - pyarrow's errors share no base
        raise SourceError(f"it cannot be read as Parquet: {error}") from None
    names = [name for name in file.schema_arrow.names if name != "geometry"]
    has_geometry = "geometry" in file.schema_arrow.names
    yield 1, [*names, "x", "y"] if has_geometry else names
    done = 0
    for batch in file.iter_batches(batch_size=BATCH):
        columns: list[Iterable[str]] = [map(read_text, batch.column(name).to_pylist()) for name in names]
        if has_geometry:
            columns.extend(_points(batch.column("geometry").to_pylist()))
        for number, cells in enumerate(zip(*columns, strict=True), done + 1):
            yield number, list(cells)
        done += batch.num_rows
        if progress is not None:
            progress(done, file.metadata.num_rows)


def _points(geometries: list[bytes | None]) -> tuple[list[str], list[str]]:
    import shapely

    points = shapely.from_wkb(geometries)
    xs, ys = shapely.get_x(points), shapely.get_y(points)
    return [read_text(float(x)) for x in xs], [read_text(float(y)) for y in ys]
