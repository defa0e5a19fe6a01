"""Points to places: the neighbourhood, the special area and the city that a point lies in, all at once.

A table tells for each cell that no border of any of these layers comes near which place all of it is; points in other
cells are looked up in each layer. So the table only ever spares work: what it tells is what the layers tell.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from math import floor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo_lookup.area_index import AreaIndex, Metres, Positions
from geo_lookup.border_cells import cells_of_edges
from geo_lookup.cell_grid import CellGrid, kind_found, narrowed
from geo_lookup.cell_points import ASK, OUTSIDE, Cells, plain, write_cells
from geo_lookup.compiled import BLOCK, Loop, read_only
from geo_lookup.coordinates import Located
from geo_lookup.crs import LONLAT

MANY = 16_384
"""For fewer points no table is made: that takes a tenth of a second for a city, two seconds for 20,000 areas."""

NOTHING = 0
"""The number of the place of a point that lies in nothing."""


class Place(NamedTuple):
    """Where a point lies: positions in the edition's neighbourhoods and special areas, and whether in the city.

    `override` is the id of the area that answers for the address there instead.
    """

    neighbourhood: int
    special_area: int
    in_city: bool
    override: str | None = None


class PlaceIndex:
    """Finds the places that points lie in. Read-only, safe to share between threads.

    A place is told by a number below `count`; that of a point in nothing, and of one that is not finite, is `NOTHING`.
    """

    def __init__(self, neighbourhoods: AreaIndex, special_areas: AreaIndex, city: AreaIndex) -> None:
        """Index three layers of one metric CRS."""
        self._layers = (neighbourhoods, special_areas, city)
        self._inner = len(special_areas.areas) + 1
        self.count = 2 * (len(neighbourhoods.areas) + 1) * self._inner
        self._tables: dict[int, _PlaceTable | None] = {}
        self._known: dict[int, Place] = {}
        self._making = threading.Lock()

    def __reduce__(self) -> tuple[Any, ...]:
        return PlaceIndex, self._layers

    def place(self, number: int) -> Place:
        """The place that a number stands for."""
        rest, in_city = divmod(number, 2)
        neighbourhood, special_area = divmod(rest, self._inner)
        return Place(neighbourhood - 1, special_area - 1, bool(in_city))

    def numbers(self, xs: Metres, ys: Metres) -> Positions:
        """Find the numbers of the places at points of the metric CRS."""
        return self._numbers(xs, ys, self._layers[0].metric_crs or 0)

    def numbers_of_degrees(self, lons: Metres, lats: Metres) -> Positions:
        """The same for points in longitude and latitude."""
        return self._numbers(lons, lats, LONLAT)

    def locate_one(self, point: Located[float]) -> Place:
        """Find the place that one point lies in."""
        lon, lat, x, y = point
        table = self._tables.get(LONLAT)
        number = ASK if table is None else table.look_up_one(lon, lat)
        if number != ASK:
            known = self._known.get(number)
            if known is None:
                known = self._known[number] = self.place(number)
            return known
        neighbourhoods, special_areas, city = self._layers
        neighbourhood = neighbourhoods.locate_one(lon, lat, (x, y))
        in_city = neighbourhood != OUTSIDE or city.locate_one(lon, lat, (x, y)) != OUTSIDE
        return Place(neighbourhood, special_areas.locate_one(lon, lat, (x, y)), in_city)

    def prepare(self) -> None:
        """Make at once what is else made when many points in degrees are asked about."""
        self._table(LONLAT)

    def _numbers(self, xs: Metres, ys: Metres, crs: int) -> Positions:
        if len(xs) < MANY and crs not in self._tables:
            return self._by_layer(xs, ys, crs)
        table = self._table(crs)
        if table is None:
            return self._by_layer(xs, ys, crs)
        found = table.look_up(xs, ys)
        unsure = np.flatnonzero(found == ASK)
        if len(unsure):
            found[unsure] = self._by_layer(xs[unsure], ys[unsure], crs)
        return found

    def _by_layer(self, xs: Metres, ys: Metres, crs: int) -> Positions:
        """Look points up in each layer. A neighbourhood lies in the city, so only others are looked for there."""

        def locate(layer: AreaIndex, rows: slice | NDArray[np.int64]) -> Positions:
            return (layer.locate_degrees if crs == LONLAT else layer.locate)(xs[rows], ys[rows])

        neighbourhoods, special_areas, city = self._layers
        numbers = locate(neighbourhoods, slice(None)).astype(np.int32)
        in_city = numbers != OUTSIDE
        away = np.flatnonzero(~in_city)
        if len(away):
            in_city[away] = locate(city, away) != OUTSIDE
        numbers += 1
        numbers *= self._inner
        numbers += locate(special_areas, slice(None))
        numbers += 1
        numbers *= 2
        numbers += in_city
        return numbers

    def _table(self, crs: int) -> _PlaceTable | None:
        with self._making:
            if crs not in self._tables:
                ends = [layer.edges_in(crs).ends for layer in self._layers if layer.areas]
                self._tables[crs] = self._make_table(np.concatenate(ends), crs) if ends else None
            return self._tables[crs]

    def _make_table(self, ends: Metres, crs: int) -> _PlaceTable:
        def ask(xs: Metres, ys: Metres) -> Positions:
            return self._by_layer(xs, ys, crs)

        return _PlaceTable(ends, self.count, ask, degrees=crs == LONLAT)


class _PlaceTable:
    """Cells over all layers, each with the number, below `count`, of the place that all of it is; or `ASK`."""

    def __init__(self, ends: Metres, count: int, ask: Callable[[Metres, Metres], Positions], *, degrees: bool) -> None:
        self._grid = CellGrid.over(ends, degrees=degrees)
        borders, _ = cells_of_edges(self._grid.local(ends), self._grid.size_m, self._grid.columns)
        self._cells = narrowed(self._grid.filled(borders, ask), count - 1)
        self._table = Cells(*self._grid.place, self._cells)
        self._one_by_one = (*self._grid.place, self._grid.by_rows(plain(self._table).values))

    def look_up_one(self, x: float, y: float) -> int:
        west, south, per_x, per_y, columns, rows, values = self._one_by_one
        column, row = (x - west) * per_x, (y - south) * per_y
        if not (0 <= column < columns and 0 <= row < rows):
            return NOTHING
        found: int = values[floor(row)][floor(column)]
        return found

    def look_up(self, xs: Metres, ys: Metres) -> Positions:
        found = np.empty(len(xs), dtype=kind_found(self._cells))
        compiled = LOOK_UP.machine_code(len(xs))
        if compiled is not None:
            compiled(found, read_only(xs), read_only(ys), self._table)
            return found
        for part, _, values in self._grid.look_up(self._cells, xs, ys):
            found[part] = values
        return found


def _look_up(found: Positions, xs: Metres, ys: Metres, table: Cells) -> None:
    """Write the values of the cells at points, block by block."""
    west, south, per_x, per_y, columns, rows, values = table
    cells = np.empty(BLOCK, np.int32)
    for start in range(0, len(xs), BLOCK):
        some_x, some_y, some = xs[start : start + BLOCK], ys[start : start + BLOCK], found[start : start + BLOCK]
        write_cells(cells, some_x, some_y, west, south, per_x, per_y, columns, rows)
        for point in range(len(some)):
            some[point] = values[cells[point]]


LOOK_UP = Loop(_look_up, write_cells)
"""Writes the values of cells."""
