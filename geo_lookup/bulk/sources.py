"""Files of rows, read part by part, so that a file of any size fits in little memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import ipc

from geo_lookup.bulk import csv_text
from geo_lookup.bulk.plain import as_plain, plain_schema
from geo_lookup.errors import RequestError, SourceError
from geo_lookup.loading.files import SIGNATURES, check_signature, chosen_layer
from geo_lookup.manifest import LayerFormat

ROWS = 262_144
"""How many rows a part has at most, of formats that count them; half as many take a fifth more time each."""

BLOCK = 8 * 1024 * 1024
"""How many bytes of text are read at a time."""


FEATURES = 1_000
"""How many features tell whether those of a file have ids that are numbers."""


class Part(NamedTuple):
    """Some rows, what is wrong with them (null where nothing is), and how much of the file is read with them."""

    table: pa.Table
    faults: pa.Array
    done: int


class Source(NamedTuple):
    """A file that is open: its columns, its parts in order, and its size, in rows or bytes.

    `dialect` is how a CSV file is written; None for another.
    """

    schema: pa.Schema
    parts: Iterator[Part]
    size: int
    unit: str
    dialect: csv_text.Dialect | None = None


def open_source(path: Path, layer: str | None, files: ExitStack) -> Source:
    """Open a file by the end of its name; it is closed with `files`.

    Raises `RequestError` where its name is of no format that is known, or the format has no layers; `SourceError` where
    it is missing, or not what its name says.
    """
    opener = OPENERS.get(path.suffix.lower())
    if opener is None:
        raise RequestError(f"the name of the file to read must end in {', '.join(OPENERS)}.")
    if not path.is_file():
        raise SourceError("it is a folder." if path.is_dir() else "there is no such file.")
    if layer is not None and path.suffix.lower() not in (".gpkg", ".geojson"):
        raise RequestError("only a GeoPackage has layers; leave --layer out.")
    try:
        return opener(path, layer, files)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise SourceError(f"it cannot be read: {_first_line(error)}") from None


def _open_csv(path: Path, _: str | None, files: ExitStack) -> Source:
    file = files.enter_context(path.open("rb"))
    encoding = csv_text.encoding_of(file)
    file.seek(0)
    start = file.read(BLOCK)
    dialect, begin = csv_text.read_header(start, encoding)

    def parts() -> Iterator[Part]:
        rest, done = start[begin:], begin
        while True:
            more = file.read(BLOCK)
            end = csv_text.end_of_rows(rest, dialect.delimiter) if more else len(rest)
            if not end and len(rest) > csv_text.LONGEST_ROW:
                raise SourceError("a row is longer than 16 MB; a quotation mark may be opened and not closed again.")
            if not more and csv_text.never_closed(rest, dialect.delimiter):
                raise SourceError("a quotation mark is opened near the end, and not closed again.")
            if end:
                done += end
                yield Part(*csv_text.read_rows(rest[:end], dialect), done)
            if not more:
                return
            rest = rest[end:] + more

    schema = pa.schema([(name, pa.string()) for name in dialect.names])
    return Source(schema, parts(), path.stat().st_size, "bytes", dialect)


def _open_parquet(path: Path, _: str | None, files: ExitStack) -> Source:
    file = files.enter_context(pq.ParquetFile(path))
    groups = range(file.num_row_groups)  # one after the other, or what was read of all of them would be kept
    batches = (batch for group in groups for batch in file.iter_batches(batch_size=ROWS, row_groups=[group]))
    return _source(batches, file.schema_arrow, file.metadata.num_rows)


def _open_arrow(path: Path, _: str | None, files: ExitStack) -> Source:
    file = files.enter_context(pa.memory_map(str(path)))
    try:
        reader = ipc.open_file(file)
    except pa.ArrowInvalid:  # the other of the two formats that bear this name
        file.seek(0)
        stream = ipc.open_stream(file)
        return _source(iter(stream), stream.schema, 0)
    batches = (reader.get_batch(number) for number in range(reader.num_record_batches))
    return _source(batches, reader.schema, 0)


def _open_layer(driver: LayerFormat) -> Callable[[Path, str | None, ExitStack], Source]:
    def open_layer(path: Path, layer: str | None, files: ExitStack) -> Source:
        import pyogrio

        check_signature(path, driver)
        name = f"{SIGNATURES[driver].prefix}{path.resolve()}"
        try:
            chosen = chosen_layer(name, layer)
            info = pyogrio.read_info(name, layer=chosen)
            fids = driver == "GPKG" or _has_numbers(name, chosen, info)
            opened = pyogrio.raw.open_arrow(name, layer=chosen, use_pyarrow=True, batch_size=ROWS, return_fids=fids)
            _, reader = files.enter_context(opened)
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
            raise SourceError(f"it cannot be read as {driver}: {str(error).replace(name, path.name)}") from None
        return _source(reader, reader.schema, max(info["features"], 0))

    return open_layer


def _has_numbers(name: str, layer: str, info: dict[str, Any]) -> bool:
    """Whether the features of a GeoJSON file have numbers as ids: those of others GDAL counts from 0 on."""
    import pyogrio

    if info["fid_column"] in info["fields"]:
        return False
    some = {"columns": [], "read_geometry": False, "return_fids": True, "max_features": FEATURES}
    _, numbers, _, _ = pyogrio.raw.read(name, layer=layer, **some)
    return bool((numbers != range(len(numbers))).any())


def _source(batches: Iterator[Any], schema: pa.Schema, size: int) -> Source:
    """Batches as a source of parts of at most `ROWS` rows, in plain columns that every format can hold."""
    plain = plain_schema(schema)

    def parts() -> Iterator[Part]:
        done = 0
        try:
            for batch in batches:
                for start in range(0, len(batch), ROWS):
                    table = as_plain(pa.Table.from_batches([batch.slice(start, ROWS)], schema), plain)
                    done += len(table)
                    yield Part(table, pa.nulls(len(table), pa.string()), done)
        except (pa.ArrowInvalid, pa.ArrowException, OSError) as error:
            raise SourceError(f"after row {done} it cannot be read: {_first_line(error)}") from None

    return Source(plain, parts(), size, "rows")


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


OPENERS: dict[str, Callable[[Path, str | None, ExitStack], Source]] = {
    ".csv": _open_csv,
    ".parquet": _open_parquet,
    ".arrow": _open_arrow,
    ".geojson": _open_layer("GeoJSON"),
    ".gpkg": _open_layer("GPKG"),
}
"""How the files of each ending are opened."""
