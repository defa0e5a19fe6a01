"""Tables answered row for row, where a bad row is marked in its place and the others are answered all the same.

A row is asked by its coordinates or by an address in text, and gets what `find` answers for it. What is wrong with a
row stands in the column `error`, in the words of the error that `find` raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_lookup.answer import Answer
from geo_lookup.bulk.columns import COLUMNS, Answers, Points
from geo_lookup.bulk.points import NAMED_BY_DEFAULT, Columns, agreed_crs, geometry_column, points_of_geometries
from geo_lookup.coordinates import Column
from geo_lookup.crs import reference_system
from geo_lookup.errors import FrameError, RequestError
from geo_lookup.misreadings import FINE, find_faults
from geo_lookup.reading import read_number

ERROR = "error"
"""The column that says what is wrong with a row."""

MATCHED = ("matched_address_id", "matched_address", "precision", "matched_lon", "matched_lat")
"""What is added for rows that are asked by an address: the one that was understood, and its point."""

ADDRESS_NAMES = ("address", "adres", "adresse", "q")
"""Columns that are taken for addresses where no column is named and there are no coordinates."""

NO_TEXT = "a column of addresses holds no text."
NO_COORDINATES = "the row has no coordinates."
NO_POINT = "the geometry is no point."
NO_NUMBER = "a coordinate must be a number, such as 5.505 or 5,505."

Row = TypeVar("Row")

FindText = Callable[[str], Answer]
"""Answers for an address; raises `RequestError` for a text that is none."""


@dataclass(frozen=True)
class Asked:
    """How the rows of a table are asked: by coordinates, or by the columns that make an address; and that in words."""

    coordinates: Columns | None
    address: tuple[str, ...] = ()
    described: str = ""

    @property
    def added(self) -> tuple[str, ...]:
        """The columns that are added."""
        return (*COLUMNS, *(MATCHED if self.address else ()), ERROR)


class LocatedRows(NamedTuple):
    """The points of rows, and what is wrong with a row, null where nothing is; a row with a fault has no point."""

    points: Points
    faults: pa.Array


def how_asked(schema: pa.Schema, columns: Columns, address: Sequence[str] = ()) -> Asked:
    """Decide how the rows of a table are asked; raises `FrameError` where that cannot be told, or a name is taken.

    What is named counts; else a column of geometries, `lon` and `lat`, `x` and `y` with a CRS, or an address.
    """
    geometry = geometry_column(schema) if columns.name_none else None
    if address and columns != NAMED_BY_DEFAULT:
        raise FrameError("ask by coordinates or by an address, not by both.")
    if address or (columns == NAMED_BY_DEFAULT and geometry is None and not {"lon", "lat"} & set(schema.names)):
        chosen = tuple(address) or tuple(name for name in ADDRESS_NAMES if name in schema.names)[:1]
        if not chosen:
            raise FrameError(
                "the table has no columns lon and lat, and no column address; name the columns: lon=… and lat=…, "
                "x=…, y=… and crs=…, or address=…."
            )
        refuse_missing(schema.names, chosen)
        asked = Asked(None, chosen, f"the address in {', '.join(chosen)}")
    elif geometry is not None:
        crs = agreed_crs(geometry.crs, columns.crs)
        reference_system(crs)  # which raises where there is no such CRS
        asked = Asked(columns, described=f"the geometries in {geometry.name} (EPSG:{crs})")
    else:
        x, y, crs = columns.chosen(schema.names)
        reference_system(crs)
        asked = Asked(columns, described=f"the coordinates in {x} and {y} (EPSG:{crs})")
    refuse_taken(schema.names, asked.added)
    return asked


def refuse_missing(names: Sequence[Hashable], wanted: Sequence[Hashable]) -> None:
    """Raise `FrameError` where a column that is asked by is not there, or more than once, or where none is named."""
    missing = [str(name) for name in wanted if names.count(name) != 1]
    if missing or not wanted:
        raise FrameError(f"the table has no column {', '.join(missing) or 'that is named'}, or more than one.")


def refuse_taken(names: Iterable[Hashable], added: Sequence[str]) -> None:
    """Raise `FrameError` where a column that is to be added is there already."""
    there = {name[0] if isinstance(name, tuple) else name for name in names}  # pandas may call one on several levels
    taken = [name for name in added if name in there]
    if taken:
        raise FrameError(f"the table has these columns already: {', '.join(taken)}; drop or rename them first.")


def answer_rows(
    answers: Answers, table: pa.Table, asked: Asked, find: FindText, *, faults: pa.Array | None = None, threads: int = 1
) -> dict[str, pa.ChunkedArray]:
    """Answer each row of a table: the columns of `Asked.added`, in their order.

    `faults` are what is wrong with rows already, null where nothing is; such rows are not answered.
    """
    known = faults if faults is not None else pa.nulls(len(table), pa.string())
    if asked.coordinates is None:
        return answer_each(answers, address_texts(table, asked.address), known, find)
    located = locate_rows(answers, table, asked.coordinates, known)
    return answers.columns(located.points, threads) | {ERROR: pa.chunked_array([located.faults])}


def locate_rows(answers: Answers, table: pa.Table, columns: Columns, known: pa.Array) -> LocatedRows:
    """Find the points of the rows of a table; `known` are the faults that are known of already."""
    geometry = geometry_column(table.schema)
    if geometry is not None and columns.name_none:
        crs = agreed_crs(geometry.crs, columns.crs)
        xs, ys, unread = points_of_geometries(table[geometry.name])
        unreadable = NO_POINT
    else:
        x, y, crs = columns.chosen(table.column_names)
        (xs, unread_x), (ys, unread_y) = read_numbers(table[x]), read_numbers(table[y])
        unread = unread_x | unread_y
        unreadable = NO_NUMBER
    missing = ~unread & (np.isnan(xs) | np.isnan(ys))
    of_point, sentences = find_faults(xs, ys, crs, answers.edition.territory)
    if not (unread.any() or missing.any() or sentences or known.null_count < len(known)):
        return LocatedRows(Points(xs, ys, crs), known)
    words = pa.array([*sentences, unreadable, NO_COORDINATES])
    codes = of_point.astype(np.int32)
    codes[unread], codes[missing] = len(sentences), len(sentences) + 1
    own = words.take(pa.array(codes, mask=codes == FINE))
    faults = pc.coalesce(known, own)
    bad = faults.is_valid().to_numpy(zero_copy_only=False)
    return LocatedRows(Points(np.where(bad, np.nan, xs), np.where(bad, np.nan, ys), crs), faults)


def read_numbers(column: pa.ChunkedArray) -> tuple[Column, Any]:
    """The numbers of a column, and which cells are none; an empty cell is NaN, and so is one that is none.

    Text may have a decimal comma.
    """
    kind = column.type
    if pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        return column.cast(pa.float64(), safe=False).to_numpy(), np.zeros(len(column), dtype=bool)
    if pa.types.is_null(kind):
        return np.full(len(column), np.nan), np.zeros(len(column), dtype=bool)
    column = as_text(column, "a column of coordinates holds neither numbers nor text.")
    try:
        numbers: Column = column.cast(pa.float64()).to_numpy()
        return numbers, ~np.isfinite(numbers) & column.is_valid().to_numpy()
    except pa.ArrowInvalid:
        pass
    read = [read_cell(text) for text in column.to_pylist()]
    return np.array([number for number, _ in read]), np.array([unread for _, unread in read], dtype=bool)


def as_text(column: pa.ChunkedArray, otherwise: str) -> pa.ChunkedArray:
    """A column as text; raises `FrameError` with these words where it is something else."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    simple = (pa.types.is_binary, pa.types.is_nested, pa.types.is_large_binary, pa.types.is_binary_view)
    if not any(is_such(kind) for is_such in simple):
        try:
            return column.cast(pa.string())
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            pass
    raise FrameError(otherwise)


def read_cell(text: str | None) -> tuple[float, bool]:
    """The number of a cell, and whether it is none; an empty one is missing. Text may have a decimal comma."""
    if text is None or not text.strip():
        return np.nan, False
    if re.fullmatch(r"[^.,]*,[^.,]*", text):
        text = text.replace(",", ".")
    try:
        number = read_number(text)
    except RequestError:
        return np.nan, True
    return number, not np.isfinite(number)


def address_texts(table: pa.Table, names: Sequence[str]) -> list[str]:
    """The address of each row: the parts of it that are there, one after the other."""
    return join_parts([address_part(table[name]) for name in names])


def address_part(column: pa.ChunkedArray) -> list[str | None]:
    """The cells of a column of addresses; raises `FrameError` where they are neither text nor numbers."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_boolean(kind) or pa.types.is_temporal(kind):
        raise FrameError(NO_TEXT)
    if pa.types.is_decimal(kind):
        column = column.cast(pa.float64())  # 112 rather than 112.00
    texts: list[str | None] = as_text(column, NO_TEXT).to_pylist()
    return texts


def join_parts(columns: Sequence[Sequence[str | None]]) -> list[str]:
    """The parts of addresses, column by column, as one text a row, without those that are missing or empty."""
    return [" ".join(part.strip() for part in parts if part and part.strip()) for parts in zip(*columns, strict=True)]


def answer_each(
    answers: Answers, rows: Iterable[Row], known: pa.Array, find: Callable[[Row], Answer]
) -> dict[str, pa.ChunkedArray]:
    """Answer rows one by one, as columns: those of `answers`, `MATCHED` and `ERROR`.

    `known` are the faults that are known of already; such rows are not answered. What `find` raises a `RequestError`
    for has a fault too.
    """
    found: list[Answer | None] = []
    faults: list[str | None] = []
    for row, fault in zip(rows, known.to_pylist(), strict=True):
        answer = None
        if fault is None:
            try:
                answer = find(row)
            except RequestError as error:
                fault = str(error)
        found.append(answer)
        faults.append(fault)
    columns = {**answers.of_answers(found), **_matched(found), ERROR: pa.array(faults, type=pa.string())}
    return {name: pa.chunked_array([column]) for name, column in columns.items()}


def _matched(found: Sequence[Answer | None]) -> dict[str, pa.Array]:
    """The addresses that were understood, and their points, as the columns of `MATCHED`."""

    def column(part: Callable[[Answer], Any], kind: pa.DataType) -> pa.Array:
        return pa.array([None if answer is None else part(answer) for answer in found], type=kind)

    return {
        "matched_address_id": column(lambda one: one.address and one.address.id, pa.string()),
        "matched_address": column(lambda one: one.address and one.address.label, pa.string()),
        "precision": column(lambda one: one.address and one.address.precision, pa.string()),
        "matched_lon": column(lambda one: one.point and one.point.lon, pa.float64()),
        "matched_lat": column(lambda one: one.point and one.point.lat, pa.float64()),
    }
