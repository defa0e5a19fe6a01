"""Points in a table of cells, one by one: for a single point in plain Python, for millions as machine code.

These are the sums that `cell_table` and `border_cells` do with numpy for many points at once. They tell the same of
every point but of those right beside an edge, which are asked exactly in any case.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo_lookup.compiled import BLOCK, Loop

OUTSIDE = -1
"""The position that stands for no area."""

ASK = -2
"""The value of a cell, and of a point, that has to be asked exactly."""

BORDER = -3
"""The value of a border cell."""

NEAR_M = 0.005
"""How near an edge a point has to be asked exactly: more than the 1 mm of the rule, what an edge of at most 100 m bends
between two CRSs (0.3 mm) and all rounding together."""

CELL_WIDTH, EDGE_WIDTH = 16, 8
"""How many numbers a row of border cells, and of edges, holds."""

ACROSS = 4
"""How many squares a border cell is divided into in each direction."""

Coordinates = NDArray[np.float64]
Positions = NDArray[np.signedinteger]


class Cells(NamedTuple):
    """Where cells lie, and their values, row by row."""

    west: float
    south: float
    per_x: float
    per_y: float
    columns: int
    rows: int
    values: Any


class Borders(NamedTuple):
    """What is known of border cells; `border_cells` tells how their rows and those of edges are to be read.

    `bits` has one for each cell that is a border cell, 64 a word, and `before` how many of these come before a word.
    """

    size_m: float
    bits: Any
    before: Any
    squares: Any
    cells: Any
    places: Any
    edges: Any
    masks: Any


def cells_along(
    values: Coordinates,
    corner: float,
    per_unit: float,
    count: int,
    room: tuple[Coordinates, NDArray[np.int32]] | None = None,
) -> NDArray[np.int32]:
    """The numbers of the cells that values lie in along an axis of `count` cells.

    Values beyond are in the first or the last cell, those that are no number in the first. `room` is where places and
    numbers are written, if that is not to be made.
    """
    places, numbers = room or (np.empty(len(values)), np.empty(len(values), dtype=np.int32))
    np.subtract(values, corner, out=places)
    np.multiply(places, per_unit, out=places)
    with np.errstate(invalid="ignore"):
        np.copyto(numbers, places, casting="unsafe")
    # What is negative is large without its sign, and so is what no number stands for.
    if len(values) and numbers.view(np.uint32).max() >= count:
        np.clip(places, 0, count - 1, out=places)
        places[np.isnan(places)] = 0
        np.copyto(numbers, places, casting="unsafe")
    return numbers


def plain(table: Any) -> Any:
    """The same with arrays as plain Python reads them fastest."""
    return type(table)(*(memoryview(one) if isinstance(one, np.ndarray) else one for one in table))  # type: ignore[arg-type]  # they are buffers


def beside_border(x: float, y: float, cell: int, cells: Cells, borders: Borders) -> int:
    """What a table knows about one point that lies in a border cell."""
    u, v = _in_cell((x - cells.west) * cells.per_x, (y - cells.south) * cells.per_y)
    number = _number(cell, borders.bits, borders.before)
    found: int = borders.squares[number * ACROSS * ACROSS + _square(u, v)]
    return found if found != BORDER else _side(u * borders.size_m, v * borders.size_m, number, *borders[4:])


def _in_cell(column: float, row: float) -> tuple[float, float]:
    """How far east and north of the middle of its cell a point lies, in cells."""
    return column - int(column) - 0.5, row - int(row) - 0.5


def _number(cell: int, bits: Any, before: Any) -> int:
    """The number of a border cell: how many there are before it."""
    number: int = before[cell >> 6]
    ones = bits[cell >> 6] & ((1 << (cell & 63)) - 1)
    while ones:
        ones &= ones - 1
        number += 1
    return number


def _square(u: float, v: float) -> int:
    """The number of the square in a cell that a point lies in, by its place from the cell's middle."""
    return int((v + 0.5) * ACROSS) * ACROSS + int((u + 0.5) * ACROSS)


def _side(u: float, v: float, number: int, cells: Any, places: Any, edges: Any, masks: Any) -> int:
    """The area at a point in a border cell, so many metres from its middle; the lowest of several, `ASK` at an edge."""
    cell = number * CELL_WIDTH
    first, count, mask = cells[cell], cells[cell + 1], cells[cell + 2]
    way_u, way_v = u - places[cell + 3], v - places[cell + 4]
    for edge in range(first * EDGE_WIDTH, (first + count) * EDGE_WIDTH, EDGE_WIDTH):
        x1, y1, x2, y2 = edges[edge] - u, edges[edge + 1] - v, edges[edge + 2] - u, edges[edge + 3] - v
        edge_u, edge_v = x2 - x1, y2 - y1
        across = edge_v * x1 - edge_u * y1
        along = -(edge_u * x1 + edge_v * y1)
        square = edge_u * edge_u + edge_v * edge_v
        room = math.sqrt(square) * NEAR_M
        if abs(across) <= room and -room <= along <= square + room:
            return ASK
        parted = (way_u * y1 - way_v * x1 > 0) != (way_u * y2 - way_v * x2 > 0)
        if parted and (across > 0) != (masks[edge + 5] != 0):
            mask ^= masks[edge + 4]
    if mask == 0:
        return OUTSIDE
    holder = cell + 5
    while not mask & 1:
        mask >>= 1
        holder += 1
    found: int = cells[holder]
    return found


def _look_up(found: Positions, xs: Coordinates, ys: Coordinates, table: Cells, borders: Borders) -> None:
    """Write what a table knows about points, block by block: memory is asked for many before any of them needs it."""
    west, south, per_x, per_y, columns, rows, all_values = table
    size_m, bits, before, squares, border_cells, places, edges, masks = borders
    cells, beside, numbers = (np.empty(BLOCK, np.int32), np.empty(BLOCK, np.int32), np.empty(BLOCK, np.int32))
    us, vs, fetched = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK, np.float32)
    at_squares = np.empty(BLOCK, np.int32)
    for start in range(0, len(xs), BLOCK):
        some_x, some_y, values = xs[start : start + BLOCK], ys[start : start + BLOCK], found[start : start + BLOCK]
        write_cells(cells, some_x, some_y, west, south, per_x, per_y, columns, rows)
        count = 0
        for point in range(len(some_x)):
            value = all_values[cells[point]]
            values[point] = value
            beside[count] = point
            if value == BORDER:
                count += 1
        for place in range(count):
            point = beside[place]
            number = _number(cells[point], bits, before)
            us[place], vs[place] = _in_cell((some_x[point] - west) * per_x, (some_y[point] - south) * per_y)
            numbers[place] = number
            cells[place] = number * ACROSS * ACROSS + _square(us[place], vs[place])
        for place in range(count):
            at_squares[place] = squares[cells[place]]
        at_edge = 0
        for place in range(count):
            value, point = at_squares[place], beside[place]
            values[point] = value
            beside[at_edge], numbers[at_edge], us[at_edge], vs[at_edge] = point, numbers[place], us[place], vs[place]
            if value == BORDER:
                at_edge += 1
        for place in range(at_edge):
            fetched[place] = edges[border_cells[numbers[place] * CELL_WIDTH] * EDGE_WIDTH]
        for place in range(at_edge):
            u, v = us[place] * size_m, vs[place] * size_m
            values[beside[place]] = _side(u, v, numbers[place], border_cells, places, edges, masks)


def write_cells(
    cells: NDArray[np.int32], xs: Coordinates, ys: Coordinates,
    west: float, south: float, per_x: float, per_y: float, columns: int, rows: int,
) -> None:  # fmt: skip
    """Write the cells that points lie in; those beyond are in the first, which is outside as all around are."""
    for point in range(len(xs)):
        column, row = (xs[point] - west) * per_x, (ys[point] - south) * per_y
        inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
        cells[point] = np.int32(row) * np.int32(columns) + np.int32(column) if inside else np.int32(0)


LOOK_UP = Loop(_look_up, _in_cell, _number, _square, _side, write_cells)
"""Writes what a table knows about points: `found`, `xs`, `ys`, and the table's `Cells` and `Borders`."""
