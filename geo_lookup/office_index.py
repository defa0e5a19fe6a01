"""Points to offices, by true distance.

Points and offices are placed in space on the WGS 84 ellipsoid; the length of the chord between two of them,
bent back to an arc, is within 1 cm of the geodesic up to 100 km, and needs no projection. Where even the nearest is
farther away, distances are taken along the geodesic.

Where millions of points are asked about, a table tells for each cell of some 50 m the office that is the nearest one
for all of it; only where there is none such are all offices compared.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from geo_lookup.compiled import CHUNK
from geo_lookup.coordinates import all_in_box
from geo_lookup.crs import geodesic_distances
from geo_lookup.local_space import (
    ECCENTRICITY_SQUARED,
    SEMI_MAJOR_AXIS_M,
    Space,
    local_space,
    place,
    place_anywhere,
)
from geo_lookup.model import Office
from geo_lookup.office_table import COMPARE, MEAN_RADIUS_M, Nearest, OfficeTable, arc_over, squared_chord

FAR_M = 100_000
"""Where the nearest office is farther away than this, distances are measured along the geodesic itself."""

ANYWHERE = 0.0, 0.0, 1.0, 1.0
"""Where space is measured from if no box is given."""

CELL_DEGREES = 0.0005
"""The side of a cell of the table, 35 to 56 m, unless that would make too many."""

MOST_CELLS = 250_000

AHEAD_M = 1.0
"""By how much an office must be nearer at all corners of a cell; lines between two offices bend far less in it."""

Degrees = NDArray[np.float64]
Metres = NDArray[np.float64]


class OfficeIndex:
    """Measures from points to offices. Read-only, safe to share between threads."""

    def __init__(self, offices: Sequence[Office], box: tuple[float, float, float, float] | None = None) -> None:
        """Index offices; `box` is where most points are expected: west, south, east and north in degrees."""
        self.offices = tuple(offices)
        self._box = box
        self._one_by_one = [_in_space_one(office.lon, office.lat) for office in self.offices]
        self._space = local_space(box or ANYWHERE)
        lonlats = np.array([(office.lon, office.lat) for office in self.offices]).reshape(-1, 2)
        self._places = np.stack(place_anywhere(self._space, *lonlats.T))

    def nearest_few(self, lon: float, lat: float, count: int) -> list[tuple[int, float]]:
        """List the positions of the `count` offices nearest to one point, in degrees, and their distances in metres.

        Of offices equally far the first in the table comes first. This is a plain loop: numpy is slow with few.
        """
        here = _in_space_one(lon, lat)
        chords = list(map(math.dist, repeat(here), self._one_by_one))
        few = sorted(range(len(chords)), key=chords.__getitem__)[:count]
        if few and chords[few[0]] > FAR_M:
            metres = [self._geodesics(np.array([lon]), np.array([lat]), one).item() for one in range(len(chords))]
            far = sorted(range(len(metres)), key=metres.__getitem__)[:count]
            return [(position, metres[position]) for position in far]
        return list(zip(few, map(_arc_one, map(chords.__getitem__, few)), strict=True))

    def _geodesics(self, lons: Degrees, lats: Degrees, position: int) -> Metres:
        office = self.offices[position]
        return geodesic_distances(lons, lats, office.lon, office.lat)

    def nearest(self, lons: Degrees, lats: Degrees) -> Nearest:
        """Find the nearest office of each point.

        Of offices equally far the first in the table wins. Where there is no office or no point the position is -1
        and the distance NaN.
        """
        count = len(lons)
        found = Nearest(np.full(count, COMPARE, dtype=np.int32), np.full(count, np.nan), np.full(count, np.inf))
        if self.offices:
            if self._table is not None:
                self._table.look_up(lons, lats, found)
            compared = np.flatnonzero(found.positions == COMPARE)
            for start in range(0, len(compared), CHUNK):
                self._compare_at(compared[start : start + CHUNK], lons, lats, found)
            self._measure_far(lons, lats, found)
        return found

    def _measure_far(self, lons: Degrees, lats: Degrees, found: Nearest) -> None:
        """Measure anew, along the geodesics, from points so far away that chords do not tell the order."""
        far = np.flatnonzero(found.distances > FAR_M)
        if len(far):
            metres = np.stack([self._geodesics(lons[far], lats[far], one) for one in range(len(self.offices))])
            found.positions[far] = metres.argmin(axis=0)
            found.distances[far] = metres.min(axis=0)

    def _compare_at(self, rows: NDArray[np.int64], lons: Degrees, lats: Degrees, found: Nearest) -> None:
        """Write into `found` what is nearest to some of the points by comparing all offices."""
        some_lons, some_lats = lons[rows], lats[rows]
        in_box = self._box is not None and all_in_box(some_lons, some_lats, self._box)
        positions, best, second = self._compare(
            (place if in_box else place_anywhere)(self._space, some_lons, some_lats)
        )
        found.positions[rows] = positions
        found.distances[rows] = np.where(positions == COMPARE, np.nan, arc_over(best))
        found.ahead[rows] = arc_over(second) - arc_over(best)

    def _compare(self, points: Space) -> tuple[NDArray[np.int32], Metres, Metres]:
        """The nearest office of each point, and the squared chords to it and to the second; by a running minimum."""
        count = len(points[0])
        best, second = np.full(count, np.inf), np.full(count, np.inf)
        position = np.full(count, COMPARE, dtype=np.int32)
        for number, office in enumerate(self._places.T.tolist()):
            chord = squared_chord(points, *office)
            nearer = chord < best
            np.minimum(second, np.maximum(best, chord), out=second)
            np.copyto(position, number, where=nearer)
            np.copyto(best, chord, where=nearer)
        return position, best, second

    @cached_property
    def _table(self) -> OfficeTable | None:
        """The table over the box. Chords to two offices differ by a function that is as good as linear in a cell."""
        if self._box is None:
            return None
        west, south, east, north = self._box
        size = max(CELL_DEGREES, ((east - west) * (north - south) / MOST_CELLS) ** 0.5)
        columns, rows = int((east - west) / size), int((north - south) / size)  # none reaches beyond the box
        lats, lons = np.indices((rows + 1, columns + 1)) * size
        corners = place_anywhere(self._space, (west + lons).ravel(), (south + lats).ravel())
        position, best, second = self._compare(corners)
        sure = (arc_over(second) - arc_over(best) > AHEAD_M) & (best < FAR_M**2)
        at_corners = np.where(sure, position, COMPARE).reshape(rows + 1, columns + 1)
        first = at_corners[:-1, :-1]
        agreed = (first == at_corners[1:, :-1]) & (first == at_corners[:-1, 1:]) & (first == at_corners[1:, 1:])
        nearest = np.pad(np.where(agreed, first, np.int32(COMPARE)), 1, constant_values=COMPARE)
        around = west - size, south - size, 1 / size, columns + 2, rows + 2
        kind = np.int8 if len(self.offices) <= np.iinfo(np.int8).max else np.int32  # small, to stay in the cache
        return OfficeTable(*around, nearest.ravel().astype(kind), self._space, self._places)


def _in_space_one(lon: float, lat: float) -> tuple[float, float, float]:
    """Where one point on the ellipsoid is in space (EPSG method 9602)."""
    longitude, latitude = math.radians(lon), math.radians(lat)
    up = math.sin(latitude)
    across = SEMI_MAJOR_AXIS_M / math.sqrt(1 - ECCENTRICITY_SQUARED * up * up)
    level = across * math.cos(latitude)
    return level * math.cos(longitude), level * math.sin(longitude), up * across * (1 - ECCENTRICITY_SQUARED)


def _arc_one(chord: float) -> float:
    """The length of the arc over one chord."""
    return 2 * MEAN_RADIUS_M * math.asin(min(chord / (2 * MEAN_RADIUS_M), 1.0))
