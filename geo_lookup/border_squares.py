"""Whose borders lie within some metres of one point: squares of ground, and the edges that run through each.

This asks for little, but for one point numpy and shapely take longer to get going than to find it. So the arrays are
read by plain Python.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo_lookup.border_cells import Pairs, cells_of_edges
from geo_lookup.border_grid import squared_to
from geo_lookup.border_quarters import edges_of

SQUARE_M = 50.0
"""The side of a square."""


class BorderSquares:
    """Measures from single points to the borders near by. Read-only."""

    def __init__(self, ends: NDArray[np.float64], owners: Pairs) -> None:
        """Build the squares over edges, shape (n, 4): x and y of one end and of the other, in metres.

        None may be without length. `owners` pairs edges, in their order, with the areas that they are edges of.
        """
        corner = ends.reshape(-1, 2).min(axis=0) - SQUARE_M
        local = ends - np.tile(corner, 2)
        self._west, self._south = corner.tolist()
        self._columns, self._rows = (int(metres // SQUARE_M) + 2 for metres in local.reshape(-1, 2).max(axis=0))
        squares, pairs = cells_of_edges(local, SQUARE_M, self._columns)
        measures = np.stack(edges_of(local), axis=1)
        begins = np.searchsorted(pairs.number, np.arange(len(squares) + 1))
        begins_of_edges = np.searchsorted(owners[0], np.arange(len(ends) + 1))
        arrays: tuple[Any, ...] = squares, begins, pairs.edge, measures.ravel(), begins_of_edges, owners[1]
        self._plain: list[Any] = [memoryview(array) for array in arrays]

    def within(self, x: float, y: float, distance_m: float) -> dict[int, float]:
        """Find the areas whose border lies within so many metres of a point, and how far; to a micrometre."""
        squares, begins, listed, measures, begins_of_edges, owners = self._plain
        x, y = x - self._west, y - self._south
        left, right = max((x - distance_m) // SQUARE_M, 0), min((x + distance_m) // SQUARE_M, self._columns - 1)
        below, above = max((y - distance_m) // SQUARE_M, 0), min((y + distance_m) // SQUARE_M, self._rows - 1)
        nearest: dict[int, float] = {}
        for row in range(int(below), int(above) + 1) if left <= right else ():
            first = bisect_left(squares, row * self._columns + left)
            end = bisect_right(squares, row * self._columns + right)
            for edge in listed[begins[first] : begins[end]]:
                metres = math.sqrt(squared_to(x, y, *measures[5 * edge : 5 * edge + 5]))
                if metres <= distance_m:
                    for area in owners[begins_of_edges[edge] : begins_of_edges[edge + 1]]:
                        nearest[area] = min(metres, nearest.get(area, metres))
        return nearest
