"""A table of cells over the areas: what holds in all of a cell is looked up, not computed.

A cell that no border comes near has one answer for all of its points, which is written in the table. A cell with a
border in it has a number there. It is divided into squares (`cell_squares`), of which most have one answer again; in
the others `border_cells` tells on which side of the border a point lies. What neither can tell for certain is marked,
to be asked exactly: so the table only ever spares work, and never changes an answer.
"""

from __future__ import annotations

from collections.abc import Callable
from math import floor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo_lookup.border_cells import BorderCells, CellEdges, cells_of_edges, clear_of_edges, make_border_cells
from geo_lookup.cell_points import ACROSS, ASK, BORDER, LOOK_UP, Borders, Cells, beside_border, cells_along, plain
from geo_lookup.cell_squares import divide, squares_at
from geo_lookup.compiled import read_only

SMALLEST_CELL_M = 10.0
"""The side of a cell, unless that would make too many."""

MOST_CELLS = 4_000_000
"""Cells are larger where there would be more than about this many, which take 8 MB, or 16 for 32,000 areas."""

KINDS = (np.int8, np.int16, np.int32)
"""What a cell may be; the smallest that will do, so that as many as can be are in the cache."""

CHUNK = 65_536
"""How many points are looked up at a time, so that what is in between stays in the cache. Those beside borders, which
are few, wait until they are as many: each step with them costs the same for one."""

Coordinates = NDArray[np.float64]
Positions = NDArray[np.signedinteger]
Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Positions of points or edges, and of areas at them: one pair for each area at each."""

Ask = Callable[[Coordinates, Coordinates], Pairs]
"""Finds exactly which areas lie at points."""

_UNKNOWN = np.iinfo(np.int32).max


class Edges(NamedTuple):
    """Straight edges of the areas' borders, shape (n, 4): x and y of one end and of the other.

    `owners` holds, for each time that an edge is one of an area's, the edge and the area.
    """

    ends: Coordinates
    owners: Pairs


class _Room:
    """Arrays to work in, so that none has to be made for each chunk."""

    def __init__(self, size: int, kind: np.dtype[np.signedinteger]) -> None:
        self.places = np.empty(size)
        self.values = np.empty(size, dtype=kind)
        self.cells = np.empty(size, dtype=np.int32)
        self.columns = np.empty(size, dtype=np.int32)


class CellTable:
    """Cells over a box of some CRS, each with the position of its area, `outside` or a border. Read-only."""

    def __init__(
        self,
        edges: Edges,
        metres: tuple[float, float],
        outside: int,
        ask: Ask,
    ) -> None:
        """Build the table from every edge of the areas.

        `metres` tells how long a unit of x and of y is. `ask` finds exactly which areas lie at points; it is asked
        once for each piece of ground between borders.
        """
        corners = edges.ends.reshape(-1, 2)
        units = np.array(metres)
        low, high = corners.min(axis=0), corners.max(axis=0)
        width, height = (high - low) * units
        self.size_m = max(SMALLEST_CELL_M, float(np.sqrt(width * height / MOST_CELLS)))
        self.outside = outside
        self._corner = low - 2 * self.size_m / units
        self._units = units
        self._columns, self._rows = (int(cells) + 5 for cells in (width / self.size_m, height / self.size_m))
        local = edges.ends - np.tile(self._corner, 2)
        local *= np.tile(units, 2)
        borders, of_cells = cells_of_edges(local, self.size_m, self._columns)
        self._cells = np.full(self._rows * self._columns, _UNKNOWN, dtype=np.int32)
        self._cells[borders] = ASK
        self._fill(ask)
        self._borders, sure = self._border_cells(local, edges.owners, borders, of_cells, ask)
        self._cells[borders[sure]] = BORDER
        flags = np.append(self._cells == BORDER, np.zeros(-len(self._cells) % 64, dtype=bool))
        self._bits = np.packbits(flags, bitorder="little").view("<u8").astype(np.uint64)
        self._before = np.cumsum(np.bitwise_count(self._bits), dtype=np.int64) - np.bitwise_count(self._bits)
        squares = divide(self._borders, self.size_m, outside)
        largest = max(self._cells.max(), squares.max(initial=0))
        kind = next(kind for kind in KINDS if largest <= np.iinfo(kind).max)
        self._cells = self._cells.astype(kind)
        self._squares: Positions = squares.astype(kind)
        self._x, self._y = self._corner.tolist()
        self._per_x, self._per_y = (units / self.size_m).tolist()
        grid = (self._x, self._y, self._per_x, self._per_y, self._columns, self._rows)
        numbered = self._bits.view(np.int64), self._before, self._squares
        self._points = (
            Cells(*grid, self._cells),
            Borders(self.size_m, *numbered, *self._borders.flat(), outside),
        )
        self._plain = tuple(map(plain, self._points))
        values = self._plain[0].values
        rows = [values[start : start + self._columns] for start in range(0, len(values), self._columns)]
        self._one_by_one = (*grid, rows)

    @property
    def memory(self) -> int:
        """How many bytes the table takes."""
        parts = (self._cells, self._squares, self._bits, self._before)
        return sum(part.nbytes for part in parts) + self._borders.memory

    def look_up(self, xs: Coordinates, ys: Coordinates) -> Positions:
        """Find what the table knows about points; a point that is not finite is outside."""
        found = np.empty(len(xs), dtype=np.promote_types(self._cells.dtype, np.int16))
        compiled = LOOK_UP.machine_code(len(xs))
        if compiled is not None:
            compiled(found, read_only(xs), read_only(ys), *self._points)
            return found
        room = _Room(min(CHUNK, len(xs)), self._cells.dtype)
        rows, border_cells = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int32)]
        for start in range(0, len(xs), CHUNK):
            part = slice(start, start + CHUNK)
            cells = self._cells_at(xs[part], ys[part], room)
            values = room.values[: len(cells)]
            self._cells.take(cells, out=values, mode="clip")  # they are in range; 'raise' would look again
            found[part] = values
            border = np.flatnonzero(values == BORDER)
            rows.append(start + border)
            border_cells.append(cells[border])
        beside, cells = np.concatenate(rows), np.concatenate(border_cells)
        for start in range(0, len(beside), CHUNK):
            some = beside[start : start + CHUNK]
            found[some] = self._beside_borders(xs[some], ys[some], cells[start : start + CHUNK])
        return found

    def look_up_one(self, x: float, y: float) -> int:
        """The same for one point."""
        west, south, per_x, per_y, columns, rows, cells = self._one_by_one
        column, row = (x - west) * per_x, (y - south) * per_y
        if not (0 <= column < columns and 0 <= row < rows):
            return self.outside
        found: int = cells[floor(row)][floor(column)]  # what `int` would say, in half of the time
        return found if found != BORDER else beside_border(x, y, floor(row) * columns + floor(column), *self._plain)

    def _cells_at(self, xs: Coordinates, ys: Coordinates, room: _Room) -> NDArray[np.int32]:
        """The cells that points lie in; they stand in the room that is given until it is used again."""
        places, cells, columns = room.places[: len(xs)], room.cells[: len(xs)], room.columns[: len(xs)]
        cells_along(ys, self._y, self._per_y, self._rows, (places, cells))  # all around is outside, as beyond
        cells_along(xs, self._x, self._per_x, self._columns, (places, columns))
        cells *= self._columns
        cells += columns
        return cells

    def _beside_borders(self, xs: Coordinates, ys: Coordinates, cells: NDArray[np.int32]) -> Positions:
        """Tell for points in border cells where they lie."""
        us, vs = (xs - self._x) * self._per_x % 1 - 0.5, (ys - self._y) * self._per_y % 1 - 0.5
        numbers = self._number_of(cells)
        found: Positions = self._squares.take(numbers * (ACROSS * ACROSS) + squares_at(us, vs))
        edge = np.flatnonzero(found == BORDER)
        some_u, some_v = ((places[edge] * self.size_m).astype(np.float32) for places in (us, vs))
        found[edge] = self._borders.sides(some_u, some_v, numbers[edge], self.outside, ASK)
        return found

    def _number_of(self, cells: NDArray[np.int32]) -> NDArray[np.int64]:
        """The numbers of border cells: how many there are before each; counted by bits, 64 cells a word."""
        words, places = cells >> 6, (cells & 63).astype(np.uint64)
        below = self._bits[words] & ((np.uint64(1) << places) - np.uint64(1))
        numbers: NDArray[np.int64] = self._before[words] + np.bitwise_count(below)
        return numbers

    def _fill(self, ask: Ask) -> None:
        """Let each run of cells in a row have the answer of the run it touches in the row before, or ask for it."""
        free = self._cells == _UNKNOWN
        begins = free.copy()
        begins[1:] &= ~free[:-1]
        begins[:: self._columns] = True  # no edge touches the first column, nor the first row
        run = np.cumsum(begins, dtype=np.int32) - 1
        here, before = slice(self._columns, None), slice(None, -self._columns)
        touching = np.flatnonzero(free[here] & free[before] & (begins[here] | begins[before]))
        first = np.flatnonzero(begins)
        source = np.arange(len(first))
        source[run[here][touching]] = run[before][touching]  # of several any: they are one piece of ground
        while ((further := source[source]) != source).any():
            source = further
        asked = np.flatnonzero(source == np.arange(len(first)))
        values = np.empty(len(first), dtype=np.int32)
        values[asked] = self._asked(first[asked], ask)
        np.copyto(self._cells, values[source][run], where=free)

    def _asked(self, cells: NDArray[np.int64], ask: Ask) -> Positions:
        """The answer in the middle of each cell; cells in several areas at once are asked each time."""
        points, areas = ask(*self._coordinates(self._middles(cells)))
        values = np.full(len(cells), self.outside, dtype=np.int32)
        values[points] = areas
        values[np.flatnonzero(np.bincount(points, minlength=len(cells)) > 1)] = ASK
        return values

    def _border_cells(
        self, ends: Coordinates, owners: Pairs, borders: NDArray[np.int64], edges: CellEdges, ask: Ask
    ) -> tuple[BorderCells, NDArray[np.int64]]:
        """Make the border cells; the known place of each is the middle of a free cell beside it, or else its own."""
        places = np.full((len(borders), 2), np.nan)
        values = np.full(len(borders), ASK, dtype=np.int32)
        for step in (1, -1, self._columns, -self._columns):
            beside = self._cells[borders + step]
            tried = (values == ASK) & (beside != ASK)
            trial = np.where(tried[:, None], self._middles(borders + step), np.nan)
            clear = clear_of_edges(ends, edges, trial)
            places[clear], values[clear] = trial[clear], beside[clear]
        trial = np.where((values == ASK)[:, None], self._middles(borders), np.nan)
        lonely = np.flatnonzero(clear_of_edges(ends, edges, trial))
        places[lonely] = trial[lonely]
        points, areas = ask(*self._coordinates(places[lonely]))
        known = np.flatnonzero(values >= 0)
        at_places = np.concatenate([known, lonely[points]]), np.concatenate([values[known], areas])
        return make_border_cells(ends, owners, edges, self._middles(borders), places, at_places)

    def _middles(self, cells: NDArray[np.int64]) -> Coordinates:
        """The middles of cells in metres from the table's corner."""
        rows, columns = np.divmod(cells, self._columns)
        return (np.stack([columns, rows], axis=1) + 0.5) * self.size_m

    def _coordinates(self, places: Coordinates) -> tuple[Coordinates, Coordinates]:
        xs, ys = (places / self._units + self._corner).T
        return xs, ys
