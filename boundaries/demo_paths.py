"""The paths of the demo edition: its streets, and invented footpaths from one to the next.

Streets are drawn apart from each other, so footpaths join them: one wherever two places on streets have no third within
the circle of which they are the ends of a diameter (a Gabriel graph), but for those that would run across a street or
out of the city. Two paths in parks lie apart from all others, as some do in every real network: from there no office
can be reached.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from boundaries.demo_addresses import Coordinates, DrawnStreet

PLACE_EVERY_M = 160.0  # about how far apart the places lie at which footpaths may meet a street
LONGEST_M = 1500.0  # of a footpath
SAME_M = 0.05  # what lies so near is the same place: far more than a street's corners are off by

# The paths that lie apart, in metres of EPSG:31370: a walk around a pond in Bokrijk, and one in a wood in the south.
APART = (
    ("Vijverpad", ((223150.0, 184050.0), (223290.0, 184120.0), (223380.0, 184030.0), (223300.0, 183930.0),
                   (223170.0, 183950.0), (223150.0, 184050.0))),
    ("Bospad", ((230250.0, 180250.0), (230330.0, 180330.0), (230460.0, 180350.0))),
)  # fmt: skip

Path = tuple[dict[str, str], Coordinates]


def draw_paths(streets: Sequence[DrawnStreet], city: Any) -> Iterator[Path]:
    """Draw every stretch of path with its fields, from one place where paths meet to the next; all in metres.

    Raises `ValueError` where the streets are not all joined.
    """
    places: list[Coordinates] = []
    of_street: list[int] = []
    for number, (street, _, line) in enumerate(streets):
        ends = _places(line)
        for begin, end in pairwise(ends):
            yield {"highway": "residential", "name": street.name}, line[begin : end + 1]
        places.extend(line[ends])
        of_street.extend([number] * len(ends))
    footpaths = _footpaths(np.array(places), np.array(of_street), [line for _, _, line in streets], city)
    _check(np.array(of_street), footpaths)
    for begin, end in footpaths:
        yield {"highway": "footway", "name": ""}, np.array([places[begin], places[end]])
    for name, corners in APART:
        yield {"highway": "path", "name": name}, np.array(corners)


def _places(line: Coordinates) -> list[int]:
    """The corners of a street at which paths meet: its ends, and some between them."""
    length = float(np.hypot(*np.diff(line, axis=0).T).sum())
    pieces = min(max(1, round(length / PLACE_EVERY_M)), len(line) - 1)
    return [round(corner) for corner in np.linspace(0, len(line) - 1, pieces + 1)]


def _footpaths(
    places: Coordinates, of_street: NDArray[np.int64], lines: Sequence[Coordinates], city: Any
) -> list[tuple[int, int]]:
    """The pairs of places that a footpath joins, in order."""
    pairs = _neighbours(places)
    pairs = pairs[of_street[pairs[:, 0]] != of_street[pairs[:, 1]]]
    begins, ends = places[pairs[:, 0]], places[pairs[:, 1]]
    squared = ((ends - begins) ** 2).sum(axis=1)
    from_middle = ((places[None, :, :] - ((begins + ends) / 2)[:, None, :]) ** 2).sum(axis=2)
    within = (from_middle < squared[:, None] / 4 - SAME_M).sum(axis=1)
    straight = shapely.linestrings(np.stack([begins, ends], axis=1))
    streets = shapely.multilinestrings([shapely.LineString(line) for line in lines])
    chosen = (within == 0) & (squared <= LONGEST_M**2)
    chosen &= shapely.covers(city, straight) & ~shapely.crosses(straight, streets)
    return [(begin, end) for begin, end in pairs[chosen].tolist()]


def _neighbours(places: Coordinates) -> NDArray[np.int64]:
    """The pairs of places that are neighbours in their Delaunay triangulation, which holds the Gabriel graph."""
    edges = shapely.get_parts(shapely.delaunay_triangles(shapely.MultiPoint(places), only_edges=True))
    ends = shapely.get_coordinates(edges).reshape(-1, 2, 2)
    number = {tuple(place): at for at, place in enumerate(places.tolist())}
    pairs = {tuple(sorted((number[tuple(a)], number[tuple(b)]))) for a, b in ends.tolist()}
    return np.array(sorted(pairs))


def _check(of_street: NDArray[np.int64], footpaths: Sequence[tuple[int, int]]) -> None:
    """Raise `ValueError` unless every street can be reached from every other."""
    reached, begun = {0}, [0]
    beside: dict[int, set[int]] = {}
    for one, other in footpaths:
        streets = int(of_street[one]), int(of_street[other])
        beside.setdefault(streets[0], set()).add(streets[1])
        beside.setdefault(streets[1], set()).add(streets[0])
    while begun:
        new = beside.get(begun.pop(), set()) - reached
        reached |= new
        begun.extend(new)
    lonely = len(set(of_street.tolist()) - reached)
    if lonely:
        raise ValueError(f"{lonely} streets are joined to no other")
