"""A table of cells, each with the office that is the nearest one for all of it; and how far from points it is.

Where a cell has no such office, all of them are compared.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo_lookup.cell_points import cells_along
from geo_lookup.compiled import BLOCK, CHUNK, Loop, read_only
from geo_lookup.local_space import LocalSpace, place
from geo_lookup.polynomials import Number, polynomial

MEAN_RADIUS_M = 6_371_008.8
"""The mean radius of the ellipsoid's axes."""

COMPARE = -1
"""The value of a cell with more than one nearest office, and the position of no office at all."""

BEYOND = -2
"""What stands for the cell of a point beyond the table while it is looked up."""

Degrees = NDArray[np.float64]
Metres = NDArray[np.float64]


class Nearest(NamedTuple):
    """For each point the position of the nearest office, its distance, and how much nearer it is; in metres."""

    positions: NDArray[np.int32]
    distances: Metres
    ahead: Metres


class OfficeTable(NamedTuple):
    """Cells over a box of degrees, each with the position of its nearest office; those all around are `COMPARE`.

    `space` tells where points of the box are, and `offices` where the offices are, row by row.
    """

    west: float
    south: float
    per_degree: float
    columns: int
    rows: int
    nearest: NDArray[np.signedinteger]
    space: LocalSpace
    offices: Metres

    def look_up(self, lons: Degrees, lats: Degrees, found: Nearest) -> None:
        """Write into `found` what is known of points; where that is nothing, the position is `COMPARE`."""
        compiled = LOOK_UP.machine_code(len(lons))
        if compiled is not None:
            compiled(*found, read_only(lons), read_only(lats), self)
            return
        for start in range(0, len(lons), CHUNK):
            part = slice(start, start + CHUNK)
            cells = cells_along(lats[part], self.south, self.per_degree, self.rows)
            cells *= self.columns
            cells += cells_along(lons[part], self.west, self.per_degree, self.columns)
            positions = self.nearest.take(cells, mode="clip")
            found.positions[part] = positions
            offices = self.offices.take(positions, axis=1, mode="clip")
            found.distances[part] = arc_over(squared_chord(place(self.space, lons[part], lats[part]), *offices))


def squared_chord(
    here: tuple[Number, Number, Number], x: Number | float, y: Number | float, z: Number | float
) -> Number:
    """The squared length of the chord between two places in space, or columns of them."""
    chord: Number = here[0] - x
    chord *= chord
    for axis, other in ((here[1], y), (here[2], z)):
        way = axis - other
        way *= way
        chord += way
    return chord


def arc_over(squared: Number) -> Number:
    """The length of the arc over a chord, or a column of them; good to 10 nm up to 100 km, by the arcsine's series."""
    share = squared * (1 / (4 * MEAN_RADIUS_M**2))
    arc: Number = np.sqrt(squared)
    arc *= 1 + share * (1 / 6 + share * (3 / 40))
    return arc


def _look_up(
    positions: NDArray[np.int32], distances: Metres, ahead: Metres, lons: Degrees, lats: Degrees, table: OfficeTable
) -> None:
    """Write the nearest office of each point of the table, the distance to it, and how much nearer it is if compared.

    Beyond the table `COMPARE` is written.
    """
    west, south, per_degree, columns, rows, nearest, space, offices = table
    chords = np.empty(BLOCK)
    for start in range(0, len(lons), BLOCK):
        some_lon, some_lat = lons[start : start + BLOCK], lats[start : start + BLOCK]
        at, metres = positions[start : start + BLOCK], distances[start : start + BLOCK]
        for point in range(len(some_lon)):
            column, row = (some_lon[point] - west) * per_degree, (some_lat[point] - south) * per_degree
            inside = (column >= 1) & (column < columns - 1) & (row >= 1) & (row < rows - 1)
            at[point] = nearest[np.int32(row) * np.int32(columns) + np.int32(column)] if inside else np.int32(BEYOND)
        for point in range(len(some_lon)):
            office = max(at[point], 0)
            here = place(space, some_lon[point], some_lat[point])
            chords[point] = squared_chord(here, offices[0, office], offices[1, office], offices[2, office])
        for point in range(len(some_lon)):
            metres[point] = arc_over(chords[point])
        for point in range(len(some_lon)):
            if at[point] == COMPARE:
                here = place(space, some_lon[point], some_lat[point])
                at[point], best, second = _compare_one(here, offices)
                metres[point] = arc_over(best)
                ahead[start + point] = arc_over(second) - metres[point]
            elif at[point] == BEYOND:
                at[point] = COMPARE


def _compare_one(here: tuple[float, float, float], offices: Metres) -> tuple[int, float, float]:
    """What `OfficeIndex` tells by comparing all offices, for one point."""
    position, best, second = COMPARE, math.inf, math.inf
    for office in range(offices.shape[1]):
        chord = squared_chord(here, offices[0, office], offices[1, office], offices[2, office])
        second = min(second, max(best, chord))
        if chord < best:
            position, best = office, chord
    return position, best, second


LOOK_UP = Loop(_look_up, polynomial, place, squared_chord, arc_over, _compare_one)
"""Writes what the table knows about points."""
