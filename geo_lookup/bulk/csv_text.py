"""Tables as CSV (RFC 4180, and as Excel in Belgium writes it): read whole in text, written so that nothing runs.

Cells stay text, so that '005' is no 5. A row with too few or too many cells is kept and marked.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv as arrow_csv

from geo_lookup.errors import SourceError

DELIMITERS = (";", "\t", ",")
"""Between cells; of two that are as frequent in the header, the first."""

LONGEST_ROW = 16 * 1024 * 1024
"""Bytes; a row that is longer comes of a quotation mark that is never closed."""

SAMPLE = 65_536

FORMULA = r"^[=@\t\r]|^[+\-][^0-9 .,()/]|^[+\-].*[^0-9 .,()/\-eE]"
"""What a spreadsheet would run: '=1+1', '@SUM(A1)', '-cmd'; but not '-5.5' and not '+32 89 65 43 21'."""

FORMULA_SIGNS = pa.array([b"=", b"@", b"\t", b"\r", b"+", b"-"])
"""What every formula begins with: few texts do, and this is seen in a third of the time."""


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
    """How the table that begins so is written, and where its rows begin.

    Empty lines before the header, and the line 'sep=;' that Excel heeds, are passed over.
    """
    begin = len(codecs.BOM_UTF8) if content.startswith(codecs.BOM_UTF8) else 0
    if b"\0" in content[:64]:
        raise SourceError("it is in UTF-16, or no text; save it as 'CSV UTF-8'.")
    if b"\n" not in content and b"\r" in content.rstrip(b"\r"):
        raise SourceError("its lines end in CR alone; save it with the line ends of today.")
    delimiters: tuple[str, ...] = DELIMITERS
    while True:
        end = begin + end_of_rows(content[begin:], "".join(delimiters), first=True)
        line = content[begin:end].decode(encoding, errors="replace")
        stated = re.fullmatch(r"sep=([;,\t])\s*", line, re.IGNORECASE)
        if stated:
            delimiters = (stated[1],)
        elif line.strip() or end >= len(content):
            break
        begin = end
    if not line.strip():
        raise SourceError("it is empty; the first row must name the columns.")
    rows = {delimiter: _cells_of(line, delimiter) for delimiter in delimiters}
    delimiter = max(delimiters, key=lambda one: len(rows[one]))
    if len(rows[delimiter]) == 1 and len(delimiters) > 1:
        delimiter = ","
    return Dialect(encoding, delimiter, tuple(name.strip() for name in rows[delimiter])), end


def _cells_of(line: str, delimiter: str) -> list[str]:
    csv.field_size_limit(LONGEST_ROW)
    try:
        return next(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise SourceError(f"its first row cannot be read: {error}.") from None


def end_of_rows(content: bytes, delimiters: str, *, first: bool = False) -> int:
    """Where the last row ends that ends in this content, or the first one; 0 where none does.

    A line break inside quotation marks ends no row. A mark opens a cell only where the cell begins; elsewhere it is a
    sign like others.
    """
    if b'"' not in content:
        return (content.find(b"\n") if first else content.rfind(b"\n")) + 1 or (len(content) if first else 0)
    quoted, opened = _quoted(content, delimiters)
    breaks = np.flatnonzero(np.frombuffer(content, dtype=np.uint8) == ord("\n"))
    breaks = breaks[breaks < opened]
    if len(quoted):
        before = np.searchsorted(quoted[:, 0], breaks) - 1
        breaks = breaks[(before < 0) | (breaks > quoted[before, 1])]
    if len(breaks):
        return int(breaks[0 if first else -1]) + 1
    return len(content) if first else 0


def never_closed(content: bytes, delimiters: str) -> bool:
    """Whether a quotation mark opens a cell and none closes it."""
    return b'"' in content and _quoted(content, delimiters)[1] < len(content)


def _quoted(content: bytes, delimiters: str) -> tuple[NDArray[np.int64], int]:
    """The first and last places of cells in quotation marks, and where one is opened that is not closed."""
    characters = np.frombuffer(content, dtype=np.uint8)
    marks = np.flatnonzero(characters == ord('"'))
    borders = np.frombuffer(f"{delimiters}\r\n".encode(), dtype=np.uint8)
    begins = (marks == 0) | np.isin(characters[marks - 1], borders)
    opening, closing = marks[::2], marks[1::2]
    doubled = np.zeros(len(opening), dtype=bool)
    doubled[1:] = opening[1:] == closing[: len(opening) - 1] + 1
    if (begins[::2] | doubled).all():  # every other mark opens, as it should
        spans = np.stack([opening[: len(closing)], closing], axis=1)
        return spans, len(content) if len(opening) == len(closing) else int(opening[-1])
    return _quoted_one_by_one(marks.tolist(), begins.tolist(), len(content))


def _quoted_one_by_one(marks: list[int], begins: list[bool], length: int) -> tuple[NDArray[np.int64], int]:
    """The same where marks stand in the middle of cells."""
    spans, opened, place = [], length, 0
    while place < len(marks):
        mark = marks[place]
        if opened == length:
            opened = mark if begins[place] else length
        elif place + 1 < len(marks) and marks[place + 1] == mark + 1:
            place += 1  # a mark that is doubled is one of the text
        else:
            spans.append((opened, mark))
            opened = length
        place += 1
    return np.array(spans, dtype=np.int64).reshape(-1, 2), opened


def read_rows(content: bytes, dialect: Dialect) -> Rows:
    """Read whole rows, without the header."""
    names = [str(number) for number in range(len(dialect.names))]  # names may be there twice
    single = len(names) == 1
    if dialect.encoding == "cp1252":  # some of whose bytes mean nothing
        content = content.decode("cp1252", errors="replace").encode()
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(content),
            arrow_csv.ReadOptions(column_names=names),
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
    text = io.StringIO(content.decode(errors="replace"), newline="")
    csv.field_size_limit(LONGEST_ROW)
    rows, faults = [], []
    for row in _each(csv.reader(text, delimiter=dialect.delimiter)):
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


def _each(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error as error:
        raise SourceError(f"a row cannot be read: {error}.") from None


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
            pa.DictionaryArray.from_arrays(chunk.indices, _harmless(chunk.dictionary.cast(pa.string())), safe=False)
            for chunk in column.chunks
        ]
        return pa.chunked_array(chunks, type=pa.dictionary(kind.index_type, pa.string()))
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return pc.replace_substring(column.cast(pa.string()), ".", ",") if decimal_comma else column
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind) or pa.types.is_null(kind):
        return column
    try:
        texts = column.cast(pa.string())
        if decimal_comma:  # or Excel would take 12.5 for the twelfth of May
            numbers = pc.match_substring_regex(texts, r"^-?\d+\.\d+$")
            texts = pc.if_else(numbers, pc.replace_substring(texts, ".", ","), texts)
        return _harmless(texts)
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        raise SourceError(f"a column of type {kind} cannot be written as CSV; write Parquet or Arrow.") from None


def _harmless(texts: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    signs = pc.binary_slice(texts.cast(pa.binary()), 0, 1)
    if not pc.any(pc.is_in(signs, FORMULA_SIGNS)).as_py():
        return texts
    runs = pc.match_substring_regex(texts, FORMULA)
    return pc.if_else(runs, pc.binary_join_element_wise("'", texts, ""), texts)


def _harmless_text(text: str) -> str:
    harmless: str = _harmless(pa.array([text])).to_pylist()[0]
    return harmless
