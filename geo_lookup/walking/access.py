"""From a point to the path: straight to the nearest place on the nearest path, by true distance to every segment.

Whoever is farther than `MOST_M` from all paths has none: nobody knows how to walk from there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geo_lookup.border_grid import NOWHERE, BorderGrid
from geo_lookup.walking.network import Metres, Network, Numbers, in_steps, in_steps_one

MOST_M = 200.0
"""How far a path may be from a point that is still said to lie at it."""


class Access(NamedTuple):
    """Where a point meets the paths: `straight` metres to a stretch, `along` metres after that one's first end."""

    stretch: int
    along: float
    straight: float


class Accesses(NamedTuple):
    """The same for many points; the stretch is `NOWHERE` for a point without a path, and `along` then 0.

    `straight` is NaN only where there is no point, or none within the reach of the index.
    """

    stretch: Numbers
    along: Metres
    straight: Metres


class PathIndex:
    """Finds the nearest path of points in the metric CRS; of segments equally near the first. Read-only."""

    def __init__(self, network: Network) -> None:
        self._segments = network.segments
        self._grid = BorderGrid(network.segments.ends, around=MOST_M) if len(network.segments.length) else None

    def one(self, x: float, y: float) -> Access | None:
        """Find where one point meets the paths; None where that is too far."""
        if self._grid is None:
            return None
        segment, distance, part = self._grid.nearest_one(x, y)
        if not distance <= MOST_M:
            return None
        segments = self._segments
        along = float(segments.begins[segment]) + in_steps_one(part * float(segments.length[segment]))
        return Access(int(segments.stretch[segment]), along, in_steps_one(distance))

    def many(self, xs: Metres, ys: Metres) -> Accesses:
        """Find the same for many points, by the same sums; coordinates that are no numbers have no path."""
        if self._grid is None:
            return Accesses(np.full(len(xs), NOWHERE), np.zeros(len(xs)), np.full(len(xs), np.nan))
        edges, distances, parts = self._grid.nearest(xs, ys)
        near = distances <= MOST_M
        edges = np.where(near, edges, 0)
        along = self._segments.begins.take(edges)
        along += in_steps(np.where(near, parts, 0) * self._segments.length.take(edges))
        stretch = np.where(near, self._segments.stretch.take(edges), NOWHERE)
        return Accesses(stretch, np.where(near, along, 0), in_steps(distances))
