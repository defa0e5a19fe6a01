"""The formats of bulk look-ups over HTTP: a body in, its rows with their answers out, part by part.

A body is read whole and checked before the first part is given; nothing of it stands in an error.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import ipc

from geo_lookup import Answer, Finder, RequestError
from geo_lookup.bulk import csv_text
from geo_lookup.bulk.columns import COLUMNS, Answers
from geo_lookup.bulk.points import Columns
from geo_lookup.bulk.rows import (
    ERROR,
    MATCHED,
    NO_COORDINATES,
    NO_NUMBER,
    Asked,
    answer_each,
    answer_rows,
    how_asked,
    read_cell,
)
from geo_lookup.bulk.workers import processors
from geo_lookup.errors import FrameError, SourceError
from service.arrow_messages import MOST_ROWS, check_stream

ROWS = 131_072
"""How many rows are answered at a time, by all threads together."""

OBJECTS = 32_768
"""How many rows of a list in JSON are written at a time."""

FEW_BYTES = 65_536
"""What the columns of a small body may take besides twice its length."""

BLOCK = 2 * 1024 * 1024
"""About how many bytes of CSV are answered at a time."""

MOST_COLUMNS = 1_000
MOST_IN_A_LIST = 100_000
"""How many rows a list in JSON may hold: each is an object of Python's, which keeps everything else waiting."""

MOST_TEXTS = 5_000
"""How many rows may be asked by an address at a time: each takes as long as a hundred by coordinates."""

KEYS = ({"lon", "lat"}, {"x", "y", "crs"}, {"x", "y"}, {"q"}, {"address_id"})
"""The ways in which a row in JSON may be asked; the other keys of a row are its own."""

ASKED_BY = set().union(*KEYS)
COORDINATES = {"lon", "lat", "x", "y"}

Parts = Iterator[bytes]


class BulkAnswers:
    """Answers bodies of one edition, for one day; `crs` is that of columns x and y."""

    def __init__(self, finder: Finder, on: str | None, crs: int | None) -> None:
        self.finder = finder
        self.crs = crs
        day = finder.day(on)
        self.answers = Answers(finder.edition_on(day), day)

    def csv(self, body: bytes) -> Parts:
        """CSV in, CSV in the same dialect out; UTF-8."""
        try:
            encoding = csv_text.encoding_of(io.BytesIO(body))
            dialect, begin = csv_text.read_header(body, encoding)
            _limit("columns", len(dialect.names), MOST_COLUMNS)
            if csv_text.never_closed(body, dialect.delimiter):
                raise RequestError("a quotation mark is opened and never closed.")
            blocks = [csv_text.read_rows(block, dialect) for block in _blocks(body[begin:], dialect.delimiter)]
        except SourceError as error:
            raise RequestError(f"the body cannot be read: {error.message}") from None
        schema = blocks[0].table.schema
        count = sum(len(block.table) for block in blocks)
        _limit("rows", count, MOST_ROWS)
        asked = self._asked(schema, count)
        yield dialect.begins + csv_text.header_text([*schema.names, *asked.added], dialect.delimiter)
        for rows in blocks:
            yield csv_text.rows_text(self._answered(rows.table, asked, rows.faults), dialect.delimiter)

    def arrow(self, body: bytes) -> Parts:
        """A stream of Arrow record batches in, one with more columns out."""
        try:
            check_stream(body)
            with ipc.open_stream(body) as reader:
                _limit("columns", len(reader.schema.names), MOST_COLUMNS)
                table = reader.read_all()
            table.validate(full=True)
        except (pa.ArrowInvalid, pa.ArrowException, OSError, UnicodeDecodeError):
            raise RequestError("the body is no stream of Arrow record batches.") from None
        _limit("rows", len(table), MOST_ROWS)
        if table.nbytes > 2 * len(body) + FEW_BYTES:
            raise RequestError("the columns of the body share their buffers; send each with its own.")
        asked = self._asked(table.schema, len(table))
        written = io.BytesIO()
        writer = None
        for start in range(0, max(len(table), 1), ROWS):
            answered = self._answered(table.slice(start, ROWS), asked)
            if writer is None:
                options = ipc.IpcWriteOptions(unify_dictionaries=True)
                writer = ipc.new_stream(written, answered.schema, options=options)
            writer.write_table(answered)
            yield written.getvalue()
            written.seek(0)
            written.truncate()
        if writer is not None:
            writer.close()
        yield written.getvalue()

    def json(self, body: bytes) -> Parts:
        """A list of rows in, a list of rows out; or columns in, columns out."""
        try:
            content = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise RequestError("the body is not JSON (RFC 8259).") from None
        if isinstance(content, list):
            _limit("rows in a list", len(content), MOST_IN_A_LIST)
            yield from self._json_rows(content)
        elif isinstance(content, dict):
            _limit("columns", len(content), MOST_COLUMNS)
            yield from self._json_columns(content)
        else:
            raise RequestError("the body must be a list of rows, or an object of columns.")

    def _json_columns(self, content: dict[str, Any]) -> Parts:
        crs = content.pop("crs", self.crs)
        if isinstance(crs, bool) or not isinstance(crs, int | None):
            raise RequestError("crs must be a whole number.")
        if not content or not all(isinstance(values, list) for values in content.values()):
            raise RequestError("each column must be a list of values.")
        lengths = {len(values) for values in content.values()}
        if len(lengths) > 1:
            raise RequestError("the columns must all have the same length.")
        _limit("rows", max(lengths), MOST_ROWS)
        for values in content.values():
            _check_depth(values)
        added = self._of_columns(content, crs, lengths.pop())
        yield from _joined(_json_of_columns(content, added))

    def _json_rows(self, rows: list[Any]) -> Parts:
        keys = {name for row in rows if isinstance(row, dict) for name in row}
        taken = [name for name in (*COLUMNS, *MATCHED, ERROR) if name in keys]
        if taken:
            raise FrameError(f"the rows have these keys already: {', '.join(taken)}; drop or rename them first.")
        _check_depth([value for row in rows if isinstance(row, dict) for value in row.values()])
        kinds = {frozenset(_asked_by(row)) for row in rows}
        crs = {row["crs"] if type(row.get("crs")) is int else None for row in rows if "crs" in _asked_by(row)}
        if len(kinds) == 1 and len(crs) <= 1 and None not in crs and kinds <= {frozenset(keys) for keys in KEYS[:3]}:
            names = sorted(kinds.pop() - {"crs"})
            columns = {name: [row[name] for row in rows] for name in names}
            added = self._of_columns(columns, crs.pop() if crs else self.crs, len(rows))
        else:
            _limit_texts(len(rows))
            added = answer_each(self.answers, rows, pa.nulls(len(rows), pa.string()), self._find)
        names = list(added)
        opening = b"["
        for start in range(0, len(rows), OBJECTS):
            columns = {name: added[name].slice(start, OBJECTS).to_pylist() for name in names}
            answered = [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]
            pairs = zip(rows[start : start + OBJECTS], answered, strict=True)
            yield (
                opening + orjson.dumps([{**(row if isinstance(row, dict) else {}), **own} for row, own in pairs])[1:-1]
            )
            opening = b","
        yield b"]" if rows else b"[]"

    def _of_columns(self, content: dict[str, list[Any]], crs: int | None, count: int) -> dict[str, pa.ChunkedArray]:
        """What is added to columns of JSON values."""
        schema = pa.schema([(name, pa.null()) for name in content])
        asked = how_asked(schema, Columns(crs=crs))
        if asked.coordinates is None:
            _limit_texts(count)
            texts = [value if isinstance(value, str) else "" for value in content[asked.address[0]]]
            table = pa.table({asked.address[0]: pa.array(texts, type=pa.string())})
            return self._added(table, asked, pa.nulls(count, pa.string()))
        read = {str(name): _numbers(content[str(name)]) for name in asked.coordinates.chosen(schema.names)[:2]}
        table = pa.table({name: numbers for name, (numbers, _) in read.items()})
        unread = np.logical_or.reduce([bad for _, bad in read.values()])
        faults = pa.array([NO_NUMBER]).take(pa.array(np.zeros(count, dtype=np.int8), mask=~unread))
        return self._added(table, asked, faults)

    def _find(self, row: Any) -> Answer:
        """What `find` answers for a row that is asked in its own way."""
        keys = _asked_by(row)
        if keys not in KEYS:
            raise RequestError("ask each row by lon and lat, by x, y and crs, by q, or by address_id.")
        asked: dict[str, Any] = {key: _coordinate(row[key]) if key in COORDINATES else row[key] for key in keys}
        if any(value is None for value in asked.values()):
            raise RequestError("what a row is asked by is null.")
        if keys == {"x", "y"}:
            asked["crs"] = self.crs
        return self.finder.find(asked.pop("q", None), **asked, on=self.answers.on, offices=1)

    def _asked(self, schema: pa.Schema, count: int) -> Asked:
        asked = how_asked(schema, Columns(crs=self.crs))
        if asked.coordinates is None:
            _limit_texts(count)
        return asked

    def _answered(self, table: pa.Table, asked: Asked, faults: pa.Array | None = None) -> pa.Table:
        for name, column in self._added(table, asked, faults).items():
            table = table.append_column(name, column)
        return table

    def _added(self, table: pa.Table, asked: Asked, faults: pa.Array | None) -> dict[str, pa.ChunkedArray]:
        def find(text: str) -> Answer:
            return self.finder.find(text, on=self.answers.on, offices=1)

        return answer_rows(self.answers, table, asked, find, faults=faults, threads=processors())


def _limit(what: str, count: int, most: int) -> None:
    if count > most:
        raise RequestError(
            f"a body may hold at most {most} {what}; the command geo-lookup bulk takes files of any size."
        )


def _blocks(rows: bytes, delimiter: str) -> Iterator[bytes]:
    """Whole rows of about `BLOCK` bytes, so that one odd row makes few others be read slowly."""
    begin = 0
    while True:
        length = csv_text.end_of_rows(rows[begin : begin + BLOCK], delimiter)
        end = begin + length if length and begin + BLOCK < len(rows) else len(rows)
        yield rows[begin:end]
        begin = end
        if begin >= len(rows):
            return


def _check_depth(values: list[Any]) -> None:
    """Refuse values that cannot be sent back."""
    if not {dict, list} & set(map(type, values)):
        return
    try:
        orjson.dumps(values)
    except TypeError:
        raise RequestError("a value is nested too deeply.") from None


def _coordinate(value: Any) -> float:
    """A coordinate in JSON, read as in a column."""
    number, unread = _number(value)
    if unread:
        raise RequestError(NO_NUMBER)
    if np.isnan(number):
        raise RequestError(NO_COORDINATES)
    return number


def _asked_by(row: Any) -> set[str]:
    return set(row) & ASKED_BY if isinstance(row, dict) else set()


def _limit_texts(count: int) -> None:
    if count > MOST_TEXTS:
        raise RequestError(
            f"at most {MOST_TEXTS} rows may be asked by an address at a time, or each in its own way; the command "
            "geo-lookup bulk takes files of any size."
        )


def _numbers(values: list[Any]) -> tuple[pa.Array, np.typing.NDArray[np.bool_]]:
    """JSON values as numbers, and which of them are none; null is missing."""
    if set(map(type, values)) <= {int, float}:
        numbers = np.array(values, dtype=np.float64)
        return pa.array(numbers), ~np.isfinite(numbers)
    read = [_number(value) for value in values]
    return pa.array([number for number, _ in read], type=pa.float64()), np.array([bad for _, bad in read], dtype=bool)


def _number(value: Any) -> tuple[float, bool]:
    if value is None or isinstance(value, str):
        return read_cell(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return np.nan, True
    return float(value), False


def _joined(pieces: Iterable[bytes | memoryview]) -> Parts:
    """Pieces put together to parts of some size: sending a part takes as long as copying a megabyte."""
    some: list[bytes | memoryview] = []
    size = 0
    for piece in pieces:
        some.append(piece)
        size += len(piece)
        if size >= BLOCK:
            yield b"".join(some)
            some.clear()
            size = 0
    yield b"".join(some)


def _json_of_columns(content: dict[str, list[Any]], added: dict[str, pa.ChunkedArray]) -> Iterator[bytes | memoryview]:
    """An object of columns in JSON: those that were sent, and those that are added."""
    begin = b"{"
    for name, values in content.items():
        yield from (begin, orjson.dumps(name), b":", orjson.dumps(values))
        begin = b","
    for name, column in added.items():
        yield from (b",", orjson.dumps(name), b":[", *_json_values(column), b"]")
    yield b"}"


def _json_values(column: pa.ChunkedArray) -> Iterator[bytes | memoryview]:
    """The values of a column in JSON, with commas between them."""
    if pa.types.is_floating(column.type):
        yield memoryview(orjson.dumps(column.to_numpy(), option=orjson.OPT_SERIALIZE_NUMPY))[1:-1]
        return
    for number, chunk in enumerate(chunk for chunk in column.chunks if len(chunk)):
        coded = chunk if pa.types.is_dictionary(chunk.type) else chunk.dictionary_encode()
        words = [*(orjson.dumps(text).decode() for text in coded.dictionary.to_pylist()), "null"]
        codes = pc.fill_null(coded.indices.cast(pa.int32()), len(words) - 1)
        texts = pa.array([f",{word}" for word in words], type=pa.string()).take(codes)
        _, offsets, content = texts.buffers()  # which stand there one after the other
        end = np.frombuffer(offsets, dtype=np.int32)[len(texts)]
        yield memoryview(content)[0 if number else 1 : end]
