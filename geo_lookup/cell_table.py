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

from geo_lookup.border_cells import BorderCells, CellEdges, Pairs, cells_of_edges, clear_of_edges, make_border_cells
from geo_lookup.cell_grid import CellGrid, Coordinates, Positions, kind_found, narrowed
from geo_lookup.cell_points import ACROSS, ASK, BORDER, LOOK_UP, OUTSIDE, Borders, Cells, beside_border, plain
from geo_lookup.cell_squares import divide, squares_at
from geo_lookup.compiled import CHUNK, read_only

Ask = Callable[[Coordinates, Coordinates], Pairs]
"""Finds exactly which areas lie at points: the positions of points and of areas, a pair for each area at each."""


class Edges(NamedTuple):
    """Straight edges of the areas' borders, shape (n, 4): x and y of one end and of the other.

    `owners` holds, for each time that an edge is one of an area's, the edge and the area.
    """

    ends: Coordinates
    owners: Pairs


class CellTable:
    """Cells over a box of some CRS, each with the position of its area, `OUTSIDE` or a border. Read-only."""

    def __init__(self, edges: Edges, ask: Ask, *, degrees: bool) -> None:
        """Build the table from every edge of the areas, in `degrees` or in metres.

        `ask` finds exactly which areas lie at points; it is asked once for each piece of ground between borders.
        """
        self._grid = CellGrid.over(edges.ends, degrees=degrees)
        local = self._grid.local(edges.ends)
        borders, of_cells = cells_of_edges(local, self._grid.size_m, self._grid.columns)
        cells = self._grid.filled(borders, lambda xs, ys: self._only(len(xs), *ask(xs, ys)))
        self._borders, sure = self._border_cells(cells, local, edges.owners, borders, of_cells, ask)
        cells[borders[sure]] = BORDER
        flags = np.append(cells == BORDER, np.zeros(-len(cells) % 64, dtype=bool))
        self._bits = np.packbits(flags, bitorder="little").view("<u8").astype(np.uint64)
        self._before = np.cumsum(np.bitwise_count(self._bits), dtype=np.int64) - np.bitwise_count(self._bits)
        last = int(edges.owners[1].max())  # an area may be so small that it fills no square
        self._squares = narrowed(divide(self._borders, self._grid.size_m), last)
        self._cells = narrowed(cells, last)
        numbered = self._bits.view(np.int64), self._before, self._squares
        self._points = (
            Cells(*self._grid.place, self._cells),
            Borders(self._grid.size_m, *numbered, *self._borders.flat()),
        )
        self._plain = tuple(map(plain, self._points))
        self._one_by_one = (*self._grid.place, self._grid.by_rows(self._plain[0].values))

    @property
    def size_m(self) -> float:
        """The side of a cell in metres."""
        return self._grid.size_m

    @property
    def memory(self) -> int:
        """How many bytes the table takes."""
        parts = (self._cells, self._squares, self._bits, self._before)
        return sum(part.nbytes for part in parts) + self._borders.memory

    def look_up(self, xs: Coordinates, ys: Coordinates) -> Positions:
        """Find what the table knows about points; a point that is not finite is outside."""
        found = np.empty(len(xs), dtype=kind_found(self._cells))
        compiled = LOOK_UP.machine_code(len(xs))
        if compiled is not None:
            compiled(found, read_only(xs), read_only(ys), *self._points)
            return found
        rows, border_cells = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int32)]
        for part, cells, values in self._grid.look_up(self._cells, xs, ys):
            found[part] = values
            border = np.flatnonzero(values == BORDER)
            rows.append(part.start + border)
            border_cells.append(cells[border])
        # Those beside borders are few, and wait until they are many: each step with them costs the same for one.
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
            return OUTSIDE
        found: int = cells[floor(row)][floor(column)]  # what `int` would say, in half of the time
        return found if found != BORDER else beside_border(x, y, floor(row) * columns + floor(column), *self._plain)

    def _beside_borders(self, xs: Coordinates, ys: Coordinates, cells: NDArray[np.int32]) -> Positions:
        """Tell for points in border cells where they lie."""
        west, south, per_x, per_y = self._grid.place[:4]
        us, vs = (xs - west) * per_x % 1 - 0.5, (ys - south) * per_y % 1 - 0.5
        numbers = self._number_of(cells)
        found: Positions = self._squares.take(numbers * (ACROSS * ACROSS) + squares_at(us, vs))
        edge = np.flatnonzero(found == BORDER)
        some_u, some_v = ((places[edge] * self._grid.size_m).astype(np.float32) for places in (us, vs))
        found[edge] = self._borders.sides(some_u, some_v, numbers[edge])
        return found

    def _number_of(self, cells: NDArray[np.int32]) -> NDArray[np.int64]:
        """The numbers of border cells: how many there are before each; counted by bits, 64 cells a word."""
        words, places = cells >> 6, (cells & 63).astype(np.uint64)
        below = self._bits[words] & ((np.uint64(1) << places) - np.uint64(1))
        numbers: NDArray[np.int64] = self._before[words] + np.bitwise_count(below)
        return numbers

    @staticmethod
    def _only(count: int, points: NDArray[np.int64], areas: NDArray[np.int64]) -> Positions:
        """The only area at each of so many points, or `OUTSIDE`; `ASK` where there are several."""
        values = np.full(count, OUTSIDE, dtype=np.int32)
        values[points] = areas
        values[np.flatnonzero(np.bincount(points, minlength=count) > 1)] = ASK
        return values

    def _border_cells(
        self,
        cells: Positions,
        ends: Coordinates,
        owners: Pairs,
        borders: NDArray[np.int64],
        edges: CellEdges,
        ask: Ask,
    ) -> tuple[BorderCells, NDArray[np.int64]]:
        """Make the border cells; the known place of each is the middle of a free cell beside it, or else its own."""
        middles, columns = self._grid.middles, self._grid.columns
        places = np.full((len(borders), 2), np.nan)
        values = np.full(len(borders), ASK, dtype=np.int32)
        for step in (1, -1, columns, -columns):
            beside = cells[borders + step]
            tried = (values == ASK) & (beside != ASK)
            trial = np.where(tried[:, None], middles(borders + step), np.nan)
            clear = clear_of_edges(ends, edges, trial)
            places[clear], values[clear] = trial[clear], beside[clear]
        trial = np.where((values == ASK)[:, None], middles(borders), np.nan)
        lonely = np.flatnonzero(clear_of_edges(ends, edges, trial))
        places[lonely] = trial[lonely]
        points, areas = ask(*self._grid.coordinates(places[lonely]))
        known = np.flatnonzero(values >= 0)
        at_places = np.concatenate([known, lonely[points]]), np.concatenate([values[known], areas])
        return make_border_cells(ends, owners, edges, middles(borders), places, at_places)
