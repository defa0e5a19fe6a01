"""Border cells divided once more: in most of their squares one answer holds, as it does in most cells.

So only points in squares that an edge comes near, a quarter of those in border cells, have to be compared with edges.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo_lookup.border_cells import BorderCells
from geo_lookup.cell_points import ACROSS, BORDER, NEAR_M

MARGIN_M = NEAR_M + 0.001
"""How near a square an edge has to come; single precision and all rounding together are far below a millimetre."""


def squares_at(us: NDArray[np.float64], vs: NDArray[np.float64]) -> NDArray[np.int64]:
    """The numbers of the squares in cells that points lie in, by their places from the cells' middles, in cells."""
    columns, rows = (((places + 0.5) * ACROSS).astype(np.int64) for places in (us, vs))
    numbers: NDArray[np.int64] = rows * ACROSS + columns
    return numbers


def divide(borders: BorderCells, size_m: float) -> NDArray[np.int32]:
    """What holds in all of each square, cell by cell and row by row; `BORDER` where an edge comes near."""
    count, side = len(borders.cells), size_m / ACROSS
    of_edge = np.repeat(np.arange(count), borders.cells[:, 1])
    values = np.full((count, ACROSS * ACROSS), BORDER, dtype=np.int32)
    for square in range(ACROSS * ACROSS):
        row, column = divmod(square, ACROSS)
        u, v = (np.float32((place + 0.5) * side - size_m / 2) for place in (column, row))
        free = np.ones(count, dtype=bool)
        free[of_edge[_comes_near(borders.edges, u, v, side / 2 + MARGIN_M)]] = False
        cells = np.flatnonzero(free)
        values[cells, square] = borders.sides(np.full(len(cells), u), np.full(len(cells), v), cells)
    return values.ravel()


def _comes_near(edges: NDArray[np.float32], u: np.float32, v: np.float32, reach: float) -> NDArray[np.bool_]:
    """Whether edges come into a square that reaches so far in each direction from its middle."""
    x1, y1, x2, y2 = edges[:, 0] - u, edges[:, 1] - v, edges[:, 2] - u, edges[:, 3] - v
    near: NDArray[np.bool_] = (np.minimum(x1, x2) <= reach) & (np.maximum(x1, x2) >= -reach)
    near &= (np.minimum(y1, y2) <= reach) & (np.maximum(y1, y2) >= -reach)
    way_x, way_y = x2 - x1, y2 - y1
    near &= np.abs(way_x * y1 - way_y * x1) <= reach * (np.abs(way_x) + np.abs(way_y))
    return near
