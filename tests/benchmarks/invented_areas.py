"""Invented layers of areas that share their borders, always the same: Voronoi cells with winding edges."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from geo_lookup.model import Area, AreaKind

SEED = 20261125
CORNER = (150_000.0, 160_000.0)
"""The south-west corner of every layer, in Lambert 72."""

WINDING = 0.03
"""How far the middle of a piece of border is moved to its side, in parts of the piece's length."""


def winding_areas(count: int, side_m: float, halvings: int) -> list[Area]:
    """So many areas that cover a square; each edge of a cell is halved so many times, and each half moved aside."""
    random = np.random.default_rng(SEED)
    square = shapely.box(*CORNER, CORNER[0] + side_m, CORNER[1] + side_m)
    seeds = shapely.MultiPoint(random.uniform(CORNER, np.add(CORNER, side_m), (count, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=square))
    cells = shapely.intersection(cells, square, grid_size=0.001)
    wound: dict[tuple[float, ...], NDArray[np.float64]] = {}

    def border(start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
        backwards = tuple(start) > tuple(end)
        first, last = (end, start) if backwards else (start, end)
        key = (*first.tolist(), *last.tolist())
        if key not in wound:
            wound[key] = _wound(first, last, halvings, random)
        return wound[key][::-1] if backwards else wound[key]

    areas = []
    for number, cell in enumerate(cells):
        ring = shapely.get_coordinates(cell)
        corners = np.concatenate([border(*pair)[:-1] for pair in pairwise(ring)])
        areas.append(Area(f"{number:05}", "", AreaKind.NEIGHBOURHOOD, None, shapely.Polygon(corners)))
    return areas


def _wound(
    first: NDArray[np.float64], last: NDArray[np.float64], halvings: int, random: np.random.Generator
) -> NDArray[np.float64]:
    line = np.array([first, last])
    for _ in range(halvings):
        way = np.diff(line, axis=0)
        aside = np.column_stack([-way[:, 1], way[:, 0]]) * random.uniform(-WINDING, WINDING, (len(way), 1))
        made = np.empty((2 * len(line) - 1, 2))
        made[::2], made[1::2] = line, line[:-1] + way / 2 + aside
        line = made
    return line
