"""In and around a city, transformations of coordinates are as smooth as a polynomial, and ten times as slow.

So for columns of millions a polynomial stands in for them: it is fitted to the transformation, compared with it, and
not used where it is off by more than a tenth of a micrometre. Whoever needs more asks `coordinates.locate`.
"""

from __future__ import annotations

import numpy as np

from geo_lookup.coordinates import DEGREE_M, Column, Located, Territory, all_in_box, box_around, in_box, locate
from geo_lookup.crs import LONLAT, reference_system
from geo_lookup.polynomials import Polynomials

AROUND_DEGREES = 0.07
"""How far around the city's box the polynomials are good, about 5 km."""

ERROR_M = 1e-7
"""How far off a polynomial may be."""


class Surroundings:
    """Locates columns of points in and around a city. Read-only, safe to share between threads.

    `box` is that ground: west, south, east and north in degrees.
    """

    def __init__(self, territory: Territory) -> None:
        west, south, east, north = territory.box
        around = AROUND_DEGREES
        box = (max(west - around, -180), max(south - around, -90), min(east + around, 180), min(north + around, 90))
        metric = reference_system(territory.metric_crs)
        self.territory = territory
        self.box = box
        self._boxes = {LONLAT: box, territory.metric_crs: box_around(box, territory.metric_crs)}
        self._to_metres = Polynomials(metric.from_lonlat, box, ERROR_M)
        self._to_degrees = Polynomials(metric.to_lonlat, self._boxes[territory.metric_crs], ERROR_M / DEGREE_M)

    def locate(self, xs: Column, ys: Column, crs: int) -> Located[Column]:
        """Locate coordinates as `coordinates.locate` does, a tenth of a micrometre off at most.

        What was sent in degrees, or in the metric CRS, stays as it is.
        """
        polynomials = self._to_metres if crs == LONLAT else self._to_degrees
        if crs not in self._boxes or not polynomials.good:
            return locate(xs, ys, crs, self.territory)
        inside = in_box(xs, ys, self._boxes[crs]) if not all_in_box(xs, ys, self._boxes[crs]) else None
        if inside is None:
            made = polynomials(xs, ys)
            return Located(xs, ys, *made) if crs == LONLAT else Located(*made, xs, ys)
        columns = [np.empty(len(xs)) for _ in Located._fields]
        for rows, located in (
            (inside, self.locate(xs[inside], ys[inside], crs)),
            (~inside, locate(xs[~inside], ys[~inside], crs, self.territory)),
        ):
            for column, values in zip(columns, located, strict=True):
                column[rows] = values
        return Located(*columns)
