"""Frames of Apache Spark: the same answers row for row, on as many machines as there are.

The edition is read by the driver and broadcast once; each worker runs what one machine runs, on Arrow's record batches.
`geo_lookup` must be installed where the workers run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from geo_lookup.answer import Answer
from geo_lookup.bulk.columns import Answers
from geo_lookup.bulk.points import Columns
from geo_lookup.bulk.rows import answer_rows, how_asked, refuse_taken
from geo_lookup.errors import RequestError
from geo_lookup.finder import Finder, load

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def assign(
    df: DataFrame,
    edition: Finder | str | Path | None = None,
    *,
    lon: str | None = None,
    lat: str | None = None,
    x: str | None = None,
    y: str | None = None,
    crs: int | None = None,
    on: date | str | None = None,
) -> DataFrame:
    """Add to each row of a Spark DataFrame what `Finder.assign` adds for its point, and `error`.

    `edition` is a finder, or the folder of an edition as `load` takes it; the demo if it is left out. The points are
    the columns that `lon` and `lat` name (by default those called so), or `x` and `y` with `crs`; they may be text. A
    row that `find` would refuse is marked in `error`, so that one bad row among billions does not stop the others.

    Raises `FrameError` where the columns are not there, or one that is to be added is.
    """
    from pyspark.sql.pandas.types import from_arrow_schema
    from pyspark.sql.types import StructType

    finder = edition if isinstance(edition, Finder) else load(edition)
    day = finder.day(on)
    needless: dict[str, Any] = {"addresses": None, "timetables": {}, "decisions": {}, "described_offices": {}}
    answers = Answers(replace(finder.edition_on(day), **needless), day)
    columns = Columns(lon, lat, x, y, crs)
    names = df.columns
    asked = how_asked(pa.schema([(name, pa.null()) for name in names]), columns)
    if asked.coordinates is None:
        raise RequestError("Spark answers coordinates; name their columns: lon=… and lat=…, or x=…, y=… and crs=….")
    refuse_taken([name.lower() for name in names], asked.added)  # Spark takes Manager and manager for one
    # Spark's columns are numbered meanwhile: it finds none whose name has a point in it or is there twice.
    own = df.toDF(*map(str, range(len(names))))
    schema = StructType([*own.schema, *from_arrow_schema(_plain(answers).schema)])
    broadcast = df.sparkSession.sparkContext.broadcast(answers)

    def answer(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            table = pa.Table.from_batches([batch]).rename_columns(names)
            for name, column in answer_rows(broadcast.value, table, asked, _no_text).items():
                table = table.append_column(name, _text(column))
            yield from table.rename_columns(schema.names).combine_chunks().to_batches()

    return own.mapInArrow(answer, schema).toDF(*names, *asked.added)


def _plain(answers: Answers) -> pa.Table:
    """What is added, without rows, in types that Spark knows."""
    fields = [*answers.schema, pa.field("error", pa.string())]
    return pa.table({field.name: _text(pa.chunked_array([], type=field.type)) for field in fields})


def _text(column: Any) -> Any:
    """A column without a dictionary, which Spark does not read."""
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def _no_text(_: str) -> Answer:
    raise RequestError("Spark answers coordinates, not addresses.")
