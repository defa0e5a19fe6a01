"""Tables of people, offices and services: CSV, or a layer of points, into the records of the model.

Everything is read as text, so that leading zeros and the + of a phone number stay. An empty cell means
'not stated'. Columns that no record asks for are left alone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import MISSING, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, get_type_hints

import shapely

from geo_lookup.crs import reference_system
from geo_lookup.errors import CoordinateError, DateError, SourceError
from geo_lookup.loading.database import is_layer, read_table_of_database
from geo_lookup.loading.files import open_layer
from geo_lookup.manifest import MANIFEST, TableSource
from geo_lookup.model import Finding
from geo_lookup.reading import read_date, read_number, read_text, text_encoding

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from shapely.geometry.base import BaseGeometry

Record = TypeVar("Record", bound="DataclassInstance")
Cells = dict[str, str]
"""One row of a table: the text of each column, by the column's name in the file."""

LIST_SEPARATOR = ";"
"""What stands between the ids or languages in one cell."""


class Row(NamedTuple, Generic[Record]):
    """A record and the row of the file in which it stands."""

    number: int
    record: Record


class Table(NamedTuple, Generic[Record]):
    """The sound rows of a table, and the ids of all its rows; not `readable` if the file as a whole was refused."""

    rows: list[Row[Record]]
    ids: frozenset[str] = frozenset()
    readable: bool = True


def read_table(
    source: TableSource | None, folder: Path, record: type[Record], findings: list[Finding]
) -> Table[Record]:
    """Read every row of a table as a record; rows with a fault are noted in `findings` and left out.

    A source of None is an empty table.
    """
    if source is None:
        return Table([])
    hints = get_type_hints(record)
    names = {column: source.columns.get(column, column) for column in hints}
    required = {names[field.name] for field in fields(record) if _is_required(field)}
    expected = [names[field.name] for field in fields(record) if not field.metadata.get("alternative")]
    required |= {source.columns[column] for column in source.columns if column in names}
    for column in sorted(source.columns.keys() - names.keys()):
        message = f"'{column}' is no column that can be mapped; those are {', '.join(names)}."
        findings.append(Finding("error", "manifest", MANIFEST, message, field=f"columns of {source.path}"))
    try:
        read = _csv_rows if source.driver == "CSV" else _layer_rows if _has_points(source) else _database_rows
        rows = list(read(source, folder, required, expected, findings))
    except SourceError as fault:
        findings.append(Finding("error", "table", source.path, fault.message, fault.row))
        return Table([], readable=False)
    records = [(number, _record(record, hints, names, cells, source, number, findings)) for number, cells in rows]
    return Table(
        rows=[Row(number, made) for number, made in records if made is not None],
        ids=frozenset(cells[names["id"]] for _, cells in rows) if "id" in names else frozenset(),
    )


def _is_required(field: Any) -> bool:
    return bool(field.metadata.get("column")) or _must_be_stated(field)


def _must_be_stated(field: Any) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _csv_rows(
    source: TableSource, folder: Path, required: set[str], expected: list[str], findings: list[Finding]
) -> Iterator[tuple[int, Cells]]:
    text = _csv_text(source, folder, findings)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=source.delimiter, strict=True)
    try:
        header = [read_text(name) for name in next(reader, [])]
        missing = sorted(required - set(header))
        named = [name for name in header if name]  # a spreadsheet leaves empty columns behind
        if missing or len(set(named)) != len(named):
            what = f"has no column {', '.join(missing)}" if missing else "names a column twice"
            read = f"with delimiter {source.delimiter!r} it reads {', '.join(header)!r}"
            raise SourceError(f"the header {what}; {read}.", 1)
        _note_absent(source, expected, header, findings)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) == len(header):
                yield reader.line_num, dict(zip(header, map(read_text, cells), strict=True))
            else:
                message = f"the row has {len(cells)} cells and the header {len(header)}."
                findings.append(Finding("error", "table", source.path, message, reader.line_num))
    except csv.Error as error:
        raise SourceError(f"this is no CSV: {error}.", reader.line_num) from None


def _note_absent(source: TableSource, expected: list[str], present: list[str], findings: list[Finding]) -> None:
    """Warn of columns that are not there: left out, or misspelt."""
    absent = [name for name in expected if name not in present]
    if absent:
        message = f"there is no column {', '.join(absent)}; map it with `columns` if it is called otherwise."
        findings.append(Finding("warning", "table", source.path, message, 1))


def _csv_text(source: TableSource, folder: Path, findings: list[Finding]) -> str:
    path, encoding = folder / source.path, text_encoding(source.encoding)
    if not path.is_file():
        raise SourceError("there is no such file.")
    content = path.read_bytes()
    if encoding != "utf-8-sig" and not content.isascii() and _is_utf8(content):
        message = f"this is UTF-8, and is read as {encoding}, so that an é becomes an Ã©; leave `encoding` out."
        findings.append(Finding("warning", "table", source.path, message))
    try:
        return content.decode(encoding)
    except UnicodeError as error:
        row = content[: error.start].count(b"\n") + 1 if isinstance(error, UnicodeDecodeError) else None
        raise SourceError(f"this is not {encoding}; state `encoding` in the manifest, such as 'cp1252'.", row) from None


def _is_utf8(content: bytes) -> bool:
    """Whether bytes can be UTF-8; with letters beyond ASCII that is no chance."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _layer_rows(
    source: TableSource, folder: Path, required: set[str], expected: list[str], findings: list[Finding]
) -> Iterator[tuple[int, Cells]]:
    """Rows of a layer of points; `lon` and `lat` come from the geometry."""
    frame = open_layer(source, folder, findings)
    missing = sorted(required - set(frame.columns) - {"lon", "lat"})
    if missing:
        raise SourceError(f"the layer has no field {', '.join(missing)}.")
    _note_absent(source, expected, [*frame.columns, "lon", "lat"], findings)
    crs = reference_system(frame.crs.to_epsg())
    attributes = frame.drop(columns=frame.geometry.name)
    for number, (geometry, cells) in enumerate(zip(frame.geometry, attributes.to_dict("records"), strict=True), 1):
        if geometry is None or geometry.is_empty or shapely.get_type_id(geometry) != shapely.GeometryType.POINT:
            findings.append(Finding("error", "geometry", source.path, _no_point(geometry), number))
            continue
        lon, lat = crs.to_lonlat(geometry.x, geometry.y)
        texts = {name: read_text(value) for name, value in cells.items()}
        yield number, texts | {"lon": repr(lon), "lat": repr(lat)}


def _no_point(geometry: BaseGeometry | None) -> str:
    if geometry is None or geometry.is_empty:
        return "the geometry is missing or empty."
    remedy = "; QGIS parts them with 'Multipart to singleparts'" if geometry.geom_type == "MultiPoint" else ""
    return f"the geometry is no point, but a {geometry.geom_type}{remedy}."


def _has_points(source: TableSource) -> bool:
    return source.driver != "PostGIS" or is_layer(source.path)


def _database_rows(
    source: TableSource, _: Path, required: set[str], expected: list[str], findings: list[Finding]
) -> Iterator[tuple[int, Cells]]:
    """Rows of a table of a database, numbered as they come."""
    frame = read_table_of_database(source.path)
    missing = sorted(required - set(frame.columns))
    if missing:
        raise SourceError(f"the table has no column {', '.join(missing)}; it has {', '.join(map(str, frame.columns))}.")
    _note_absent(source, expected, list(frame.columns), findings)
    for number, cells in enumerate(frame.astype(object).to_dict("records"), 1):
        yield number, {str(name): read_text(value) for name, value in cells.items()}


def _record(
    record: type[Record],
    hints: dict[str, Any],
    names: dict[str, str],
    cells: Cells,
    source: TableSource,
    number: int,
    findings: list[Finding],
) -> Record | None:
    values: dict[str, Any] = {}
    faults = len(findings)
    for field in fields(record):
        text = cells.get(names[field.name], "")
        try:
            if text:
                values[field.name] = _value(hints[field.name], text)
            elif _must_be_stated(field):
                raise ValueError("this cell must not be empty.")
        except (ValueError, CoordinateError, DateError) as error:
            findings.append(Finding("error", "table", source.path, str(error), number, names[field.name]))
    return record(**values) if len(findings) == faults else None


def _value(hint: Any, text: str) -> Any:
    if hint is float:
        return read_number(text)
    if hint in (date, date | None):
        return read_date(text)
    if hint == tuple[str, ...]:
        return tuple(part.strip() for part in text.split(LIST_SEPARATOR) if part.strip())
    return text
