"""Bulk look-ups over frames of pandas, GeoPandas and Arrow: the same rows come out, with their answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from geo_lookup.bulk.columns import COLUMNS, Answers
from geo_lookup.bulk.points import Columns, points_of_frame, points_of_table
from geo_lookup.bulk.walking_columns import WALKING_COLUMNS, WalkingAnswers
from geo_lookup.edition import Edition
from geo_lookup.errors import FrameError
from geo_lookup.misreadings import check_points
from geo_lookup.model import AreaKind

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


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
    else:
        table = _arrow_table(frame)
        refuse_taken(table.column_names, added)
        points = points_of_table(table, columns)
    check_points(*points, edition.territory)
    answers = Answers(edition, on).columns(points, threads)
    if on_foot is not None:
        answers |= on_foot.columns(points, threads)
    if isinstance(frame, pd.DataFrame):
        return frame.assign(**{name: _as_pandas(column) for name, column in answers.items()})
    for name, column in answers.items():
        table = table.append_column(name, column)
    return table.combine_chunks().to_batches()[0] if isinstance(frame, pa.RecordBatch) and len(frame) else table


def _arrow_table(frame: Any) -> pa.Table:
    if isinstance(frame, pa.RecordBatch | pa.Table):
        return pa.table(frame)
    try:
        return pa.table(pa.RecordBatchReader.from_stream(frame).read_all())
    except (TypeError, AttributeError, pa.ArrowInvalid):
        message = "assign takes a GeoDataFrame, a GeoSeries, a DataFrame, or a table of Arrow."
        raise FrameError(message) from None


def refuse_taken(names: Iterable[object], added: Iterable[str] = COLUMNS) -> None:
    """Raise `FrameError` where a column that is to be added is there already."""
    there = set(names)
    taken = [name for name in added if name in there]
    if taken:
        raise FrameError(f"the table has these columns already: {', '.join(taken)}; drop or rename them first.")


def areas_frame(edition: Edition, kind: AreaKind) -> GeoDataFrame:
    """The areas of a kind, ordered by id, in the metric CRS."""
    import geopandas

    areas = edition.areas_of(kind)
    return geopandas.GeoDataFrame(
        {name: [getattr(area, name) for area in areas] for name in ("id", "name", "parent_id")},
        geometry=[area.geometry for area in areas],
        crs=edition.manifest.metric_crs,
    )


def _as_pandas(column: pa.ChunkedArray) -> Any:
    """A column as pandas has it: texts as categories, out of the codes, of which those of missing texts are -1."""
    import pandas as pd

    if not pa.types.is_dictionary(column.type):
        return column.to_numpy()
    kind = np.dtype(column.type.index_type.to_pandas_dtype())
    codes = [np.frombuffer(chunk.indices.buffers()[1], dtype=kind, count=len(chunk)) for chunk in column.chunks]
    categories = pd.Index(column.chunk(0).dictionary.to_pandas(), dtype="str")
    return pd.Categorical.from_codes(np.concatenate(codes), categories, validate=False)
