"""Squares of ground, each with the edges of which one is the nearest to any point in it: how they are found.

An edge is left out of a square where some place on a border is nearer to all four corners than the edge is. The points
that are nearer to a place than to a straight edge make a convex figure, so what holds for the corners holds for the
whole square. So does it where the nearest place on an edge is one of its ends for all four corners: then another edge
that ends there does as well. Squares in which many edges are left are quartered.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

FIRST_SQUARES = 4_000
"""With at most about how many squares the quartering begins."""

FEW_EDGES = 2
"""A square with so many edges is not quartered any more."""

CHUNK = 32_768
"""About how many pairs of a square and an edge are worked on at a time, so that what is in between stays in the cache.
"""

SURE_M2 = 1e-6
"""By how much a place must be nearer, in square metres, so that no rounding decides."""

Metres = NDArray[np.float64]
Numbers = NDArray[np.int64]


class Edges(NamedTuple):
    """Straight edges: where each starts, the way along it, and one over the square of its length; all in metres."""

    x: Metres
    y: Metres
    way_x: Metres
    way_y: Metres
    per_square: Metres


class Quartered(NamedTuple):
    """Squares of the smallest size all over the ground, by their rows and columns from its corner.

    `list_at` tells for each square where its list begins in `listed`: the numbers of its edges, in their order, the
    last of them complemented (`~`).
    """

    list_at: NDArray[np.int32]
    listed: NDArray[np.int32]


class _Squares(NamedTuple):
    """Squares of one size by their columns and rows, and pairs of a square and an edge, ordered by both."""

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


def edges_of(ends: Metres) -> Edges:
    """Edges by their ends, shape (n, 4): x and y of one and of the other. None may be without length."""
    ways = ends[:, 2:] - ends[:, :2]
    x, y, way_x, way_y = np.hstack([ends[:, :2], ways]).T.copy()
    return Edges(x, y, way_x, way_y, 1 / (ways**2).sum(axis=1))


def quartered(ends: Metres, extent: tuple[float, float], size: float) -> Quartered:
    """Squares with sides of `size` over ground that reaches from 0 to `extent`, and the edges of each."""
    width, height = extent
    levels = 0
    while width * height > FIRST_SQUARES * (size * 2**levels) ** 2:
        levels += 1
    edges, first_at_ends = edges_of(ends), _first_at_ends(ends)
    squares = _first_squares(ends, size * 2**levels, extent)
    table = np.empty((int(squares.rows[-1]) + 1, int(squares.columns[-1]) + 1), dtype=np.int32)
    counts, listed, known = [], [], 0
    for level in range(levels, -1, -1):
        squares = _prune(squares, edges, first_at_ends)
        count = np.bincount(squares.square, minlength=len(squares.rows))
        done = (count <= FEW_EDGES) | (level == 0)
        table[squares.rows, squares.columns] = known + np.cumsum(done) - 1
        counts.append(count[done])
        listed.append(squares.edge[done[squares.square]])
        known += int(done.sum())
        if level:
            table = table.repeat(2, axis=0).repeat(2, axis=1)
            squares = _quarter(squares, count, ~done)
    ends_of_lists = np.cumsum(np.concatenate(counts))
    in_lists = np.concatenate(listed).astype(np.int32)
    in_lists[ends_of_lists - 1] ^= -1
    begins = np.concatenate([[0], ends_of_lists[:-1]]).astype(np.int32)
    return Quartered(begins.take(table), in_lists)


def _first_at_ends(ends: Metres) -> tuple[Numbers, Numbers]:
    """For each edge the first edge that ends where it starts, and the first that ends where it ends."""
    _, corner = np.unique(ends.reshape(-1, 2), axis=0, return_inverse=True)
    corner = corner.reshape(-1, 2)
    first = np.full(int(corner.max()) + 1, len(ends))
    np.minimum.at(first, corner, np.arange(len(ends))[:, None])
    return first[corner[:, 0]], first[corner[:, 1]]


def _first_squares(ends: Metres, size: float, extent: tuple[float, float]) -> _Squares:
    """Squares over all of the extent, with every edge that may be nearest to a point in them."""
    columns, rows = (int(length // size) + 1 for length in extent)
    row, column = np.divmod(np.arange(rows * columns), columns)
    squares = _Squares(size, column, row, np.array([], dtype=np.int64), np.array([], dtype=np.int64))
    tree = shapely.STRtree(shapely.linestrings(ends.reshape(-1, 2, 2)))
    middles = shapely.points(*squares.middles())
    _, nearest = tree.query_nearest(middles, all_matches=False, return_distance=True)
    square, edge = tree.query(middles, predicate="dwithin", distance=nearest + size * np.sqrt(2) * 1.000001)
    order = np.lexsort((edge, square))  # so that the first of equally near edges is the lowest one
    return squares._replace(square=square[order], edge=edge[order])


def _prune(squares: _Squares, edges: Edges, first_at_ends: tuple[Numbers, Numbers]) -> _Squares:
    """Leave out the edges that are nowhere in their square the nearest, or nowhere alone."""
    begins = np.searchsorted(squares.square, np.unique(squares.square[::CHUNK]))
    middles = squares.middles()
    needless = np.empty(len(squares.square), dtype=bool)
    for begin, end in pairwise([*begins.tolist(), len(needless)]):
        square, edge = squares.square[begin:end], squares.edge[begin:end]
        first, last = square[0], square[-1]
        here = middles[:, first : last + 1]
        needless[begin:end] = _needless(here, squares.size, square - first, edge, edges, first_at_ends)
    return squares.only(~needless)


def _needless(
    middles: Metres, size: float, square: Numbers, edge: Numbers, edges: Edges, first_at_ends: tuple[Numbers, Numbers]
) -> NDArray[np.bool_]:
    """Tell for each pair of a square and an edge whether all over the square another edge is as near, or nearer."""
    xs, ys = middles
    begins = np.flatnonzero(np.diff(square, prepend=-1))
    half = size / 2
    corners = [(xs + right * half, ys + up * half) for right in (-1, 1) for up in (-1, 1)]
    from_start, from_end = (first.take(edge) < edge for first in first_at_ends)
    to_edges, places = [], []
    for from_x, from_y in [*corners, (xs, ys)]:
        squared, way_x, way_y, part = to_nearest(from_x[square], from_y[square], edges, edge)
        nearest = np.flatnonzero(squared == np.minimum.reduceat(squared, begins)[square])
        first = np.empty(len(xs), dtype=np.int64)
        first[square[nearest]] = nearest
        from_start &= part == 0
        from_end &= part == 1
        to_edges.append(squared)
        places.append((from_x + way_x[first], from_y + way_y[first]))
    needless = from_start | from_end
    for place_x, place_y in places:
        everywhere = np.ones(len(edge), dtype=bool)
        for (corner_x, corner_y), to_edge in zip(corners, to_edges, strict=False):
            to_place = (corner_x - place_x) ** 2 + (corner_y - place_y) ** 2
            everywhere &= (to_place + SURE_M2)[square] < to_edge
        needless |= everywhere
    return needless


def to_nearest(
    xs: Metres, ys: Metres, edges: Edges, chosen: NDArray[np.integer]
) -> tuple[Metres, Metres, Metres, Metres]:
    """For each point and the edge chosen for it: the square of the distance, the way there, and the part along it.

    The part is how far along the edge, from 0 to 1, the place lies that is the nearest to the point.
    """
    x, y, way_x, way_y, per_square = (values.take(chosen) for values in edges)
    x -= xs
    y -= ys
    part = x * way_x
    part += y * way_y
    part *= per_square
    np.negative(part, out=part)
    np.clip(part, 0, 1, out=part)
    way_x *= part
    way_y *= part
    x += way_x
    y += way_y
    return x * x + y * y, x, y, part


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
