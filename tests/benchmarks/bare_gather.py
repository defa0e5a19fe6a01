"""How fast numpy alone looks values up in the cells of a table: the floor that the area index is compared with."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from geo_lookup.cell_table import CellTable
from geo_lookup.compiled import CHUNK

Coordinates = NDArray[np.float64]
Values = NDArray[np.signedinteger]


def cell_numbers(table: CellTable, xs: Coordinates, ys: Coordinates) -> NDArray[np.intp]:
    """The numbers of the cells at points, as numpy likes them best."""
    return np.concatenate([cells.astype(np.intp) for cells in _chunks(table, xs, ys)])


def gather(table: CellTable, cells: NDArray[np.intp]) -> Values:
    """The values of cells whose numbers are ready."""
    found = np.empty(len(cells), dtype=table._cells.dtype)
    for start in range(0, len(cells), CHUNK):
        part = slice(start, start + CHUNK)
        table._cells.take(cells[part], out=found[part], mode="clip")
    return found


def number_and_gather(table: CellTable, xs: Coordinates, ys: Coordinates) -> Values:
    """The values of the cells at points, all of which have to lie in the table: nothing is checked."""
    found = np.empty(len(xs), dtype=table._cells.dtype)
    for step, cells in enumerate(_chunks(table, xs, ys)):
        table._cells.take(cells, out=found[step * CHUNK : step * CHUNK + len(cells)], mode="clip")
    return found


def _chunks(table: CellTable, xs: Coordinates, ys: Coordinates) -> Iterator[NDArray[np.int32]]:
    """The numbers of the cells at points, in chunks; each is gone with the next."""
    west, south, per_x, per_y, all_columns, _ = table._grid.place
    room, numbered = np.empty(CHUNK), np.empty((2, CHUNK), dtype=np.int32)
    for start in range(0, len(xs), CHUNK):
        part = slice(start, min(start + CHUNK, len(xs)))
        places, (cells, columns) = room[: part.stop - start], numbered[:, : part.stop - start]
        for values, corner, per_unit, numbers in (
            (ys, south, per_y, cells),
            (xs, west, per_x, columns),
        ):
            np.subtract(values[part], corner, out=places)
            np.multiply(places, per_unit, out=places)
            np.copyto(numbers, places, casting="unsafe")
        cells *= all_columns
        cells += columns
        yield cells
