"""Cells over some ground: what holds in all of a cell is written in a table and looked up, not computed.

Where no edge of any area comes near a cell, one answer holds for all of its points. It is asked once for each piece of
ground between the edges, and written in all of its cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo_lookup.cell_points import ASK, cells_along
from geo_lookup.compiled import CHUNK
from geo_lookup.coordinates import DEGREE_M

SMALLEST_CELL_M = 10.0
"""The side of a cell, unless that would make too many."""

MOST_CELLS = 4_000_000
"""Cells are larger where there would be more than about this many, which take 8 MB, or 16 for 32,000 areas."""

KINDS = (np.int8, np.int16, np.int32)
"""What a cell may be; the smallest that will do, so that as many as can be are in the cache."""

Coordinates = NDArray[np.float64]
Positions = NDArray[np.signedinteger]

Ask = Callable[[Coordinates, Coordinates], Positions]
"""Finds exactly what holds at points; `ASK` where that cannot be written in a cell."""

_UNKNOWN = np.iinfo(np.int32).max


class Found(NamedTuple):
    """Some of the points that are looked up: which, the cells that they lie in, and the values of these."""

    part: slice
    cells: NDArray[np.int32]
    values: Positions


class CellGrid(NamedTuple):
    """Square cells, numbered row by row, over a box of some CRS. The outermost are beyond all edges.

    `corner` is that of the first cell, `units` tells how many metres a unit of x and of y is.
    """

    corner: Coordinates
    units: Coordinates
    size_m: float
    columns: int
    rows: int

    @classmethod
    def over(cls, ends: Coordinates, *, degrees: bool) -> CellGrid:
        """Lay cells over edges, shape (n, 4): x and y of one end and of the other, in `degrees` or in metres."""
        corners = ends.reshape(-1, 2)
        low, high = corners.min(axis=0), corners.max(axis=0)
        middle = np.radians((low[1] + high[1]) / 2)
        units = np.array([DEGREE_M * float(np.cos(middle)), DEGREE_M] if degrees else [1.0, 1.0])
        width, height = (high - low) * units
        size_m = max(SMALLEST_CELL_M, float(np.sqrt(width * height / MOST_CELLS)))
        columns, rows = (int(cells) + 5 for cells in (width / size_m, height / size_m))
        return cls(low - 2 * size_m / units, units, size_m, columns, rows)

    @property
    def place(self) -> tuple[float, float, float, float, int, int]:
        """Where the cells lie, as `Cells` begins."""
        return *self.corner.tolist(), *(self.units / self.size_m).tolist(), self.columns, self.rows

    def by_rows(self, values: Any) -> list[Any]:
        """The values of cells, row by row."""
        return [values[start : start + self.columns] for start in range(0, len(values), self.columns)]

    def local(self, ends: Coordinates) -> Coordinates:
        """Edges in metres from the corner."""
        local = ends - np.tile(self.corner, 2)
        local *= np.tile(self.units, 2)
        return local

    def middles(self, cells: NDArray[np.int64]) -> Coordinates:
        """The middles of cells in metres from the corner."""
        rows, columns = np.divmod(cells, self.columns)
        return (np.stack([columns, rows], axis=1) + 0.5) * self.size_m

    def coordinates(self, places: Coordinates) -> tuple[Coordinates, Coordinates]:
        """What lies so many metres from the corner, in the grid's CRS."""
        xs, ys = (places / self.units + self.corner).T
        return xs, ys

    def filled(self, borders: NDArray[np.int64], ask: Ask) -> NDArray[np.int32]:
        """The value of each cell: `ASK` for those that an edge comes near, for others what holds in all of them.

        Each run of cells in a row has the value of the run it touches in the row before, or asks for its own.
        """
        values = np.full(self.rows * self.columns, _UNKNOWN, dtype=np.int32)
        values[borders] = ASK
        free = values == _UNKNOWN
        begins = free.copy()
        begins[1:] &= ~free[:-1]
        begins[:: self.columns] = True  # no edge touches the first column, nor the first row
        run = np.cumsum(begins, dtype=np.int32) - 1
        here, before = slice(self.columns, None), slice(None, -self.columns)
        touching = np.flatnonzero(free[here] & free[before] & (begins[here] | begins[before]))
        first = np.flatnonzero(begins)
        source = np.arange(len(first))
        source[run[here][touching]] = run[before][touching]  # of several any: they are one piece of ground
        while ((further := source[source]) != source).any():
            source = further
        asked = np.flatnonzero(source == np.arange(len(first)))
        of_run = np.empty(len(first), dtype=np.int32)
        of_run[asked] = ask(*self.coordinates(self.middles(first[asked])))
        np.copyto(values, of_run[source][run], where=free)
        return values

    def look_up(self, values: Positions, xs: Coordinates, ys: Coordinates) -> Iterator[Found]:
        """Look points up, many at a time; what is told of some holds until the next are.

        Points beyond, and those that are not finite, are in one of the outermost cells.
        """
        west, south, per_x, per_y, columns, rows = self.place
        size = min(CHUNK, len(xs))
        all_places, all_found = np.empty(size), np.empty(size, dtype=values.dtype)
        all_cells, all_columns = np.empty((2, size), dtype=np.int32)
        for start in range(0, len(xs), CHUNK):
            part = slice(start, min(start + CHUNK, len(xs)))
            some = slice(part.stop - start)
            places, found, cells, column = all_places[some], all_found[some], all_cells[some], all_columns[some]
            cells_along(ys[part], south, per_y, rows, (places, cells))
            cells_along(xs[part], west, per_x, columns, (places, column))
            cells *= columns
            cells += column
            values.take(cells, out=found, mode="clip")  # they are in range; 'raise' would look again
            yield Found(part, cells, found)


def narrowed(values: Positions, largest: int) -> Positions:
    """Values as the smallest kind that can hold all that are possible, whether they occur or not."""
    kind = next(kind for kind in KINDS if largest <= np.iinfo(kind).max)
    return values.astype(kind)


def kind_found(values: Positions) -> np.dtype[np.signedinteger]:
    """What the answers for points are; 16 bits even where a cell has 8, as more than one kind is compiled for each."""
    return np.promote_types(values.dtype, np.int16)
