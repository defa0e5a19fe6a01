"""A table of cells over the areas: what holds in all of a cell is looked up, not computed.

A cell that no border touches, nor comes within the tolerance of, has one answer for all of its points. Cells
that a border may touch are marked, and their points have to be asked exactly; so the table only ever spares work,
and never changes an answer.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

ASK = -2
"""The value of a cell whose points have to be asked exactly."""

SMALLEST_CELL_M = 10.0
"""The side of a cell, unless that would make too many."""

MOST_CELLS = 4_000_000
"""Cells are larger where there would be more than about this many, which take 16 MB."""

CHUNK = 65_536
"""How many points are looked up at a time, so that what is in between stays in the cache."""

Metres = NDArray[np.float64]
Positions = NDArray[np.int64]


class CellTable:
    """Cells over a box of the metric CRS, each with the position of its area, `outside` or `ASK`. Read-only."""

    def __init__(
        self, edges: Metres, tolerance_m: float, outside: int, ask: Callable[[Metres, Metres], Positions]
    ) -> None:
        """Build the table from every edge of the areas, shape (n, 4): x and y of one end and of the other.

        `ask` finds the exact answers for points; it is asked once for each run of cells between two borders.
        """
        corners = edges.reshape(-1, 2)
        low, high = corners.min(axis=0), corners.max(axis=0)
        width, height = high - low
        self._size = max(SMALLEST_CELL_M, float(np.sqrt(width * height / MOST_CELLS)))
        self._corner = low - 2 * self._size
        self._columns, self._rows = (int(cells) + 5 for cells in (high - low) / self._size)
        self._outside = outside
        self._cells = np.full(self._rows * self._columns, outside, dtype=np.int32)
        self._cells[self._touched(edges, tolerance_m)] = ASK
        self._fill(ask)

    def look_up(self, xs: Metres, ys: Metres) -> Positions:
        """Find what the table knows about points of the metric CRS; a point that is not finite is outside."""
        found = np.empty(len(xs), dtype=np.int64)
        for start in range(0, len(xs), CHUNK):
            part = slice(start, start + CHUNK)
            columns, rows = self._cell_of(xs[part], 0), self._cell_of(ys[part], 1)
            inside = (columns >= 0) & (columns < self._columns) & (rows >= 0) & (rows < self._rows)
            cells = np.where(inside, rows * self._columns + columns, 0).astype(np.int64)
            found[part] = np.where(inside, self._cells[cells], self._outside)
        return found

    def _cell_of(self, values: Metres, axis: int) -> Metres:
        """Number the cells along an axis; monotone, so that what lies between two points lies between their cells."""
        numbers: Metres = np.floor((values - self._corner[axis]) / self._size)
        return numbers

    def _touched(self, edges: Metres, tolerance_m: float) -> Positions:
        """The cells that an edge touches or comes near, and a few more: all those in the boxes around its pieces."""
        lengths = np.hypot(edges[:, 2] - edges[:, 0], edges[:, 3] - edges[:, 1])
        pieces = np.maximum(np.ceil(lengths / self._size), 1).astype(np.int64)
        of_edge = np.repeat(np.arange(len(edges)), pieces)
        number = np.arange(len(of_edge)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        start, way = edges[of_edge, :2], edges[of_edge, 2:] - edges[of_edge, :2]
        ends = [start + way * ((number + step) / pieces[of_edge])[:, None] for step in (0, 1)]
        margin = tolerance_m + 1e-6  # pieces are cut with an error far below a micrometre
        low, high = np.minimum(*ends) - margin, np.maximum(*ends) + margin
        first, last = (
            np.stack([self._cell_of(corner[:, axis], axis) for axis in (0, 1)]).astype(np.int64)
            for corner in (low, high)
        )
        touched = [
            (np.minimum(first[1] + up, last[1])) * self._columns + np.minimum(first[0] + right, last[0])
            for up in range(int((last[1] - first[1]).max()) + 1)
            for right in range(int((last[0] - first[0]).max()) + 1)
        ]
        return np.unique(np.concatenate(touched))

    def _fill(self, ask: Callable[[Metres, Metres], Positions]) -> None:
        """Ask for one cell of each run of cells in a row that no border interrupts, and let it hold for the run."""
        known = np.flatnonzero(self._cells != ASK)
        begins = np.ones(len(known), dtype=bool)
        begins[1:] = (np.diff(known) > 1) | (known[1:] % self._columns == 0)
        rows, columns = np.divmod(known[begins], self._columns)
        middles = (np.stack([columns, rows]) + 0.5) * self._size + self._corner[:, None]
        self._cells[known] = ask(middles[0], middles[1])[np.cumsum(begins) - 1]
