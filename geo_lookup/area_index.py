"""Points to areas, exactly.

The rule stands here once: areas within 1 mm of a point, measured in the metric CRS, all
match, and the lowest id wins. So a point on a shared border, on a vertex or on a triple point has one
answer, and always the same one.

Points are looked up in a table of cells, one for the metric CRS and one for longitude and latitude, so that columns of
degrees need not be transformed. The rule itself is only asked about points within 5 mm of a border.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from functools import cached_property, partial
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo_lookup.border_cells import Pairs, cut, owners_of
from geo_lookup.border_grid import BorderGrid
from geo_lookup.border_squares import BorderSquares
from geo_lookup.cell_points import ASK, OUTSIDE
from geo_lookup.cell_table import CellTable, Edges
from geo_lookup.crs import LONLAT, reference_system
from geo_lookup.model import Area
from geo_lookup.rounding import may_round_otherwise, rounded

TOLERANCE_M = 0.001
"""How near an area a point must lie to match it."""

LONGEST_EDGE_M = 100.0
"""Longer edges are drawn in pieces: in degrees one of 100 m bends by 0.3 mm, one of 1 km by 26 mm."""

CENTIMETRE_M = 0.01
"""How much farther is looked for borders that are within once rounded; half would do."""

MEASURED_BY_TREE = 8
"""So many points an edge are measured one by one before a grid is made, which takes as long."""

Metres = NDArray[np.float64]
Positions = NDArray[np.int32]


class AreaIndex:
    """Finds the areas at points. Read-only, safe to share between threads.

    `areas` are ordered by id, so the lowest of several positions is the lowest of their ids. A table is made when it
    is first needed, and not pickled.
    """

    def __init__(self, areas: Iterable[Area], metric_crs: int | None = None) -> None:
        """Index areas whose geometries are in `metric_crs`; it is needed for points in degrees alone."""
        self.areas = tuple(sorted(areas, key=lambda area: area.id))
        self.metric_crs = metric_crs
        polygons = [area.geometry for area in self.areas]
        self._edges = _edges(polygons)
        self._polygons = shapely.STRtree(polygons)
        self._borders = shapely.STRtree(shapely.linestrings(self._edges.ends.reshape(-1, 2, 2)))
        self._tables: dict[int | None, CellTable] = {}
        self._of_degrees: CellTable | None = None
        self._measured = 0
        self._bounds = shapely.total_bounds(polygons).tolist() if polygons else [np.inf, np.inf, -np.inf, -np.inf]
        self._grid: BorderGrid | None = None
        self._making = threading.Lock()

    def __reduce__(self) -> tuple[Any, ...]:
        return AreaIndex, (self.areas, self.metric_crs)

    def locate(self, xs: Metres, ys: Metres) -> Positions:
        """Find the position in `areas` of the area at each point, or `OUTSIDE`.

        Coordinates are metres in the metric CRS; a point with a NaN or infinite coordinate is outside.
        """
        return self._locate(xs, ys, self.metric_crs)

    def locate_degrees(self, lons: Metres, lats: Metres) -> Positions:
        """The same for points in longitude and latitude."""
        return self._locate(lons, lats, LONLAT)

    def _locate(self, xs: Metres, ys: Metres, crs: int | None) -> Positions:
        if not self.areas:
            return np.full(len(xs), OUTSIDE, dtype=np.int32)
        found = self.table(crs).look_up(xs, ys)
        unsure = np.flatnonzero(found == ASK)
        if len(unsure):
            found[unsure] = self._ask(xs[unsure], ys[unsure], crs)
        return found

    def locate_one(self, lon: float, lat: float, metric: tuple[float, float] | None = None) -> int:
        """The same for one point; `metric` is where it lies in the metric CRS, if that is known."""
        table = self._of_degrees
        if table is None:
            if not self.areas:
                return OUTSIDE
            table = self._of_degrees = self.table(LONLAT)
        found = table.look_up_one(lon, lat)
        if found != ASK:
            return found
        x, y = metric or reference_system(self.metric_crs or LONLAT).from_lonlat(lon, lat)
        return int(self._ask(np.array([x]), np.array([y]), self.metric_crs)[0])

    def prepare(self, *, borders: bool = True) -> None:
        """Make at once what is else made when it is first needed by single points, or needed by many.

        Without `borders` the grid is left out that measures to them, which takes longest.
        """
        if self.areas:
            self.table(LONLAT)
            _ = self._squares
            if borders:
                self._make_grid()

    def table(self, crs: int | None) -> CellTable:
        """The table for points of the metric CRS, or of longitude and latitude; made at the first call."""
        table = self._tables.get(crs)
        if table is None:
            with self._making:
                table = self._tables.get(crs)
                if table is None:
                    ask = partial(self._matches, crs=crs)
                    table = self._tables[crs] = CellTable(self.edges_in(crs), ask, degrees=crs == LONLAT)
        return table

    def edges_in(self, crs: int | None) -> Edges:
        """Every edge of the areas, drawn in the metric CRS or in longitude and latitude, in pieces that are short."""
        if crs != LONLAT:
            return self._pieces
        if self.metric_crs is None:
            raise ValueError("an index without a metric CRS finds no points in degrees.")
        to_degrees = reference_system(self.metric_crs).to_lonlat
        starts, ends = self._pieces.ends[:, :2], self._pieces.ends[:, 2:]
        return Edges(np.column_stack([*to_degrees(*starts.T), *to_degrees(*ends.T)]), self._pieces.owners)

    def near(self, x: float, y: float, distance_m: float) -> list[int]:
        """List the positions of the areas within `distance_m` of one point, in the order of their ids."""
        if self._far(x, y, distance_m):
            return []
        return sorted(self._polygons.query(shapely.points((x, y)), predicate="dwithin", distance=distance_m).tolist())

    def nearby_borders(self, x: float, y: float, distance_m: float) -> dict[int, float]:
        """Find the areas whose borders lie within `distance_m` of one point, in the order of their ids, and how far.

        Areas are told by their positions; metres are rounded to the centimetre, and within once they are.
        """
        nearby: dict[int, float] = {}
        reach = distance_m + CENTIMETRE_M
        if self._far(x, y, reach):
            return nearby
        for position, nearly in sorted(self._squares.within(x, y, reach).items()):
            metres = nearly
            if may_round_otherwise(metres):
                border = shapely.boundary(self.areas[position].geometry)
                metres = float(shapely.distance(border, shapely.points((x, y))))
            if rounded(metres) <= distance_m:
                nearby[position] = rounded(metres)
        return nearby

    def _far(self, x: float, y: float, distance_m: float) -> bool:
        """Whether a point is nowhere, or farther away than that from a box around all areas."""
        west, south, east, north = self._bounds
        return not (west - distance_m <= x <= east + distance_m and south - distance_m <= y <= north + distance_m)

    def border_distances(self, xs: Metres, ys: Metres) -> Metres:
        """Measure from each point to the nearest border of any area, in metres; NaN where there is no point."""
        distances = np.full(len(xs), np.nan)
        finite, points = _points(xs, ys)
        if len(self.areas) and len(points):
            (positions, _), nearest = self._borders.query_nearest(points, all_matches=False, return_distance=True)
            distances[finite[positions]] = nearest
        return distances

    def nearly_border_distances(self, xs: Metres, ys: Metres) -> Metres:
        """The same to a micrometre, many times as fast once many have been measured; NaN far away from all areas."""
        self._measured += len(xs)
        if self.areas and self._measured > MEASURED_BY_TREE * len(self._edges.ends):
            return self._make_grid().distances(xs, ys)
        return self.border_distances(xs, ys)

    def border_distance(self, x: float, y: float) -> float:
        """Measure from one point to the nearest border, in metres rounded to the centimetre; NaN where there is none.

        That is what `border_distances` measures, rounded.
        """
        if self._grid is not None:
            nearly = self._grid.distance(x, y)
            if not may_round_otherwise(nearly):
                return rounded(nearly)
        return rounded(float(self.border_distances(np.array([x]), np.array([y]))[0]))

    def _make_grid(self) -> BorderGrid:
        with self._making:
            if self._grid is None:
                self._grid = BorderGrid(self._edges.ends)
            return self._grid

    def _ask(self, xs: Metres, ys: Metres, crs: int | None) -> Positions:
        """The rule itself, for points that no table answers."""
        found = np.full(len(xs), len(self.areas), dtype=np.int32)
        points, areas = self._matches(xs, ys, crs)
        np.minimum.at(found, points, areas)
        found[found == len(self.areas)] = OUTSIDE
        return found

    def _matches(self, xs: Metres, ys: Metres, crs: int | None) -> Pairs:
        if crs == LONLAT:
            xs, ys = reference_system(self.metric_crs or LONLAT).from_lonlat(xs, ys)
        finite, points = _points(xs, ys)
        positions, areas = self._polygons.query(points, predicate="dwithin", distance=TOLERANCE_M)
        return finite[positions], areas

    @cached_property
    def _pieces(self) -> Edges:
        begin, finish, edge = cut(self._edges.ends, LONGEST_EDGE_M)
        return Edges(np.hstack([begin, finish]), owners_of(self._edges.owners, edge, len(self._edges.ends)))

    @cached_property
    def _squares(self) -> BorderSquares:
        return BorderSquares(*self._edges)


def _edges(polygons: list[BaseGeometry | None]) -> Edges:
    """Every edge of every ring, once where neighbours share it, and the areas it is one of."""
    parts, area = shapely.get_parts(polygons, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    follows = (ring[:-1] == ring[1:]) & (corners[:-1] != corners[1:]).any(axis=1)
    edges = np.hstack([corners[:-1], corners[1:]])[follows]
    backwards = (edges[:, 0] > edges[:, 2]) | ((edges[:, 0] == edges[:, 2]) & (edges[:, 1] > edges[:, 3]))
    edges[backwards] = edges[backwards][:, [2, 3, 0, 1]]
    order = np.lexsort(edges.T)
    edges = edges[order]
    is_new = np.append(True, (np.diff(edges, axis=0) != 0).any(axis=1))[: len(edges)]
    return Edges(edges[is_new], (np.cumsum(is_new) - 1, area[part[ring[:-1][follows]]][order]))


def _points(xs: Metres, ys: Metres) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """The positions of the finite points, and the points."""
    finite = np.flatnonzero(np.isfinite(xs) & np.isfinite(ys))
    return finite, shapely.points(xs[finite], ys[finite])
