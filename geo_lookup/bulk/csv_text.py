"""Tables as CSV (RFC 4180, and as Excel in Belgium writes it): read whole in text, written so that nothing runs.

Cells stay text, so that '005' is no 5. A row with too few or too many cells is kept and marked.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence
from typing import BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from geo_lookup.errors import SourceError

DELIMITERS = (";", "\t", ",")
"""Between cells; of two that are as frequent in the header, the first."""

LONGEST_ROW = 16 * 1024 * 1024
"""Bytes; a row that is longer comes of a quotation mark that is never closed."""

SAMPLE = 65_536

FORMULA = r"^[=@\t\r]|^[+\-][^0-9 .,()/]|^[+\-].*[^0-9 .,()/\-eE]"
"""What a spreadsheet would run: '=1+1', '@SUM(A1)', '-cmd'; but not '-5.5' and not '+32 89 65 43 21'."""


class Dialect(NamedTuple):
    """How a CSV file is written: the encoding and the delimiter, and what its header says."""

    encoding: str
    delimiter: str
    names: tuple[str, ...]

    @property
    def begins(self) -> bytes:
        """The mark of the encoding that the file begins with, if it does."""
        return codecs.BOM_UTF8 if self.encoding == "utf-8-sig" else b""


class Rows(NamedTuple):
    """Rows of text, and for each what is wrong with its cells; null where nothing is."""

    table: pa.Table
    faults: pa.Array


def encoding_of(file: BinaryIO) -> str:
    """UTF-8 where all of a file is, else Windows-1252; the file is read from its beginning to its end."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    start = file.read(SAMPLE)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise SourceError("it is in UTF-16; save it as 'CSV UTF-8'.")
    part = start
    try:
        while part:
            decoder.decode(part)
            part = file.read(SAMPLE * 16)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig" if start.startswith(codecs.BOM_UTF8) else "utf-8"


def read_header(content: bytes, encoding: str) -> tuple[Dialect, int]:
    """How the table that begins so is written, and where its rows begin."""
    text = content.removeprefix(codecs.BOM_UTF8)
    length = len(content) - len(text) + end_of_rows(text, first=True)
    line = content[:length].decode(encoding, errors="replace").removeprefix("\ufeff")
    if not line.strip():
        raise SourceError("it is empty; the first row must name the columns.")
    counts = {delimiter: len(next(csv.reader([line], delimiter=delimiter))) for delimiter in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda one: counts[one])
    names = next(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter))
    return Dialect(encoding, delimiter if counts[delimiter] > 1 else ",", tuple(name.strip() for name in names)), length


def end_of_rows(content: bytes, *, first: bool = False) -> int:
    """Where the last row ends that ends in this content, or the first one; 0 where none does.

    A line break inside quotation marks ends no row.
    """
    if b'"' not in content:
        return (content.find(b"\n") if first else content.rfind(b"\n")) + 1 or (len(content) if first else 0)
    characters = np.frombuffer(content, dtype=np.uint8)
    inside = np.cumsum(characters == ord('"')) & 1
    ends = np.flatnonzero((characters == ord("\n")) & (inside == 0))
    if len(ends):
        return int(ends[0 if first else -1]) + 1
    return len(content) if first else 0


def read_rows(content: bytes, dialect: Dialect) -> Rows:
    """Read whole rows, without the header."""
    names = [str(number) for number in range(len(dialect.names))]  # names may be there twice
    single = len(names) == 1
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(content),
            arrow_csv.ReadOptions(column_names=names, encoding=dialect.encoding.removesuffix("-sig")),
            arrow_csv.ParseOptions(delimiter=dialect.delimiter, newlines_in_values=True, ignore_empty_lines=not single),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), null_values=[], strings_can_be_null=False
            ),
        )
        faults = pa.nulls(len(table), pa.string())
    except pa.ArrowInvalid:  # some row has another number of cells, or there is none
        table, faults = _read_each(content, dialect, names)
    return Rows(table.rename_columns(list(dialect.names)), faults)


def _read_each(content: bytes, dialect: Dialect, names: list[str]) -> tuple[pa.Table, pa.Array]:
    text = io.StringIO(content.decode(dialect.encoding, errors="replace"), newline="")
    csv.field_size_limit(LONGEST_ROW)
    rows, faults = [], []
    for row in csv.reader(text, delimiter=dialect.delimiter):
        if not row and len(names) > 1:
            continue
        fault = f"the row has {len(row)} cells, and the header {len(names)}" if row and len(row) != len(names) else None
        if len(row) > len(names):  # nothing is lost: what is too much stays in the last cell
            row[len(names) - 1 :] = [dialect.delimiter.join(row[len(names) - 1 :])]
        rows.append(row + [""] * (len(names) - len(row)))
        faults.append(fault)
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    arrays = [pa.array(column, type=pa.string()) for column in columns]
    return pa.table(arrays, names=names), pa.array(faults, type=pa.string())


def header_text(names: Sequence[str], delimiter: str) -> bytes:
    """The first row of a file."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerow([_harmless_text(name) for name in names])
    return text.getvalue().encode()


def rows_text(table: pa.Table, delimiter: str, *, decimal_comma: bool = False) -> bytes:
    """Rows of a table as text in UTF-8, without the header; what a spreadsheet would run gets an apostrophe."""
    columns = [_cells(column, decimal_comma) for column in table.columns]
    safe = pa.table(columns, names=[str(number) for number in range(len(columns))])
    for quoting in ("none", "needed"):  # the second quotes every text
        written = io.BytesIO()
        options = arrow_csv.WriteOptions(
            include_header=False, batch_size=16_384, delimiter=delimiter, eol="\r\n", quoting_style=quoting
        )
        try:
            arrow_csv.write_csv(safe, written, options)
            break
        except pa.ArrowInvalid:  # some text holds a delimiter, a quotation mark or the end of a line
            continue
    return written.getvalue()


def _cells(column: pa.ChunkedArray, decimal_comma: bool) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        chunks = [
            pa.DictionaryArray.from_arrays(chunk.indices, _harmless(chunk.dictionary.cast(pa.string())))
            for chunk in column.chunks
        ]
        return pa.chunked_array(chunks, type=pa.dictionary(kind.index_type, pa.string()))
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return pc.replace_substring(column.cast(pa.string()), ".", ",") if decimal_comma else column
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind) or pa.types.is_null(kind):
        return column
    try:
        return _harmless(column.cast(pa.string()))
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        raise SourceError(f"a column of type {kind} cannot be written as CSV; write Parquet or Arrow.") from None


def _harmless(texts: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    runs = pc.match_substring_regex(texts, FORMULA)
    if not pc.any(runs).as_py():
        return texts
    return pc.if_else(runs, pc.binary_join_element_wise("'", texts, ""), texts)


def _harmless_text(text: str) -> str:
    harmless: str = _harmless(pa.array([text])).to_pylist()[0]
    return harmless
