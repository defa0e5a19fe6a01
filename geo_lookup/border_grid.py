"""Distances to the nearest border for millions of points: squares, each with the edges that may be nearest.

The edges may as well be those of paths, and which of them is the nearest is told where that is asked. `border_quarters`
tells how the edges of a square are found.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from struct import Struct
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo_lookup.border_quarters import Edges, edges_of, quartered, to_nearest
from geo_lookup.cell_points import cells_along
from geo_lookup.compiled import BLOCK, CHUNK, Loop, read_only

AROUND_M = 5_000.0
"""How far around the edges the grid reaches."""

SMALLEST_SQUARE_M = 40.0
"""The side of the squares, unless that would make too many."""

MOST_SQUARES = 2_000_000
"""Squares are larger where there would be more than these; their table takes 8 MB."""

EDGE_WIDTH = 8
"""How many numbers a row of edges holds, of which five are used: so it seldom lies in two lines of the cache."""

EQUAL_M2 = 1e-7
"""How much the squares of two distances differ at most that are equal: more than rounding makes of them, and less than
`border_quarters.SURE_M2`. Beside an edge that is a third of a millimetre, 100 m away a nanometre."""

_EDGE = Struct("5d")

NOWHERE = -1
"""The number of the nearest edge of a point beyond the grid, or not finite."""

Metres = NDArray[np.float64]
Numbers = NDArray[np.int64]
Rows = slice | NDArray[np.int64]


class NearestEdges(NamedTuple):
    """For each point the nearest edge, the metres to it, and which part of the way along it the nearest place lies at.

    Of edges equally near (`EQUAL_M2`) the first is taken. Beyond the grid the edge is `NOWHERE`, the numbers are NaN.
    """

    edges: Numbers
    distances: Metres
    parts: Metres


class NearestEdge(NamedTuple):
    """The same for one point."""

    edge: int
    distance: float
    part: float


class BorderGrid:
    """Measures from points to the nearest of many straight edges. Read-only."""

    def __init__(self, ends: Metres, around: float = AROUND_M) -> None:
        """Build the grid over edges, shape (n, 4): x and y of one end and of the other, in metres.

        None may be without length. `around` is how far around them the grid reaches.
        """
        corners = ends.reshape(-1, 2)
        low, high = corners.min(axis=0) - around, corners.max(axis=0) + around
        size = max(SMALLEST_SQUARE_M, float(np.sqrt(np.prod(high - low) / MOST_SQUARES)))
        low, high = low - 1.01 * size, high + 1.01 * size  # and what lies just within reach is inside of that
        local = ends - np.tile(low, 2)
        list_at, listed = quartered(local, (high - low).tolist(), size)
        # The squares all around stand for what is beyond: their only edge is one of which nothing is known.
        list_at[[0, -1], :] = list_at[:, [0, -1]] = len(listed)
        self._rows, self._columns = list_at.shape
        self._list_at = list_at.ravel()
        self._listed = np.append(listed, ~np.int32(len(ends)))
        self._edges = Edges(*(np.append(numbers, np.nan) for numbers in edges_of(local)))
        self._by_edge = np.zeros((len(ends) + 1, EDGE_WIDTH))
        self._by_edge[:, :5] = np.stack(self._edges, axis=1)
        self._west, self._south = low.tolist()
        self._per_metre = 1 / size
        arrays: tuple[Any, ...] = (self._list_at, self._listed, self._by_edge)
        self._plain: list[Any] = [memoryview(array) for array in arrays]

    @property
    def memory(self) -> int:
        """How many bytes the grid takes."""
        return sum(part.nbytes for part in (self._list_at, self._listed, *self._edges, self._by_edge))

    def distances(self, xs: Metres, ys: Metres) -> Metres:
        """Measure from each point to the nearest edge, in metres; NaN for a point beyond the grid or not finite."""
        found = np.empty(len(xs))
        compiled = DISTANCES.machine_code(len(xs))
        if compiled is not None:
            table = (self._list_at, self._columns, self._rows, self._listed, self._by_edge)
            compiled(found, read_only(xs), read_only(ys), self._west, self._south, self._per_metre, *table)
            return found
        return np.sqrt(self._squared(xs, ys, found), out=found)

    def nearest(self, xs: Metres, ys: Metres) -> NearestEdges:
        """Find the nearest edge of each point, and the place on it."""
        most = self._squared(xs, ys, np.empty(len(xs))) + EQUAL_M2
        found = NearestEdges(np.full(len(xs), NOWHERE), np.full(len(xs), np.nan), np.full(len(xs), np.nan))
        for rows, edges, squared, parts in self._turns(xs, ys):
            first = (squared <= most[rows]) & (found.edges[rows] == NOWHERE)
            for numbers, measured in zip(found, (edges, np.sqrt(squared), parts), strict=True):
                numbers[rows] = np.where(first, measured, numbers[rows])
        return found

    def distance(self, x: float, y: float) -> float:
        """Measure from one point to the nearest edge, by the same sums as for many."""
        near = self._near(x, y)
        return math.sqrt(min(near)[0]) if near else math.nan

    def nearest_one(self, x: float, y: float) -> NearestEdge:
        """Find the nearest edge of one point, and the place on it, by the same sums as for many."""
        near = self._near(x, y)
        if not near:
            return NearestEdge(NOWHERE, math.nan, math.nan)
        most = min(near)[0] + EQUAL_M2
        squared, edge, part = next(one for one in near if one[0] <= most)
        return NearestEdge(edge, math.sqrt(squared), part)

    def _near(self, x: float, y: float) -> list[tuple[float, int, float]]:
        """The edges that may be nearest to a point: the squared distance, the edge, and where on it; none beyond."""
        x, y = x - self._west, y - self._south
        column, row = x * self._per_metre, y * self._per_metre
        if not (1 <= column < self._columns - 1 and 1 <= row < self._rows - 1):
            return []
        lists, listed, edges = self._plain
        place = lists[int(row) * self._columns + int(column)]
        near = []
        while True:
            number = listed[place]
            edge = number if number >= 0 else ~number
            start_x, start_y, along_x, along_y, per_square = _EDGE.unpack_from(edges, 8 * EDGE_WIDTH * edge)
            way_x, way_y = start_x - x, start_y - y
            part = -((way_x * along_x + way_y * along_y) * per_square)
            if part > 0:
                part = min(part, 1.0)
                way_x, way_y = way_x + along_x * part, way_y + along_y * part
            else:
                part = 0.0
            near.append((way_x * way_x + way_y * way_y, edge, part))
            if number < 0:
                return near
            place += 1

    def _squared(self, xs: Metres, ys: Metres, found: Metres) -> Metres:
        """Write the squares of the distances from points to the nearest edges."""
        for rows, _, squared, _ in self._turns(xs, ys):
            # The first turn is all points in slices; what is told of the others is measured to one more edge each.
            found[rows] = squared if isinstance(rows, slice) else np.minimum(found[rows], squared)
        return found

    def _turns(self, xs: Metres, ys: Metres) -> Iterator[tuple[Rows, Numbers, Metres, Metres]]:
        """Measure from points to the first edges of their squares, then from those that have more to the second, ...

        Each time it is told of which points, their edges, the squared distances, and the parts of the way along them.
        """
        chunks = [slice(start, start + CHUNK) for start in range(0, len(xs), CHUNK)]
        turn: list[tuple[Rows, NDArray[np.int32] | None]] = [(chunk, None) for chunk in chunks]
        while turn:
            waiting = []
            for rows, places in turn:
                local_x, local_y = xs[rows] - self._west, ys[rows] - self._south
                if places is None:
                    squares = cells_along(local_y, 0.0, self._per_metre, self._rows)
                    squares *= self._columns
                    squares += cells_along(local_x, 0.0, self._per_metre, self._columns)
                    places = self._list_at.take(squares, mode="clip")
                listed = self._listed.take(places)
                edges = (listed ^ (listed >> 31)).astype(np.intp)
                squared, _, _, parts = to_nearest(local_x, local_y, self._edges, edges)
                yield rows, edges, squared, parts
                more = np.flatnonzero(listed >= 0)
                waiting.append((more + rows.start if isinstance(rows, slice) else rows[more], places[more] + 1))
            rows, places = map(np.concatenate, zip(*waiting, strict=True))
            turn = [(rows[chunk], places[chunk]) for chunk in chunks if chunk.start < len(rows)]


def squared_to(
    x: float, y: float, start_x: float, start_y: float, along_x: float, along_y: float, per_square: float
) -> float:
    """Measure the square of the distance from one point to an edge, in square metres, by the sums of `to_nearest`.

    The edge is its start, the way along it, and one over the square of its length.
    """
    way_x, way_y = start_x - x, start_y - y
    part = min(max(-((way_x * along_x + way_y * along_y) * per_square), 0.0), 1.0)
    way_x += along_x * part
    way_y += along_y * part
    return way_x * way_x + way_y * way_y


def _distances(
    found: Metres, xs: Metres, ys: Metres, west: float, south: float, per_metre: float,
    list_at: NDArray[np.int32], columns: int, rows: int, listed: NDArray[np.int32], edges: Metres,
) -> None:  # fmt: skip
    """Write the distances, block by block: memory is asked for many squares before any of them is needed."""
    places, numbers = np.empty(BLOCK, np.int32), np.empty(BLOCK, np.int32)
    for start in range(0, len(xs), BLOCK):
        some_x, some_y, distances = xs[start : start + BLOCK], ys[start : start + BLOCK], found[start : start + BLOCK]
        for point in range(len(some_x)):
            column, row = (some_x[point] - west) * per_metre, (some_y[point] - south) * per_metre
            inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
            places[point] = np.int32(row) * np.int32(columns) + np.int32(column) if inside else np.int32(0)
        for point in range(len(some_x)):
            places[point] = list_at[places[point]]
        for point in range(len(some_x)):
            numbers[point] = listed[places[point]]
        for point in range(len(some_x)):
            x, y = some_x[point] - west, some_y[point] - south
            place, number = places[point], numbers[point]
            one = edges[number ^ (number >> 31)]
            nearest = squared_to(x, y, one[0], one[1], one[2], one[3], one[4])
            while number >= 0:
                place += 1
                number = listed[place]
                one = edges[number ^ (number >> 31)]
                nearest = min(nearest, squared_to(x, y, one[0], one[1], one[2], one[3], one[4]))
            distances[point] = np.sqrt(nearest)


DISTANCES = Loop(_distances, squared_to)
"""Writes the distances from points to the nearest edge."""
