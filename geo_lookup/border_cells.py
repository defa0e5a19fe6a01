"""Cells with a border in them: on which side of it does a point lie?

In each such cell there is one place of which it is known which areas hold it. On the straight way from there to a
point every edge that is crossed changes the areas that it is an edge of: inside becomes outside, and the other way
round. That is sure as long as the point is not right beside an edge; if it is, it has to be asked exactly.

Coordinates are metres from the corner of the table, as good as the CRS it is made for allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo_lookup.cell_points import ASK, CELL_WIDTH, EDGE_WIDTH, NEAR_M, OUTSIDE

CLEAR_M = 0.01
"""How far the known place of a cell keeps from the lines through its edges, so that its side of each is sure."""

MOST_EDGES = 4_000_000
"""A layer of more edges is refused; so many would take about 1 GB in each table."""

MOST_AREAS = 8
"""In how many areas' hands a cell may be; one with more is asked exactly."""

Coordinates = NDArray[np.float64]
Positions = NDArray[np.int32]
Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Positions of one thing and, in the same places, of another that belongs to it."""

_LOWEST_BIT = np.array([(mask & -mask).bit_length() - 1 for mask in range(1 << MOST_AREAS)], dtype=np.int8)


class CellEdges(NamedTuple):
    """Pairs of a cell, by its number among the border cells, and an edge; ordered by cell, each pair once."""

    number: NDArray[np.int64]
    edge: NDArray[np.int64]


@dataclass(frozen=True)
class BorderCells:
    """The edges in each border cell, its known place, and the areas it is shared by. Read-only.

    What is needed at once lies in one row, so that a point costs two looks into memory and one for each edge more.
    `cells[n]` holds the first row and how many rows of `edges` are those of cell n, the mask of its known place, the
    bits of that place's coordinates, and its areas in the order of their ids: every mask has a bit for each of them. A
    row of `edges` holds the ends of an edge, and the bits of its mask and of whether the known place lies to its left.
    Coordinates are taken from the middle of the cell; single precision is exact to 0.01 mm there.
    """

    cells: NDArray[np.int32]
    edges: NDArray[np.float32]

    @property
    def memory(self) -> int:
        """How many bytes the cells take."""
        return self.cells.nbytes + self.edges.nbytes

    def sides(self, us: NDArray[np.float32], vs: NDArray[np.float32], numbers: NDArray[np.int64]) -> Positions:
        """The area at each point, which lies in a border cell; the lowest where there are several, `ASK` at an edge.

        `us` and `vs` are metres from the middle of the cell with that number.
        """
        cells = self.cells.take(numbers, axis=0)
        known = cells[:, 3:5].view(np.float32)
        ways_u, ways_v = us - known[:, 0], vs - known[:, 1]
        counts = cells[:, 1]
        ends = np.cumsum(counts)
        point = np.repeat(np.arange(len(us)), counts)
        row = np.arange(len(point)) + np.repeat(cells[:, 0] - (ends - counts), counts)
        crossed, beside = _crossed(us[point], vs[point], ways_u[point], ways_v[point], self.edges.take(row, axis=0))
        masks = cells[:, 2] ^ np.bitwise_xor.reduceat(crossed, ends - counts)  # every border cell has an edge
        near = np.logical_or.reduceat(beside, ends - counts)
        found = np.where(masks == 0, np.int32(OUTSIDE), cells[np.arange(len(us)), 5 + _LOWEST_BIT[masks]])
        found[near] = ASK
        return found

    def flat(self) -> tuple[Any, Any, Any, Any]:
        """The rows of cells and of edges one after the other, each as whole numbers and as others."""
        cells, edges = self.cells.ravel(), self.edges.ravel()
        return cells, cells.view(np.float32), edges, edges.view(np.int32)


def _crossed(
    us: NDArray[np.float32],
    vs: NDArray[np.float32],
    ways_u: NDArray[np.float32],
    ways_v: NDArray[np.float32],
    rows: NDArray[np.float32],
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """The mask of the edge in each row if it is crossed on the way from the known place, and whether it is near."""
    x1, y1, x2, y2 = rows[:, 0] - us, rows[:, 1] - vs, rows[:, 2] - us, rows[:, 3] - vs
    # Of each corner only the side of the way is asked, by the same sum for both edges that meet there.
    parted = (ways_u * y1 - ways_v * x1 > 0) != (ways_u * y2 - ways_v * x2 > 0)
    edge_u, edge_v = rows[:, 2] - rows[:, 0], rows[:, 3] - rows[:, 1]
    across = edge_v * x1 - edge_u * y1  # how far the point lies left of the edge's line, times the edge's length
    along = -(edge_u * x1 + edge_v * y1)
    square = edge_u * edge_u + edge_v * edge_v
    room = np.sqrt(square) * np.float32(NEAR_M)
    near = (np.abs(across) <= room) & (along >= -room) & (along <= square + room)
    mask, known_left = rows[:, 4].view(np.int32), rows[:, 5].view(np.int32)
    crossed: NDArray[np.int32] = np.where(parted & ((across > 0) != known_left), mask, np.int32(0))
    return crossed, near


def make_border_cells(
    ends: Coordinates, owners: Pairs, cells: CellEdges, middles: Coordinates, places: Coordinates, at_places: Pairs
) -> tuple[BorderCells, NDArray[np.int64]]:
    """Make the border cells of which enough is known, and tell which of the cells these are.

    `middles` are those of the cells, `places` the known places, NaN where a cell has none; `at_places` pairs them, by
    the numbers of their cells, with the areas that hold them.
    """
    area_count = int(max(owners[1].max(initial=0), at_places[1].max(initial=0))) + 1
    pair, area = owners_of(owners, cells.edge, len(ends))
    keys = cells.number[pair] * area_count + area
    place_keys = at_places[0] * area_count + at_places[1]
    shared, _ = _in_order(np.concatenate([keys, place_keys]))
    holder = shared // area_count
    rank = np.arange(len(shared)) - np.searchsorted(holder, holder)
    sure = (np.bincount(holder, minlength=len(places)) <= MOST_AREAS) & ~np.isnan(places[:, 0])

    def bits(of: NDArray[np.int64]) -> NDArray[np.int32]:
        shifts = np.minimum(rank[np.searchsorted(shared, of)], MOST_AREAS - 1)
        ones: NDArray[np.int32] = np.left_shift(np.int32(1), shifts.astype(np.int32))
        return ones

    kept = np.flatnonzero(sure[cells.number])
    number = cells.number[kept]
    edges = np.zeros((len(kept), EDGE_WIDTH), dtype=np.float32)
    edges[:, :4] = ends[cells.edge[kept]] - np.tile(middles[number], 2)
    masks = np.zeros(len(cells.edge), dtype=np.int32)
    np.bitwise_xor.at(masks, pair, bits(keys))
    edges[:, 4].view(np.int32)[:] = masks[kept]
    edges[:, 5].view(np.int32)[:] = _across(ends.T, cells.edge[kept], places[number]) > 0

    made = np.zeros((len(places), CELL_WIDTH), dtype=np.int32)
    made[:, 0] = np.searchsorted(number, np.arange(len(places)))
    made[:, 1] = np.bincount(number, minlength=len(places))
    np.bitwise_xor.at(made[:, 2], at_places[0], bits(place_keys))
    made[:, 3:5].view(np.float32)[:] = places - middles
    listed = np.flatnonzero(rank < MOST_AREAS)
    made[holder[listed], 5 + rank[listed]] = shared[listed] % area_count
    chosen = np.flatnonzero(sure)
    return BorderCells(made[chosen], edges), chosen


def clear_of_edges(ends: Coordinates, cells: CellEdges, places: Coordinates) -> NDArray[np.bool_]:
    """Tell for each cell whether its place keeps clear of the lines through all of its edges; not where it is NaN."""
    asked = np.flatnonzero(~np.isnan(places[cells.number, 0]))
    edge, number = cells.edge[asked], cells.number[asked]
    columns = ends.T
    lengths = np.hypot(columns[2] - columns[0], columns[3] - columns[1])[edge]
    clear = ~np.isnan(places[:, 0])
    clear[number[np.abs(_across(columns, edge, places[number])) < CLEAR_M * lengths]] = False
    return clear


def _across(columns: Coordinates, edge: NDArray[np.int64], places: Coordinates) -> Coordinates:
    """How far to the left of each edge's line a place lies, times the edge's length."""
    x1, y1, x2, y2 = (values[edge] for values in columns)
    across: Coordinates = (x2 - x1) * (places[:, 1] - y1) - (y2 - y1) * (places[:, 0] - x1)
    return across


def owners_of(owners: Pairs, edge: NDArray[np.int64], edge_count: int) -> Pairs:
    """For each place in `edge` and each owner of the edge there: the place and the owner."""
    order = np.argsort(owners[0], kind="stable")
    areas = owners[1][order]
    counts = np.bincount(owners[0], minlength=edge_count)
    begins = np.cumsum(counts) - counts
    times = counts[edge]
    place = np.repeat(np.arange(len(edge)), times)
    step = np.arange(len(place)) - np.repeat(np.cumsum(times) - times, times)
    return place, areas[begins[edge[place]] + step]


def cut(ends: Coordinates, longest: float) -> tuple[Coordinates, Coordinates, NDArray[np.int64]]:
    """Edges cut into pieces no longer than that: where each begins and finishes, shape (n, 2), and which edge it is of.

    Pieces of two edges that meet do so in the very same corner.
    """
    way = ends[:, 2:] - ends[:, :2]
    pieces = np.maximum(np.ceil(np.hypot(way[:, 0], way[:, 1]) / longest), 1).astype(np.int64)
    edge = np.repeat(np.arange(len(ends)), pieces)
    number = np.arange(len(edge)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    begin, finish = (ends[edge, :2] + way[edge] * (step / pieces[edge])[:, None] for step in (number, number + 1))
    last = number + 1 == pieces[edge]
    finish[last] = ends[edge[last], 2:]
    return begin, finish, edge


def cells_of_edges(ends: Coordinates, size: float, columns: int) -> tuple[NDArray[np.int64], CellEdges]:
    """The cells, in rows of so many columns, that have an edge in them or near by; and the edges in each of them."""
    begin, finish, edge = cut(ends, size)
    margin = NEAR_M + 1e-6  # pieces are cut with an error far below a micrometre
    first = np.floor((np.minimum(begin, finish) - margin) / size).astype(np.int64)
    last = np.floor((np.maximum(begin, finish) + margin) / size).astype(np.int64)
    keys = []
    for right in range(int((last - first)[:, 0].max()) + 1):
        for up in range(int((last - first)[:, 1].max()) + 1):
            cell = first + np.array([right, up])
            chosen = np.flatnonzero((cell <= last).all(axis=1))
            chosen = chosen[_comes_near(begin[chosen], finish[chosen], cell[chosen], size, margin)]
            keys.append((cell[chosen, 1] * columns + cell[chosen, 0]) * len(ends) + edge[chosen])
    pairs, _ = _in_order(np.concatenate(keys))
    of_pair, edges = np.divmod(pairs, len(ends))
    cells, number = _in_order(of_pair)
    return cells, CellEdges(number, edges)


def _in_order(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Keys in their order, each once, and how many come before each of them, sorted.

    The hash table that numpy has for this takes some sixty times as long.
    """
    keys = np.sort(keys)
    is_new = np.append(True, keys[1:] != keys[:-1])[: len(keys)]
    return keys[is_new], np.cumsum(is_new) - 1


def _comes_near(
    begin: Coordinates, finish: Coordinates, cell: NDArray[np.int64], size: float, margin: float
) -> NDArray[np.bool_]:
    """Whether the line through a piece comes as near a cell as `margin`."""
    way = finish - begin
    middle = (cell + 0.5) * size - begin
    across = np.abs(way[:, 0] * middle[:, 1] - way[:, 1] * middle[:, 0])
    reach = (size / 2 + margin) * (np.abs(way[:, 0]) + np.abs(way[:, 1]))
    near: NDArray[np.bool_] = across <= reach
    return near
