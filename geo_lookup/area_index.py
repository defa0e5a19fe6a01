"""Points to areas, exactly.

The rule stands here once: areas within 1 mm of a point, measured in the metric CRS, all
match, and the lowest id wins. So a point on a shared border, on a vertex or on a triple point has one
answer, and always the same one.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo_lookup.cell_table import ASK, CellTable
from geo_lookup.model import Area

TOLERANCE_M = 0.001
"""How near an area a point must lie to match it."""

OUTSIDE = -1
"""The position that stands for no area."""

Metres = NDArray[np.float64]
Positions = NDArray[np.int64]


class AreaIndex:
    """Finds the areas at points of the metric CRS. Read-only, safe to share between threads.

    `areas` are ordered by id, so the lowest of several positions is the lowest of their ids.
    """

    def __init__(self, areas: Iterable[Area]) -> None:
        self.areas = tuple(sorted(areas, key=lambda area: area.id))
        polygons = [area.geometry for area in self.areas]
        edges = _edges(polygons)
        self._polygons = shapely.STRtree(polygons)
        self._borders = shapely.STRtree(shapely.linestrings(edges.reshape(-1, 2, 2)))
        self._cells = CellTable(edges, TOLERANCE_M, OUTSIDE, self._ask) if polygons else None

    def locate(self, xs: Metres, ys: Metres) -> Positions:
        """Find the position in `areas` of the area at each point, or `OUTSIDE`.

        Coordinates are metres in the metric CRS; a point with a NaN or infinite coordinate is outside.
        """
        if self._cells is None:
            return np.full(len(xs), OUTSIDE)
        found = self._cells.look_up(xs, ys)
        near_border = np.flatnonzero(found == ASK)
        if len(near_border):
            found[near_border] = self._ask(xs[near_border], ys[near_border])
        return found

    def _ask(self, xs: Metres, ys: Metres) -> Positions:
        """The rule itself, for points that no table answers."""
        found = np.full(len(xs), len(self.areas), dtype=np.int64)
        points, areas = self._within(xs, ys, TOLERANCE_M)
        np.minimum.at(found, points, areas)
        found[found == len(self.areas)] = OUTSIDE
        return found

    def near(self, x: float, y: float, distance_m: float) -> list[int]:
        """List the positions of the areas within `distance_m` of one point, in the order of their ids."""
        return sorted(self._within(np.array([x]), np.array([y]), distance_m)[1].tolist())

    def border_distances(self, xs: Metres, ys: Metres) -> Metres:
        """Measure from each point to the nearest border of any area, in metres; NaN where there is no point."""
        distances = np.full(len(xs), np.nan)
        finite, points = _points(xs, ys)
        if len(self.areas) and len(points):
            (positions, _), nearest = self._borders.query_nearest(points, all_matches=False, return_distance=True)
            distances[finite[positions]] = nearest
        return distances

    def _within(self, xs: Metres, ys: Metres, distance_m: float) -> tuple[Positions, Positions]:
        finite, points = _points(xs, ys)
        positions, areas = self._polygons.query(points, predicate="dwithin", distance=distance_m)
        return finite[positions], areas


def _edges(polygons: list[BaseGeometry | None]) -> Metres:
    """Every edge of every ring, once where neighbours share it, as x and y of one end and of the other."""
    rings = shapely.get_rings(shapely.get_parts(polygons))
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    edges = np.hstack([corners[:-1], corners[1:]])[ring[:-1] == ring[1:]]
    backwards = (edges[:, 0] > edges[:, 2]) | ((edges[:, 0] == edges[:, 2]) & (edges[:, 1] > edges[:, 3]))
    edges[backwards] = edges[backwards][:, [2, 3, 0, 1]]
    return np.unique(edges, axis=0)


def _points(xs: Metres, ys: Metres) -> tuple[Positions, NDArray[np.object_]]:
    """The positions of the finite points, and the points."""
    finite = np.flatnonzero(np.isfinite(xs) & np.isfinite(ys))
    return finite, shapely.points(xs[finite], ys[finite])
