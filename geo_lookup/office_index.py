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
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo_lookup.compiled import BLOCK, Loop, read_only
from geo_lookup.crs import geodesic_distances
from geo_lookup.model import Office

# The WGS 84 ellipsoid (EPSG:7030), and the mean radius of its axes.
SEMI_MAJOR_AXIS_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
ECCENTRICITY_SQUARED = FLATTENING * (2 - FLATTENING)
MEAN_RADIUS_M = 6_371_008.8

FAR_M = 100_000
"""Where the nearest office is farther away than this, distances are measured along the geodesic itself."""

CHUNK = 65_536
"""How many points are worked on at a time, so that what is in between stays in the cache."""

NEAR = 0.05
"""How near an angle, in radians, must be to another for the series; 3 degrees. The terms left out are below 1e-16."""

CELL_DEGREES = 0.0005
"""The side of a cell of the table, 35 to 56 m, unless that would make too many."""

MOST_CELLS = 250_000

AHEAD_M = 1.0
"""By how much an office must be nearer at all corners of a cell; lines between two offices bend far less in it."""

COMPARE = -1
"""The value of a cell with more than one nearest office, and the position of no office at all."""

Degrees = NDArray[np.float64]
Metres = NDArray[np.float64]
Space = tuple[Metres, Metres, Metres]
"""Earth-centred coordinates, in metres."""


class Nearest(NamedTuple):
    """For each point the position of the nearest office, its distance, and how much nearer it is; in metres."""

    positions: NDArray[np.int32]
    distances: Metres
    ahead: Metres


class _Table(NamedTuple):
    """Cells over a box of degrees, each with the position of its nearest office."""

    west: float
    south: float
    size: float
    columns: int
    rows: int
    nearest: NDArray[np.int32]

    def look_up(self, lons: Degrees, lats: Degrees) -> NDArray[np.int32]:
        columns, rows = (lons - self.west) / self.size, (lats - self.south) / self.size
        inside = (columns >= 0) & (columns < self.columns) & (rows >= 0) & (rows < self.rows)
        if not inside.all():
            columns, rows = np.where(inside, columns, 0), np.where(inside, rows, 0)
        found: NDArray[np.int32] = self.nearest.take(rows.astype(np.int32) * self.columns + columns.astype(np.int32))
        found[~inside] = COMPARE
        return found


class Angle(NamedTuple):
    """An angle with its sine and cosine."""

    degrees: float
    sine: float
    cosine: float


class Middle(NamedTuple):
    """The middle of the box."""

    lon: Angle
    lat: Angle


class OfficeIndex:
    """Measures from points to offices. Read-only, safe to share between threads."""

    def __init__(self, offices: Sequence[Office], box: tuple[float, float, float, float] | None = None) -> None:
        """Index offices; `box` is where most points are expected: west, south, east and north in degrees."""
        self.offices = tuple(offices)
        self._box = box
        west, south, east, north = box or (0.0, 0.0, 0.0, 0.0)
        self._middle = Middle(*(_angle(degrees) for degrees in ((west + east) / 2, (south + north) / 2)))
        self._one_by_one = [_in_space_one(office.lon, office.lat) for office in self.offices]
        self._places = np.stack(
            _in_space(
                np.array([office.lon for office in self.offices], dtype=np.float64),
                np.array([office.lat for office in self.offices], dtype=np.float64),
            )
        )

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
            self._look_up(lons, lats, found)
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

    def _look_up(self, lons: Degrees, lats: Degrees, found: Nearest) -> None:
        """Write into `found` what the table knows: the nearest office of each point, or `COMPARE`."""
        table = self._table
        if table is None:
            return
        compiled = LOOK_UP.machine_code(len(lons))
        if compiled is not None:
            columns = found.positions, found.distances, read_only(lons), read_only(lats)
            compiled(*columns, *table, *self._middle, self._places)
            return
        for start in range(0, len(lons), CHUNK):
            part = slice(start, start + CHUNK)
            positions = table.look_up(lons[part], lats[part])
            found.positions[part] = positions
            offices = self._places.take(positions, axis=1, mode="wrap")
            found.distances[part] = _arc(_squared(self._places_of(lons[part], lats[part]), *offices))

    def _compare_at(self, rows: NDArray[np.int64], lons: Degrees, lats: Degrees, found: Nearest) -> None:
        """Write into `found` what is nearest to some of the points by comparing all offices."""
        positions, best, second = self._compare(self._places_of(lons[rows], lats[rows]))
        found.positions[rows] = positions
        found.distances[rows] = np.where(positions == COMPARE, np.nan, _arc(best))
        found.ahead[rows] = _arc(second) - _arc(best)

    def _places_of(self, lons: Degrees, lats: Degrees) -> Space:
        """Where points are in space; of those about the box that is told without the sines of each."""
        if self._box is not None:
            latitude, longitude = _turned(lats, self._middle.lat), _turned(lons, self._middle.lon)
            if latitude is not None and longitude is not None:
                return _on_ellipsoid(*latitude, *longitude)
        return _in_space(lons, lats)

    def _compare(self, points: Space) -> tuple[NDArray[np.int32], Metres, Metres]:
        """The nearest office of each point, and the squared chords to it and to the second; by a running minimum."""
        count = len(points[0])
        best, second = np.full(count, np.inf), np.full(count, np.inf)
        position = np.full(count, COMPARE, dtype=np.int32)
        for number, office in enumerate(self._places.T.tolist()):
            chord = _squared(points, *office)
            nearer = chord < best
            np.minimum(second, np.maximum(best, chord), out=second)
            np.copyto(position, number, where=nearer)
            np.copyto(best, chord, where=nearer)
        return position, best, second

    @cached_property
    def _table(self) -> _Table | None:
        """The table over the box. Chords to two offices differ by a function that is as good as linear in a cell."""
        if self._box is None:
            return None
        west, south, east, north = self._box
        size = max(CELL_DEGREES, ((east - west) * (north - south) / MOST_CELLS) ** 0.5)
        columns, rows = int((east - west) / size) + 1, int((north - south) / size) + 1
        lats, lons = np.indices((rows + 1, columns + 1)) * size
        corners = _in_space((west + lons).ravel(), (south + lats).ravel())
        position, best, second = self._compare(corners)
        sure = (_arc(second) - _arc(best) > AHEAD_M) & (best < FAR_M**2)
        at_corners = np.where(sure, position, COMPARE).reshape(rows + 1, columns + 1)
        first = at_corners[:-1, :-1]
        agreed = (first == at_corners[1:, :-1]) & (first == at_corners[:-1, 1:]) & (first == at_corners[1:, 1:])
        return _Table(west, south, size, columns, rows, np.where(agreed, first, COMPARE).ravel())


def _angle(degrees: float) -> Angle:
    return Angle(degrees, math.sin(math.radians(degrees)), math.cos(math.radians(degrees)))


def _in_space(lons: Degrees, lats: Degrees) -> Space:
    """Where points on the ellipsoid are in space (EPSG method 9602)."""
    longitude, latitude = np.radians(lons), np.radians(lats)
    return _on_ellipsoid(np.sin(latitude), np.cos(latitude), np.sin(longitude), np.cos(longitude))


def _on_ellipsoid(up: Metres, level: Metres, north: Metres, east: Metres) -> Space:
    """The same by the sine and cosine of the latitude, and of the longitude."""
    across = SEMI_MAJOR_AXIS_M / np.sqrt(1 - ECCENTRICITY_SQUARED * up * up)
    level = across * level
    return level * east, level * north, up * across * (1 - ECCENTRICITY_SQUARED)


def _turned(degrees: Degrees, middle: Angle) -> tuple[Metres, Metres] | None:
    """The sines and cosines of angles near one, by that one's and Taylor's series; None where one is not near."""
    angle = np.radians(degrees - middle.degrees)
    if not (angle.min() >= -NEAR and angle.max() <= NEAR):
        return None
    return _sine_and_cosine(angle, middle.sine, middle.cosine)


def _sine_and_cosine(angle: Metres, own_sine: float, own_cosine: float) -> tuple[Metres, Metres]:
    """Those of the sum of an angle, which is small, and of one whose own are known."""
    square = angle * angle
    sine = angle * (1 - square * (1 / 6) * (1 - square * (1 / 20) * (1 - square * (1 / 42))))
    cosine = 1 - square * (1 / 2) * (1 - square * (1 / 12) * (1 - square * (1 / 30)))
    return own_sine * cosine + own_cosine * sine, own_cosine * cosine - own_sine * sine


def _in_space_one(lon: float, lat: float) -> tuple[float, float, float]:
    """The same for one point."""
    longitude, latitude = math.radians(lon), math.radians(lat)
    up = math.sin(latitude)
    across = SEMI_MAJOR_AXIS_M / math.sqrt(1 - ECCENTRICITY_SQUARED * up * up)
    level = across * math.cos(latitude)
    return level * math.cos(longitude), level * math.sin(longitude), up * across * (1 - ECCENTRICITY_SQUARED)


def _squared(points: Space, x: Metres | float, y: Metres | float, z: Metres | float) -> Metres:
    """The squared lengths of the chords between places in space."""
    chord = points[0] - x
    chord *= chord
    for axis, other in ((points[1], y), (points[2], z)):
        way = axis - other
        way *= way
        chord += way
    return chord


def _arc_one(chord: float) -> float:
    """The length of the arc over one chord."""
    return 2 * MEAN_RADIUS_M * math.asin(min(chord / (2 * MEAN_RADIUS_M), 1.0))


def _arc(squared_chords: Metres) -> Metres:
    """The lengths of the arcs over chords, by the series of the arcsine; good to a micrometre beyond `FAR_M`."""
    half = np.sqrt(squared_chords) * (1 / (2 * MEAN_RADIUS_M))
    square = half * half
    arc: Metres = half * (1 + square * (1 / 6) * (1 + square * (9 / 20) * (1 + square * (25 / 42))))
    arc *= 2 * MEAN_RADIUS_M
    return arc


def _look_up(
    positions: NDArray[np.int32], distances: Metres, lons: Degrees, lats: Degrees,
    west: float, south: float, size: float, columns: int, rows: int, nearest: NDArray[np.int32],
    lon: Angle, lat: Angle, offices: Metres,
) -> None:  # fmt: skip
    """Write the nearest office of each point and the distance to it, where the table knows it; else `COMPARE`."""
    xs, ys, zs = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK)
    for start in range(0, len(lons), BLOCK):
        some_lon, some_lat = lons[start : start + BLOCK], lats[start : start + BLOCK]
        at, metres = positions[start : start + BLOCK], distances[start : start + BLOCK]
        for point in range(len(some_lon)):
            north, east = _sine_and_cosine(np.radians(some_lon[point] - lon.degrees), lon.sine, lon.cosine)
            up, level = _sine_and_cosine(np.radians(some_lat[point] - lat.degrees), lat.sine, lat.cosine)
            xs[point], ys[point], zs[point] = _on_ellipsoid(up, level, north, east)
        for point in range(len(some_lon)):
            column, row = (some_lon[point] - west) / size, (some_lat[point] - south) / size
            inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
            office = nearest[np.int32(row) * np.int32(columns) + np.int32(column)] if inside else np.int32(COMPARE)
            at[point] = office
            office = max(office, 0)
            place = xs[point], ys[point], zs[point]
            xs[point] = _squared(place, offices[0, office], offices[1, office], offices[2, office])
        for point in range(len(some_lon)):
            metres[point] = _arc(xs[point])


LOOK_UP = Loop(_look_up, _sine_and_cosine, _on_ellipsoid, _squared, _arc)
"""Writes what the table knows about points."""
