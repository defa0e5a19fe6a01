"""Distances to the nearest border for millions of points: a grid of squares, each with the edges that may be nearest.

The edges may as well be those of paths, and which of them is the nearest is told where that is asked.

An edge is left out of a square where some place on a border is nearer to all four corners than the edge is. The points
that are nearer to a place than to a straight edge make a convex figure, so what holds for the corners holds for the
whole square. Squares in which many edges are left are quartered.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo_lookup.compiled import BLOCK, Loop, read_only

AROUND_M = 5_000.0
"""How far around the edges the grid reaches."""

SMALLEST_SQUARE_M = 20.0
"""Smaller squares are not quartered, whatever is in them."""

MOST_SQUARES = 2_000_000
"""The smallest squares are larger where there would be more than these; their table takes 8 MB."""

FIRST_SQUARES = 4_000
"""With at most about how many squares the quartering begins."""

FEW_EDGES = 3
"""A square with so many edges is not quartered any more."""

EDGE_WIDTH = 8
"""How many numbers a row of edges holds, of which five are used: so it seldom lies in two lines of the cache."""

CHUNK = 32_768
"""How many points are measured at a time, so that what is in between stays in the cache."""

SURE_M2 = 1e-6
"""By how much a place must be nearer, in square metres, so that no rounding decides."""

Metres = NDArray[np.float64]
Numbers = NDArray[np.int64]


EQUAL_M2 = 1e-7
"""How much the squares of two distances differ at most that are equal: more than rounding makes of them, and less than
`SURE_M2`. Beside an edge that is a third of a millimetre, 100 m away a nanometre."""

NOWHERE = -1
"""The number of the nearest edge of a point beyond the grid, or not finite."""


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


class _Squares(NamedTuple):
    """Squares of one size by their columns and rows, and pairs of a square and an edge, ordered by square."""

    size: float
    columns: Numbers
    rows: Numbers
    square: Numbers
    edge: Numbers

    def middles(self) -> Metres:
        middles: Metres = np.multiply(np.stack([self.columns, self.rows]) + 0.5, self.size, dtype=np.float64)
        return middles

    def only(self, chosen: NDArray[np.bool_]) -> _Squares:
        """The same squares with some of their pairs."""
        return self._replace(square=self.square[chosen], edge=self.edge[chosen])


class BorderGrid:
    """Measures from points to the nearest of many straight edges. Read-only."""

    def __init__(self, ends: Metres, around: float = AROUND_M) -> None:
        """Build the grid over edges, shape (n, 4): x and y of one end and of the other, in metres.

        None may be without length. `around` is how far around them the grid reaches.
        """
        corners = ends.reshape(-1, 2)
        self._corner = corners.min(axis=0) - around
        local = ends - np.tile(self._corner, 2)
        width, height = corners.max(axis=0) + around - self._corner
        self._size = max(SMALLEST_SQUARE_M, float(np.sqrt(width * height / MOST_SQUARES)))
        levels = 0
        while width * height > FIRST_SQUARES * (self._size * 2**levels) ** 2:
            levels += 1
        ways = local[:, 2:] - local[:, :2]
        self._edges = np.stack([*local[:, :2].T, *ways.T, 1 / (ways**2).sum(axis=1)])
        squares = _first_squares(local, self._size * 2**levels, (width, height))
        table = np.empty((int(squares.rows[-1]) + 1, int(squares.columns[-1]) + 1), dtype=np.int32)
        counts, edges, known = [], [], 0
        for level in range(levels, -1, -1):
            squares = _prune(squares, self._edges)
            count = np.bincount(squares.square, minlength=len(squares.rows))
            done = (count <= FEW_EDGES) | (level == 0)
            table[squares.rows, squares.columns] = known + np.cumsum(done) - 1
            counts.append(count[done])
            edges.append(squares.edge[done[squares.square]])
            known += int(done.sum())
            if level:
                table = table.repeat(2, axis=0).repeat(2, axis=1)
                squares = _quarter(squares, count, ~done)
        self._rows, self._columns = table.shape
        self._square_at = table.ravel()
        self._begin = np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(np.int32)
        self._edge = np.concatenate(edges).astype(np.int32)
        self._west, self._south = self._corner.tolist()
        self._by_edge = np.zeros((self._edges.shape[1], EDGE_WIDTH))
        self._by_edge[:, :5] = self._edges.T
        arrays: tuple[Any, ...] = (self._square_at, self._begin, self._edge, self._by_edge.ravel())
        self._plain: list[Any] = [memoryview(array) for array in arrays]

    @property
    def memory(self) -> int:
        """How many bytes the grid takes."""
        parts = (self._square_at, self._begin, self._edge, self._edges, self._by_edge)
        return sum(part.nbytes for part in parts)

    def distances(self, xs: Metres, ys: Metres) -> Metres:
        """Measure from each point to the nearest edge, in metres; NaN for a point beyond the grid or not finite."""
        found = np.empty(len(xs))
        compiled = DISTANCES.machine_code(len(xs))
        if compiled is not None:
            table = (self._square_at, self._columns, self._rows, self._begin, self._edge, self._by_edge)
            compiled(found, read_only(xs), read_only(ys), self._west, self._south, self._size, *table)
            return found
        for start in range(0, len(xs), CHUNK):
            part = slice(start, start + CHUNK)
            self._measure(xs[part] - self._corner[0], ys[part] - self._corner[1], found[part])
        return found

    def nearest(self, xs: Metres, ys: Metres) -> NearestEdges:
        """Find the nearest edge of each point, and the place on it."""
        found = NearestEdges(np.empty(len(xs), dtype=np.int64), np.empty(len(xs)), np.empty(len(xs)))
        for start in range(0, len(xs), CHUNK):
            part = slice(start, start + CHUNK)
            local_x, local_y = xs[part] - self._corner[0], ys[part] - self._corner[1]
            edges = self._measure(local_x, local_y, found.distances[part], first=True)
            found.edges[part] = edges
            found.parts[part] = np.where(edges == NOWHERE, np.nan, _parts(local_x, local_y, self._edges, edges))
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
        column, row = x / self._size, y / self._size
        if not (0 <= column < self._columns and 0 <= row < self._rows):
            return []
        squares, begins, listed, edges = self._plain
        square = squares[int(row) * self._columns + int(column)]
        near = []
        for edge in listed[begins[square] : begins[square + 1]]:
            start_x, start_y, along_x, along_y, per_square, *_ = edges[EDGE_WIDTH * edge : EDGE_WIDTH * (edge + 1)]
            way_x, way_y = start_x - x, start_y - y
            part = -(way_x * along_x + way_y * along_y) * per_square
            if part > 0:
                part = min(part, 1.0)
                way_x, way_y = way_x + along_x * part, way_y + along_y * part
            else:
                part = 0.0
            near.append((way_x * way_x + way_y * way_y, edge, part))
        return near

    def _measure(self, xs: Metres, ys: Metres, found: Metres, *, first: bool = False) -> Numbers:
        """Write the distances into `found`; where the `first` of equally near edges is asked for, tell it, and its."""
        columns, rows = xs / self._size, ys / self._size
        inside = (columns >= 0) & (columns < self._columns) & (rows >= 0) & (rows < self._rows)
        if not inside.all():
            columns, rows = np.where(inside, columns, 0), np.where(inside, rows, 0)
        square = self._square_at.take(rows.astype(np.int32) * self._columns + columns.astype(np.int32))
        begin = self._begin.take(square)
        count = self._begin.take(square + 1) - begin
        ends = np.cumsum(count)
        place = np.repeat(begin - (ends - count), count)
        place += np.arange(len(place), dtype=place.dtype)
        chosen = self._edge.take(place)
        squared, _, _ = _squared(np.repeat(xs, count), np.repeat(ys, count), self._edges, chosen)
        np.minimum.reduceat(squared, ends - count, out=found)
        edges = _NO_NUMBERS
        if first:
            at = _first_within(squared, found + EQUAL_M2, count)
            found[:] = squared.take(at)
            edges = np.where(inside, chosen.take(at), NOWHERE)
        np.sqrt(found, out=found)
        found[~inside] = np.nan
        return edges


_NO_NUMBERS: Numbers = np.empty(0, dtype=np.int64)


def _first_within(values: Metres, most: Metres, count: NDArray[np.integer]) -> Numbers:
    """Of the values of each point, so many as `count` says, the place of the first that is no more than its `most`."""
    hits = np.flatnonzero(values <= np.repeat(most, count))[::-1]
    places = np.zeros(len(most), dtype=np.int64)
    places[np.repeat(np.arange(len(most)), count)[hits]] = hits  # of several the last one that is written stays
    return places


def _squared(xs: Metres, ys: Metres, edges: Metres, chosen: NDArray[np.integer]) -> tuple[Metres, Metres, Metres]:
    """The square of the distance from each point to the edge chosen for it, and the way there from the point."""
    x, y, way_x, way_y, per_square = edges
    ways_x, ways_y = x.take(chosen) - xs, y.take(chosen) - ys
    along_x, along_y = way_x.take(chosen), way_y.take(chosen)
    part = _part(ways_x, ways_y, along_x, along_y, per_square.take(chosen))
    along_x *= part
    along_y *= part
    ways_x += along_x
    ways_y += along_y
    return ways_x * ways_x + ways_y * ways_y, ways_x, ways_y


def _part(ways_x: Metres, ways_y: Metres, along_x: Metres, along_y: Metres, per_square: Metres) -> Metres:
    """How far along an edge, from 0 to 1, the place lies that is the nearest to a point, by the way to its start."""
    part = ways_x * along_x
    part += ways_y * along_y
    part *= per_square
    np.negative(part, out=part)
    return np.clip(part, 0, 1, out=part)


def _parts(xs: Metres, ys: Metres, edges: Metres, chosen: Numbers) -> Metres:
    """The same for points and the edge chosen for each."""
    x, y, along_x, along_y, per_square = (values.take(chosen) for values in edges)
    return _part(x - xs, y - ys, along_x, along_y, per_square)


def _first_squares(ends: Metres, size: float, extent: tuple[float, float]) -> _Squares:
    """Squares over all of the extent, with every edge that may be nearest to a point in them."""
    columns, rows = (int(length // size) + 1 for length in extent)
    row, column = np.divmod(np.arange(rows * columns), columns)
    squares = _Squares(size, column, row, np.array([], dtype=np.int64), np.array([], dtype=np.int64))
    edges = shapely.STRtree(shapely.linestrings(ends.reshape(-1, 2, 2)))
    middles = shapely.points(*squares.middles())
    _, nearest = edges.query_nearest(middles, all_matches=False, return_distance=True)
    square, edge = edges.query(middles, predicate="dwithin", distance=nearest + size * np.sqrt(2) * 1.000001)
    order = np.lexsort((edge, square))  # so that the first of equally near edges is the lowest one
    return squares._replace(square=square[order], edge=edge[order])


def _prune(squares: _Squares, edges: Metres) -> _Squares:
    """Leave out the edges that are nowhere in their square the nearest."""
    begins = np.searchsorted(squares.square, np.unique(squares.square[::CHUNK]))
    middles = squares.middles()
    beaten = np.empty(len(squares.square), dtype=bool)
    for begin, end in pairwise([*begins.tolist(), len(beaten)]):
        square, edge = squares.square[begin:end], squares.edge[begin:end]
        first, last = square[0], square[-1]
        beaten[begin:end] = _beaten(middles[:, first : last + 1], squares.size, square - first, edge, edges)
    return squares.only(~beaten)


def _beaten(middles: Metres, size: float, square: Numbers, edge: Numbers, edges: Metres) -> NDArray[np.bool_]:
    """Tell for each pair of a square and an edge whether the borders are nearer all over the square than that edge."""
    xs, ys = middles
    begins = np.flatnonzero(np.diff(square, prepend=-1))
    half = size / 2
    corners = [(xs + right * half, ys + up * half) for right in (-1, 1) for up in (-1, 1)]
    to_edges, places = [], []
    for from_x, from_y in [*corners, (xs, ys)]:
        squared, way_x, way_y = _squared(from_x[square], from_y[square], edges, edge)
        nearest = np.flatnonzero(squared == np.minimum.reduceat(squared, begins)[square])
        first = np.empty(len(xs), dtype=np.int64)
        first[square[nearest]] = nearest
        to_edges.append(squared)
        places.append((from_x + way_x[first], from_y + way_y[first]))
    beaten = np.zeros(len(edge), dtype=bool)
    for place_x, place_y in places:
        everywhere = np.ones(len(edge), dtype=bool)
        for (corner_x, corner_y), to_edge in zip(corners, to_edges, strict=False):
            to_place = (corner_x - place_x) ** 2 + (corner_y - place_y) ** 2
            everywhere &= (to_place + SURE_M2)[square] < to_edge
        beaten |= everywhere
    return beaten


def _quarter(squares: _Squares, count: Numbers, chosen: NDArray[np.bool_]) -> _Squares:
    """The quarters of the chosen squares, each with all edges of its square."""
    rows, columns = (
        (2 * np.repeat(numbers[chosen], 4).reshape(-1, 4) + step).ravel()
        for numbers, step in ((squares.rows, [0, 0, 1, 1]), (squares.columns, [0, 1, 0, 1]))
    )
    edge, count = squares.edge[chosen[squares.square]], count[chosen]
    counts = np.repeat(count, 4)
    ends = np.cumsum(counts)
    square = np.repeat(np.arange(len(rows)), counts)
    places = np.arange(len(square)) + np.repeat(np.repeat(np.cumsum(count) - count, 4) - (ends - counts), counts)
    return _Squares(squares.size / 2, columns, rows, square, edge[places])


def squared_to(
    x: float, y: float, start_x: float, start_y: float, along_x: float, along_y: float, per_square: float
) -> float:
    """Measure the square of the distance from one point to an edge, in square metres, by the sums of `_squared`.

    The edge is its start, the way along it, and one over the square of its length.
    """
    way_x, way_y = start_x - x, start_y - y
    part = min(max(-((way_x * along_x + way_y * along_y) * per_square), 0.0), 1.0)
    way_x += along_x * part
    way_y += along_y * part
    return way_x * way_x + way_y * way_y


def _distances(
    found: Metres, xs: Metres, ys: Metres, west: float, south: float, size: float,
    square_at: NDArray[np.int32], columns: int, rows: int,
    begin: NDArray[np.int32], listed: NDArray[np.int32], edges: Metres,
) -> None:  # fmt: skip
    """Write the distances, block by block: memory is asked for many squares before any of them is needed."""
    squares, first, beyond = np.empty(BLOCK, np.int32), np.empty(BLOCK, np.int32), np.empty(BLOCK, np.int32)
    for start in range(0, len(xs), BLOCK):
        some_x, some_y, distances = xs[start : start + BLOCK], ys[start : start + BLOCK], found[start : start + BLOCK]
        for point in range(len(some_x)):
            column, row = (some_x[point] - west) / size, (some_y[point] - south) / size
            inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
            squares[point] = np.int32(row) * np.int32(columns) + np.int32(column) if inside else np.int32(-1)
        for point in range(len(some_x)):
            first[point] = square_at[max(squares[point], 0)]
        for point in range(len(some_x)):
            square = first[point]
            first[point], beyond[point] = begin[square], begin[square + 1]
        for point in range(len(some_x)):
            x, y = some_x[point] - west, some_y[point] - south
            nearest = np.inf
            for place in range(first[point], beyond[point]):
                one = edges[listed[place]]
                nearest = min(nearest, squared_to(x, y, one[0], one[1], one[2], one[3], one[4]))
            distances[point] = np.sqrt(nearest) if squares[point] >= 0 else np.nan


DISTANCES = Loop(_distances, squared_to)
"""Writes the distances from points to the nearest edge."""
