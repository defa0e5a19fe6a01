"""The addresses that are compared: those of an edition's address book, or of any table with coordinates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pyarrow as pa

from geo_lookup.bulk.columns import COLUMNS, Answers, Points
from geo_lookup.bulk.points import NAMED_BY_DEFAULT, Columns, geometry_column
from geo_lookup.bulk.rows import ERROR, how_asked, locate_rows
from geo_lookup.bulk.sources import open_source
from geo_lookup.edition import Edition
from geo_lookup.errors import FrameError

REGISTER_X = re.compile(r"EPSG:(\d+)_x")
"""What the column of x is called in BeSt, in a metric CRS."""

Part = tuple[Sequence[str], Points]
"""Some addresses: their ids, none where they have none, and their points."""


def of_book(before: Edition, after: Edition) -> Iterator[Part]:
    """The addresses of the edition after, or else those of the one before."""
    book = next((one.addresses.book for one in (after, before) if one.addresses), None)
    if book is not None:
        known = book.points()
        yield known.ids, Points(known.xs, known.ys, book.crs)


def of_table(edition: Edition, path: Path, columns: Columns, on: date) -> Iterator[Part]:
    """The points of a table that `geo-lookup bulk` reads; NaN where a row has none.

    Raises `SourceError` where it cannot be read, `FrameError` where it has no columns of coordinates.
    """
    answers = Answers(edition, on)
    with ExitStack() as files:
        source = open_source(path, None, files)
        chosen = _register_columns(source.schema) if columns == NAMED_BY_DEFAULT else columns
        # Names that are answered may be in the table already, of an earlier run; nothing is added to it here.
        asked = how_asked(_without(source.schema, COLUMNS), chosen).coordinates
        if asked is None:
            raise FrameError("addresses are compared by their coordinates; name the columns: lon and lat, or x and y.")
        for part in source.parts:
            yield (), locate_rows(answers, part.table, asked, part.faults).points


def _without(schema: pa.Schema, names: Sequence[str]) -> pa.Schema:
    return pa.schema([one for one in schema if one.name not in (*names, ERROR)], metadata=schema.metadata)


def _register_columns(schema: pa.Schema) -> Columns:
    """The columns of metric coordinates where the table is the register's own."""
    names = [match for match in map(REGISTER_X.fullmatch, schema.names) if match is not None]
    if geometry_column(schema) is not None or {"lon", "lat"} & set(schema.names) or not names:
        return NAMED_BY_DEFAULT
    return Columns(x=names[0][0], y=names[0][0].removesuffix("x") + "y", crs=int(names[0][1]))
