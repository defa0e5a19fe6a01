"""Bulk look-ups over frames of pandas, GeoPandas and Arrow: the same rows come out, with their answers."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

import numpy as np
import pyarrow as pa

from geo_lookup.bulk.columns import COLUMNS, Answers
from geo_lookup.bulk.points import Columns, points_of_frame, points_of_table
from geo_lookup.bulk.rows import (
    ERROR,
    MATCHED,
    NO_TEXT,
    FindText,
    address_part,
    answer_each,
    join_parts,
    refuse_missing,
    refuse_taken,
)
from geo_lookup.bulk.walking_columns import WALKING_COLUMNS, WalkingAnswers
from geo_lookup.edition import Edition
from geo_lookup.errors import FrameError
from geo_lookup.misreadings import check_points
from geo_lookup.walking.answer import Walks

WalkText = Callable[[str], Walks]
"""Finds the walks from an address."""


def assign(
    edition: Edition, frame: Any, columns: Columns, on: date, threads: int | None, *, walking: bool = False
) -> Any:
    """Add `COLUMNS`, and with `walking` `WALKING_COLUMNS`, to a copy of a frame; `Finder.assign` tells how."""
    import geopandas
    import pandas as pd

    added = (*COLUMNS, *WALKING_COLUMNS) if walking else COLUMNS
    on_foot = WalkingAnswers(edition) if walking else None
    if isinstance(frame, geopandas.GeoSeries):
        frame = geopandas.GeoDataFrame(geometry=frame)
    if isinstance(frame, pd.DataFrame):
        refuse_taken(frame.columns, added)
        points = points_of_frame(frame, columns)
        table = frame
    else:
        table = _arrow_table(frame)
        refuse_taken(table.column_names, added)
        points = points_of_table(table, columns)
    check_points(*points, edition.territory)
    answers = Answers(edition, on).columns(points, threads)
    if on_foot is not None:
        answers |= on_foot.columns(points, threads)
    return _with_columns(frame, table, answers)


def assign_addresses(
    edition: Edition, frame: Any, address: Sequence[Hashable], on: date, find: FindText, walk: WalkText | None = None
) -> Any:
    """Add `COLUMNS`, `MATCHED` and `ERROR` to a copy of a frame that is asked by the columns that make an address.

    With `walk`, which finds the walks from an address, `WALKING_COLUMNS` follow.
    """
    import pandas as pd

    is_pandas = isinstance(frame, pd.DataFrame)
    table = frame if is_pandas else _arrow_table(frame)
    names = list(table.columns if is_pandas else table.column_names)
    refuse_missing(names, address)
    refuse_taken(names, (*COLUMNS, *MATCHED, ERROR, *(WALKING_COLUMNS if walk else ())))
    columns = [table[name] for name in address]
    parts = [_texts(one) if is_pandas else address_part(one) for one in columns]
    texts = join_parts(parts)
    answers = answer_each(Answers(edition, on), texts, pa.nulls(len(texts), pa.string()), find)
    if walk is not None:
        faults = answers[ERROR].to_pylist()
        walks = [walk(text) if fault is None else None for text, fault in zip(texts, faults, strict=True)]
        answers |= WalkingAnswers(edition).of_walks(walks)
    return _with_columns(frame, table, answers)


def _texts(column: Any) -> list[str | None]:
    """The cells of a column of pandas as the text that a person would read there; None where one is missing.

    Raises `FrameError` for a cell that is neither text nor a number.
    """
    return [None if missing else _text(cell) for cell, missing in zip(column, column.isna(), strict=True)]


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell.encode(errors="replace").decode()  # half of a character pair, which no address has
    if isinstance(cell, bool):  # which Python takes for a whole number
        raise FrameError(NO_TEXT)
    if isinstance(cell, Integral):
        return str(int(cell))
    if isinstance(cell, Real | Decimal):
        number = float(cell)  # 12.0 where others of the column are missing
        return str(int(number)) if number.is_integer() else str(number)
    raise FrameError(NO_TEXT)


def _with_columns(given: Any, table: Any, answers: Mapping[str, pa.ChunkedArray]) -> Any:
    """A copy of a frame of pandas, or of a table of Arrow, with more columns; a record batch where one was given."""
    import pandas as pd

    if isinstance(table, pd.DataFrame):
        series = {name: pd.Series(_as_pandas(column), table.index, copy=False) for name, column in answers.items()}
        if table.columns.nlevels == 1:
            return table.assign(**series)  # which copies arrays, but not what series hold
        extended, below = table.copy(), ("",) * (table.columns.nlevels - 1)
        for name, column in series.items():
            extended[(name, *below)] = column
        return extended
    for name, column in answers.items():
        table = table.append_column(name, column)
    if not isinstance(given, pa.RecordBatch):
        return table
    return pa.RecordBatch.from_arrays([column.combine_chunks() for column in table.columns], schema=table.schema)


def _arrow_table(frame: Any) -> pa.Table:
    if isinstance(frame, pa.RecordBatch | pa.Table):
        return pa.table(frame)
    try:
        return pa.table(pa.RecordBatchReader.from_stream(frame).read_all())
    except (TypeError, AttributeError, pa.ArrowInvalid):
        message = "assign takes a GeoDataFrame, a GeoSeries, a DataFrame, or a table of Arrow."
        raise FrameError(message) from None


def _as_pandas(column: pa.ChunkedArray) -> Any:
    """A column as pandas has it: a dictionary as categories, out of its codes; that of a missing text is -1."""
    import pandas as pd

    if pa.types.is_string(column.type):
        return pd.array(column.to_pylist(), dtype="str")
    if not pa.types.is_dictionary(column.type):
        numbers = column.to_numpy()
        return numbers if numbers.flags.writeable else numbers.copy()  # Arrow's own may not be written
    kind = np.dtype(column.type.index_type.to_pandas_dtype())
    codes = [np.frombuffer(chunk.indices.buffers()[1], dtype=kind, count=len(chunk)) for chunk in column.chunks]
    categories = pd.Index(column.chunk(0).dictionary.to_pandas(), dtype="str")
    return pd.Categorical.from_codes(np.concatenate(codes), categories, validate=False)
