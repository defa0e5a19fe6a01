"""Bulk look-ups over frames of pandas, GeoPandas and Arrow: the same rows come out, with their answers."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from geo_lookup.bulk.columns import COLUMNS, Answers, Points
from geo_lookup.bulk.points import Columns, points_of_frame, points_of_table
from geo_lookup.bulk.rows import ERROR, MATCHED, FindText, address_texts, answer_texts
from geo_lookup.bulk.walking_columns import WALKING_COLUMNS, WalkingAnswers
from geo_lookup.crs import LONLAT
from geo_lookup.edition import Edition
from geo_lookup.errors import FrameError
from geo_lookup.misreadings import check_points


def assign(
    edition: Edition, frame: Any, columns: Columns, on: date, threads: int | None, *, walking: bool = False
) -> Any:
    """Add `COLUMNS`, and with `walking` `WALKING_COLUMNS`, to a copy of a frame; `Finder.assign` tells how."""
    added = (*COLUMNS, *WALKING_COLUMNS) if walking else COLUMNS
    on_foot = WalkingAnswers(edition) if walking else None
    import geopandas
    import pandas as pd

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
    edition: Edition, frame: Any, address: Sequence[Hashable], on: date, find: FindText, *, walking: bool = False
) -> Any:
    """Add `COLUMNS`, `MATCHED` and `ERROR` to a copy of a frame that is asked by the columns that make an address.

    With `walking` `WALKING_COLUMNS` follow, from the point of the address that was understood.
    """
    import pandas as pd

    on_foot = WalkingAnswers(edition) if walking else None
    is_pandas = isinstance(frame, pd.DataFrame)
    table = frame if is_pandas else _arrow_table(frame)
    names = list(table.columns if is_pandas else table.column_names)
    missing = [str(name) for name in address if names.count(name) != 1]
    if missing:
        raise FrameError(f"the table has no column {', '.join(missing)}, or more than one.")
    refuse_taken(names, (*COLUMNS, *MATCHED, ERROR, *(WALKING_COLUMNS if walking else ())))
    parts = pa.table({str(name): _as_arrow(table[name]) for name in address})
    texts = address_texts(parts, parts.column_names)
    answers = answer_texts(Answers(edition, on), texts, pa.nulls(len(texts), pa.string()), find)
    added = {name: pa.chunked_array([column]) for name, column in answers.items()}
    if on_foot is not None:
        lons, lats = (added[name].to_numpy() for name in ("matched_lon", "matched_lat"))
        added |= on_foot.columns(Points(lons, lats, LONLAT))
    return _with_columns(frame, table, added)


def _with_columns(given: Any, table: Any, answers: Mapping[str, pa.ChunkedArray]) -> Any:
    """A copy of a frame of pandas, or of a table of Arrow, with more columns; a record batch where one was given."""
    import pandas as pd

    if isinstance(table, pd.DataFrame):
        return table.assign(**{name: _as_pandas(column) for name, column in answers.items()})
    for name, column in answers.items():
        table = table.append_column(name, column)
    return table.combine_chunks().to_batches()[0] if isinstance(given, pa.RecordBatch) and len(given) else table


def _arrow_table(frame: Any) -> pa.Table:
    if isinstance(frame, pa.RecordBatch | pa.Table):
        return pa.table(frame)
    try:
        return pa.table(pa.RecordBatchReader.from_stream(frame).read_all())
    except (TypeError, AttributeError, pa.ArrowInvalid):
        message = "assign takes a GeoDataFrame, a GeoSeries, a DataFrame, or a table of Arrow."
        raise FrameError(message) from None


def refuse_taken(names: Iterable[object], added: Sequence[str] = COLUMNS) -> None:
    """Raise `FrameError` where a column that is to be added is there already."""
    there = set(names)
    taken = [name for name in added if name in there]
    if taken:
        raise FrameError(f"the table has these columns already: {', '.join(taken)}; drop or rename them first.")


def _as_arrow(column: Any) -> Any:
    """A column of pandas, or of Arrow, as Arrow has it; what pandas says is missing is so."""
    return column if isinstance(column, pa.ChunkedArray) else pa.array(column, from_pandas=True)


def _as_pandas(column: pa.ChunkedArray) -> Any:
    """A column as pandas has it: a dictionary as categories, out of its codes; that of a missing text is -1."""
    import pandas as pd

    if pa.types.is_string(column.type):
        return pd.array(column.to_pylist(), dtype="str")
    if not pa.types.is_dictionary(column.type):
        return column.to_numpy()
    kind = np.dtype(column.type.index_type.to_pandas_dtype())
    codes = [np.frombuffer(chunk.indices.buffers()[1], dtype=kind, count=len(chunk)) for chunk in column.chunks]
    categories = pd.Index(column.chunk(0).dictionary.to_pandas(), dtype="str")
    return pd.Categorical.from_codes(np.concatenate(codes), categories, validate=False)
